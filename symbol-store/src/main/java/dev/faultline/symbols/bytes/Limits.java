package dev.faultline.symbols.bytes;

import java.time.Duration;

/**
 * What a file may ask of this machine before it is refused. Sizes are bytes.
 *
 * @param decompressedBytes most bytes that all compressed sections of a file, or one upload, may become
 * @param decompressionRatio most times larger a decompressed section or upload may be
 * @param sections most section headers of one ELF file
 * @param segments most program headers of one ELF file
 * @param symbols most symbols of one ELF file
 * @param relocations most relocations applied to one ELF file
 * @param units most units of one {@code .debug_info}
 * @param dieDepth deepest nesting of debugging information entries
 * @param abbreviations most abbreviations of one table
 * @param lineRows most rows of all line tables of one file
 * @param files most file or directory entries of one line table
 * @param ranges most address ranges of all functions and inlined calls of one file
 * @param stringBytes longest string
 * @param referenceChain longest chain of abstract origins and specifications
 * @param inlinedCalls most inlined calls of one file
 * @param inlineDepth deepest nesting of inlined calls
 * @param unwindRows most rows of all call frame information of one file
 * @param expressionSteps most operations of one evaluation of a DWARF expression
 * @param demangledCharacters longest demangled name; a longer one stays as the linker has it
 * @param indexBytes most bytes of one part of an index file
 * @param buildTime longest time the index of one file may take
 * @param threads most threads of one coredump
 * @param frames most frames of one thread; the middle of a longer stack is left out
 * @param noteBytes longest note
 * @param logBytes most bytes of one log
 */
public record Limits(
        long decompressedBytes,
        int decompressionRatio,
        int sections,
        int segments,
        int symbols,
        int relocations,
        int units,
        int dieDepth,
        int abbreviations,
        int lineRows,
        int files,
        int ranges,
        int stringBytes,
        int referenceChain,
        int inlinedCalls,
        int inlineDepth,
        int unwindRows,
        int expressionSteps,
        int demangledCharacters,
        int indexBytes,
        Duration buildTime,
        int threads,
        int frames,
        int noteBytes,
        int logBytes) {

    public static final Limits DEFAULT = new Limits(
            4L << 30,
            1_000,
            100_000,
            65_535,
            16_000_000,
            64_000_000,
            4_000_000,
            1_024,
            1_000_000,
            50_000_000,
            1_000_000,
            64_000_000,
            1 << 20,
            16,
            32_000_000,
            512,
            32_000_000,
            10_000,
            16 << 10,
            1 << 30,
            Duration.ofMinutes(10),
            1_024,
            256,
            4 << 20,
            1 << 20);

    /** Refuses a count that a file gives, before anything of that size is made. */
    public static int checkCount(ByteReader in, String what, long count, int limit) {
        if (count < 0 || count > limit) {
            throw in.error("%s %s exceeds the limit of %d", what, Long.toUnsignedString(count), limit);
        }
        return (int) count;
    }
}
