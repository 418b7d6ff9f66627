package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/**
 * Says that a page can not be shown, and where to go from here.
 *
 * @param status the HTTP status
 * @param heading what happened, in a few words
 * @param explanation what is wrong with what, and what to do
 */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record ErrorPage(Shell shell, int status, String heading, String explanation) implements TemplateInstance {}
