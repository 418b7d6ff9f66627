/**
 * The language in which lists are searched. In: what a person typed, and the fields that a list has. Out: a query of typed
 * terms, or what is wrong with the text and where. How a term becomes SQL is the list's own matter.
 */
@NullMarked
package dev.faultline.search;

import org.jspecify.annotations.NullMarked;
