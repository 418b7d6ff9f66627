/** Commands that need no service: the engine on the files at hand. */
@NullMarked
package dev.faultline.cli.local;

import org.jspecify.annotations.NullMarked;
