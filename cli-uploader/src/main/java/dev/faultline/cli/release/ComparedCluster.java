package dev.faultline.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.cli.Text;
import dev.faultline.symbols.report.TextReport;

/** One cluster of a comparison, as shown. */
record ComparedCluster(String id, String signature, String evidence) {

    static ComparedCluster of(JsonNode cluster) {
        return new ComparedCluster(
                Text.onOneLine(cluster.path("id").asText()),
                Text.onOneLine(cluster.path("signature").asText()),
                evidence(cluster));
    }

    private static String evidence(JsonNode cluster) {
        var text = new StringBuilder();
        JsonNode ratio = cluster.path("rateRatio");
        if (ratio.isNumber()) {
            text.append("%.1f times".formatted(ratio.asDouble()));
        }
        return text.toString();
    }

    String line(TextReport.Style style) {
        return "%-7s %s%s"
                .formatted(
                        id,
                        style.apply(TextReport.Part.FUNCTION, signature),
                        evidence.isEmpty() ? "" : "  " + evidence);
    }
}
