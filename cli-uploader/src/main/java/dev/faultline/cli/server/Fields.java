package dev.faultline.cli.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.cli.Text;

/** Reads members of the service's documents for people. */
public final class Fields {

    private Fields() {}

    /** A member as text on one line; a dash where it is absent. */
    public static String text(JsonNode document, String name) {
        JsonNode member = document.path(name);
        return member.isValueNode() && !member.isNull() ? Text.onOneLine(member.asText()) : "-";
    }

    /** A share from 0 to 1 as a percentage; a dash where it is absent. */
    public static String percent(JsonNode document, String name) {
        JsonNode member = document.path(name);
        return member.isNumber() ? "%.0f %%".formatted(member.asDouble() * 100) : "-";
    }
}
