package dev.faultline.cli.regroup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Faultline;
import dev.faultline.cli.Run;
import dev.faultline.cli.Terminal;
import dev.faultline.cli.server.AnsweringServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegroupCommandTest {
    private static final String QUEUED = "{\"id\":3,\"dryRun\":true,\"state\":\"queued\",\"done\":0,\"all\":0}";
    private static final String RUNNING =
            "{\"id\":3,\"dryRun\":true,\"state\":\"running\",\"step\":\"reads stacks\",\"done\":200,\"all\":900}";
    private static final String DONE =
            "{\"id\":3,\"dryRun\":true,\"state\":\"done\",\"askedAt\":\"2026-06-15T12:00:00Z\","
                    + "\"askedBy\":\"ann\",\"rules\":\"packs 13, project 4\",\"result\":{\"crashes\":900,\"changed\":37,"
                    + "\"variantsBefore\":12,\"variantsAfter\":9,\"clustersBefore\":5,\"clustersAfter\":4,"
                    + "\"splits\":0,\"joins\":1,\"renamed\":0,\"told\":1}}";
    private static final String JOIN =
            "{\"place\":1,\"kind\":\"join\",\"of\":{\"before\":[\"bad-access | lock\",\"bad-access | save\"],"
                    + "\"after\":[\"bad-access | save\"],\"crashes\":37,\"from\":[\"C-7\",\"C-9\"],\"to\":[\"C-7\"]}}";
    private static final String CHANGES = "{\"items\":[" + JOIN + "]}";

    private AnsweringServer server;

    @BeforeEach
    void start() throws IOException {
        server = new AnsweringServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aJobIsADryRunUnlessItIsToBeApplied() {
        server.then(202, QUEUED).then(202, QUEUED).then(202, QUEUED);

        Run run = Run.of("regroup", "--server", server.address());
        Run.of("regroup", "--dry-run", "--server", server.address());
        Run.of("regroup", "--apply", "--server", server.address());

        assertThat(run)
                .isEqualTo(new Run(
                        ExitCode.OK, "Dry run 3: queued. `faultline regroup show 3` tells what came of it.\n", ""));
        assertThat(server.asked())
                .extracting(AnsweringServer.Asked::body)
                .containsExactly("{\"dryRun\":true}", "{\"dryRun\":true}", "{\"dryRun\":false}");
    }

    @Test
    void onlyOneOfDryRunAndApplyCanBeMeant() {
        assertThat(Run.of("regroup", "--dry-run", "--apply", "--server", server.address())
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void whoeverWaitsIsToldWhatChanges() {
        server.then(202, QUEUED).then(200, RUNNING).then(200, DONE).then(200, CHANGES);

        Run run = Run.of("regroup", "--wait", "--server", server.address());

        assertThat(run).isEqualTo(new Run(ExitCode.OK, """
                Dry run 3: done, by packs 13, project 4
                variants 12 -> 9, clusters 5 -> 4; splits 0, joins 1, new names 0; 37 of 900 crashes in another variant

                CHANGE  CRASHES  CLUSTERS  BEFORE                                AFTER
                join    37       C-7, C-9  bad-access | lock; bad-access | save  bad-access | save
                """, ""));
        assertThat(server.asked().getLast().uri()).isEqualTo("/api/v1/projects/default/regroups/3/changes?limit=50");
    }

    @Test
    void aPersonWhoWaitsSeesHowFarItIs() {
        server.then(202, QUEUED).then(200, RUNNING).then(200, DONE).then(200, CHANGES);
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();

        Faultline.run(
                new Terminal(out, err, false, true),
                InputStream.nullInputStream(),
                "regroup",
                "--wait",
                "--server",
                server.address());

        assertThat(err.toString(StandardCharsets.UTF_8))
                .containsSubsequence("regroup 3: queued", "regroup 3: reads stacks: 200 of 900");
    }

    @Test
    void machinesGetTheJobAndThenALineForEachChange() {
        server.then(202, DONE).then(200, CHANGES);

        assertThat(Run.of("regroup", "--wait", "--json", "--server", server.address())
                        .out())
                .isEqualTo(DONE + "\n" + JOIN + "\n");
    }

    @Test
    void aJobThatFailsEndsWithItsReason() {
        server.then(202, QUEUED)
                .then(200, "{\"id\":3,\"dryRun\":false,\"state\":\"failed\",\"error\":\"The rules were changed\"}");

        Run run = Run.of("regroup", "--apply", "--wait", "--server", server.address());

        assertThat(run)
                .isEqualTo(new Run(
                        ExitCode.SERVER,
                        "Regroup 3: failed\n",
                        "faultline: regroup 3 failed: The rules were changed\n"));
    }

    @Test
    void aSecondJobIsRefusedWhileOneIsAtWork() {
        server.then(409, "{\"detail\":\"A regroup of default is at work; one at a time\"}");

        assertThat(Run.of("regroup", "--server", server.address()))
                .isEqualTo(
                        new Run(ExitCode.REFUSED, "", "faultline: A regroup of default is at work; one at a time\n"));
    }

    @Test
    void jobsAreListedAndShownAgain() {
        server.then(200, "{\"items\":[" + DONE + "]}").then(200, DONE).then(200, CHANGES);

        assertThat(Run.of("regroup", "list", "--server", server.address()).out())
                .contains("3    dry run  done   2026-06-15T12:00:00Z  ann  variants 12 -> 9, clusters 5 -> 4;");
        assertThat(Run.of("regroup", "show", "3", "--server", server.address()).out())
                .startsWith("Dry run 3: done, by packs 13, project 4\n")
                .contains("join    37       C-7, C-9");
    }
}
