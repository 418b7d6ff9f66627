/**
 * Debug files, their indexes and coredumps on disk, named by content. In: streams of bytes. Out: durable blobs, and
 * leases on the symbols of one build.
 */
@NullMarked
package dev.faultline.symbols.store;

import org.jspecify.annotations.NullMarked;
