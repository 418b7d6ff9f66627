package dev.faultline.crash;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import dev.faultline.symbols.report.ReasonFamily;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;

/** Reason families as their label, in documents and in the database: the engine has no framework to say so itself. */
@Singleton
class ReportJson implements ObjectMapperCustomizer {

    @Override
    public void customize(ObjectMapper json) {
        json.registerModule(new SimpleModule("faultline-report")
                .addSerializer(new ToLabel())
                .addDeserializer(ReasonFamily.class, new FromLabel()));
    }

    private static final class ToLabel extends StdScalarSerializer<ReasonFamily> {
        private static final long serialVersionUID = 1;

        ToLabel() {
            super(ReasonFamily.class);
        }

        @Override
        public void serialize(ReasonFamily family, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(family.label());
        }
    }

    private static final class FromLabel extends StdScalarDeserializer<ReasonFamily> {
        private static final long serialVersionUID = 1;

        FromLabel() {
            super(ReasonFamily.class);
        }

        @Override
        public ReasonFamily deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return ReasonFamily.of(in.getText());
        }
    }
}
