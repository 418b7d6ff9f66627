/** {@code faultline releases}, {@code software} and {@code compare}: what came from what, and what a release changed. */
@NullMarked
package dev.faultline.cli.release;

import org.jspecify.annotations.NullMarked;
