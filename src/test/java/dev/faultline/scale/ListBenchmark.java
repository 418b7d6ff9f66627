package dev.faultline.scale;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * How long lists, searches and pages take, against a running service that {@link ScaleFill} filled. Needs nothing but a JDK:
 *
 * <pre>java src/test/java/dev/faultline/scale/ListBenchmark.java [http://127.0.0.1:8080 [rounds [part of their names]]]</pre>
 */
public final class ListBenchmark {
    private static final int WARM_UP = 5;
    private static final Pattern CLUSTER = Pattern.compile("\"id\":\"(C-[0-9]+)\"");
    private static final Pattern NEXT = Pattern.compile("\"next\":\"([^\"]+)\"");
    private static final Pattern DEVICE = Pattern.compile("\"device\":\"([^\"]+)\"");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final String server;
    private final int rounds;
    private final String wanted;
    private final Random random = new Random(1);

    private ListBenchmark(String server, int rounds, String wanted) {
        this.server = server;
        this.rounds = rounds;
        this.wanted = wanted;
    }

    public static void main(String... arguments) throws Exception {
        String server = arguments.length > 0 ? arguments[0] : "http://127.0.0.1:8080";
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 40;
        new ListBenchmark(server, rounds, arguments.length > 2 ? arguments[2] : "").run();
    }

    private void run() throws Exception {
        System.out.println("| request | p50 | p95 | worst |");
        System.out.println("|---|---|---|---|");
        String api = "/api/v1/projects/default/";
        for (String sort : List.of("impact", "devices", "crashes", "firstSeen", "lastSeen")) {
            measure("clusters, sorted by " + sort, List.of(api + "clusters?sort=" + sort));
        }
        String next = first(NEXT, get(api + "clusters?sort=devices"));
        measure("clusters, second page", List.of(api + "clusters?sort=devices&after=" + next));
        measure("clusters of a release", of(api + "clusters?release=", "4.1.0", "4.0.0", "3.2.1", "2.0.0", "1.0.0"));
        measure("clusters of a hardware revision", of(api + "clusters?hardware=", "rev-a", "rev-c", "rev-f"));
        measure(
                "clusters of a release on a revision",
                List.of(api + "clusters?release=4.1.0&hardware=rev-a", api + "clusters?release=3.1.0&hardware=rev-c"));
        measure("clusters with a reason", of(api + "clusters?reason=", "bad-access", "assert", "div0"));
        measure("clusters in a state", of(api + "clusters?state=", "open", "resolved"));
        measure("clusters with a text", of(api + "clusters?text=", "radio_send", "QUEUE", "no such thing"));
        for (int days : List.of(1, 7, 30, 90)) {
            measure("clusters since %d days".formatted(days), List.of(api + "clusters?since=" + day(days)));
        }
        measure(
                "clusters of a release since 30 days",
                List.of(
                        api + "clusters?since=" + day(30) + "&release=4.1.0",
                        api + "clusters?since=" + day(30) + "&release=3.3.2"));
        measure("clusters of a revision since 30 days", List.of(api + "clusters?since=" + day(30) + "&hardware=rev-c"));
        for (String query : List.of(
                "release:4.* hw:rev-c",
                "release:>=3.2 -release:4.*",
                "fn:radio_*",
                "fn:radio_send_frame",
                "fn:*_frame",
                "devices:>100 first-seen:<90d",
                "last-seen:<7d -state:resolved reason:assert",
                "badge:needs-symbols",
                "radio flush")) {
            measure("clusters, `" + query + "`", List.of(api + "clusters?q=" + encoded(query)));
        }
        List<String> largest = all(CLUSTER, get(api + "clusters?sort=crashes&limit=20"));
        List<String> some = someClusters(api);
        measure(
                "cluster, the 20 largest",
                largest.stream().map(id -> api + "clusters/" + id).toList());
        measure("cluster, any", some.stream().map(id -> api + "clusters/" + id).toList());
        measure("crashes", List.of(api + "crashes"));
        measure(
                "crashes of a large cluster",
                largest.stream().map(id -> api + "crashes?cluster=" + id).toList());
        measure(
                "crashes of any cluster",
                some.stream().map(id -> api + "crashes?cluster=" + id).toList());
        List<String> devices = all(DEVICE, get(api + "crashes?limit=50"));
        measure(
                "crashes of a device",
                devices.stream().map(name -> api + "crashes?device=" + name).toList());
        measure("crashes of a release", of(api + "crashes?release=", "4.1.0", "3.0.0", "1.0.0"));
        measure("crashes of a hardware revision", of(api + "crashes?hardware=", "rev-a", "rev-f"));
        measure("crashes with a reason", of(api + "crashes?reason=", "bad-access", "div0"));
        measure("crashes in a state", of(api + "crashes?state=", "needs-symbols", "queued"));
        for (String query : List.of("fn:radio_send_frame", "release:2.* hw:rev-f", "device:SN-00000*", "radio flush")) {
            measure("crashes, `" + query + "`", List.of(api + "crashes?q=" + encoded(query)));
        }
        measure("page: clusters", List.of("/projects/default/clusters"));
        measure(
                "page: a large cluster",
                largest.stream().map(id -> "/projects/default/clusters/" + id).toList());
        measure(
                "page: any cluster",
                some.stream().map(id -> "/projects/default/clusters/" + id).toList());
        measure("page: crashes", List.of("/projects/default/crashes"));
    }

    private static List<String> of(String path, String... values) {
        return Arrays.stream(values).map(value -> path + encoded(value)).toList();
    }

    private static String day(int ago) {
        return LocalDate.ofInstant(Instant.now(), ZoneOffset.UTC).minusDays(ago).toString();
    }

    /** From all over the list: ids are dense. */
    private List<String> someClusters(String api) throws Exception {
        long newest = Long.parseLong(
                first(CLUSTER, get(api + "clusters?sort=firstSeen&limit=1")).substring(2));
        List<String> some = new ArrayList<>();
        while (some.size() < 20) {
            String id = "C-" + random.nextLong(1, newest + 1);
            if (status(api + "clusters/" + id) == 200) {
                some.add(id);
            }
        }
        return some;
    }

    private void measure(String name, List<String> paths) throws Exception {
        if (!name.contains(wanted)) {
            return;
        }
        for (int i = 0; i < WARM_UP; i++) {
            get(paths.get(i % paths.size()));
        }
        double[] milliseconds = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            get(paths.get(i % paths.size()));
            milliseconds[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(milliseconds);
        System.out.printf(
                Locale.ROOT,
                "| %s | %.0f ms | %.0f ms | %.0f ms |%n",
                name,
                milliseconds[rounds / 2],
                milliseconds[rounds * 95 / 100],
                milliseconds[rounds - 1]);
    }

    private static String first(Pattern pattern, String text) {
        return all(pattern, text).getFirst();
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private int status(String path) throws IOException, InterruptedException {
        return send(path).statusCode();
    }

    private String get(String path) throws IOException, InterruptedException {
        var answer = send(path);
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    private HttpResponse<String> send(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(server + path)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
