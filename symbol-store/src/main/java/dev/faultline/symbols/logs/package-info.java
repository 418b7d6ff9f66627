/**
 * Logs out of the memory of a crash. In: captured memory and the address of the log's symbol. Out:
 * {@link dev.faultline.symbols.report.LogLine}s, oldest first.
 */
@NullMarked
package dev.faultline.symbols.logs;

import org.jspecify.annotations.NullMarked;
