package dev.faultline.symbols.coredump;

/** Reboot reasons as the chunk protocol numbers them, in our own words. */
final class ResetReason {

    private ResetReason() {}

    static String word(long code) {
        return switch ((int) code) {
            case 0x0000 -> "unknown";
            case 0x0001 -> "user-shutdown";
            case 0x0002 -> "user-reset";
            case 0x0003 -> "firmware-update";
            case 0x0004 -> "low-power";
            case 0x0005 -> "debugger-halt";
            case 0x0006 -> "button-reset";
            case 0x0007 -> "power-on-reset";
            case 0x0008 -> "software-reset";
            case 0x0009 -> "deep-sleep-exit";
            case 0x000a -> "pin-reset";
            case 0x000b -> "self-test";
            case 0x8000 -> "unspecified-error";
            case 0x8001 -> "assert";
            case 0x8002, 0x8005, 0x8006, 0x800c -> "watchdog";
            case 0x8003 -> "brown-out";
            case 0x8004 -> "nmi";
            case 0x8007 -> "clock-failure";
            case 0x8008 -> "panic";
            case 0x8009 -> "firmware-update-error";
            case 0x800a -> "out-of-memory";
            case 0x800b -> "stack-overflow";
            case 0x9100, 0x9101, 0x9102, 0x9103, 0x9104, 0x9105, 0x9106, 0x9107 -> "bus-fault";
            case 0x9200, 0x9201, 0x9202, 0x9203, 0x9204, 0x9205, 0x9206 -> "mem-manage";
            case 0x9300, 0x9301, 0x9302, 0x9303, 0x9304, 0x9305, 0x9306 -> "usage-fault";
            case 0x9400 -> "hard-fault";
            case 0x9401 -> "lockup";
            case 0x9402 -> "security-violation";
            case 0x9403 -> "parity-error";
            case 0x9404 -> "temperature";
            case 0x9405 -> "hardware-error";
            default -> "reboot-reason-0x%04x".formatted(code);
        };
    }
}
