/**
 * The report of one crash: everything an engineer is shown, and everything a fingerprint is made of. In: a coredump and
 * the symbols of its modules. Out: {@link dev.faultline.symbols.report.CrashReport}, the same for {@code inspect} and
 * the service.
 */
@NullMarked
package dev.faultline.symbols.report;

import org.jspecify.annotations.NullMarked;
