package dev.faultline.outbox;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** Nothing happens by itself, so that a test says when it does; and webhooks may come to this machine. */
public class Quiet implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("faultline.webhooks.private-addresses", "true", "quarkus.scheduler.start-mode", "halted");
    }
}
