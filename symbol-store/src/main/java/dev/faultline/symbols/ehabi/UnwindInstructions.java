package dev.faultline.symbols.ehabi;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.dwarf.CfaRule;
import dev.faultline.symbols.dwarf.DwarfExpression;
import dev.faultline.symbols.dwarf.RegisterRule;
import dev.faultline.symbols.dwarf.UnwindRow;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * Runs the unwind instructions of one function (EHABI32 10.3, table 4) on what is known of its frame: registers that are
 * sums of other registers and of words in memory. What they come to is a row: where vsp ends is the canonical frame
 * address, where registers were popped from is where they are saved.
 */
final class UnwindInstructions {
    private static final int SP = 13;
    private static final int LR = 14;
    private static final int PC = 15;

    /** Register numbers of AADWARF32. */
    private static final int WCGR0 = 104;

    private static final int WR0 = 112;
    private static final int RA_AUTH_CODE = 143;
    private static final int D0 = 256;
    private static final int D_REGISTERS = 32;
    private static final int WR_REGISTERS = 16;

    private final ByteReader in;
    private final Place[] core = new Place[16];

    /** Where registers were popped from, by AADWARF32 number. */
    private final Map<Integer, Place> saved = new HashMap<>();

    private Place vsp = new Place(new Register(SP), 0);
    private boolean refused;

    private UnwindInstructions(ByteReader in) {
        this.in = in;
        for (int register = 0; register < core.length; register++) {
            core[register] = new Place(new Register(register), 0);
        }
    }

    /** A number that is not known yet, plus one that is. */
    private record Place(Base base, long offset) {

        Place plus(long bytes) {
            return new Place(base, offset + bytes);
        }
    }

    private sealed interface Base {}

    /** What a register holds in the frame that is unwound. */
    private record Register(int number) implements Base {}

    /** The word in memory at a place. */
    private record Word(Place at) implements Base {}

    /**
     * The row that the instructions come to.
     *
     * @param in all of them; a missing finish is implied
     * @throws dev.faultline.symbols.bytes.FormatException for an instruction that is spare, reserved or cut off
     */
    static UnwindRow row(ByteReader in) {
        return new UnwindInstructions(in).run();
    }

    /** The row of a function that can not be unwound. */
    static UnwindRow cannotUnwind() {
        return new UnwindRow(
                new CfaRule.RegisterOffset(SP, 0),
                Map.of(LR, new RegisterRule.Undefined()),
                LR,
                false,
                UnwindRow.Signing.NONE,
                UnwindRow.Origin.EXCEPTION_TABLE);
    }

    private UnwindRow run() {
        boolean more = true;
        while (more && in.hasRemaining()) {
            more = step(in.u8());
        }
        return refused ? cannotUnwind() : row();
    }

    /** False at the end. */
    private boolean step(int code) {
        switch (code >>> 6) {
            case 0 -> vsp = vsp.plus((code & 0x3f) * 4L + 4);
            case 1 -> vsp = vsp.plus(-(code & 0x3f) * 4L - 4);
            case 2 -> {
                return stepBelowC0(code);
            }
            default -> vector(code);
        }
        return true;
    }

    private boolean stepBelowC0(int code) {
        switch (code >>> 4) {
            case 0x8 -> {
                int mask = (code & 0xf) << 8 | in.u8();
                if (mask == 0) {
                    refused = true; // "refuse to unwind", such as out of a cleanup
                    return false;
                }
                popCore(mask << 4);
            }
            case 0x9 -> {
                int register = code & 0xf;
                if (register == SP || register == PC) {
                    throw reserved(code);
                }
                vsp = core[register];
            }
            case 0xa -> {
                int last = 4 + (code & 7);
                int mask = (2 << last) - (1 << 4);
                popCore((code & 8) == 0 ? mask : mask | 1 << LR);
            }
            default -> {
                return special(code);
            }
        }
        return true;
    }

    private boolean special(int code) {
        switch (code) {
            case 0xb0 -> {
                return false;
            }
            case 0xb1 -> {
                int mask = in.u8();
                if (mask == 0 || mask > 0xf) {
                    throw spare(code, mask);
                }
                popCore(mask);
            }
            case 0xb2 -> {
                long words = in.uleb();
                if (words < 0 || words > 0x3fff_ffff) {
                    throw in.error("vsp is increased by 0x%x words", words);
                }
                vsp = vsp.plus(0x204 + words * 4);
            }
            case 0xb3 -> {
                popDoubles(code, in.u8(), 0);
                vsp = vsp.plus(4); // FSTMFDX leaves a word free above
            }
            case 0xb4 -> pop(RA_AUTH_CODE, 4);
            case 0xb5 -> {} // the current vsp goes into the signature: a matter of checking it
            case 0xb6, 0xb7 -> throw spare(code);
            default -> {
                popRange(D0 + 8, 1 + (code & 7), 8);
                vsp = vsp.plus(4); // FSTMFDX
            }
        }
        return true;
    }

