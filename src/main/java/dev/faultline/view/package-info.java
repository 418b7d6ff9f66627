/** Saved views: searches over clusters that a team keeps under a name. In: a name, a query, an order. Out: the same, listed. */
@NullMarked
package dev.faultline.view;

import org.jspecify.annotations.NullMarked;
