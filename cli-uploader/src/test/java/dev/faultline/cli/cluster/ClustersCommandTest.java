package dev.faultline.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Run;
import dev.faultline.cli.server.AnsweringServer;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClustersCommandTest {
    private static final String MERGE =
            "{\"id\":12,\"at\":\"2026-06-15T12:00:00Z\",\"actor\":\"ann\",\"kind\":\"merge\",\"variants\":3,"
                    + "\"from\":[\"C-8\",\"C-9\"],\"to\":[\"C-7\"]}";

    private static final String MERGED =
            "{\"at\":\"2026-06-15T12:00:00Z\",\"actor\":\"ann\",\"kind\":\"merge\",\"edit\":" + MERGE + "}";

    private AnsweringServer server;

    @BeforeEach
    void start() throws IOException {
        server = new AnsweringServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Run clusters(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "clusters";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 2] = "--server";
        all[all.length - 1] = server.address();
        return Run.of(all);
    }

    private AnsweringServer.Asked asked() {
        return server.asked().getLast();
    }

    @Test
    void aMergeSaysItsNumberForThoseWhoWantItBack() {
        server.then(200, MERGE);

        assertThat(clusters("merge", "C-7", "C-8", "C-9"))
                .isEqualTo(new Run(ExitCode.OK, "Edit 12: merged C-8, C-9 into C-7\n", ""));
        assertThat(asked().uri()).isEqualTo("/api/v1/projects/default/clusters/C-7/merge");
        assertThat(asked().body()).isEqualTo("{\"clusters\":[\"C-8\",\"C-9\"]}");
    }

    @Test
    void anEditIsPrintedForMachinesAsItCame() {
        server.then(200, MERGE);

        assertThat(clusters("merge", "--json", "C-7", "C-8").out()).isEqualTo(MERGE + "\n");
    }

    @Test
    void variantsAreSplitOffAndMovedByTheirNumbers() {
        server.then(200, "{\"id\":13,\"kind\":\"split\",\"variants\":2,\"from\":[\"C-7\"],\"to\":[\"C-20\"]}")
                .then(200, "{\"id\":14,\"kind\":\"move\",\"variants\":1,\"from\":[\"C-7\"],\"to\":[\"C-9\"]}");

        assertThat(clusters("split", "C-7", "41", "42").out())
                .isEqualTo("Edit 13: split 2 variants off C-7, into C-20\n");
        assertThat(asked().body()).isEqualTo("{\"variants\":[41,42]}");
        assertThat(clusters("move", "C-7", "C-9", "41").out()).isEqualTo("Edit 14: moved 1 variant from C-7 to C-9\n");
        assertThat(asked().uri()).isEqualTo("/api/v1/projects/default/clusters/C-7/move");
        assertThat(asked().body()).isEqualTo("{\"to\":\"C-9\",\"variants\":[41]}");
    }

    @Test
    void anEditIsTakenBackForGoodOrAsIfItHadNotBeen() {
        server.then(
                        200,
                        "{\"id\":15,\"kind\":\"unmerge\",\"variants\":3,\"from\":[\"C-7\"],\"to\":[\"C-8\",\"C-9\"],"
                                + "\"undoes\":12}")
                .then(200, "{\"id\":16,\"kind\":\"undo\",\"variants\":1,\"from\":[],\"to\":[],\"undoes\":14}");

        assertThat(clusters("unmerge", "12").out())
                .isEqualTo("Edit 15: took merge 12 apart for good: 3 variants back to C-8, C-9\n");
        assertThat(asked().uri()).isEqualTo("/api/v1/projects/default/cluster-edits/12/unmerge");
        assertThat(clusters("undo", "14").out()).isEqualTo("Edit 16: undid edit 14\n");
        assertThat(asked().uri()).isEqualTo("/api/v1/projects/default/cluster-edits/14/undo");
    }

    @Test
    void whatTheServiceRefusesIsToldInItsWords() {
        server.then(409, "{\"detail\":\"A cluster keeps at least one variant\"}");

        assertThat(clusters("split", "C-7", "41"))
                .isEqualTo(new Run(ExitCode.REFUSED, "", "faultline: A cluster keeps at least one variant\n"));
        assertThat(clusters("split", "C-7").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(clusters("split", "C-7", "first").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(clusters("merge", "C-7").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aClusterIsShownWithItsVariantsAndWhatPeopleDid() {
        server.then(200, """
                {"id":"C-7","state":"open","signature":"bad-access | save","title":"Flash","software":"main-fw",
                "devices":4,"crashes":9,"firstSeen":{"at":"2026-06-01T00:00:00Z","release":"1.0.0"},
                "lastSeen":{"at":"2026-06-15T12:00:00Z"},"grouping":{"sentence":"Its crashes have the same frames."},
                "variants":[{"id":41,"crashes":9,"devices":4,"signature":"bad-access | \\u001b[2Jsave",
                "because":"It began this cluster."}],"resolvedIn":"2.5.0","seenAgainIn":"2.6.0-x","assignee":"ann"}
                """)
                .then(
                        200,
                        "{\"items\":[" + MERGED
                                + ",{\"at\":\"2026-06-14T12:00:00Z\",\"actor\":\"bob\",\"kind\":\"comment\",\"text\":\"Seen\\non the bench\"}]}");

        assertThat(clusters("show", "C-7")).isEqualTo(new Run(ExitCode.OK, """
                        C-7, open: bad-access | save
                        Flash
                        4 devices, 9 crashes, in main-fw from 1.0.0 (2026-06-01T00:00:00Z) to 2026-06-15T12:00:00Z
                        resolved in 2.5.0
                        seen again in 2.6.0-x
                        assigned to ann
                        Its crashes have the same frames.

                        VARIANT  CRASHES  DEVICES  SIGNATURE              BECAUSE
                        41       9        4        bad-access | \uFFFD[2Jsave  It began this cluster.

                        EDIT  AT                    BY   WHAT
                        12    2026-06-15T12:00:00Z  ann  merged C-8, C-9 into C-7
                              2026-06-14T12:00:00Z  bob  comment: Seen on the bench
                        """, ""));
    }

    @Test
    void aMergedClusterIsFollowedToTheOneThatItIsAPartOf() {
        server.then(307, Map.of("Location", "https://elsewhere.example.com/api/v1/projects/default/clusters/C-7"), "")
                .then(200, "{\"id\":\"C-7\",\"state\":\"open\",\"signature\":\"bad-access | save\",\"variants\":[]}")
                .then(200, "{\"items\":[]}");

        Run run = clusters("show", "C-8", "--token", "flt_abc");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).startsWith("C-8 is a part of C-7 by now.\nC-7, open: bad-access | save\n");
        assertThat(server.asked())
                .extracting(AnsweringServer.Asked::uri)
                .containsExactly(
                        "/api/v1/projects/default/clusters/C-8",
                        "/api/v1/projects/default/clusters/C-7",
                        "/api/v1/projects/default/clusters/C-7/activity?limit=20");
    }

    @Test
    void aClusterThatMovesRoundInACircleEndsTheCommand() {
        for (int i = 0; i < 5; i++) {
            server.then(307, Map.of("Location", server.address() + "/api/v1/projects/default/clusters/C-8"), "");
        }

        Run run = clusters("show", "C-8");

        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVER);
        assertThat(run.err()).endsWith("/clusters/C-8 moved more than 5 times\n");
    }

    @Test
    void aClusterForMachinesHasItsActivityWithIt() {
        server.then(200, "{\"id\":\"C-7\"}").then(200, "{\"items\":[" + MERGE + "]}");

        assertThat(clusters("show", "C-7", "--json").out())
                .isEqualTo("{\"id\":\"C-7\",\"activity\":[" + MERGE + "]}\n");
    }

    @Test
    void aClusterIsResolvedMutedAndOpened() {
        server.then(204, "").then(204, "").then(204, "").then(204, "");

        assertThat(clusters("resolve", "C-7", "--in", "2.5.0"))
                .isEqualTo(new Run(ExitCode.OK, "C-7 is resolved in 2.5.0\n", ""));
        assertThat(asked().body()).isEqualTo("{\"state\":\"resolved\",\"resolvedIn\":\"2.5.0\"}");
        assertThat(asked().uri()).isEqualTo("/api/v1/projects/default/clusters/C-7");
        assertThat(clusters("resolve", "C-7").out()).isEqualTo("C-7 is resolved\n");
        assertThat(clusters("mute", "C-7", "--until-release", "3.0.0", "--until-devices", "50", "--until-crashes", "9")
                        .out())
                .isEqualTo("C-7 is muted\n");
        assertThat(asked().body())
                .isEqualTo(
                        "{\"state\":\"muted\",\"until\":{\"release\":\"3.0.0\",\"devices\":50,\"crashesPerDay\":9}}");
        assertThat(clusters("open", "C-7").out()).isEqualTo("C-7 is open\n");
        assertThat(asked().body()).isEqualTo("{\"state\":\"open\"}");
    }

    @Test
    void aClusterIsDescribedAndCommented() {
        server.then(204, "").then(204, "");

        assertThat(clusters("describe", "C-7", "--assignee", "ann", "--ticket", "https://bugs.example.org/17")
                        .out())
                .isEqualTo("C-7 has a new assignee, ticket\n");
        assertThat(asked().body()).isEqualTo("{\"assignee\":\"ann\",\"ticket\":\"https://bugs.example.org/17\"}");
        assertThat(clusters("describe", "C-7").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(clusters("comment", "C-7", "Seen on the bench").out()).isEqualTo("C-7 has your comment\n");
        assertThat(asked().uri()).isEqualTo("/api/v1/projects/default/clusters/C-7/comments");
        assertThat(asked().body()).isEqualTo("{\"text\":\"Seen on the bench\"}");
    }
}
