package dev.faultline.symbols.analysis;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Coredump;
import dev.faultline.symbols.coredump.CoredumpFormat;
import dev.faultline.symbols.coredump.CortexMState;
import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.coredump.ElfCoreWriter;
import dev.faultline.symbols.coredump.ThreadState;
import dev.faultline.symbols.fault.CrashScene;
import dev.faultline.symbols.fault.FaultDiagnosis;
import dev.faultline.symbols.fault.PointerTargets;
import dev.faultline.symbols.logs.CrashLogs;
import dev.faultline.symbols.logs.LogSources;
import dev.faultline.symbols.report.CrashReport;
import dev.faultline.symbols.report.FrameReport;
import dev.faultline.symbols.report.ThreadReport;
import dev.faultline.symbols.report.ThreadReport.StackMemory;
import dev.faultline.symbols.rtos.KernelThreads;
import dev.faultline.symbols.store.SymbolSource;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.Stack;
import dev.faultline.symbols.unwind.Unwinder;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From the bytes of a coredump to its report. Deterministic: the same bytes and symbols give an equal report. */
public final class CrashAnalysis {

    private CrashAnalysis() {}

    /** As the next one, with the default limits and no other logs than those of the coredump. */
    public static List<CrashReport> analyze(MemorySegment dump, SymbolSource symbols, ClaimedIdentity claims) {
        return analyze(dump, symbols, claims, LogSources.NONE, Limits.DEFAULT);
    }

    /**
     * Reads, unwinds, symbolicates and explains a coredump. What is damaged or missing is left out and said in
     * {@link CrashReport#warnings}.
     *
     * @return a report for each coredump of the upload, in its order; never none
     * @param logs where else lines of the log are
     * @param dump the bytes as uploaded: a known format, plain or as gzip, zstd, xz, lz4, bzip2 or in a zip archive
     * @throws dev.faultline.symbols.bytes.FormatException when it is no coredump of a known format, or so broken that
     *     there is nothing to report
     */
    public static List<CrashReport> analyze(
            MemorySegment dump, SymbolSource source, ClaimedIdentity claims, LogSources logs, Limits limits) {
        return CoredumpFormat.read(dump, limits).stream()
                .map(coredump -> analyze(coredump, source, claims, logs, limits))
                .toList();
    }

    /**
     * One coredump of an upload.
     *
     * @param coredumps how many the upload has
     */
    public record Read(CrashReport report, int coredumps) {}

    /**
     * As {@link #analyze(MemorySegment, SymbolSource, ClaimedIdentity, LogSources, Limits)}, of one of its coredumps alone.
     *
     * @param ordinal which one, from 1 on
     */
    public static Read analyze(
            MemorySegment dump,
            int ordinal,
            SymbolSource source,
            ClaimedIdentity claims,
            LogSources logs,
            Limits limits) {
        var chosen = CoredumpFormat.read(dump, ordinal, limits);
        return new Read(analyze(chosen.coredump(), source, claims, logs, limits), chosen.coredumps());
    }

    private static CrashReport analyze(
            Coredump dump, SymbolSource source, ClaimedIdentity claims, LogSources sources, Limits limits) {
        try (var open = OpenCrash.of(dump, source, claims, limits)) {
            var symbols = open.symbols();
            var space = open.space();
            var warnings = new ArrayList<>(dump.warnings());
            warnings.addAll(open.agreed().warnings());
            warnings.addAll(symbols.warnings());
            var identity = open.agreed().found(symbols);
            var kernel = KernelThreads.of(open.coredump(), space, limits);
            warnings.addAll(kernel.warnings());
            var coredump = open.coredump().withThreads(kernel.threads());
            var stacks = stacks(coredump, space, limits, warnings);
            var threads = threads(coredump, stacks, space, limits);
            var scene = coredump.threads().isEmpty()
                    ? new CrashScene(coredump, space, Stack.NONE, List.of())
                    : new CrashScene(
                            coredump,
                            space,
                            stacks.getFirst(),
                            threads.getFirst().frames());
            var diagnosis = FaultDiagnosis.of(scene);
            var logs = CrashLogs.of(coredump, space, sources, limits);
            warnings.addAll(logs.warnings());
            return new CrashReport(
                    coredump.format(),
                    coredump.architecture().label(),
                    identity,
                    diagnosis.family(),
                    diagnosis.fault(),
                    threads,
                    registers(coredump),
                    PointerTargets.of(coredump, space),
                    logs.lines(),
                    Modules.reports(symbols, coredump.architecture()),
                    Modules.missing(symbols, identity),
                    warnings);
        }
    }

