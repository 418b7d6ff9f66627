package dev.faultline.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.ReasonFamily;

/** Reports as JSON, with the members and names of the service's: reasons by their label, nothing that is null. */
public final class ReportJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addMixIn(ReasonFamily.class, ByLabel.class)
            .addHandler(new NewerReasons())
            .build();

    private ReportJson() {}

    /** A report, or a part of one, on one line. */
    public static String json(Record report) {
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

    private interface ByLabel {
        @JsonValue
        String label();
    }

    /** A family that a newer service knows is unknown here. */
    private static final class NewerReasons extends DeserializationProblemHandler {
        @Override
        public Object handleWeirdStringValue(
                DeserializationContext context, Class<?> wanted, String text, String reason) {
            return wanted == ReasonFamily.class ? ReasonFamily.UNKNOWN : NOT_HANDLED;
        }
    }
}
