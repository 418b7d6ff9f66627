package dev.faultline.access;

import jakarta.ws.rs.NameBinding;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * On a resource method that a plain HTML form posts to, url-encoded: the CSRF token is then looked for in the form's field
 * {@code csrf} too. All other methods want it in the header {@code X-CSRF-Token}.
 */
@NameBinding
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface BrowserForm {}
