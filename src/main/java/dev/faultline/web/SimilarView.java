package dev.faultline.web;

import dev.faultline.access.Project;
import dev.faultline.similarity.Alignment;
import dev.faultline.similarity.Similar;
import java.util.List;

/**
 * A cluster that may be the same as the one on the page.
 *
 * @param never where a form says that it is not
 */
public record SimilarView(
        String id,
        String url,
        Signature signature,
        String score,
        String because,
        String never,
        List<Alignment.Line> lines) {

    public SimilarView {
        lines = List.copyOf(lines);
    }

    static SimilarView of(Project project, String cluster, Similar similar, String reason) {
        String id = similar.cluster().toString();
        return new SimilarView(
                id,
                ClusterPages.address(project, similar.cluster()),
                Signature.of(similar.signature(), reason),
                Words.percent(similar.score()),
                similar.because(),
                Address.ofProject(project.name(), "clusters", cluster, "similar", id, "never")
                        .toString(),
                similar.stacks());
    }
}
