package dev.faultline.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.ReasonFamily;
import java.io.IOException;

/** Reports as JSON, with the members and names of the service's: reasons by their label, nothing that is null. */
public final class ReportJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(new SimpleModule()
                    .addSerializer(new ReasonByLabel())
                    .addDeserializer(ReasonFamily.class, new ReasonFromLabel()))
            .build();

    private ReportJson() {}

    /** A report on one line. */
    public static String json(CrashReport report) {
        try {
            return MAPPER.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a report is made of strings, numbers and lists", e);
        }
    }

    /** The report in a service's document; members it does not know are passed over. */
    public static CrashReport report(JsonNode document) {
        try {
            return MAPPER.treeToValue(document, CrashReport.class);
        } catch (JsonProcessingException e) {
            throw CommandFailure.server(
                    "the service's report is not one this version reads: " + e.getOriginalMessage());
        }
    }

    private static final class ReasonByLabel extends StdSerializer<ReasonFamily> {
        private static final long serialVersionUID = 1;

        ReasonByLabel() {
            super(ReasonFamily.class);
        }

        @Override
        public void serialize(ReasonFamily family, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(family.label());
        }
    }

    private static final class ReasonFromLabel extends StdDeserializer<ReasonFamily> {
        private static final long serialVersionUID = 1;

        ReasonFromLabel() {
            super(ReasonFamily.class);
        }

        @Override
        public ReasonFamily deserialize(JsonParser in, DeserializationContext context) throws IOException {
            try {
                return ReasonFamily.of(in.getText());
            } catch (IllegalArgumentException newer) {
                // a family that a newer service knows
                return ReasonFamily.UNKNOWN;
            }
        }
    }
}
