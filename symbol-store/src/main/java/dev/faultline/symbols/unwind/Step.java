package dev.faultline.symbols.unwind;

import dev.faultline.symbols.arch.Registers;

/** What one way of looking for a caller came to. */
sealed interface Step {

    /** The caller's registers; its pc without the Thumb bit. */
    record Caller(Registers registers, Trust trust) implements Step {}

    /** There is no caller: the stack ends here. */
    record End(String why) implements Step {}

    /** This way does not lead on; another one may. */
    record Failed(String why) implements Step {}
}
