/**
 * Names of the linker as people wrote them. In: one symbol or linkage name. Out: its demangled form by the Itanium C++
 * ABI, Rust's v0 scheme (RFC 2603) or Rust's legacy scheme, in the spelling of binutils' {@code c++filt}; or nothing,
 * because the name is no mangled name. The two spellings in use differ; where they agree, this one agrees as well.
 *
 * <p>A name of an uploaded file is hostile input: depth, steps and length are bounded, and what goes beyond is no mangled
 * name.
 */
@NullMarked
package dev.faultline.symbols.demangle;

import org.jspecify.annotations.NullMarked;
