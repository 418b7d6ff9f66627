package dev.faultline.cli.local;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.faultline.symbols.index.SourceFrame;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/**
 * One object a line, as an element of {@code results} in the service's lookup. Written by hand: making a mapper costs a
 * third of the command's whole time.
 */
record JsonAnswers(PrintWriter out, JsonFactory factory) implements Answers {

    JsonAnswers(PrintWriter out) {
        this(out, new JsonFactory());
    }

    @Override
    public void print(Address address, List<SourceFrame> frames) throws IOException {
        var line = new StringWriter();
        try (JsonGenerator json = factory.createGenerator(line)) {
            json.writeStartObject();
            json.writeStringField("address", address.asked());
            json.writeArrayFieldStart("frames");
            for (SourceFrame frame : frames) {
                write(frame, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        out.println(line);
    }

    private static void write(SourceFrame frame, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("function", frame.function());
        if (frame.linkageName() != null) {
            json.writeStringField("linkageName", frame.linkageName());
        }
        if (frame.file() != null) {
            json.writeStringField("file", frame.file());
        }
        json.writeNumberField("line", frame.line());
        json.writeNumberField("column", frame.column());
        json.writeBooleanField("inlined", frame.inlined());
        json.writeEndObject();
    }
}
