package dev.faultline.symbols.dwarf;

import java.util.Map;

/**
 * How to find the caller's registers from a given address: one row of the table that call frame information describes
 * (DWARF 5, 6.4.1), or what an exception table says of a whole function, put into the same words.
 *
 * @param cfa where the canonical frame address is
 * @param rules by DWARF register number; a register that is missing follows the ABI: callee-saved ones keep their value
 * @param returnAddressRegister the column that holds the return address
 * @param signalFrame whether the return address is exact instead of behind a call (augmentation {@code S})
 * @param signing with what the return address is signed, where the processor does that
 * @param origin who says so
 */
public record UnwindRow(
        CfaRule cfa,
        Map<Integer, RegisterRule> rules,
        int returnAddressRegister,
        boolean signalFrame,
        Signing signing,
        Origin origin) {

    public UnwindRow {
        rules = Map.copyOf(rules);
    }

    /** A row of call frame information whose return address is plain. */
    public UnwindRow(CfaRule cfa, Map<Integer, RegisterRule> rules, int returnAddressRegister, boolean signalFrame) {
        this(cfa, rules, returnAddressRegister, signalFrame, Signing.NONE, Origin.CALL_FRAME_INFORMATION);
    }

    /** RA_SIGN_STATE (AADWARF64 4.1, number 34): what the upper bits of the return address were made from. */
    public enum Signing {
        /** It is an address. */
        NONE(0),
        /** Signed with the stack pointer: its upper bits are no part of the address. */
        STACK_POINTER(1),
        /** Signed with the stack pointer and the address of the signing instruction. */
        STACK_POINTER_AND_PC(2);

        private final int state;

        Signing(int state) {
            this.state = state;
        }

        /** The value of RA_SIGN_STATE. */
        int state() {
            return state;
        }
    }

    /** Which table a row is from. */
    public enum Origin {
        /** {@code .debug_frame} or {@code .eh_frame}: right for every instruction. */
        CALL_FRAME_INFORMATION,
        /** {@code .ARM.exidx}: right where the function calls, not in its prologue and epilogue. */
        EXCEPTION_TABLE
    }

    /** Whether it says that nobody called this code, or nobody who can be found. */
    public boolean isOutermost() {
        return rules.get(returnAddressRegister) instanceof RegisterRule.Undefined;
    }
}
