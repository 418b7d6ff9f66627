/** {@code faultline regroup}: groups the crashes of a service again. */
@NullMarked
package dev.faultline.cli.regroup;

import org.jspecify.annotations.NullMarked;
