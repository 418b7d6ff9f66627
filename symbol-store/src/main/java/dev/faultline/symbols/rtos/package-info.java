/**
 * Threads of an operating system out of its memory: where its lists are by symbols, where their members lie by DWARF. In:
 * the memory and symbols of a crash with the threads that its dump has. Out: the same threads and those that only the
 * kernel knew, with what it knew of each; memory of a crashed device is not to be trusted, so that every walk is bounded.
 */
@NullMarked
package dev.faultline.symbols.rtos;

import org.jspecify.annotations.NullMarked;
