package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The dump of CrashCatcher as the hexadecimal lines it prints. */
public record CrashCatcherText() implements CoredumpFormat {
    private static final String SIGNATURE = "6343";

    /** Blank lines and blanks that may stand before it. */
    private static final int MOST_BLANKS = 256;

    @Override
    public String name() {
        return "crash-catcher-hex";
    }

    @Override
    public String description() {
        return "the hexadecimal lines of a CrashCatcher dump (6343)";
    }

    @Override
    public boolean begins(ByteReader file) {
        file.seek(0);
        for (int i = 0; i < MOST_BLANKS && file.remaining() >= SIGNATURE.length() + 2; i++) {
            int c = file.u8();
            if (!Character.isWhitespace(c)) {
                return c == SIGNATURE.charAt(0)
                        && file.u8() == SIGNATURE.charAt(1)
                        && file.u8() == SIGNATURE.charAt(2)
                        && file.u8() == SIGNATURE.charAt(3)
                        && file.u8() == '0'
                        && (file.u8() & ~1) == '2'
                        && ConsoleText.isText(file);
            }
        }
        return false;
    }

    @Override
    public List<Coredump> parse(ByteReader file, Limits limits) {
        var bytes = new ByteArrayOutputStream();
        var damage = new ArrayList<String>();
        for (var line : ConsoleText.lines(file)) {
            var digits = line.text().replaceAll("\\s", "");
            boolean whole = digits.length() % 2 == 0 && digits.chars().allMatch(HexFormat::isHexDigit);
            if (!whole) {
                damage.add("Damaged after byte %d: the line at byte %d is not hexadecimal"
                        .formatted(bytes.size(), line.offset()));
                break;
            }
            bytes.writeBytes(HexFormat.of().parseHex(digits));
            if (bytes.size() > ConsoleText.MOST_DUMP_BYTES) {
                throw new FormatException("coredump at 0x%x: more than %d bytes of hexadecimal digits"
                        .formatted(line.offset(), ConsoleText.MOST_DUMP_BYTES));
            }
        }
        var in = ByteReader.of("dump in hexadecimal", bytes.toByteArray());
        in.skip(2);
        return List.of(CrashCatcherDump.read(in, name(), damage, limits));
    }
}
