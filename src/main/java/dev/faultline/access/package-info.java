/**
 * Who may do what: projects, users, tokens, sessions. In: credentials of a request. Out: an identity with scopes.
 */
@NullMarked
package dev.faultline.access;

import org.jspecify.annotations.NullMarked;
