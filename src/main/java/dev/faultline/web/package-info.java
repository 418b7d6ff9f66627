/**
 * The pages people look at. In: the records that the other packages' queries answer with. Out: HTML, rendered on the
 * server; every page is a record that holds exactly what its template shows, already in words, shares and geometry.
 * {@link dev.faultline.web.Pages} is the list of addresses. Sees every package, and none sees it.
 */
@NullMarked
package dev.faultline.web;

import org.jspecify.annotations.NullMarked;
