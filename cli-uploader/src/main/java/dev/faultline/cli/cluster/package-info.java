/** {@code faultline clusters}: clusters of a service. */
@NullMarked
package dev.faultline.cli.cluster;

import org.jspecify.annotations.NullMarked;
