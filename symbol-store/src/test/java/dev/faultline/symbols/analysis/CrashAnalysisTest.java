package dev.faultline.symbols.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.DeviceCoreBuilder;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.MissingSymbols;
import dev.faultline.symbols.report.ReasonFamily;
import dev.faultline.symbols.store.SymbolSource;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Reports of dumps whose symbols nobody uploaded; with symbols: {@code FixtureCoredumpsTest}. */
class CrashAnalysisTest {
    private static final SymbolSource NO_SYMBOLS = id -> Optional.empty();
    private static final String NULL_DEREFERENCE = "main-fw-1.0.0-rev-a-unknown-channel";

    @Test
    void withoutSymbolsTheFaultIsExplainedAllTheSame() {
        var report = analyze(Fixtures.bytes(Fixtures.coredump(NULL_DEREFERENCE)));

        assertThat(report.reason()).isEqualTo(ReasonFamily.NULL_DEREF);
        assertThat(report.fault().address()).isEqualTo("0x00000004");
        assertThat(report.fault().sentence()).startsWith("Access to address 0x00000004 through a null pointer at 0x");
        assertThat(report.format()).isEqualTo("faultline-device-core-1");
        assertThat(report.architecture()).isEqualTo("arm-cortex-m");
        assertThat(report.registers().keySet()).startsWith("r0", "r1", "r2").contains("sp", "lr", "pc", "xpsr");
    }

    @Test
    void aFrameWithoutSymbolsKeepsItsModulePcAndOffset() {
        var report = analyze(Fixtures.bytes(Fixtures.coredump(NULL_DEREFERENCE)));

        assertThat(report.threads()).hasSize(3);
        var frame = report.threads().getFirst().frames().getFirst();
        assertThat(frame.function()).isNull();
        assertThat(frame.module()).isEqualTo("main-fw");
        assertThat(frame.pc()).isEqualTo(report.registers().get("pc")).isEqualTo(frame.moduleOffset());
        assertThat(frame.trust()).isEqualTo("context");
    }

    @Test
    void missingSymbolsAreNamedWithTheCommandThatUploadsThem() {
        var report = analyze(Fixtures.bytes(Fixtures.coredump(NULL_DEREFERENCE)));
        var buildId = String.valueOf(report.identity().buildId());

        assertThat(report.missingSymbols())
                .containsExactly(new MissingSymbols(
                        buildId,
                        "main-fw",
                        "1.0.0",
                        "faultline symbols upload FILE --software main-fw --version 1.0.0"));
        assertThat(report.modules()).singleElement().satisfies(module -> {
            assertThat(module.buildId()).isEqualTo(buildId);
            assertThat(module.symbols()).isFalse();
        });
    }

    @Test
    void aDevicesWordCanNotBreakOutOfTheCommand() {
        var dump = new DeviceCoreBuilder()
                .thread(1, 0x800, 0, 0x2000_0000)
                .key("build-id", "0123")
                .key("software", "x; rm -rf '$HOME'")
                .segment();

        assertThat(analyze(dump).missingSymbols().getFirst().command())
                .isEqualTo("faultline symbols upload FILE --software 'x; rm -rf '\\''$HOME'\\'''");
    }

    @Test
    void theUploadFillsInWhatTheDumpDoesNotSay() {
        var dump = new DeviceCoreBuilder()
                .thread(1, 0x800, 0, 0x2000_0000)
                .key("device", "SN-0001")
                .segment();
        var claims = new ClaimedIdentity("SN-0001", "rev-c", "main-fw", "2.0.0", "ABCD");

        var report = CrashAnalysis.analyze(dump, NO_SYMBOLS, claims).getFirst();

        assertThat(report.identity().hardware()).isEqualTo("rev-c");
        assertThat(report.identity().version()).isEqualTo("2.0.0");
        assertThat(report.missingSymbols().getFirst().buildId()).isEqualTo("abcd");
        assertThat(report.threads().getFirst().frames().getFirst().module()).isEqualTo("main-fw");
        assertThat(report.warnings())
                .containsExactly("The coredump does not say which build crashed: build abcd is what the upload says");
    }

    @Test
    void whereUploadAndDumpDifferTheDumpCountsAndTheReportSaysSo() {
        var dump = new DeviceCoreBuilder()
                .thread(1, 0x800, 0, 0x2000_0000)
                .key("device", "SN-0001")
                .key("build-id", "0123")
                .segment();
        var claims = new ClaimedIdentity("SN-0002", null, null, null, "no hex");

        var report = CrashAnalysis.analyze(dump, NO_SYMBOLS, claims).getFirst();

        assertThat(report.identity().device()).isEqualTo("SN-0001");
        assertThat(report.warnings())
                .containsExactly(
                        "The upload says device \"SN-0002\", the coredump says \"SN-0001\", which counts",
                        "The upload's build id \"no hex\" is not hexadecimal and is left out");
    }

    @Test
    void aDumpOfAnUnknownBuildSaysThatItsSymbolsCanNotBeFound() {
        var report =
                analyze(new DeviceCoreBuilder().thread(1, 0x800, 0, 0x2000_0000).segment());

        assertThat(report.missingSymbols()).isEmpty();
        assertThat(report.warnings())
                .containsExactly("Nothing says which build crashed: symbols cannot be found without its build id");
    }

    @Test
    void theSameDumpGivesAnEqualReportPackedOrNot() {
        var plain = Fixtures.bytes(Fixtures.coredump(NULL_DEREFERENCE));
        var packed = MemorySegment.ofArray(Zstd.compress(plain.toArray(ValueLayout.JAVA_BYTE)));

        assertThat(analyze(plain)).isEqualTo(analyze(plain)).isEqualTo(analyze(packed));
    }

    @Test
    void aDeviceCoreIsTheElfCoreThatGdbOpens() {
        var plain = Fixtures.bytes(Fixtures.coredump(NULL_DEREFERENCE));
        var packed = MemorySegment.ofArray(Zstd.compress(plain.toArray(ValueLayout.JAVA_BYTE)));

        assertThat(CrashAnalysis.elfCore(packed, 1, NO_SYMBOLS, ClaimedIdentity.NONE, Limits.DEFAULT)
                        .toArray(ValueLayout.JAVA_BYTE))
                .isEqualTo(plain.toArray(ValueLayout.JAVA_BYTE));
    }

    private static CrashReport analyze(MemorySegment dump) {
        return CrashAnalysis.analyze(dump, NO_SYMBOLS, ClaimedIdentity.NONE).getFirst();
    }
}
