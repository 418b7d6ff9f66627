package dev.faultline.exposure;

import com.fasterxml.jackson.annotation.JsonValue;

/** Where hours of operation are known from, the best source first. */
public enum ExposureSource {
    /** Devices say how long they were in operation. */
    HEARTBEATS("heartbeats"),
    /** The time between signs of life of a device, at most twice the time between two heartbeats. */
    CONTACTS("contacts"),
    /** 24 hours for each day on which a device crashed or was heard of. */
    DAYS("estimated from days with a crash or a heartbeat");

    private final String words;

    ExposureSource(String words) {
        this.words = words;
    }

    @JsonValue
    public String words() {
        return words;
    }

    public boolean estimated() {
        return this == DAYS;
    }
}
