package dev.faultline.heartbeat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.faultline.fleet.Fleet;
import dev.faultline.fleet.ReleaseName;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one heartbeat, token by token: nothing of it is kept that is not within {@link HeartbeatLimits}. The first thing that is
 * wrong is remembered and the rest is passed over, so that the next heartbeat of the batch can be read.
 */
final class HeartbeatParser {
    private static final int SHOWN = 40;

    /** Seconds since 1970 of the year 9999. */
    private static final double LATEST = 253_402_300_799.0;

    private final JsonParser in;
    private @Nullable String problem;

    private @Nullable String device;
    private @Nullable String software;
    private @Nullable String version;
    private @Nullable String boot;
    private @Nullable Long sequence;
    private String hardware = "";
    private String cohort = "";
    private @Nullable Instant at;
    private @Nullable Long uptime;
    private @Nullable Long interval;
    private @Nullable Long crashFree;
    private Map<String, Long> reboots = Map.of();
    private @Nullable Map<String, String> attributes;
    private Map<String, Double> metrics = Map.of();

    private HeartbeatParser(JsonParser in) {
        this.in = in;
    }

    /** A heartbeat, or what is wrong with it. */
    sealed interface Result {
        record Good(Heartbeat heartbeat) implements Result {}

        record Bad(String problem) implements Result {}
    }

    /**
     * Reads the value that begins with the parser's current token, and nothing behind it.
     *
     * @throws IOException where the bytes are neither JSON nor CBOR any more
     */
    static Result parse(JsonParser in) throws IOException {
        var parser = new HeartbeatParser(in);
        parser.fields();
        return parser.result();
    }

    /** The next token, which there is: the value did not end yet. */
    static JsonToken next(JsonParser in) throws IOException {
        JsonToken token = in.nextToken();
        if (token == null) {
            throw new JsonEOFException(in, JsonToken.NOT_AVAILABLE, "the body ends inside a value");
        }
        return token;
    }

