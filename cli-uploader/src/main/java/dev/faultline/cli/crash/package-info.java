/** {@code faultline crash}: crashes of a service. */
@NullMarked
package dev.faultline.cli.crash;

import org.jspecify.annotations.NullMarked;
