package dev.faultline.symbols.report;

import org.jspecify.annotations.Nullable;

/**
 * A variable and what it held.
 *
 * @param type as the source would write it
 * @param value on one line; where there is none, why: {@code <optimised out>}, {@code <not in dump…>} or
 *     {@code <unreadable: …>}
 * @param target of a pointer or reference: what is there, on one line
 * @param state {@code known}, {@code optimised-out}, {@code not-in-dump} or {@code unreadable}
 */
public record VariableReport(
        String name, String type, String value, @Nullable String target, String state) {}