    /**
     * One coredump of an upload as an ELF core that gdb opens: the file itself, unpacked, where it is one and has every
     * thread; else one that is made, with the threads that only the kernel's memory shows.
     *
     * @param ordinal which one, from 1 on
     * @throws dev.faultline.symbols.bytes.FormatException as {@link #analyze(MemorySegment, SymbolSource,
     *     ClaimedIdentity, LogSources, Limits)}
     */
    public static MemorySegment elfCore(
            MemorySegment dump, int ordinal, SymbolSource source, ClaimedIdentity claims, Limits limits) {
        var chosen = CoredumpFormat.read(dump, ordinal, limits);
        try (var open = OpenCrash.of(chosen.coredump(), source, claims, limits)) {
            var coredump = open.coredump();
            var threads = KernelThreads.of(coredump, open.space(), limits).threads().stream()
                    .filter(thread ->
                            thread.registers().has(coredump.architecture().programCounter()))
                    .toList();
            boolean isWhole = threads.size() <= coredump.threads().size();
            return chosen.elf()
                    .filter(bytes -> isWhole)
                    .orElseGet(() -> ElfCoreWriter.write(coredump.withThreads(threads)));
        }
    }

    /**
     * Opens one coredump of an upload to be asked for globals and memory. Who opens it closes it.
     *
     * @param ordinal which one, from 1 on
     * @throws dev.faultline.symbols.bytes.FormatException as {@link #analyze(MemorySegment, SymbolSource,
     *     ClaimedIdentity, LogSources, Limits)}
     */
    public static CrashExamination examine(
            MemorySegment dump, int ordinal, SymbolSource source, ClaimedIdentity claims, Limits limits) {
        return new CrashExamination(
                OpenCrash.of(CoredumpFormat.read(dump, ordinal, limits).coredump(), source, claims, limits), limits);
    }

    private static List<Stack> stacks(Coredump coredump, AddressSpace space, Limits limits, List<String> warnings) {
        var unwinder = new Unwinder(space, coredump.fault(), limits);
        var stacks = new ArrayList<Stack>();
        for (var thread : coredump.threads()) {
            var stack = unwinder.unwind(thread);
            stacks.add(stack);
            if (stack.leftOut() > 0) {
                warnings.add("Thread %d: %d frames in the middle of its stack are left out"
                        .formatted(thread.id(), stack.leftOut()));
            }
        }
        if (coredump.fault() instanceof CortexMState state && state.frameLost()) {
            warnings.add(
                    "The processor could not save the registers of the innermost frame: the stack begins with the first"
                            + " caller that was found");
        }
        return stacks;
    }

    private static List<ThreadReport> threads(
            Coredump coredump, List<Stack> stacks, AddressSpace space, Limits limits) {
        var variables = new FrameVariables(space, limits);
        var reports = new ArrayList<ThreadReport>();
        for (int i = 0; i < stacks.size(); i++) {
            var thread = coredump.threads().get(i);
            var stack = stacks.get(i);
            var state = thread.state();
            var frames = new ArrayList<FrameReport>();
            for (int index = 0; index < stack.frames().size(); index++) {
                var levels = Symbolication.of(stack.frames().get(index), space.symbols(), coredump.architecture());
                frames.addAll(variables.with(levels, thread, stack.frames(), index));
            }
            reports.add(new ThreadReport(
                    thread.id(),
                    thread.name(),
                    state == null || state.activity() == ThreadState.Activity.UNKNOWN
                            ? thread.crashed() ? ThreadState.Activity.RUNNING.label() : null
                            : state.activity().label(),
                    state == null ? null : state.waitsFor(),
                    state == null || state.priority().isEmpty()
                            ? null
                            : state.priority().getAsInt(),
                    memory(thread, coredump),
                    thread.crashed(),
                    frames,
                    stack.stop()));
        }
        return reports;
    }

    private static @Nullable StackMemory memory(DumpThread thread, Coredump coredump) {
        var stack = thread.stack();
        var state = thread.state();
        boolean nothing = stack == null && (state == null || state.overflow() == null);
        return nothing
                ? null
                : new StackMemory(
                        stack == null ? null : Symbolication.hex(stack.start(), coredump.architecture()),
                        stack == null ? null : stack.size(),
                        state == null || state.stackUsed().isEmpty()
                                ? null
                                : state.stackUsed().getAsLong(),
                        state == null ? null : state.overflow());
    }

    private static Map<String, String> registers(Coredump coredump) {
        var architecture = coredump.architecture();
        var crashed = coredump.crashedThread();
        if (crashed.isEmpty()) {
            return Map.of();
        }
        var named = new LinkedHashMap<String, String>();
        for (int register = 0; register < architecture.registerNames().size(); register++) {
            var value = crashed.get().registers().get(register);
            if (value.isPresent()) {
                named.put(
                        architecture.registerNames().get(register), Symbolication.hex(value.getAsLong(), architecture));
            }
        }
        return Collections.unmodifiableMap(named);
    }
}
