package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.Architecture;
import java.util.List;

/**
 * What a device left behind when it crashed.
 *
 * @param format such as {@code faultline-device-core-1}
 * @param identity who crashed, running what, as far as the dump says it
 * @param architecture the processor
 * @param memory the bytes that were captured
 * @param threads the crashed one first; never empty
 * @param special the registers beside those of the threads
 * @param images what was loaded where
 * @param warnings what could not be read, and where
 */
public record Coredump(
        String format,
        DumpIdentity identity,
        Architecture architecture,
        Memory memory,
        List<DumpThread> threads,
        SpecialRegisters special,
        List<LoadedImage> images,
        List<String> warnings) {

    public Coredump {
        threads = List.copyOf(threads);
        images = List.copyOf(images);
        warnings = List.copyOf(warnings);
    }

    public DumpThread crashedThread() {
        return threads.getFirst();
    }

    Coredump withWarning(String warning) {
        return new Coredump(
                format,
                identity,
                architecture,
                memory,
                threads,
                special,
                images,
                CoredumpFormat.append(warnings, warning));
    }
}
