/**
 * What makes two crashes the same. In: a {@link dev.faultline.symbols.report.CrashReport}. Out: a
 * {@link dev.faultline.fingerprint.Fingerprint}, with the reason for each frame's part in it. Pure functions; the rules
 * are data ({@code rule-packs/}).
 */
@NullMarked
package dev.faultline.fingerprint;

import org.jspecify.annotations.NullMarked;
