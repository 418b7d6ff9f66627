package dev.faultline.heartbeat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import dev.faultline.heartbeat.Reception.Rejected;
import dev.faultline.http.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The heartbeats of a body. It holds one, an array of them, or several one after the other, as JSON lines do; JSON and CBOR are
 * told apart by the first byte.
 *
 * @param good with their places in the body, from 0
 */
record HeartbeatBatch(List<Placed> good, List<Rejected> rejected) {
    private static final StreamReadConstraints CONSTRAINTS = StreamReadConstraints.builder()
            .maxNestingDepth(HeartbeatLimits.DEPTH)
            .maxNumberLength(HeartbeatLimits.NUMBER_LENGTH)
            .build();

    private static final JsonFactory JSON =
            JsonFactory.builder().streamReadConstraints(CONSTRAINTS).build();

    private static final CBORFactory CBOR =
            CBORFactory.builder().streamReadConstraints(CONSTRAINTS).build();

    HeartbeatBatch {
        good = List.copyOf(good);
        rejected = List.copyOf(rejected);
    }

    /** A heartbeat and its place in the body. */
    record Placed(int index, Heartbeat heartbeat) {}

    /** All heartbeats of a body; a 400 problem where it can not be read to its end, and then none of them counts. */
    static HeartbeatBatch read(byte[] body) {
        var batch = new Reader();
        try (JsonParser in = parser(body)) {
            while (in.nextToken() != null) {
                if (in.currentToken() == JsonToken.START_ARRAY) {
                    while (HeartbeatParser.next(in) != JsonToken.END_ARRAY) {
                        batch.add(in);
                    }
                } else {
                    batch.add(in);
                }
            }
        } catch (JsonProcessingException e) {
            throw Problem.badRequest(
                    "broken-heartbeats",
                    "Heartbeat %d can not be read, and none was taken: %s, at byte %d",
                    batch.read,
                    e.getOriginalMessage(),
                    e.getLocation() == null ? 0 : e.getLocation().getByteOffset());
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is nothing but memory to read from
        }
        if (batch.read == 0) {
            throw Problem.badRequest("no-heartbeats", "The body holds no heartbeat");
        }
        return new HeartbeatBatch(batch.good, batch.rejected);
    }

    private static JsonParser parser(byte[] body) throws IOException {
        int first = 0;
        while (first < body.length && (body[first] == ' ' || (body[first] >= '\t' && body[first] <= '\r'))) {
            first++;
        }
        boolean json = first < body.length && (body[first] == '{' || body[first] == '[');
        return json ? JSON.createParser(body) : CBOR.createParser(body);
    }

    private static final class Reader {
        private final List<Placed> good = new ArrayList<>();
        private final List<Rejected> rejected = new ArrayList<>();
        private int read;

        private void add(JsonParser in) throws IOException {
            if (read == HeartbeatLimits.BATCH) {
                throw Problem.of(
                                413,
                                "too-many-heartbeats",
                                "The body holds more than %d heartbeats, and none was taken",
                                HeartbeatLimits.BATCH)
                        .with(Map.of("limit", HeartbeatLimits.BATCH));
            }
            switch (HeartbeatParser.parse(in)) {
                case HeartbeatParser.Result.Good(Heartbeat heartbeat) -> good.add(new Placed(read, heartbeat));
                case HeartbeatParser.Result.Bad(String problem) -> rejected.add(new Rejected(read, problem));
            }
            read++;
        }
    }
}
