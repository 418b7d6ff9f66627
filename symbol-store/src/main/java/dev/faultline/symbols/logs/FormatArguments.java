package dev.faultline.symbols.logs;

import dev.faultline.symbols.logs.FormatString.Length;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The arguments of one call of a format string. Each question takes the next one, in the order of the conversions; nothing
 * comes where there is none, or where it is of another kind.
 */
interface FormatArguments {

    /** Bytes of a pointer. */
    int wordBytes();

    /** An integer of that length, or a pointer as one; bits above its length mean nothing. */
    OptionalLong integer(Length length);

    OptionalDouble real(Length length);

    /** What the pointer to a text points at. */
    Optional<String> text();
}
