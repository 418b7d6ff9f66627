package dev.faultline.symbols.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decoded cause.
 *
 * @param sentence what happened, in words a person reads first
 * @param address the address that was accessed, as {@code 0x…}, where the hardware latched it
 * @param imprecise whether the culprit ran some instructions before the innermost frame
 * @param registers the fault registers, each with what its bits mean
 */
public record FaultReport(String sentence, @Nullable String address, boolean imprecise, List<FaultRegister> registers) {

    public FaultReport {
        registers = List.copyOf(registers);
    }

    /** A fault register: its name, its value as {@code 0x…}, and a sentence for each bit that is set and means something. */
    public record FaultRegister(String name, String value, List<String> meanings) {

        public FaultRegister {
            meanings = List.copyOf(meanings);
        }
    }
}
