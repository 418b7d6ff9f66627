package dev.faultline.web;

import dev.faultline.symbols.unwind.Trust;

/**
 * How sure a frame is, as three dots, a word and a sentence.
 *
 * @param dots how many of the three are lit
 * @param css {@code middling}, {@code weak} or nothing where it is sure
 */
public record TrustMark(String label, int dots, String css, String meaning) {

    /** From a stored label; one that this version does not know is shown as it is. */
    static TrustMark of(String label) {
        for (Trust trust : Trust.values()) {
            if (trust.label().equals(label)) {
                return of(trust);
            }
        }
        return new TrustMark(label, 1, "weak", "This version does not know how that frame was found.");
    }

    private static TrustMark of(Trust trust) {
        String label = trust.label().replace('-', ' ');
        return switch (trust) {
            case CONTEXT -> new TrustMark(label, 3, "", "Certain: the registers of the dump themselves.");
            case EXCEPTION ->
                new TrustMark(
                        label, 3, "", "Certain: the registers that the processor stacked when the exception began.");
            case DEVICE, DEVICE_RETURN ->
                new TrustMark(
                        label,
                        2,
                        "middling",
                        "As the device says: it walked the stack itself, and sent no memory to check it with.");
            case CFI -> new TrustMark(label, 3, "", "Sure: found by the compiler's call frame information.");
            case EHABI ->
                new TrustMark(
                        label, 3, "", "Sure: found by the exception table, which is right where a function calls.");
            case FRAME_POINTER ->
                new TrustMark(
                        label, 2, "middling", "Likely: found by following frame pointers; a caller may be missing.");
            case REGISTER_WINDOW ->
                new TrustMark(
                        label,
                        3,
                        "",
                        "Sure: found in the save area of its register window, by the processor's own rules.");
            case LINK_REGISTER ->
                new TrustMark(
                        label,
                        2,
                        "middling",
                        "Likely: the link register, in code without call frame information; it may be stale.");
            case SIGNAL_TRAMPOLINE ->
                new TrustMark(label, 3, "", "Certain: the code that a signal handler returns to, known by its bytes.");
            case SCAN ->
                new TrustMark(
                        label,
                        1,
                        "weak",
                        "A guess: a word on the stack that points behind a call. It may be left over from an older call.");
        };
    }
}
