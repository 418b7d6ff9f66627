/**
 * Talking to a Faultline service: requests, uploads with retries, problems as sentences. In: what a command wants. Out:
 * JSON documents, or a {@link dev.faultline.cli.CommandFailure} that says what is wrong.
 */
@NullMarked
package dev.faultline.cli.server;

import org.jspecify.annotations.NullMarked;
