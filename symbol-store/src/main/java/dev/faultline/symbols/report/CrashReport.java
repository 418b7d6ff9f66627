package dev.faultline.symbols.report;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One crash, read and explained.
 *
 * @param format the coredump format it came in, such as {@code faultline-device-core-1}
 * @param architecture such as {@code arm-cortex-m}
 * @param identity who crashed, running what
 * @param reason the reason family, of the closed set {@link ReasonFamily}
 * @param fault the decoded cause
 * @param threads the crashed one first
 * @param registers of the crashed thread's innermost frame, by name in the architecture's order, as {@code 0x…}
 * @param pointers by the name of a register what it points at, in words, where it points at something
 * @param logs the last lines before the crash, oldest first
 * @param modules the images involved
 * @param missingSymbols build ids without which frames stay unnamed
 * @param warnings what could not be read, and where
 */
public record CrashReport(
        String format,
        String architecture,
        CrashIdentity identity,
        ReasonFamily reason,
        FaultReport fault,
        List<ThreadReport> threads,
        Map<String, String> registers,
        Map<String, String> pointers,
        List<LogLine> logs,
        List<ModuleReport> modules,
        List<MissingSymbols> missingSymbols,
        List<String> warnings) {

    public CrashReport {
        threads = List.copyOf(threads);
        pointers = Objects.requireNonNullElse(pointers, Map.of()); // reports of before have none
        logs = List.copyOf(logs);
        modules = List.copyOf(modules);
        missingSymbols = List.copyOf(missingSymbols);
        warnings = List.copyOf(warnings);
    }

    /** Of a crash whose registers point at nothing that is known. */
    public CrashReport(
            String format,
            String architecture,
            CrashIdentity identity,
            ReasonFamily reason,
            FaultReport fault,
            List<ThreadReport> threads,
            Map<String, String> registers,
            List<LogLine> logs,
            List<ModuleReport> modules,
            List<MissingSymbols> missingSymbols,
            List<String> warnings) {
        this(
                format,
                architecture,
                identity,
                reason,
                fault,
                threads,
                registers,
                Map.of(),
                logs,
                modules,
                missingSymbols,
                warnings);
    }

    /** The thread that crashed, unless the dump has no threads at all. */
    public @Nullable ThreadReport crashedThread() {
        return threads.stream().filter(ThreadReport::crashed).findFirst().orElse(null);
    }
}
