package dev.faultline.cluster;

import dev.faultline.http.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** Where a page of clusters ended: the last row's place in the order, which no later crash of another row changes. */
record ClusterCursor(ClusterSort sort, double key, long id) {
    private static final Pattern FORM = Pattern.compile("([a-zA-Z]{1,20}) ([0-9a-f]{1,16}) ([0-9]{1,18})");

    static ClusterCursor parse(String text, ClusterSort sort) {
        try {
            var matcher = FORM.matcher(new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8));
            if (matcher.matches() && matcher.group(1).equals(sort.parameter())) {
                double key = Double.longBitsToDouble(Long.parseUnsignedLong(matcher.group(2), 16));
                return new ClusterCursor(sort, key, Long.parseLong(matcher.group(3)));
            }
        } catch (IllegalArgumentException e) {
            throw unknown(text, sort);
        }
        throw unknown(text, sort);
    }

    String text() {
        String plain = "%s %x %d".formatted(sort.parameter(), Double.doubleToLongBits(key), id);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    private static Problem unknown(String text, ClusterSort sort) {
        return Problem.badRequest(
                "unknown-page",
                "after=%s is not the next of a page sorted by %s",
                text.length() > 100 ? text.substring(0, 100) + "…" : text,
                sort.parameter());
    }
}
