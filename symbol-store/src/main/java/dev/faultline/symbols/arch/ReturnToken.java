package dev.faultline.symbols.arch;

/** A word found where a return address belongs. */
public sealed interface ReturnToken {

    /** An ordinary address. */
    record Address() implements ReturnToken {}

    /** Nobody called this code: where a reset or a new task starts. */
    record Outermost(String why) implements ReturnToken {}

    /** The processor put it there when an exception began; the interrupted code is in the frame it stacked. */
    record FromException(ExceptionReturn exceptionReturn) implements ReturnToken {}

    /** A token that this unwinder does not follow. */
    record Unsupported(String why) implements ReturnToken {}
}
