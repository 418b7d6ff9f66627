/**
 * The order of the engine on one screen: compressed bytes to coredump to stacks to symbols to report. In: the bytes a
 * device sent, the symbols at hand, what the upload said about the device. Out: a
 * {@link dev.faultline.symbols.report.CrashReport}, the same for the same input.
 */
@NullMarked
package dev.faultline.symbols.analysis;

import org.jspecify.annotations.NullMarked;
