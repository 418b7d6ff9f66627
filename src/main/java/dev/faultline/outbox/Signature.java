package dev.faultline.outbox;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What tells a receiver that a post is from here and recent: HMAC-SHA256 over the time, a dot and the body. */
final class Signature {
    private Signature() {}

    /**
     * The value of {@code X-Faultline-Signature}.
     *
     * @param timestamp seconds since 1970, as in {@code X-Faultline-Timestamp}
     */
    static String of(String secret, long timestamp, String body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] signed = (timestamp + "." + body).getBytes(StandardCharsets.UTF_8);
            return "sha256=" + HexFormat.of().formatHex(mac.doFinal(signed));
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new AssertionError(everyJdkHasIt);
        }
    }
}
