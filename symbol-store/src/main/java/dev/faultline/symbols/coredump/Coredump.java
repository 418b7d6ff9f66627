package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.Architecture;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a device left behind when it crashed.
 *
 * @param format such as {@code faultline-device-core-1}
 * @param identity who crashed, running what, as far as the dump says it
 * @param architecture the processor
 * @param memory the bytes that were captured
 * @param threads the crashed one first; empty for a device that kept nothing of its threads
 * @param fault what was kept about the fault itself
 * @param images what was loaded where
 * @param text lines of the console that came with it, oldest first
 * @param warnings what could not be read, and where
 * @param objects bytes of variables that the dump names by their symbol and not by their address
 */
public record Coredump(
        String format,
        DumpIdentity identity,
        Architecture architecture,
        Memory memory,
        List<DumpThread> threads,
        FaultState fault,
        List<LoadedImage> images,
        List<String> text,
        List<String> warnings,
        Map<String, MemorySegment> objects) {

    public Coredump {
        threads = List.copyOf(threads);
        images = List.copyOf(images);
        text = List.copyOf(text);
        warnings = List.copyOf(warnings);
        objects = Map.copyOf(objects);
    }

    /** A dump that names everything by its address. */
    public Coredump(
            String format,
            DumpIdentity identity,
            Architecture architecture,
            Memory memory,
            List<DumpThread> threads,
            FaultState fault,
            List<LoadedImage> images,
            List<String> text,
            List<String> warnings) {
        this(format, identity, architecture, memory, threads, fault, images, text, warnings, Map.of());
    }

    public Optional<DumpThread> crashedThread() {
        return threads.stream().filter(DumpThread::crashed).findFirst();
    }

    /** The same crash with more of its memory; what is there already counts. */
    public Coredump withMemory(List<Memory.Region> more) {
        var all = new ArrayList<>(memory.regions());
        all.addAll(more);
        return new Coredump(
                format,
                identity,
                architecture,
                Memory.of(architecture.byteOrder(), all),
                threads,
                fault,
                images,
                text,
                warnings,
                objects);
    }

    /** The same crash with more known of its threads. */
    public Coredump withThreads(List<DumpThread> threads) {
        return new Coredump(format, identity, architecture, memory, threads, fault, images, text, warnings, objects);
    }

    Coredump withWarning(String warning) {
        return new Coredump(
                format,
                identity,
                architecture,
                memory,
                threads,
                fault,
                images,
                text,
                CoredumpFormat.append(warnings, warning),
                objects);
    }
}
