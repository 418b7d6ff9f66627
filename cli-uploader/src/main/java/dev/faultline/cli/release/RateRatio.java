package dev.faultline.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Candidate's rate over baseline's, with its 95 % interval. */
record RateRatio(double ratio, double low, double high) {

    /** Empty where the service could not tell. */
    static Optional<RateRatio> of(JsonNode member) {
        return member.path("ratio").isNumber()
                ? Optional.of(new RateRatio(
                        member.path("ratio").asDouble(),
                        member.path("low").asDouble(),
                        member.path("high").asDouble()))
                : Optional.empty();
    }

    String inWords() {
        return "%.2f times the baseline's (95 %% interval %.2f to %.2f)".formatted(ratio, low, high);
    }
}
