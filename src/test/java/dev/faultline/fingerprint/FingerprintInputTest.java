package dev.faultline.fingerprint;

import static dev.faultline.fingerprint.Reports.stack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fingerprint.Corpus.Crash;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.ReasonFamily;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintInputTest {
    private final Fingerprinter fingerprinter = new Fingerprinter();

    private void sameFingerprint(CrashReport report) {
        CrashReport input = FingerprintInput.of(report);
        assertThat(fingerprinter.of(input)).isEqualTo(fingerprinter.of(report));
        assertThat(FingerprintInput.of(input)).isEqualTo(input);
    }

    @Test
    void thePartOfAReportHasTheFingerprintOfTheWhole() throws IOException {
        for (Crash crash : Corpus.read(Corpus.COMMITTED)) {
            sameFingerprint(crash.report());
            sameFingerprint(crash.end());
        }
    }

    @Test
    void soHaveReportsThatSayLittle() {
        for (Reports report : List.of(
                stack(),
                stack("fa", "fb").withoutSymbols(),
                stack().unnamed(0x10).unnamed(0x20).withoutSymbols(),
                stack().nowhere(0).frame("fa"),
                stack().nowhere(0x4000_0000).frame("fa"),
                stack("fa").unknownBuild(),
                stack().unnamed(0x10).unknownBuild().withoutSymbols(),
                stack("fa").inlined("fb").frame("fc").imprecise().thread("worker 3"),
                stack("fa", "fb").reason(ReasonFamily.WATCHDOG).loopingIn("fb"),
                stack("fa").reason(ReasonFamily.ASSERT).message("x == 3 at /home/ann/f.c:12"),
                stack("fa").reason(ReasonFamily.ASSERT).message("a".repeat(79) + " \"tail\" 17"),
                stack("fa").reason(ReasonFamily.PANIC).message("b".repeat(78) + " 1234567 \""))) {
            sameFingerprint(report.report());
        }
    }

    @Test
    void crashesOfOneBuildAtOnePlaceShareIt() {
        Set<CrashReport> inputs = new HashSet<>();
        for (int device = 0; device < 5; device++) {
            inputs.add(FingerprintInput.of(stack("fa", "fb")
                    .of("SN-" + device, "rev-" + device)
                    .reason(ReasonFamily.ASSERT)
                    .message("level " + device + " is too high")
                    .report()));
        }
        assertThat(inputs).hasSize(1);
    }
}
