package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** What came over a serial line: text with colours, broken line ends, and noise where a baud rate changed. */
final class ConsoleText {
    /** First bytes that show whether something is text. */
    private static final int TELLING = 4096;

    /** Most bytes of a dump that is written as text: they are on the heap while its lines are put together. */
    static final long MOST_DUMP_BYTES = 64L << 20;

    /** Of so many bytes one may be noise. */
    private static final int NOISE = 10;

    /** Longest line; what is longer is read as several. */
    private static final int LINE_BYTES = 1 << 16;

    private static final Pattern ESCAPE = Pattern.compile("\u001b\\[[0-9;?]*[A-Za-z]|\u001b.?");

    private ConsoleText() {}

    /** One line without colours and line end, and where it begins in the file. */
    record Line(long offset, String text) {}

    /** Whether nearly all of the first bytes are text. */
    static boolean isText(ByteReader file) {
        long count = Math.min(TELLING, file.size());
        long noise = 0;
        for (long i = 0; i < count; i++) {
            int c = file.segment().get(ValueLayout.JAVA_BYTE, i);
            boolean text = c >= ' ' || c == '\n' || c == '\r' || c == '\t' || c == 0x1b || (c < 0 && c != -1);
            noise += text ? 0 : 1;
        }
        return count > 0 && noise * NOISE <= count;
    }

    /** Whether it is text with {@code marker} anywhere in it. */
    static boolean isTextWith(ByteReader file, String marker) {
        return isText(file) && indexOf(file.segment(), marker.getBytes(StandardCharsets.US_ASCII)) >= 0;
    }

    private static long indexOf(MemorySegment bytes, byte[] wanted) {
        long last = bytes.byteSize() - wanted.length;
        for (long i = 0; i <= last; i++) {
            if (bytes.get(ValueLayout.JAVA_BYTE, i) == wanted[0] && matches(bytes, i, wanted)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean matches(MemorySegment bytes, long at, byte[] wanted) {
        for (int i = 1; i < wanted.length; i++) {
            if (bytes.get(ValueLayout.JAVA_BYTE, at + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    /** All lines, one at a time. */
    static Iterable<Line> lines(ByteReader file) {
        return () -> new Lines(file.segment());
    }

    private static final class Lines implements Iterator<Line> {
        private final MemorySegment bytes;
        private long next;

        private Lines(MemorySegment bytes) {
            this.bytes = bytes;
        }

        @Override
        public boolean hasNext() {
            return next < bytes.byteSize();
        }

        @Override
        public Line next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            long start = next;
            long most = Math.min(bytes.byteSize(), start + LINE_BYTES);
            long end = start;
            while (end < most && bytes.get(ValueLayout.JAVA_BYTE, end) != '\n') {
                end++;
            }
            next = end < most ? end + 1 : end;
            return new Line(start, printable(bytes.asSlice(start, end - start).toArray(ValueLayout.JAVA_BYTE)));
        }
    }

    /** UTF-8 without colours, blanks at the end and anything that a terminal would act on. */
    static String printable(byte[] bytes) {
        return printable(new String(bytes, StandardCharsets.UTF_8));
    }

    static String printable(String text) {
        if (text.chars().noneMatch(ConsoleText::needsCare)) {
            return text.stripTrailing();
        }
        return ESCAPE.matcher(text)
                .replaceAll("")
                .stripTrailing()
                .codePoints()
                .map(c -> c == '\t'
                        ? ' '
                        : Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '\ufffd' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean needsCare(int c) {
        return c < ' ' || c > '~';
    }

    /** The longest run of characters that fit, from {@code from} on. */
    static String longestRun(String line, int from, IntPredicate fits) {
        int start = from;
        int longest = from;
        int length = 0;
        for (int i = from; i <= line.length(); i++) {
            if (i < line.length() && fits.test(line.charAt(i))) {
                continue;
            }
            if (i - start > length) {
                longest = start;
                length = i - start;
            }
            start = i + 1;
        }
        return line.substring(longest, longest + length);
    }
}
