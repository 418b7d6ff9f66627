/**
 * Running the service: embedded database, data directory, health. Knows no feature.
 */
@NullMarked
package dev.faultline.ops;

import org.jspecify.annotations.NullMarked;
