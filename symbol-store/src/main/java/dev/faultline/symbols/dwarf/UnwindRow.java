package dev.faultline.symbols.dwarf;

import java.util.Map;

/**
 * How to find the caller's registers from a given address: one row of the table that call frame information describes
 * (DWARF 5, 6.4.1).
 *
 * @param cfa where the canonical frame address is
 * @param rules by DWARF register number; a register that is missing follows the ABI: callee-saved ones keep their value
 * @param returnAddressRegister the column that holds the return address
 * @param signalFrame whether the return address is exact instead of behind a call (augmentation {@code S})
 */
public record UnwindRow(CfaRule cfa, Map<Integer, RegisterRule> rules, int returnAddressRegister, boolean signalFrame) {

    public UnwindRow {
        rules = Map.copyOf(rules);
    }
}
