/**
 * The exception tables of 32-bit Arm (EHABI32): how to unwind a function as a whole. In: {@code .ARM.exidx} and
 * {@code .ARM.extab}. Out: unwind rows as call frame information gives them.
 */
@NullMarked
package dev.faultline.symbols.ehabi;

import org.jspecify.annotations.NullMarked;
