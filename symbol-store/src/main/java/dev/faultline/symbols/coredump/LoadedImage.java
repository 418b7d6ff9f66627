package dev.faultline.symbols.coredump;

import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.index.AddressRange;
import org.jspecify.annotations.Nullable;

/**
 * An image in the crashed address space.
 *
 * @param name what people call it
 * @param buildId which build it is, where known
 * @param bias what to add to an address as linked to get the address in memory; 0 for firmware
 * @param range where it lies in memory, where the dump says it
 * @param fileHash beginning of the SHA-256 of its ELF file in lower-case hexadecimal, where the dump identifies it so
 */
public record LoadedImage(
        String name,
        @Nullable BuildId buildId,
        long bias,
        @Nullable AddressRange range,
        @Nullable String fileHash) {

    static final String VDSO = "[vdso]";

    private static final String ROM = "ROM of ";

    /** Firmware: where it lies is what its ELF file says. */
    public LoadedImage(String name, @Nullable BuildId buildId, long bias) {
        this(name, buildId, bias, null, null);
    }

    /** Code that a chip is made with: no build of ours. */
    static LoadedImage rom(String chip, AddressRange range) {
        return new LoadedImage(ROM + chip, null, 0, range, null);
    }

    public boolean isRom() {
        return name.startsWith(ROM);
    }

    /** Whether it is the code that the Linux kernel maps into every process: it comes with the kernel, not with a release. */
    public boolean isVdso() {
        return name.equals(VDSO);
    }

    /** The same image, loaded elsewhere than it was taken to be. */
    public LoadedImage at(long otherBias) {
        return new LoadedImage(name, buildId, otherBias, range, fileHash);
    }

    /** The same image, found to be of this build. */
    public LoadedImage ofBuild(BuildId found) {
        return new LoadedImage(name, found, bias, range, fileHash);
    }
}
