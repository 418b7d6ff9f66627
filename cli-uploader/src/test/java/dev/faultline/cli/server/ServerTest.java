package dev.faultline.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.cli.ExitCode;
import dev.faultline.cli.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerTest {
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
    void anUploadIsRepeatedWholeUntilABusyServiceTakesIt(@TempDir Path directory) throws IOException {
        Path core = Files.write(directory.resolve("a.core"), new byte[100_000]);
        server.then(503, Map.of("Retry-After", "0"), "")
                .then(502, Map.of("Retry-After", "0"), "")
                .then(202, "{\"crashId\":\"0193\",\"disposition\":\"queued\"}");

        Run run = Run.of("crash", "upload", "--server", server.address(), "--device", "SN 7&8", core.toString());

        assertThat(run).isEqualTo(new Run(0, "0193  queued  " + core + "\n", ""));
        assertThat(server.asked()).hasSize(3).allSatisfy(asked -> {
            assertThat(asked.uri()).isEqualTo("/api/v1/projects/default/crashes?device=SN%207%268");
            assertThat(asked.bytes()).isEqualTo(100_000);
        });
    }

    @Test
    void aLogGoesBesideItsCoredumpAsTheOtherPartOfAForm(@TempDir Path directory) throws IOException {
        Path core = Files.writeString(directory.resolve("a.core"), "core\n");
        Path log = Files.writeString(directory.resolve("a.log"), "[12] E no answer\n");
        server.then(503, Map.of("Retry-After", "0"), "").then(202, "{\"crashId\":\"0193\",\"disposition\":\"queued\"}");

        Run run = Run.of("crash", "upload", "--server", server.address(), "--log", log.toString(), core.toString());

        assertThat(run).isEqualTo(new Run(0, "0193  queued  " + core + "\n", ""));
        assertThat(server.asked()).hasSize(2).allSatisfy(asked -> {
            String boundary = asked.contentType().replace("multipart/form-data; boundary=", "");
            assertThat(asked.body()).isEqualTo("""
                    --BOUNDARY\r
                    Content-Disposition: form-data; name="coredump"; filename="coredump"\r
                    Content-Type: application/octet-stream\r
                    \r
                    core
                    \r
                    --BOUNDARY\r
                    Content-Disposition: form-data; name="log"; filename="log"\r
                    Content-Type: application/octet-stream\r
                    \r
                    [12] E no answer
                    \r
                    --BOUNDARY--\r
                    """.replace("BOUNDARY", boundary));
        });
    }

    @Test
    void aLogIsOfOneCoredump(@TempDir Path directory) throws IOException {
        Path core = Files.write(directory.resolve("a.core"), new byte[10]);

        Run run = Run.of("crash", "upload", "--log", core.toString(), core.toString(), core.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--log belongs to one coredump, and 2 are given");
        assertThat(Run.of("crash", "upload", "--server", server.address(), "--log", "absent.log", core.toString())
                        .err())
                .contains("absent.log");
        assertThat(server.asked()).isEmpty();
    }

    @Test
    void anUploadGivesUpWithTheServicesOwnReason(@TempDir Path directory) throws IOException {
        Path core = Files.write(directory.resolve("a.core"), new byte[10]);
        for (int i = 0; i < Retry.ATTEMPTS; i++) {
            server.then(503, Map.of("Retry-After", "0"), "{\"detail\":\"The disk is nearly full\"}");
        }

        Run run = Run.of("crash", "upload", "--server", server.address(), core.toString());

        assertThat(run)
                .isEqualTo(new Run(
                        ExitCode.SERVER,
                        "",
                        "faultline: " + core + " was not uploaded, after 6 attempts: The disk is nearly full\n"));
    }

    @Test
    void whatTheServiceRefusesIsNotRepeated(@TempDir Path directory) throws IOException {
        Path elf = Files.write(directory.resolve("a.elf"), new byte[10]);
        server.then(422, "{\"detail\":\"ELF header at 0x0+0x4: found 0x0, wanted 0x1 or 0x2\"}");

        Run run = Run.of("symbols", "upload", "--server", server.address(), elf.toString());

        assertThat(run)
                .isEqualTo(new Run(
                        ExitCode.REFUSED, "", "faultline: ELF header at 0x0+0x4: found 0x0, wanted 0x1 or 0x2\n"));
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void theTokenIsSentAndARefusalSaysWhatToDo() {
        server.then(401, "").then(403, "{\"detail\":\"This wants the scope read\"}");

        Run without = Run.of("crash", "list", "--server", server.address());
        assertThat(without.exitCode()).isEqualTo(ExitCode.SERVER);
        assertThat(without.err()).contains("status 401").endsWith("set FAULTLINE_TOKEN\n");

        Run lacking = Run.of("crash", "list", "--server", server.address(), "--token", "flt_abc");
        assertThat(lacking.exitCode()).isEqualTo(ExitCode.SERVER);
        assertThat(lacking.err())
                .isEqualTo("faultline: This wants the scope read; the token lacks the scope for this\n");
        assertThat(server.asked().getLast().authorization()).isEqualTo("Bearer flt_abc");
    }

    @Test
    void aListIsFetchedPartByPart() {
        server.then(200, "{\"items\":[{\"id\":\"1\"},{\"id\":\"2\"}],\"next\":\"t~2\"}")
                .then(200, "{\"items\":[{\"id\":\"3\"}]}");

        Run run = Run.of("crash", "list", "--json", "--server", server.address());

        assertThat(run.out()).isEqualTo("{\"id\":\"1\"}\n{\"id\":\"2\"}\n{\"id\":\"3\"}\n");
        assertThat(server.asked().getLast().uri()).isEqualTo("/api/v1/projects/default/crashes?after=t%7E2&limit=48");
    }

    @Test
    void aListThatNeverEndsIsCut() {
        for (int i = 0; i < 3; i++) {
            server.then(200, "{\"items\":[],\"next\":\"again\"}");
        }

        Run run = Run.of("crash", "list", "--server", server.address());

        assertThat(run.exitCode()).isZero();
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void missingSymbolsEndWith13() {
        server.then(200, """
                {"items":[{"buildId":"abcd","software":"main-fw","version":"1.2.1-rc1","crashes":4,"devices":3,
                 "command":"faultline symbols upload FILE --software main-fw --version 1.2.1-rc1"}]}
                """);

        Run run = Run.of("symbols", "missing", "--server", server.address());

        assertThat(run.exitCode()).isEqualTo(ExitCode.SYMBOLS_MISSING);
        assertThat(run.out()).isEqualTo("""
                        BUILD ID  SOFTWARE  VERSION    CRASHES  DEVICES  COMMAND
                        abcd      main-fw   1.2.1-rc1  4        3        faultline symbols upload FILE --software main-fw --version 1.2.1-rc1
                        """);
    }

    @Test
    void somethingThatIsNoFaultlineIsSaidToBeNone() {
        server.then(200, "<html>It works!</html>");

        Run run = Run.of("crash", "list", "--server", server.address());

        assertThat(run.exitCode()).isEqualTo(ExitCode.SERVER);
        assertThat(run.err()).endsWith("did not answer with JSON: is it a Faultline service?\n");
    }
}
