package dev.faultline.access;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.util.Map;

/** The service as others than its owner reach it: {@code @TestProfile(AuthenticationOn.class)}. */
public class AuthenticationOn implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of("faultline.auth", "on");
    }
}
