/**
 * Coredumps: what a device sent, taken apart but not yet understood. In: bytes of any origin, plain or compressed. Out:
 * a {@link dev.faultline.symbols.coredump.Coredump} with identity, memory and threads; damage is a warning as long as
 * something is left.
 */
@NullMarked
package dev.faultline.symbols.coredump;

import org.jspecify.annotations.NullMarked;
