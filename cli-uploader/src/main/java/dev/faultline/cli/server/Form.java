package dev.faultline.cli.server;

import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Files as parts of one request (RFC 7578); read as they are sent, so their size does not matter.
 *
 * @param contentType with the boundary in it
 * @param body all parts
 */
record Form(String contentType, HttpRequest.BodyPublisher body) {

    /** Of files by the name of their part, in its order. */
    static Form of(Map<String, HttpRequest.BodyPublisher> files) {
        String boundary = UUID.randomUUID().toString(); // in no file, but by a chance that nobody will see
        List<HttpRequest.BodyPublisher> pieces = new ArrayList<>();
        new TreeMap<>(files).forEach((name, file) -> {
            pieces.add(HttpRequest.BodyPublishers.ofString("""
                    --%s\r
                    Content-Disposition: form-data; name="%s"; filename="%s"\r
                    Content-Type: application/octet-stream\r
                    \r
                    """.formatted(boundary, name, name)));
            pieces.add(file);
            pieces.add(HttpRequest.BodyPublishers.ofString("\r\n"));
        });
        pieces.add(HttpRequest.BodyPublishers.ofString("--%s--\r\n".formatted(boundary)));
        return new Form(
                "multipart/form-data; boundary=" + boundary,
                HttpRequest.BodyPublishers.concat(pieces.toArray(HttpRequest.BodyPublisher[]::new)));
    }
}
