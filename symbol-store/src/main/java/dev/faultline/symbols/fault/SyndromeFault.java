package dev.faultline.symbols.fault;

import dev.faultline.symbols.coredump.FaultState.Syndrome;
import dev.faultline.symbols.report.FaultReport;
import dev.faultline.symbols.report.ReasonFamily;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** An exception of AArch64: ESR_ELx and FAR_ELx (Arm ARM, D17.2.37). */
final class SyndromeFault {
    private static final long WRITE_NOT_READ = 1 << 6;

    /** Of an abort: FnV. */
    private static final long FAR_NOT_VALID = 1 << 10;

    private SyndromeFault() {}

    static Diagnosis of(Syndrome fault, CrashScene scene) {
        if (fault.syndrome().isEmpty()) {
            return Told.withoutState(scene);
        }
        long syndrome = fault.syndrome().getAsLong();
        int exceptionClass = (int) (syndrome >>> 26 & 0x3f);
        int status = (int) (syndrome & 0x3f);
        boolean abort =
                exceptionClass == 0x20 || exceptionClass == 0x21 || exceptionClass == 0x24 || exceptionClass == 0x25;
        var address = abort && (syndrome & FAR_NOT_VALID) != 0 ? OptionalLong.empty() : fault.address();
        var registers = Stream.of(
                        Told.register("ESR", fault.syndrome(), scene, meaning(exceptionClass)),
                        Told.register("FAR", address, scene))
                .flatMap(Optional::stream)
                .toList();
        var site = Places.site(scene);
        return switch (exceptionClass) {
            case 0x20, 0x21 -> Told.jump(scene, address.isPresent() ? address : Told.pc(scene), why(status), registers);
            case 0x24, 0x25 ->
                status == 0x21
                        ? Told.diagnosis(
                                ReasonFamily.UNALIGNED,
                                "Unaligned %s%s".formatted(verb(syndrome, "write", "read"), site),
                                null,
                                registers)
                        : Told.access(scene, verb(syndrome, "Write to", "Read from"), address, why(status), registers);
            case 0x22, 0x26 ->
                Told.diagnosis(ReasonFamily.UNALIGNED, capital(meaning(exceptionClass)) + site, null, registers);
            case 0x00, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x0c, 0x0e, 0x19, 0x1d ->
                Told.diagnosis(ReasonFamily.UNDEF_INSTR, capital(meaning(exceptionClass)) + site, null, registers);
            case 0x0d, 0x1c, 0x2d ->
                Told.diagnosis(ReasonFamily.BAD_JUMP, capital(meaning(exceptionClass)) + site, null, registers);
            case 0x2f ->
                new Diagnosis(
                        ReasonFamily.BUS_IMPRECISE,
                        new FaultReport(
                                "An access failed on the bus some instructions before this place" + site,
                                null,
                                true,
                                registers));
            case 0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x38, 0x3c ->
                Told.diagnosis(ReasonFamily.PANIC, capital(meaning(exceptionClass)) + site, null, registers);
            default -> Told.diagnosis(ReasonFamily.UNKNOWN, capital(meaning(exceptionClass)) + site, null, registers);
        };
    }

    private static String verb(long syndrome, String write, String read) {
        return (syndrome & WRITE_NOT_READ) != 0 ? write : read;
    }

    private static String why(int status) {
        return switch (status) {
            case 0x00, 0x01, 0x02, 0x03 -> ", which is larger than an address can be";
            case 0x04, 0x05, 0x06, 0x07 -> ", which is not mapped";
            case 0x08, 0x09, 0x0a, 0x0b -> ", whose access flag is clear";
            case 0x0c, 0x0d, 0x0e, 0x0f -> ", which its mapping forbids";
            case 0x10, 0x14, 0x15, 0x16, 0x17 -> ", where nothing answers on the bus";
            case 0x11 -> ", whose memory tag is another";
            default -> "";
        };
    }

    private static String meaning(int exceptionClass) {
        return switch (exceptionClass) {
            case 0x00 -> "undefined instruction";
            case 0x01 -> "trapped WFI or WFE";
            case 0x03, 0x04, 0x05, 0x06, 0x08, 0x0c -> "coprocessor access";
            case 0x07 -> "floating point while it is off";
            case 0x09 -> "pointer authentication while it is off";
            case 0x0d -> "branch to a place that is no branch target";
            case 0x0e -> "illegal execution state";
            case 0x11, 0x15 -> "supervisor call";
            case 0x18 -> "trapped system register";
            case 0x19 -> "SVE while it is off";
            case 0x1c -> "pointer authentication failed: a damaged return address or function pointer";
            case 0x1d -> "SME while it is off";
            case 0x20, 0x21 -> "instruction abort";
            case 0x22 -> "unaligned pc";
            case 0x24, 0x25 -> "data abort";
            case 0x26 -> "unaligned stack pointer";
            case 0x28, 0x2c -> "floating-point exception";
            case 0x2d -> "guarded control stack: a return to another place than the call came from";
            case 0x2f -> "system error, asynchronous";
            case 0x30, 0x31, 0x38, 0x3c -> "breakpoint instruction without a debugger";
            case 0x32, 0x33 -> "single step";
            case 0x34, 0x35 -> "watchpoint";
            default -> "exception class 0x%02x".formatted(exceptionClass);
        };
    }

    private static String capital(String sentence) {
        return Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1);
    }
}
