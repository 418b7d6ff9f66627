package dev.faultline.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What crashes the fleet, worst first.
 *
 * @param behind whether crashes that came or moved just now are not in the numbers yet
 * @param search what is searched for
 * @param choices the other filters
 * @param filtered whether any filter narrows the list
 * @param views searches that the team keeps
 * @param sort the order of the list, where it is not the default
 * @param next the address of the following part; absent at the end
 * @param first the address of the list's beginning; absent there
 * @param command what brings a first crash into an empty project
 */
@CheckedTemplate(basePath = "pages", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
record ClusterListPage(
        Shell shell,
        boolean behind,
        Search search,
        List<Choice> choices,
        boolean filtered,
        Views views,
        @Nullable String sort,
        List<Column> columns,
        List<Row> rows,
        @Nullable String next,
        @Nullable String first,
        List<String> command)
        implements TemplateInstance {

    /**
     * Searches under a name.
     *
     * @param current id of the one that is shown; absent: it is none
     * @param savable whether what is shown could be kept
     */
    public record Views(List<View> all, @Nullable Long current, boolean savable) {}

    public record View(String name, String url, boolean current) {}

    /**
     * A column's head.
     *
     * @param css its class
     * @param url of the list in that order; absent where the list can not be ordered by it
     * @param sorted {@code descending} or {@code ascending}; absent where the list is not ordered by it
     * @param meaning what the column counts
     */
    public record Column(
            String label,
            String css,
            @Nullable String url,
            @Nullable String sorted,
            @Nullable String meaning) {}

    /**
     * One cluster; the rank is only known on the first part of the list.
     *
     * @param impact what its place in the list is made of
     * @param activeShare affected devices as a part of the active ones; null where nobody knows
     */
    public record Row(
            @Nullable Integer rank,
            String id,
            String url,
            Signature signature,
            @Nullable String place,
            Reason reason,
            @Nullable String software,
            List<Badge> badges,
            @Nullable String assignee,
            @Nullable String ticket,
            @Nullable String ticketLabel,
            String impact,
            String devices,
            String devicesWord,
            @Nullable String activeShare,
            String crashes,
            String crashesWord,
            @Nullable String firstRelease,
            @Nullable Moment firstSeen,
            @Nullable String lastRelease,
            @Nullable Moment lastSeen,
            ShareBar hardware,
            Sparkline trend) {}
}
