package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which releases a fleet runs.
 *
 * @param shares shares by day; absent: no device sent a heartbeat
 * @param command what a project without releases does next
 */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record ReleasesPage(
        Shell shell,
        Choice software,
        @Nullable LineChart shares,
        @Nullable LineChart curves,
        List<Line> releases,
        List<FindingLine> findings,
        List<String> places,
        List<MatrixLine> matrix,
        @Nullable String next,
        String command)
        implements TemplateInstance {

    /** One release. */
    public record Line(
            String version,
            boolean registered,
            @Nullable String madeFrom,
            @Nullable String firstDay,
            @Nullable Sparkline trend,
            @Nullable Meter share,
            String devices,
            @Nullable String adopted,
            String crashes,
            @Nullable Badge verdict,
            @Nullable String runUrl,
            String crashesUrl,
            String devicesUrl) {}

    /** Something to look at. */
    public record FindingLine(Badge badge, String text, String groups, String url, String devices) {}

    /** A release on the hardware revisions and cohorts that are the heads of the table. */
    public record MatrixLine(String version, List<Cell> cells) {}

    /** Devices a day; the class says how many that are of all. */
    public record Cell(String devices, String css) {}
}
