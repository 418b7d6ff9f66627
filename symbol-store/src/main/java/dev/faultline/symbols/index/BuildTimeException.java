package dev.faultline.symbols.index;

import dev.faultline.symbols.bytes.FormatException;

/** An index took longer than {@code buildTime} allows: says something of this machine as well, so it may be tried again. */
public final class BuildTimeException extends FormatException {
    private static final long serialVersionUID = 1;

    BuildTimeException(String message) {
        super(message);
    }
}
