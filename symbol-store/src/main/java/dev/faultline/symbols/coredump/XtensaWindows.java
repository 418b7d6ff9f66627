package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.Xtensa;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The register file of an Xtensa whose windows were not spilled, as if they had been: the registers of the current window,
 * and the base save areas of the frames that are still in registers (ISA, "Windowed Procedure-Call Protocol").
 *
 * @param window a0 to a15 by name
 * @param saved what the processor would have written into the save areas
 */
record XtensaWindows(Map<String, Long> window, List<Memory.Region> saved) {
    private static final int REGISTERS = 64;
    private static final int WINDOWS = REGISTERS / 4;
    private static final int SAVED = 4;

    /**
     * Turns a register file.
     *
     * @param file ar0 to ar63
     * @param base WINDOWBASE: which group of four is a0 to a3
     * @param start WINDOWSTART: a bit for each group that begins a frame still in registers
     */
    static XtensaWindows of(long[] file, long base, long start) {
        int current = Math.floorMod(base, WINDOWS);
        var window = new HashMap<String, Long>();
        for (int i = 0; i < 16; i++) {
            window.put("a" + i, register(file, current, i));
        }
        var saved = new ArrayList<Memory.Region>();
        int callee = current;
        for (int frames = 1; frames < WINDOWS; frames++) {
            int size = (int) (register(file, callee, Xtensa.A0) >>> 30);
            int caller = Math.floorMod(callee - size, WINDOWS);
            if (size == 0 || caller == current || (start >>> caller & 1) == 0) {
                break;
            }
            long area = register(file, callee, Xtensa.A1) - 4L * SAVED;
            if (area < 0) {
                break;
            }
            saved.add(new Memory.Region(area, words(file, caller)));
            callee = caller;
        }
        return new XtensaWindows(Map.copyOf(window), List.copyOf(saved));
    }

    private static long register(long[] file, int window, int number) {
        return file[(4 * window + number) % REGISTERS];
    }

    private static MemorySegment words(long[] file, int window) {
        var bytes = ByteBuffer.allocate(4 * SAVED).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < SAVED; i++) {
            bytes.putInt((int) register(file, window, i));
        }
        return MemorySegment.ofArray(bytes.array());
    }
}
