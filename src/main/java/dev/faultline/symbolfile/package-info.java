/**
 * Debug files: what firmware CI uploads, what crashes still miss, and what an address means. In: ELF files and archives
 * of them. Out: the catalogue, and a {@link dev.faultline.symbols.store.SymbolSource} for the pipeline.
 */
@NullMarked
package dev.faultline.symbolfile;

import org.jspecify.annotations.NullMarked;
