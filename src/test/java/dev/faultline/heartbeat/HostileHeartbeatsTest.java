package dev.faultline.heartbeat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import dev.faultline.http.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** A body of any bytes gives heartbeats within the limits, or says what is wrong. */
class HostileHeartbeatsTest {
    private static final String GOOD = """
            [{"device": "SN-1", "software": "main-fw", "version": "1", "boot": "b", "sequence": 1, "at": "2026-11-21T08:00:00Z",
              "interval": 1800, "crashFree": 12.5, "reboots": {"watchdog": 1}, "metrics": {"heap": 1e3}, "attributes": {"a": "b"}},
             {"device": "SN-2", "software": "main-fw", "version": "1", "boot": 7, "sequence": 1, "at": 1795161600.25}]
            """;

    private static void read(byte[] body) {
        try {
            HeartbeatBatch batch = HeartbeatBatch.read(body);
            assertThat(batch.good().size() + batch.rejected().size()).isBetween(1, HeartbeatLimits.BATCH);
            batch.rejected()
                    .forEach(rejected ->
                            assertThat(rejected.problem()).isNotBlank().hasSizeLessThan(400));
        } catch (Problem refused) {
            assertThat(refused.status()).isIn(400, 413);
        }
    }

    @Property
    void anyBytesGiveHeartbeatsOrAProblem(@ForAll byte[] body) {
        read(body);
    }

    @Property
    void anyBytesInsideJsonGiveHeartbeatsOrAProblem(@ForAll byte[] body, @ForAll @IntRange(max = 380) int at) {
        read(spliced(GOOD.getBytes(StandardCharsets.UTF_8), body, at));
    }

    @Property
    void anyBytesInsideCborGiveHeartbeatsOrAProblem(
            @ForAll @Size(max = 12) byte[] body, @ForAll @IntRange(max = 200) int at) throws IOException {
        read(spliced(
                new ObjectMapper(new CBORFactory()).writeValueAsBytes(new ObjectMapper().readTree(GOOD)), body, at));
    }

    @Property
    void deepNestingEndsInAProblem(@ForAll @IntRange(min = 17, max = 100_000) int depth) {
        for (String bracket : List.of("[", "{\"metrics\":", "\u0081")) {
            var refused = catchThrowableOfType(
                    Problem.class,
                    () -> HeartbeatBatch.read(bracket.repeat(depth).getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(refused.status()).isEqualTo(400);
        }
    }

    private static byte[] spliced(byte[] good, byte[] part, int at) {
        byte[] body = good.clone();
        int from = Math.min(at, body.length);
        System.arraycopy(part, 0, body, from, Math.min(part.length, body.length - from));
        return body;
    }
}
