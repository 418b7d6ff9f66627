package dev.faultline.symbols.logs;

import dev.faultline.symbols.arch.AArch64;
import dev.faultline.symbols.arch.Architecture;
import dev.faultline.symbols.arch.Arm32;
import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.RiscV;
import dev.faultline.symbols.arch.X86;
import dev.faultline.symbols.arch.X86_64;
import dev.faultline.symbols.arch.Xtensa;
import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.logs.FormatString.Length;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A format string with its arguments, as Zephyr keeps a call of {@code printf} for later: a header, the pointer to the format
 * string, the arguments as a callee would find them on the stack, and texts that may have changed since, each behind the
 * place of its pointer.
 */
final class CbprintfPackage {
    /** What places and the size of the arguments are counted in. */
    private static final int INT_BYTES = 4;

    private final ByteReader in;
    private final Architecture architecture;
    private final ImageStrings strings;
    private final Map<Long, String> appended;
    private final long end;

    private CbprintfPackage(
            ByteReader in, Architecture architecture, ImageStrings strings, Map<Long, String> appended, long end) {
        this.in = in;
        this.architecture = architecture;
        this.strings = strings;
        this.appended = appended;
        this.end = end;
    }

    /**
     * The text that would have been printed.
     *
     * @param formatOffset where the pointer to the format string lies
     * @throws FormatException when the bytes are no package
     */
    static String text(
            byte[] bytes, long formatOffset, Architecture architecture, ImageStrings strings, Limits limits) {
        var in = ByteReader.of("log message", bytes).order(architecture.byteOrder());
        long end = (long) in.u8() * INT_BYTES;
        int texts = in.u8();
        int readOnly = in.u8();
        int writable = in.u8();
        if (end > in.size() || formatOffset + architecture.wordBytes() > end) {
            throw in.error("arguments of 0x%x bytes in a package of 0x%x", end, in.size());
        }
        var appended = appended(in, end + readOnly + writable, texts, limits)
                // later versions say of a text that may change two things: which argument it is, and its place
                .or(() -> appended(in, end + readOnly + 2L * writable, texts, limits))
                .orElseThrow(() -> in.error("no %d texts behind its arguments", texts));
        var arguments = new CbprintfPackage(in, architecture, strings, appended, end).new Arguments(formatOffset);
        var format = arguments.text().orElseThrow(() -> in.error("no format string is known where it points"));
        return FormatExpander.expand(format, arguments);
    }

    /** The texts by the place of their pointers, in bytes; empty where they do not fill the package. */
    private static Optional<Map<Long, String>> appended(ByteReader in, long start, int texts, Limits limits) {
        if (start > in.size()) {
            return Optional.empty();
        }
        var appended = new HashMap<Long, String>();
        in.seek(start);
        try {
            for (int i = 0; i < texts; i++) {
                long place = (long) in.u8() * INT_BYTES;
                appended.put(place, in.string(limits));
            }
        } catch (FormatException e) {
            return Optional.empty();
        }
        return in.hasRemaining() ? Optional.empty() : Optional.of(appended);
    }

    private final class Arguments implements FormatArguments {
        private long place;

        private Arguments(long place) {
            this.place = place;
        }

        @Override
        public int wordBytes() {
            return architecture.wordBytes();
        }

        @Override
        public OptionalLong integer(Length length) {
            int size = Math.max(INT_BYTES, length.bytes(wordBytes())); // smaller ones were promoted
            return next(size, size) ? OptionalLong.of(in.unsigned(size)) : OptionalLong.empty();
        }

        @Override
        public OptionalDouble real(Length length) {
            int size = length == Length.LONG_DOUBLE ? longDoubleBytes() : Double.BYTES;
            if (!next(size, size == 12 ? INT_BYTES : size) || size != Double.BYTES) {
                return OptionalDouble.empty(); // one of another format than double's is passed over
            }
            return OptionalDouble.of(Double.longBitsToDouble(in.u64()));
        }

        @Override
        public Optional<String> text() {
            if (!next(wordBytes(), wordBytes())) {
                return Optional.empty();
            }
            long at = place - wordBytes();
            long pointer = in.unsigned(wordBytes());
            var text = appended.get(at);
            return text != null ? Optional.of(text) : strings.at(pointer);
        }

        /** Goes behind the next argument, and sets the reader before it. */
        private boolean next(int size, int alignment) {
            long start = (place + alignmentOf(alignment) - 1) & -alignmentOf(alignment);
            if (start + size > end) {
                return false;
            }
            in.seek(start);
            place = start + size;
            return true;
        }
    }

    /** What the ABI aligns an argument to that has an alignment of its own. */
    private long alignmentOf(int own) {
        return switch (architecture) {
            case X86() -> INT_BYTES;
            case ArmCortexM(), Arm32(), Xtensa() -> own;
            case AArch64 _, X86_64 _, RiscV _ -> Math.max(own, architecture.wordBytes());
        };
    }

    private int longDoubleBytes() {
        return switch (architecture) {
            case ArmCortexM(), Arm32(), Xtensa() -> 8;
            case X86() -> 12;
            case AArch64 _, X86_64 _, RiscV _ -> 16;
        };
    }
}
