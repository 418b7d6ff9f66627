package dev.faultline.exposure;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A metric over heartbeats; {@code reboot.REASON} counts reboots.
 *
 * @param count heartbeats that have it
 * @param deviation sample standard deviation; absent: of one value there is none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Metric(
        String name,
        long count,
        double sum,
        double mean,
        @Nullable Double deviation,
        double least,
        double greatest) {}
