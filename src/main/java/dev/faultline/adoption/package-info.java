/**
 * Which releases a fleet runs, and what about that somebody should look at. In: active days, histories of devices and the graph of
 * releases. Out: shares by day, curves of adoption, and findings with the devices behind them.
 */
@NullMarked
package dev.faultline.adoption;

import org.jspecify.annotations.NullMarked;
