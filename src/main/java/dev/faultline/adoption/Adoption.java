package dev.faultline.adoption;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which releases of a software type its devices run, over time. A device counts once a day, with what it reported last.
 *
 * @param releases those that were active, newest first along the graph
 * @param days shares by day
 * @param curves of the newest releases
 * @param matrix means of the last {@link Adoptions#MATRIX_DAYS} days
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Adoption(
        String software,
        LocalDate from,
        LocalDate until,
        List<Active> releases,
        List<Day> days,
        List<Curve> curves,
        List<Cell> matrix) {

    public Adoption {
        releases = List.copyOf(releases);
        days = List.copyOf(days);
        curves = List.copyOf(curves);
        matrix = List.copyOf(matrix);
    }

    /**
     * A release.
     *
     * @param firstDay the first day on which a device reported it last
     * @param devices a day, on average of the last seven
     * @param share of the devices that were active then, 0 to 1
     */
    public record Active(String version, boolean registered, LocalDate firstDay, double devices, double share) {}

    /** A day; {@code releases} are in the order of those of all days. */
    public record Day(LocalDate day, long devices, List<Share> releases) {
        public Day {
            releases = List.copyOf(releases);
        }
    }

    public record Share(String version, long devices, double share) {}

    /**
     * How a release spread: devices on it or on what contains it, of those on hardware that it is seen on.
     *
     * @param share of the last point; absent: no device that could have it was active
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Curve(
            String version, LocalDate since, @Nullable Double share, List<Point> points) {
        public Curve {
            points = List.copyOf(points);
        }
    }

    public record Point(LocalDate day, long adopted, long eligible) {}

    /** Devices a day. */
    public record Cell(String version, String hardware, String cohort, double devices) {}
}
