package dev.faultline.cluster;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.faultline.http.Problem;
import java.util.regex.Pattern;

/** A cluster's id, as {@code C-12}. It never changes; what became of an emptied cluster is a redirect. */
public record ClusterId(long number) implements Comparable<ClusterId> {
    private static final Pattern SHOWN = Pattern.compile("C-([1-9][0-9]{0,17})");

    /** From what a person or program sent; anything that is no id names no cluster: a 404 problem. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static ClusterId parse(String text) {
        var matcher = SHOWN.matcher(text);
        if (!matcher.matches()) {
            throw Problem.notFound("cluster-not-found", "No cluster has the id %s: ids look like C-12", text);
        }
        return new ClusterId(Long.parseLong(matcher.group(1)));
    }

    @Override
    public int compareTo(ClusterId other) {
        return Long.compare(number, other.number);
    }

    @Override
    @JsonValue
    public String toString() {
        return "C-" + number;
    }
}
