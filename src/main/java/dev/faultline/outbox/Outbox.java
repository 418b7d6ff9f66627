package dev.faultline.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.ops.Fragment;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Takes note of events for the webhooks of a project: all that hold when the transaction ends are posted, and nothing else is. */
@Singleton
public class Outbox {
    /** So long a post is tried. */
    static final Duration TRIED_FOR = Duration.ofHours(24);

    private static final String ADD = """
            insert into webhook_delivery (project_id, webhook_id, event_id, body, created_at, state, next_at, give_up_at)
            select project_id, id, ?, ?, ?, 'waiting', ?, ?
            from webhook where project_id = ? and (gate is null or gate = ?)
            """;

    private final ObjectMapper json;

    Outbox(ObjectMapper json) {
        this.json = json;
    }

    /** In the form of CloudEvents 1.0, structured mode. */
    public void add(Connection transaction, long projectId, String gate, Event event, Instant now) throws SQLException {
        UUID id = UUID.randomUUID();
        Map<String, Object> envelope = new LinkedHashMap<>();
        envelope.put("specversion", "1.0");
        envelope.put("id", id.toString());
        envelope.put("source", event.source());
        envelope.put("type", event.type());
        envelope.put("subject", event.subject());
        envelope.put("time", now);
        envelope.put("datacontenttype", "application/json");
        envelope.put("data", event.data());
        Fragment.update(transaction, ADD, id, text(envelope), now, now, now.plus(TRIED_FOR), projectId, gate);
    }

    private String text(Map<String, Object> envelope) {
        try {
            return json.writeValueAsString(envelope);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event has no JSON form", e);
        }
    }
}
