/**
 * Logs of a crash, wherever they were kept. In: the coredump with its memory and symbols, the log that came beside it, and
 * the names of further buffers. Out: {@link dev.faultline.symbols.logs.CrashLogs}, all lines in one order.
 */
@NullMarked
package dev.faultline.symbols.logs;

import org.jspecify.annotations.NullMarked;
