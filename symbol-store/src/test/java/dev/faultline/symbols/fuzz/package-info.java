/**
 * Coverage-guided fuzzing of each reader, from real files: {@code symbol-store/fuzz.sh} runs one of these. Each takes bytes
 * and must come back with a value or a FormatException; anything else is a finding, and so is a run that takes long.
 */
@NullMarked
package dev.faultline.symbols.fuzz;

import org.jspecify.annotations.NullMarked;