    private void vector(int code) {
        switch (code) {
            case 0xc6 -> {
                int range = in.u8();
                int first = range >>> 4;
                int count = 1 + (range & 0xf);
                if (first + count > WR_REGISTERS) {
                    throw in.error("unwind instruction 0x%02x 0x%02x pops wR%d", code, range, first + count - 1);
                }
                popRange(WR0 + first, count, 8);
            }
            case 0xc7 -> {
                int mask = in.u8();
                if (mask == 0 || mask > 0xf) {
                    throw spare(code, mask);
                }
                for (int register = 0; register < 4; register++) {
                    if ((mask >>> register & 1) != 0) {
                        pop(WCGR0 + register, 4);
                    }
                }
            }
            case 0xc8 -> popDoubles(code, in.u8(), 16);
            case 0xc9 -> popDoubles(code, in.u8(), 0);
            case 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5 -> popRange(WR0 + 10, 1 + (code & 7), 8);
            case 0xd0, 0xd1, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7 -> popRange(D0 + 8, 1 + (code & 7), 8);
            default -> throw spare(code);
        }
    }

    /** Pops r0 to r15 by mask; a popped sp counts once all of them are popped. */
    private void popCore(int mask) {
        for (int register = 0; register < core.length; register++) {
            if ((mask >>> register & 1) != 0) {
                core[register] = new Place(new Word(vsp), 0);
                pop(register, 4);
            }
        }
        if ((mask >>> SP & 1) != 0) {
            vsp = core[SP];
        }
    }

    private void popDoubles(int code, int range, int above) {
        int first = above + (range >>> 4);
        int count = 1 + (range & 0xf);
        if (first + count > D_REGISTERS) {
            throw in.error("unwind instruction 0x%02x 0x%02x pops d%d", code, range, first + count - 1);
        }
        popRange(D0 + first, count, 8);
    }

    private void popRange(int first, int count, int bytes) {
        for (int register = first; register < first + count; register++) {
            pop(register, bytes);
        }
    }

    private void pop(int register, int bytes) {
        saved.put(register, vsp);
        vsp = vsp.plus(bytes);
    }

    private UnwindRow row() {
        var cfa = vsp.base() instanceof Register(int number)
                ? new CfaRule.RegisterOffset(number, vsp.offset())
                : new CfaRule.Expression(expression(vsp));
        var rules = new HashMap<Integer, RegisterRule>();
        saved.forEach((register, place) -> rules.put(
                register,
                place.base().equals(vsp.base())
                        ? new RegisterRule.SavedAt(place.offset() - vsp.offset())
                        : new RegisterRule.SavedAtExpression(expression(place))));
        rules.remove(SP); // what it holds at the end is the canonical frame address
        return new UnwindRow(
                cfa,
                rules,
                saved.containsKey(PC) ? PC : LR,
                false,
                UnwindRow.Signing.NONE,
                UnwindRow.Origin.EXCEPTION_TABLE);
    }

    private static DwarfExpression expression(Place place) {
        var operations = new ByteArrayOutputStream();
        write(place, operations);
        return new DwarfExpression(operations.toByteArray());
    }

    private static void write(Place place, ByteArrayOutputStream out) {
        switch (place.base()) {
            case Register(int number) -> {
                out.write(0x70 + number); // DW_OP_breg
                sleb(place.offset(), out);
            }
            case Word(Place at) -> {
                write(at, out);
                out.write(0x06); // DW_OP_deref
                if (place.offset() != 0) {
                    out.write(0x11); // DW_OP_consts
                    sleb(place.offset(), out);
                    out.write(0x22); // DW_OP_plus
                }
            }
        }
    }

    private static void sleb(long value, ByteArrayOutputStream out) {
        long left = value;
        while (left < -0x40 || left > 0x3f) {
            out.write((int) (left & 0x7f) | 0x80);
            left >>= 7;
        }
        out.write((int) (left & 0x7f));
    }

    private SpareInstructionException spare(int... codes) {
        return new SpareInstructionException(in, "spare", codes);
    }

    private SpareInstructionException reserved(int... codes) {
        return new SpareInstructionException(in, "reserved", codes);
    }
}
