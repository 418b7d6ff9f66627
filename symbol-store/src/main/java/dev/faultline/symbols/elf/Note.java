package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;

/**
 * A note (gABI, "Note Section").
 *
 * @param name the owner, without its NUL: {@code GNU}, {@code CORE}, {@code LINUX}
 * @param type what the owner says it is
 * @param description a reader at the start of the contents, in the file's byte order
 */
public record Note(String name, long type, ByteReader description) {}
