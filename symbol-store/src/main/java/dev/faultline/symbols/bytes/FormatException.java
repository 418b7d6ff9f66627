package dev.faultline.symbols.bytes;

/** Bytes that break their format; the message names the region, its place in the file, what was found and wanted. */
public class FormatException extends RuntimeException {

    public FormatException(String message) {
        super(message);
    }

    public FormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
