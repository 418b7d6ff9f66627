/** The demo fleet: real dumps of emulated devices, sent through the public API as devices and CI would. */
@NullMarked
package dev.faultline.cli.demo;

import org.jspecify.annotations.NullMarked;
