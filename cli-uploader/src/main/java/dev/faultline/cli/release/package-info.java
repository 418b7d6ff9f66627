/** {@code faultline compare}: what a release changed. */
@NullMarked
package dev.faultline.cli.release;

import org.jspecify.annotations.NullMarked;
