/**
 * Who may do what. In: the credentials of a request. Out: a {@link Caller} whose scopes {@code @PermissionsAllowed} asks
 * for and whose project no endpoint can step out of.
 *
 * <p>A request passes, in this order: {@link BrowserGuard} (other sites' pages), {@link Credentials} (who is it),
 * {@link SignedInPolicy} (nobody anonymous, but for {@link OpenPaths}), the scope that its endpoint names, and
 * {@link RequestChecks} (the project in the path; the CSRF token of a session). An endpoint that names no scope is closed.
 */
@NullMarked
package dev.faultline.access;

import org.jspecify.annotations.NullMarked;
