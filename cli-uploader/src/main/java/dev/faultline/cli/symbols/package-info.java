/** {@code faultline symbols}: debug files of a service. */
@NullMarked
package dev.faultline.cli.symbols;

import org.jspecify.annotations.NullMarked;
