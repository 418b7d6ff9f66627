/** Questions about one coredump that a report has no room for, without a service: globals, memory, a core for gdb. */
@NullMarked
package dev.faultline.cli.examine;

import org.jspecify.annotations.NullMarked;
