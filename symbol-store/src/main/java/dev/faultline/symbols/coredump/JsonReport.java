package dev.faultline.symbols.coredump;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.Limits;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A report in JSON of a device that cannot send its memory: addresses that it found itself, or nothing but why it started
 * again ({@code docs/device-guide.md}). An array of them is several crashes.
 */
public record JsonReport() implements CoredumpFormat {
    static final String FORMAT = "faultline-crash-1";

    /** Larger than any report; a whole memory is sent as a coredump. */
    private static final int MOST_BYTES = 4 << 20;

    private static final int MOST_DEPTH = 16;

    private static final JsonMapper MAPPER = new JsonMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MOST_DEPTH)
                    .maxStringLength(MOST_BYTES)
                    .maxNumberLength(32)
                    .build())
            .build());

    @Override
    public String name() {
        return FORMAT;
    }

    @Override
    public String description() {
        return "a crash report in JSON (%s)".formatted(FORMAT);
    }

    @Override
    public boolean begins(ByteReader file) {
        file.seek(0);
        while (file.hasRemaining()) {
            int c = file.u8();
            if (!Character.isWhitespace(c)) {
                return (c == '{' || c == '[') && ConsoleText.isTextWith(file, "\"%s\"".formatted(FORMAT));
            }
        }
        return false;
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        if (file.size() > MOST_BYTES) {
            throw file.error("a report in JSON of %d bytes; at most %d are read", file.size(), MOST_BYTES);
        }
        var text = new String(file.segment().toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
        JsonNode root;
        try {
            root = MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw file.error("no JSON: %s", e.getOriginalMessage());
        }
        var coredumps = new ArrayList<Coredump>();
        for (var node : root.isArray() ? root : List.of(root)) {
            if (coredumps.size() == ZephyrLog.MOST) {
                throw file.error("more than %d reports in one upload", ZephyrLog.MOST);
            }
            coredumps.add(new JsonCrash(node, file, limits).coredump());
        }
        if (coredumps.isEmpty()) {
            throw file.error("an empty array: no report");
        }
        return coredumps;
    }
}
