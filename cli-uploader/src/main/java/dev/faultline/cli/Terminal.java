package dev.faultline.cli;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a command writes. Answers go to standard output; what only the person beside it wants to know goes to standard
 * error. Both are UTF-8 whatever the locale, so that a report in a file is the same on every machine.
 */
public final class Terminal {
    private static final String SHOW_CURSOR_LINE_EMPTY = "\r\033[K";

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean colours;
    private final boolean progress;

    /**
     * @param colours whether {@code out} shows colours
     * @param progress whether a person watches {@code err}
     */
    public Terminal(OutputStream out, OutputStream err, boolean colours, boolean progress) {
        this.out = new PrintWriter(out, false, StandardCharsets.UTF_8);
        this.err = new PrintWriter(err, true, StandardCharsets.UTF_8);
        this.colours = colours;
        this.progress = progress;
    }

    /** The process's own. Colours need a terminal and no {@code NO_COLOR} (https://no-color.org). */
    public static Terminal ofProcess() {
        String noColour = System.getenv("NO_COLOR");
        boolean wanted = noColour == null || noColour.isEmpty();
        return new Terminal(
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                wanted && !"dumb".equals(System.getenv("TERM")) && isTerminal(1),
                isTerminal(2));
    }

    public PrintWriter out() {
        return out;
    }

    public PrintWriter err() {
        return err;
    }

    public boolean colours() {
        return colours;
    }

    /** Shows how far something has come, until the next call; nothing where nobody watches. */
    public void progress(String text) {
        if (progress) {
            err.print(SHOW_CURSOR_LINE_EMPTY + text);
            err.flush();
        }
    }

    /** Takes the progress away. */
    public void progressDone() {
        progress("");
    }

    /** Whether a file descriptor is a terminal. Java's own answer is about standard input and output together. */
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        if (Files.isSymbolicLink(link)) {
            try {
                String target = Files.readSymbolicLink(link).toString();
                return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
            } catch (IOException closed) {
                return false;
            }
        }
        // absent where neither standard input nor output is a terminal
        return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
    }
}
