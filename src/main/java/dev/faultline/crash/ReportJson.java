package dev.faultline.crash;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.symbols.report.ReasonFamily;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;

/** Reason families as their label, in documents and in the database: the engine has no framework to say so itself. */
@Singleton
class ReportJson implements ObjectMapperCustomizer {

    @Override
    public void customize(ObjectMapper json) {
        json.addMixIn(ReasonFamily.class, ByLabel.class);
    }

    private interface ByLabel {
        @JsonValue
        String label();
    }
}
