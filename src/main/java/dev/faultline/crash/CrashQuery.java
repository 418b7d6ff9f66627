package dev.faultline.crash;

import dev.faultline.cluster.ClusterId;
import dev.faultline.search.Operator;
import dev.faultline.search.SearchQuery;
import dev.faultline.search.Term;
import dev.faultline.search.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which crashes are wanted; what is null filters nothing.
 *
 * @param device the device's name
 * @param software the software type
 * @param release a version, such as {@code 1.2.0}
 * @param hardware the hardware revision
 * @param reason label of the reason family
 * @param since those of this time or later
 * @param search what else is wanted
 * @param after continue behind this place of the list, as {@link dev.faultline.http.Page#next} said it
 * @param limit 1 to {@link dev.faultline.http.Page#MOST}
 */
public record CrashQuery(
        @Nullable ClusterId cluster,
        @Nullable String device,
        @Nullable String software,
        @Nullable String release,
        @Nullable String hardware,
        @Nullable String reason,
        @Nullable CrashState state,
        @Nullable Instant since,
        SearchQuery<CrashField> search,
        @Nullable String after,
        int limit) {

    /** All of it in one query. */
    SearchQuery<CrashField> terms() {
        List<Term<CrashField>> terms = new ArrayList<>(search.terms());
        add(terms, CrashField.CLUSTER, cluster == null ? null : cluster.toString());
        add(terms, CrashField.DEVICE, device);
        add(terms, CrashField.SOFTWARE, software);
        add(terms, CrashField.RELEASE, release);
        add(terms, CrashField.HARDWARE, hardware);
        add(terms, CrashField.REASON, reason);
        add(terms, CrashField.STATE, state == null ? null : state.label());
        if (since != null) {
            terms.add(new Term.About<>(
                    false, CrashField.SEEN, new Value.Comparison(Operator.AT_LEAST, since.toString())));
        }
        return new SearchQuery<>(terms);
    }

    private static void add(List<Term<CrashField>> terms, CrashField field, @Nullable String value) {
        if (value != null) {
            terms.add(new Term.About<>(false, field, new Value.Literal(value)));
        }
    }
}
