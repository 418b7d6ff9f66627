/**
 * What every resource shares: problems (RFC 9457) and pages of a list. Knows no feature.
 */
@NullMarked
package dev.faultline.http;

import org.jspecify.annotations.NullMarked;
