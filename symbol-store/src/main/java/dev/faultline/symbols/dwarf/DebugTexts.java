package dev.faultline.symbols.dwarf;

/**
 * The texts of the debugging sections. A handle says where a text stands; equal handles are equal texts, unequal ones may be.
 * Safe for use by many threads.
 */
public interface DebugTexts {
    /** The handle of no text. */
    long NONE = 0;

    /** The text of any handle but {@link #NONE}; empty where the file that has it is not here. */
    String text(long handle);
}
