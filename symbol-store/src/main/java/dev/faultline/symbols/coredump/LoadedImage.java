package dev.faultline.symbols.coredump;

import dev.faultline.symbols.elf.BuildId;
import org.jspecify.annotations.Nullable;

/**
 * An image in the crashed address space.
 *
 * @param name what people call it
 * @param buildId which build it is, where known
 * @param bias what to add to an address as linked to get the address in memory; 0 for firmware
 */
public record LoadedImage(String name, @Nullable BuildId buildId, long bias) {}
