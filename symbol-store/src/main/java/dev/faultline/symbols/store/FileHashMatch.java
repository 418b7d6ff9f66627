package dev.faultline.symbols.store;

/** What the beginning of a SHA-256 says about debug files. */
public sealed interface FileHashMatch {

    /** One file's hash begins so; its symbols are to be closed after use. */
    record One(ModuleSymbols symbols) implements FileHashMatch {}

    /** Nobody gave us such a file. */
    record None() implements FileHashMatch {}

    /** The hashes of several files begin so: which one is meant nobody can tell. */
    record Ambiguous(int files) implements FileHashMatch {}
}
