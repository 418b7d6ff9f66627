package dev.faultline.symbols.logs;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.logs.Cbor.Items;
import dev.faultline.symbols.logs.Cbor.Pairs;
import dev.faultline.symbols.logs.Cbor.Real;
import dev.faultline.symbols.logs.Cbor.Text;
import dev.faultline.symbols.logs.Cbor.Whole;
import dev.faultline.symbols.logs.FormatString.Length;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A compact log: the number of a format string and its arguments, as an array of CBOR.
 *
 * @param source where in the code it stands, where the format is known
 * @param text with the arguments in it
 */
record CompactLog(@Nullable String source, String text) {

    /**
     * Reads one; of a format that nobody has, the arguments are shown by themselves.
     *
     * @param formats null: there are none
     * @throws FormatException when the bytes are no such array
     */
    static CompactLog read(byte[] bytes, @Nullable CompactFormats formats, int wordBytes) {
        var in = ByteReader.of("compact log", bytes);
        if (!(Cbor.read(in) instanceof Items(List<Cbor> items))
                || items.isEmpty()
                || !(items.getFirst() instanceof Whole(long id))) {
            throw in.error("no array that begins with a number");
        }
        var arguments = items.subList(1, items.size());
        var format = formats == null ? Optional.<CompactFormats.Format>empty() : formats.format(id);
        if (arguments.size() == 1 && arguments.getFirst() instanceof Pairs(List<Cbor> overflow)) {
            var text = format.map(CompactFormats.Format::format).orElse("compact log 0x%x".formatted(id));
            return new CompactLog(
                    format.map(CompactFormats.Format::source).orElse(null),
                    "%s <its %s bytes did not fit>".formatted(EscapedText.of(text), size(overflow)));
        }
        if (format.isEmpty()) {
            return new CompactLog(
                    null,
                    "<compact log 0x%x>%s"
                            .formatted(
                                    id,
                                    arguments.stream()
                                            .map(CompactLog::shown)
                                            .map(argument -> " " + argument)
                                            .collect(Collectors.joining())));
        }
        var text = FormatExpander.expand(format.get().format(), new Arguments(wordBytes, arguments.iterator()));
        return new CompactLog(format.get().source(), EscapedText.of(text.stripTrailing()));
    }

    /** {@code {0: 1, 1: n}}: n bytes were left out. */
    private static String size(List<Cbor> overflow) {
        for (int i = 0; i + 1 < overflow.size(); i += 2) {
            if (overflow.get(i).equals(new Whole(1)) && overflow.get(i + 1) instanceof Whole(long size)) {
                return Long.toUnsignedString(size);
            }
        }
        return "unknown";
    }

    private static String shown(Cbor argument) {
        return switch (argument) {
            case Whole(long value) -> String.valueOf(value);
            case Real(double value) -> String.valueOf(value);
            case Text(String text) -> '"' + EscapedText.of(text) + '"';
            case Items(List<Cbor> items) ->
                items.stream().map(CompactLog::shown).collect(Collectors.joining(" "));
            case Pairs(List<Cbor> pairs) ->
                pairs.stream().map(CompactLog::shown).collect(Collectors.joining(" "));
        };
    }

    private record Arguments(int wordBytes, Iterator<Cbor> left) implements FormatArguments {

        @Override
        public OptionalLong integer(Length length) {
            return switch (next()) {
                case Whole(long value) -> OptionalLong.of(value);
                // one of 64 bits, so that it is told apart
                case Items(List<Cbor> one)
                when one.size() == 1 && one.getFirst() instanceof Whole(long value) -> OptionalLong.of(value);
                case null, default -> OptionalLong.empty();
            };
        }

        @Override
        public OptionalDouble real(Length length) {
            return next() instanceof Real(double value) ? OptionalDouble.of(value) : OptionalDouble.empty();
        }

        @Override
        public Optional<String> text() {
            return next() instanceof Text(String text) ? Optional.of(text) : Optional.empty();
        }

        private @Nullable Cbor next() {
            return left.hasNext() ? left.next() : null;
        }
    }
}
