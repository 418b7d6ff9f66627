package dev.faultline.symbols.coredump;

import dev.faultline.symbols.arch.FloatFile;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.ByteReader;
import java.util.List;

/**
 * Floating-point registers of one kind as a format lays them out, each in the low bytes of a row.
 *
 * @param offset where the first row begins
 * @param stride bytes of a row
 * @param letters what the processor calls the registers: {@code xmm}
 * @param count how many rows
 */
record FloatRows(int offset, int stride, String letters, int count) {

    /** What the instruction FXSAVE writes, and XSAVE begins with (SDM volume 1, 10.5.1). */
    static List<FloatRows> fxsave(int offset, int vectors) {
        return List.of(new FloatRows(offset + 32, 16, "st", 8), new FloatRows(offset + 160, 16, "xmm", vectors));
    }

    /** With all of them out of {@code in}. */
    static Registers read(List<FloatRows> all, ByteReader in, FloatFile file, Registers registers) {
        var with = registers;
        for (var rows : all) {
            with = rows.read(in, file, with);
        }
        return with;
    }

    boolean isIn(ByteReader in) {
        return in.size() >= end();
    }

    private long end() {
        return offset + (long) stride * count;
    }

    private Registers read(ByteReader in, FloatFile file, Registers registers) {
        if (!isIn(in)) {
            throw in.error("floating-point registers in %d bytes; wanted %d", in.size(), end());
        }
        var with = registers;
        for (int i = 0; i < count; i++) {
            var register = file.register(letters, i);
            with = with.with(
                    register, in.copy().seek(offset + (long) stride * i).bytes(register.bytes()));
        }
        return with;
    }
}
