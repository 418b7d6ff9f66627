/**
 * The report of one crash: everything an engineer is shown, and everything a fingerprint is made of. In: what
 * the stages found out. Out: {@link dev.faultline.symbols.report.CrashReport}, the same for {@code inspect} and the
 * service, and its text.
 */
@NullMarked
package dev.faultline.symbols.report;

import org.jspecify.annotations.NullMarked;
