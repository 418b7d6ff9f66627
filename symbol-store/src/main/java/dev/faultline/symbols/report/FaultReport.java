package dev.faultline.symbols.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decoded cause.
 *
 * @param sentence what happened, in words a person reads first
 * @param address the address that was accessed, as {@code 0x…}, where the hardware latched it
 * @param imprecise whether the culprit ran some instructions before the innermost frame
 * @param loop of a hang: the function, inlined or not, whose loop did not end; where inside of it the watchdog struck is
 *     chance
 * @param access what the faulting instruction read or wrote and through which register, where it can be told
 * @param registers the fault registers, each with what its bits mean
 */
public record FaultReport(
        String sentence,
        @Nullable String address,
        boolean imprecise,
        @Nullable String loop,
        @Nullable String access,
        List<FaultRegister> registers) {

    public FaultReport {
        registers = List.copyOf(registers);
    }

    /** Of a crash that is not about a loop. */
    public FaultReport(String sentence, @Nullable String address, boolean imprecise, List<FaultRegister> registers) {
        this(sentence, address, imprecise, null, null, registers);
    }

    /** Of a crash whose faulting instruction tells nothing. */
    public FaultReport(
            String sentence,
            @Nullable String address,
            boolean imprecise,
            @Nullable String loop,
            List<FaultRegister> registers) {
        this(sentence, address, imprecise, loop, null, registers);
    }

    /** The same, hung in a loop of the function. */
    public FaultReport loopingIn(String function) {
        return new FaultReport(sentence, address, imprecise, function, access, registers);
    }

    /** The same, with what the faulting instruction did. */
    public FaultReport accessing(String access) {
        return new FaultReport(sentence, address, imprecise, loop, access, registers);
    }

    /** A fault register: its name, its value as {@code 0x…}, and a sentence for each bit that is set and means something. */
    public record FaultRegister(String name, String value, List<String> meanings) {

        public FaultRegister {
            meanings = List.copyOf(meanings);
        }
    }
}
