package dev.faultline.symbols.bytes;

/**
 * What a file may ask of this machine before it is refused. Sizes are bytes.
 *
 * @param decompressedBytes most bytes one compressed section or upload may become
 * @param decompressionRatio most times larger a decompressed section or upload may be
 * @param sections most section headers of one ELF file
 * @param segments most program headers of one ELF file
 * @param symbols most symbols of one ELF file
 * @param units most units of one {@code .debug_info}
 * @param dieDepth deepest nesting of debugging information entries
 * @param abbreviations most abbreviations of one table
 * @param lineRows most rows of all line tables of one file
 * @param files most file or directory entries of one line table
 * @param stringBytes longest string
 * @param referenceChain longest chain of abstract origins and specifications
 * @param inlineDepth deepest nesting of inlined calls
 * @param unwindRows most rows of all call frame information of one file
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
        int units,
        int dieDepth,
        int abbreviations,
        int lineRows,
        int files,
        int stringBytes,
        int referenceChain,
        int inlineDepth,
        int unwindRows,
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
            4_000_000,
            1_024,
            1_000_000,
            50_000_000,
            1_000_000,
            1 << 20,
            16,
            512,
            32_000_000,
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
