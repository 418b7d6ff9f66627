/** The service: {@link dev.faultline.Main} starts it; the packages below are its rooms, by feature. */
@NullMarked
package dev.faultline;

import org.jspecify.annotations.NullMarked;
