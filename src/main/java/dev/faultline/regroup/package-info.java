/**
 * Groups crashes again when the rules, the packs or the algorithm changed. In: the stacks that were kept, the rules as they
 * are. Out: what that would change, or the change itself.
 */
@NullMarked
package dev.faultline.regroup;

import org.jspecify.annotations.NullMarked;
