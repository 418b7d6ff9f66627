package dev.faultline.exposure;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a part of a fleet was in operation.
 *
 * @param from begin of the first hour
 * @param until end of the last hour
 * @param source where the hours are known from
 * @param estimated whether they are a guess by days
 * @param crashFreeHours those of them without a crash or unexpected reboot; absent: nobody said
 * @param devices how many devices that was
 * @param days by UTC day; a device that changed its release within a day is one of the release that it reported last
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Exposure(
        Instant from,
        Instant until,
        ExposureSource source,
        boolean estimated,
        double deviceHours,
        @Nullable Double crashFreeHours,
        long devices,
        List<Day> days) {

    public Exposure {
        days = List.copyOf(days);
    }

    /** One UTC day of it. */
    public record Day(LocalDate day, double deviceHours, long devices) {}
}
