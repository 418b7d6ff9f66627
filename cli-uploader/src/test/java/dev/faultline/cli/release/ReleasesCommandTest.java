package dev.faultline.cli.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Run;
import dev.faultline.cli.server.AnsweringServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReleasesCommandTest {
    private static final String REGISTERED =
            "{\"software\":\"main-fw\",\"version\":\"2.5.0\",\"registered\":true,\"parents\":[\"2.4.0\",\"2.4.1\"]}";

    private AnsweringServer server;

    @BeforeEach
    void start() throws IOException {
        server = new AnsweringServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Run run(String input, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--server", server.address()));
        return Run.withInput(input, all.toArray(String[]::new));
    }

    private Run register(String input, String... more) {
        List<String> all =
                new ArrayList<>(List.of("releases", "register", "--software", "main-fw", "--version", "2.5.0"));
        all.addAll(List.of(more));
        return run(input, all.toArray(String[]::new));
    }

    private AnsweringServer.Asked asked() {
        return server.asked().getLast();
    }

    @Test
    void ciRegistersAReleaseWithItsParentsAndTheCommitsThatGitLists() {
        server.then(201, REGISTERED);

        assertThat(register(
                        "00c0ffee\n\n00facade\r\n00000001",
                        "--parent",
                        "2.4.0",
                        "--parent",
                        "2.4.1",
                        "--branch",
                        "main",
                        "--commit",
                        "00c0ffee",
                        "--contains",
                        "-"))
                .isEqualTo(
                        new Run(ExitCode.OK, "Release 2.5.0 of main-fw is registered, made from 2.4.0, 2.4.1\n", ""));
        assertThat(asked().method()).isEqualTo("POST");
        assertThat(asked().uri()).isEqualTo("/api/v1/projects/default/releases");
        assertThat(asked().body())
                .isEqualTo("{\"software\":\"main-fw\",\"version\":\"2.5.0\",\"branch\":\"main\","
                        + "\"parents\":[\"2.4.0\",\"2.4.1\"],\"commit\":\"00c0ffee\","
                        + "\"contains\":[\"00c0ffee\",\"00facade\",\"00000001\"]}");
    }

    @Test
    void commitsAreReadFromAFileAsWell(@TempDir Path directory) throws IOException {
        server.then(200, REGISTERED);
        Path commits = Files.writeString(directory.resolve("commits"), "00c0ffee\n");

        assertThat(register("", "--contains", commits.toString(), "--json").out())
                .isEqualTo(REGISTERED + "\n");
        assertThat(asked().body()).endsWith("\"contains\":[\"00c0ffee\"]}");
        assertThat(register("", "--contains", directory.resolve("none").toString()))
                .isEqualTo(
                        new Run(ExitCode.REFUSED, "", "faultline: " + directory.resolve("none") + ": no such file\n"));
    }

    @Test
    void listsThatAreTooLongAreNotSent() {
        assertThat(register("00c0ffee\n".repeat(10_001), "--contains", "-").err())
                .isEqualTo("faultline: --contains lists more than 10000 commits: leave out what a parent has, as in git"
                        + " rev-list v2.4.0..HEAD\n");
        assertThat(register("f".repeat(1_000_000), "--contains", "-").err())
                .startsWith("faultline: --contains wants one commit a line, not \"ffff");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void whatTheServiceRefusesIsToldInItsWords() {
        server.then(409, "{\"detail\":\"2.5.0 of main-fw was registered with parents 2.4.0, which stays\"}");

        assertThat(register("", "--parent", "2.3.0"))
                .isEqualTo(new Run(
                        ExitCode.REFUSED,
                        "",
                        "faultline: 2.5.0 of main-fw was registered with parents 2.4.0, which stays\n"));
        assertThat(run("", "releases", "register", "--software", "main-fw").exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void releasesOfASoftwareTypeAreListedAlongTheGraph() {
        server.then(
                200,
                "{\"items\":[{\"software\":\"main-fw\",\"version\":\"2.5.0\",\"registered\":true,\"branch\":\"main\","
                        + "\"parents\":[\"2.4.0\",\"2.4.1\"],\"crashes\":3,\"devices\":2},"
                        + "{\"software\":\"main-fw\",\"version\":\"999.9.9\",\"registered\":false,\"parents\":[],"
                        + "\"crashes\":1,\"devices\":1}]}");

        assertThat(run("", "releases", "list", "--software", "main-fw")).isEqualTo(new Run(ExitCode.OK, """
                        SOFTWARE  VERSION  MADE FROM     BRANCH  DEVICES  CRASHES  COMMIT
                        main-fw   2.5.0    2.4.0, 2.4.1  main    2        3        -
                        main-fw   999.9.9  unregistered  -       1        1        -
                        """, ""));
        assertThat(asked().uri())
                .isEqualTo("/api/v1/projects/default/releases?limit=50&order=lineage&software=main-fw");
    }

    @Test
    void aReleaseIsDeletedAndAskedForWhatItContains() {
        server.then(204, "").then(200, "{\"answer\":\"no\",\"rule\":\"parents\",\"because\":\"2.5.0 is not in it\"}");

        assertThat(run("", "releases", "delete", "--software", "main-fw", "--version", "a/b")
                        .out())
                .isEqualTo("Release a/b of main-fw is deleted; its place among the others stays\n");
        assertThat(asked().method() + " " + asked().uri())
                .isEqualTo("DELETE /api/v1/projects/default/releases/main-fw/a%2Fb");
        assertThat(run("", "releases", "contains", "--software", "main-fw", "--version", "2.4.0", "--of", "2.5.0")
                        .out())
                .isEqualTo("no: 2.5.0 is not in it\n");
        assertThat(asked().uri()).isEqualTo("/api/v1/projects/default/releases/main-fw/2.4.0/containment?of=2.5.0");
    }

    @Test
    void aSchemeIsDeclaredAndListed() {
        server.then(200, "{\"software\":\"main-fw\",\"scheme\":\"semver\",\"revision\":1}")
                .then(
                        200,
                        "{\"items\":[{\"software\":\"main-fw\",\"scheme\":\"semver\",\"revision\":1,\"setBy\":\"ann\"}]}");

        assertThat(run("", "software", "scheme", "main-fw", "semver").out())
                .isEqualTo("Versions of main-fw are ordered by semver (revision 1)\n");
        assertThat(asked().method() + " " + asked().uri() + " " + asked().body())
                .isEqualTo("PUT /api/v1/projects/default/software/main-fw {\"scheme\":\"semver\"}");
        assertThat(run("", "software", "list").out()).isEqualTo("""
                SOFTWARE  SCHEME  REVISION  DECLARED AT  BY
                main-fw   semver  1         -            ann
                """);
    }

    @Test
    void adoptionIsATableOfReleases() {
        server.then(200, """
                {"software":"main-fw","releases":[{"version":"2.5.0","firstDay":"2026-11-20","devices":120.5,"share":0.25},
                {"version":"2.4.0","firstDay":"2026-10-01","devices":361.5,"share":0.75}],
                "curves":[{"version":"2.5.0","since":"2026-11-20","share":0.31,"points":[]}]}
                """);
        assertThat(run("", "releases", "adoption", "--software", "main-fw", "--from", "2026-11-01"))
                .isEqualTo(new Run(ExitCode.OK, """
                        VERSION  FIRST DAY   DEVICES A DAY  SHARE   IT OR LATER
                        2.5.0    2026-11-20  120.5          25.0 %  31.0 %
                        2.4.0    2026-10-01  361.5          75.0 %  -
                        """, ""));
        assertThat(asked().uri())
                .startsWith("/api/v1/projects/default/adoption?")
                .contains("software=main-fw", "from=2026-11-01");
    }

    @Test
    void findingsAreListedAndTheDevicesBehindOne() {
        server.then(200, """
                {"items":[{"kind":"rollback-storm","version":"2.5.0","devices":30,"text":"30 of 100 went back"}],"next":null}
                """);
        assertThat(run("", "findings", "--software", "main-fw").out())
                .contains("rollback-storm  2.5.0    30       30 of 100 went back");
        server.then(200, """
                {"items":[{"name":"SN-1","version":"2.4.0","lastSeen":"2026-11-20T10:00:00Z","what":"went back to 2.4.0"}],"next":null}
                """);
        assertThat(run("", "findings", "--software", "main-fw", "--devices", "rollback-storm", "--release", "2.5.0")
                        .out())
                .contains("SN-1")
                .contains("went back to 2.4.0");
        assertThat(asked().uri())
                .startsWith("/api/v1/projects/default/findings/rollback-storm/devices?")
                .contains("software=main-fw", "version=2.5.0");
    }
}
