/**
 * The command {@code faultline}. In: arguments, environment, files, standard input. Out: text for people, JSON for
 * machines, and an exit code of {@link dev.faultline.cli.ExitCode}. This package holds what all commands share; each
 * group of commands is a package of its own.
 */
@NullMarked
package dev.faultline.cli;

import org.jspecify.annotations.NullMarked;
