/** {@code faultline tokens} and {@code faultline users}: who may use a service. */
@NullMarked
package dev.faultline.cli.access;

import org.jspecify.annotations.NullMarked;
