/**
 * Hostile bytes, read safely: a {@link dev.faultline.symbols.bytes.ByteReader} has a name, a place in the file and an
 * end, and {@link dev.faultline.symbols.bytes.Limits} bounds what a count or a size in a file may ask for. In: bytes of
 * any origin. Out: values, or a {@link dev.faultline.symbols.bytes.FormatException} that says where and what.
 */
@NullMarked
package dev.faultline.symbols.bytes;

import org.jspecify.annotations.NullMarked;