    private void fields() throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            wrong("found %s, wanted an object".formatted(found()));
            in.skipChildren();
            return;
        }
        while (next(in) != JsonToken.END_OBJECT) {
            String name = in.currentName();
            next(in);
            if (in.currentToken() != JsonToken.VALUE_NULL) {
                field(name == null ? "" : name);
            }
        }
    }

    private void field(String name) throws IOException {
        switch (name) {
            case "device" -> device = text(name);
            case "hardware" -> hardware = orEmpty(text(name));
            case "software" -> software = text(name);
            case "version" -> version = text(name);
            case "cohort" -> cohort = orEmpty(text(name));
            case "boot" -> boot = boot();
            case "sequence" -> sequence = count(name, HeartbeatLimits.SEQUENCE);
            case "at" -> at = time();
            case "uptime" -> uptime = millis(name, HeartbeatLimits.LONGEST_UPTIME);
            case "interval" -> interval = positive(millis(name, HeartbeatLimits.LONGEST_INTERVAL));
            case "crashFree" -> crashFree = millis(name, HeartbeatLimits.LONGEST_INTERVAL);
            case "reboots" ->
                reboots = entries(
                        name, HeartbeatLimits.REASON, reason -> count("reboots " + reason, HeartbeatLimits.REBOOTS));
            case "attributes" -> attributes = entries(name, HeartbeatLimits.METRIC_NAME, this::text);
            case "metrics" -> metrics = entries(name, HeartbeatLimits.METRIC_NAME, this::metric);
            default -> in.skipChildren(); // of a later version, or nobody's: no reason to lose the hours
        }
    }

    private Result result() {
        if (problem == null) {
            if (device == null) {
                wrong("device is missing");
            } else if (software == null) {
                wrong("software is missing");
            } else if (version == null) {
                wrong("version is missing");
            } else if (boot == null) {
                wrong("boot is missing");
            } else if (sequence == null) {
                wrong("sequence is missing");
            } else if (crashFree != null && crashFree > (interval == null ? 0 : interval)) {
                wrong("crashFree: found %s seconds, more than interval"
                        .formatted(Duration.ofMillis(crashFree).toSeconds()));
            } else {
                return new Result.Good(new Heartbeat(
                        device,
                        hardware,
                        new ReleaseName(software, version),
                        cohort,
                        boot,
                        sequence,
                        at,
                        uptime,
                        interval,
                        crashFreePart(),
                        reboots,
                        attributes,
                        metrics));
            }
        }
        return new Result.Bad(orEmpty(problem));
    }

    /** Of a device that does not say it: all of the interval, or none of it where a reboot was unexpected. */
    private @Nullable Long crashFreePart() {
        if (interval == null || crashFree != null) {
            return interval == null ? null : crashFree;
        }
        return ExpectedReboot.all(reboots) ? interval : Long.valueOf(0);
    }

    private interface Value<T> {
        @Nullable
        T read(String name) throws IOException;
    }

    private <T> Map<String, T> entries(String field, Pattern names, Value<T> value) throws IOException {
        if (in.currentToken() != JsonToken.START_OBJECT) {
            wrong("%s: found %s, wanted an object".formatted(field, found()));
            in.skipChildren();
            return Map.of();
        }
        Map<String, T> entries = new LinkedHashMap<>();
        while (next(in) != JsonToken.END_OBJECT) {
            String name = orEmpty(in.currentName());
            next(in);
            if (!names.matcher(name).matches()) {
                wrong("%s: \"%s\" is no name; wanted %s".formatted(field, shown(name), names));
                in.skipChildren();
            } else if (entries.size() == HeartbeatLimits.ENTRIES && !entries.containsKey(name)) {
                wrong("%s: more than %d".formatted(field, HeartbeatLimits.ENTRIES));
                in.skipChildren();
            } else if (in.currentToken() != JsonToken.VALUE_NULL) {
                T read = value.read(name);
                if (read != null) {
                    entries.put(name, read);
                }
            }
        }
        return entries;
    }

    private @Nullable Double metric(String name) throws IOException {
        if (name.startsWith(MetricNames.REBOOT)) {
            wrong("metrics: %s: names with %s are those of reboots".formatted(name, MetricNames.REBOOT));
        }
        Double value = number(name);
        if (value == null) {
            return null;
        }
        if (Math.abs(value) > HeartbeatLimits.METRIC) {
            wrong("metrics: %s: found %s, at most %s is taken".formatted(name, value, HeartbeatLimits.METRIC));
            return null;
        }
        return Math.abs(value) < HeartbeatLimits.SMALLEST_METRIC ? Double.valueOf(0) : value;
    }

    private @Nullable String boot() throws IOException {
        String text = in.currentToken() == JsonToken.VALUE_NUMBER_INT ? in.getText() : text("boot");
        if (text != null && !HeartbeatLimits.BOOT.matcher(text).matches()) {
            wrong("boot: found \"%s\", wanted %s".formatted(shown(text), HeartbeatLimits.BOOT));
            return null;
        }
        return text;
    }

    private @Nullable Instant time() throws IOException {
        if (in.currentToken() == JsonToken.VALUE_STRING) {
            String text = orEmpty(in.getText());
            try {
                return OffsetDateTime.parse(text).toInstant();
            } catch (DateTimeException e) {
                wrong("at: found \"%s\", wanted a time such as 2026-11-21T08:00:00Z, or seconds since 1970"
                        .formatted(shown(text)));
                return null;
            }
        }
        Double seconds = number("at");
        if (seconds != null && Math.abs(seconds) > LATEST) {
            wrong("at: found %s, wanted seconds since 1970".formatted(seconds));
            return null;
        }
        return seconds == null ? null : Instant.ofEpochMilli(Math.round(seconds * 1000));
    }

    private @Nullable Long millis(String name, Duration most) throws IOException {
        Double seconds = number(name);
        if (seconds != null && (seconds < 0 || seconds > most.toSeconds())) {
            wrong("%s: found %s seconds, wanted 0 to %d".formatted(name, seconds, most.toSeconds()));
            return null;
        }
        return seconds == null ? null : Long.valueOf(Math.round(seconds * 1000));
    }

    /** An interval of nothing is none. */
    private static @Nullable Long positive(@Nullable Long millis) {
        return millis == null || millis == 0 ? null : millis;
    }

    private @Nullable Long count(String name, long most) throws IOException {
        Double number = number(name);
        if (number != null && (number < 0 || number > most || number != Math.rint(number))) {
            wrong("%s: found %s, wanted a whole number from 0 to %d".formatted(name, number, most));
            return null;
        }
        return number == null ? null : Long.valueOf(number.longValue());
    }

    /** A finite number. */
    private @Nullable Double number(String name) throws IOException {
        JsonToken token = in.currentToken();
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            wrong("%s: found %s, wanted a number".formatted(name, found()));
            in.skipChildren();
            return null;
        }
        double value = in.getDoubleValue();
        if (!Double.isFinite(value)) {
            wrong("%s: found a number that is not finite".formatted(name));
            return null;
        }
        return value;
    }

    private @Nullable String text(String name) throws IOException {
        if (in.currentToken() != JsonToken.VALUE_STRING) {
            wrong("%s: found %s, wanted a text".formatted(name, found()));
            in.skipChildren();
            return null;
        }
        String text = orEmpty(in.getText()).strip();
        if (text.length() > Fleet.NAME_LENGTH) {
            wrong("%s: found %d characters, at most %d are taken".formatted(name, text.length(), Fleet.NAME_LENGTH));
            return null;
        }
        if (text.codePoints()
                .anyMatch(point -> Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE)) {
            wrong("%s: control characters and halves of characters are not taken".formatted(name));
            return null;
        }
        return text.isEmpty() ? null : text;
    }

    private String found() {
        return switch (in.currentToken()) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a text";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_EMBEDDED_OBJECT -> "bytes";
            case VALUE_NULL -> "null";
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE -> "nothing";
            case null -> "nothing";
        };
    }

    private void wrong(String what) {
        if (problem == null) {
            problem = what;
        }
    }

    private static String shown(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
