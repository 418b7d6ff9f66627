/**
 * Our answers beside those of three other tools, address by address. In: an ELF file and what the others say, asked now or
 * recorded in {@code firmware-fixtures/symbols/expected/peers}. Out: for each address the truth, by agreement of two or by
 * a {@link dev.faultline.differential.Pitfall} that says why they are wrong, and whether we gave it.
 */
@NullMarked
package dev.faultline.differential;

import org.jspecify.annotations.NullMarked;
