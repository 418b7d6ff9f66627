package dev.faultline.similarity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.fingerprint.FingerprintFrame;
import dev.faultline.fingerprint.FramePart;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The frames of variants as numbers, how rare each is, and which variants have rare ones in common. */
@Singleton
class SimilarVariants {
    /** Frames of a variant that others find it by, from the innermost one on. */
    static final int FIRST_FRAMES = 10;

    /** Of those, the ones that others are looked for by. */
    static final int RAREST = 5;

    /** Variants that one is compared with, those with most of its rare frames. */
    static final int MOST_CANDIDATES = 2_000;

    private static final int HASH_DIGITS = 32;
    private static final TypeReference<List<FingerprintFrame>> FRAMES = new TypeReference<>() {};

    private static final String COUNT = """
            insert into similarity (project_id, variants) values (?, 1)
            on conflict (project_id) do update set variants = similarity.variants + 1
            """;

    private static final String ADD_FRAME = """
            insert into frame (project_id, hash, variants) values (?, ?, 1)
            on conflict (project_id, hash) do update set variants = frame.variants + 1
            returning id
            """;

    private static final String CANDIDATES = """
            select o.id, o.cluster_id, s.frames
            from (
                select f.variant_id, count(*) as common from variant_frame f
                where f.frame_id = any(?) and f.variant_id <> ?
                group by f.variant_id) found
            join variant v on v.id = ?
            join variant o on o.id = found.variant_id and o.project_id = v.project_id
                and o.software is not distinct from v.software
                and (o.reason = v.reason or 'unknown' in (o.reason, v.reason))
                and o.cluster_id <> v.cluster_id
            join variant_stack s on s.variant_id = o.id
            join variant_stack own on own.variant_id = v.id
            where s.assertion = own.assertion or s.assertion is null or own.assertion is null
            order by found.common desc, o.id desc limit ?
            """;

    private final ObjectMapper json;

    SimilarVariants(ObjectMapper json) {
        this.json = json;
    }

    /** A variant that may be like another one. */
    record Candidate(long variant, long cluster, List<Long> frames) {
        Candidate {
            frames = List.copyOf(frames);
        }
    }

    /** How many variants of a project have each frame. */
    record Rarity(long variants, Map<Long, Long> byFrame) {
        Rarity {
            byFrame = Map.copyOf(byFrame);
        }

        double share(long frame) {
            return (double) byFrame.getOrDefault(frame, 1L) / Math.max(1, variants);
        }
    }

    /** The names that a variant is compared by: what is in its keys. */
    static List<String> names(List<FingerprintFrame> frames) {
        return frames.stream()
                .filter(frame -> frame.part() == FramePart.RELEVANT || frame.part() == FramePart.PREFIX)
                .map(FingerprintFrame::name)
                .limit(Weighing.MOST_FRAMES)
                .toList();
    }

    List<String> names(String frames) {
        try {
            return names(json.readValue(frames, FRAMES));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database holds frames that are none", e);
        }
    }

    /** Makes a variant known to those that come later; its frames as numbers, innermost first. */
    List<Long> add(Connection transaction, long projectId, long variant, List<String> names, @Nullable String assertion)
            throws SQLException {
        try (var count = transaction.prepareStatement(COUNT)) {
            count.setLong(1, projectId);
            count.executeUpdate(); // its row is locked first, so that those who add variants wait for nothing else
        }
        Map<String, Long> ids = new TreeMap<>();
        names.forEach(name -> ids.put(hash(name), 0L));
        try (var insert = transaction.prepareStatement(ADD_FRAME)) {
            for (var frame : ids.entrySet()) {
                insert.setLong(1, projectId);
                insert.setString(2, frame.getKey());
                try (var row = insert.executeQuery()) {
                    row.next();
                    frame.setValue(row.getLong(1));
                }
            }
        }
        List<Long> frames =
                names.stream().map(name -> ids.getOrDefault(hash(name), 0L)).toList();
        try (var insert = transaction.prepareStatement(
                "insert into variant_stack (variant_id, frames, assertion) values (?, ?, ?)")) {
            insert.setLong(1, variant);
            insert.setArray(2, transaction.createArrayOf("bigint", frames.toArray()));
            insert.setString(3, assertion);
            insert.executeUpdate();
        }
        String firsts = "insert into variant_frame (frame_id, variant_id) select distinct unnest(?::bigint[]), ?";
        try (var insert = transaction.prepareStatement(firsts)) {
            insert.setArray(
                    1,
                    transaction.createArrayOf(
                            "bigint", frames.stream().limit(FIRST_FRAMES).toArray()));
            insert.setLong(2, variant);
            insert.executeUpdate();
        }
        return frames;
    }

    private static String hash(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Variants of other clusters with rare frames of this one: same software, same reason and check as far as known. */
    List<Candidate> candidates(Connection connection, long variant, List<Long> frames, Rarity rarity)
            throws SQLException {
        List<Long> rarest = frames.stream()
                .limit(FIRST_FRAMES)
                .distinct()
                .sorted(Comparator.comparingDouble(rarity::share).thenComparing(frame -> frame))
                .limit(RAREST)
                .toList();
        try (var query = connection.prepareStatement(CANDIDATES)) {
            query.setArray(1, connection.createArrayOf("bigint", rarest.toArray()));
            query.setLong(2, variant);
            query.setLong(3, variant);
            query.setInt(4, MOST_CANDIDATES);
            try (var row = query.executeQuery()) {
                List<Candidate> found = new ArrayList<>();
                while (row.next()) {
                    found.add(new Candidate(row.getLong(1), row.getLong(2), Arrays.asList((Long[])
                            row.getArray(3).getArray())));
                }
                return found;
            }
        }
    }

    /** How rare some frames of a project are. */
    Rarity rarity(Connection connection, long projectId, List<Long> frames) throws SQLException {
        Map<Long, Long> byFrame = new HashMap<>();
        try (var query = connection.prepareStatement("select id, variants from frame where id = any(?)")) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "bigint", frames.stream().distinct().toArray()));
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    byFrame.put(row.getLong(1), row.getLong(2));
                }
            }
        }
        try (var query =
                connection.prepareStatement("select coalesce(max(variants), 1) from similarity where project_id = ?")) {
            query.setLong(1, projectId);
            try (var row = query.executeQuery()) {
                row.next();
                return new Rarity(row.getLong(1), byFrame);
            }
        }
    }
}
