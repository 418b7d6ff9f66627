package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.ThreadReport;
import dev.faultline.symbols.store.LocalSymbols;
import java.io.File;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What gdb itself finds in the ELF cores that are exported of crashes whose kernel knew more threads than the dump. */
class GdbOnExportedCoresTest {
    private static final String GDB = "gdb-multiarch";
    private static final int MOST_SECONDS = 60;
    private static final int MOST_FRAMES = 64;

    /**
     * A line per frame, {@code frame THREAD PC FUNCTION}. Left out are inlined calls, and what gdb shows where no code is: 0
     * above a thread that never ran, a number above a stack that was written over.
     */
    private static final String SCRIPT = """
            import gdb
            for thread in gdb.selected_inferior().threads():
                thread.switch()
                frame = gdb.newest_frame()
                count = 0
                while frame is not None and count < %d:
                    if frame.type() != gdb.INLINE_FRAME and frame.name():
                        print("frame %%d 0x%%08x %%s" %% (thread.ptid[1], frame.pc(), frame.name()))
                    count += 1
                    frame = frame.older()
            """.formatted(MOST_FRAMES);

    @TempDir
    Path directory;

    static List<Path> coredumps() {
        return Fixtures.files("kernels/coredumps", ".*\\.core");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("coredumps")
    void gdbFindsEveryThreadWithItsStack(Path coredump) throws Exception {
        assumeTrue(isInstalled(), GDB + " is not installed");
        var name = Fixtures.name(coredump);
        var elf = Fixtures.ROOT.resolve("kernels/elf/" + name.substring(0, name.lastIndexOf('-')) + ".elf");
        var exported = directory.resolve("exported.core");
        CrashReport report;
        try (var symbols = LocalSymbols.of(List.of(elf), Limits.DEFAULT)) {
            var dump = Fixtures.bytes(coredump);
            report = CrashAnalysis.analyze(dump, symbols, ClaimedIdentity.NONE).getFirst();
            var core = CrashAnalysis.elfCore(dump, 1, symbols, ClaimedIdentity.NONE, Limits.DEFAULT);
            Files.write(exported, core.toArray(ValueLayout.JAVA_BYTE));
        }

        assertThat(framesOfGdb(elf, exported)).containsExactlyInAnyOrderElementsOf(frames(report));
    }

    private static List<List<String>> frames(CrashReport report) {
        return report.threads().stream()
                .map(GdbOnExportedCoresTest::physical)
                .filter(frames -> !frames.isEmpty())
                .toList();
    }

    private static List<String> physical(ThreadReport thread) {
        return thread.frames().stream()
                .filter(frame -> !frame.inlined())
                .map(frame -> frame.pc() + " " + frame.function())
                .toList();
    }

    private Collection<List<String>> framesOfGdb(Path elf, Path core) throws IOException, InterruptedException {
        var script = Files.writeString(directory.resolve("frames.py"), SCRIPT);
        var output = directory.resolve("gdb.txt").toFile();
        var gdb = new ProcessBuilder(GDB, "--batch", "-nx", "-ex", "source " + script, elf.toString(), core.toString())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        assertThat(gdb.waitFor(MOST_SECONDS, TimeUnit.SECONDS)).isTrue();
        var frames = new TreeMap<Long, List<String>>();
        for (var line : Files.readAllLines(output.toPath())) {
            if (line.startsWith("frame ")) {
                var words = line.split(" ", 4);
                frames.computeIfAbsent(Long.valueOf(words[1]), thread -> new ArrayList<>())
                        .add(words[2] + " " + words[3]);
            }
        }
        return frames.values();
    }

    private static boolean isInstalled() {
        return List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                .anyMatch(place -> Files.isExecutable(Path.of(place, GDB)));
    }
}
