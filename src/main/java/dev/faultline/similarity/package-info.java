/**
 * Clusters that may be one. In: variants with their normalised frames. Out: suggestions to merge, each with its score and
 * both stacks side by side. Nothing here joins clusters by itself, but where a project wants it.
 */
@NullMarked
package dev.faultline.similarity;

import org.jspecify.annotations.NullMarked;
