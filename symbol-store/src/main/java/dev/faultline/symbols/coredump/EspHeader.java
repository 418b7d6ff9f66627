package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.ByteReader;

/**
 * What stands before an ESP-IDF coredump.
 *
 * @param total bytes of header, data and checksum
 * @param bytes of the header
 * @param checksumBytes at the end of {@code total}: 4 of CRC-32 or 32 of SHA-256
 * @param tasks of a binary payload
 * @param taskBytes of a task control block in a binary payload
 * @param segments of a binary payload
 */
record EspHeader(
        long total,
        EspChip chip,
        int major,
        int minor,
        int bytes,
        int checksumBytes,
        long tasks,
        long taskBytes,
        long segments) {
    private static final int SHA_256 = 32;
    private static final int CRC_32 = 4;

    /** Larger than any coredump partition. */
    private static final long MOST_BYTES = 64L << 20;

    private static final long MOST_TASKS = 1024;
    private static final long MOST_TASK_BYTES = 1 << 16;

    /** Whether a header stands at the reader's position. */
    static boolean begins(ByteReader in) {
        if (in.remaining() < 16) {
            return false;
        }
        long total = in.u32();
        long version = in.u32();
        int form = (int) version & 0xffff;
        long chip = version >>> 16;
        long tasks = in.u32();
        long taskBytes = in.u32();
        boolean known =
                headerBytes(form >>> 8, form & 0xff) > 0 && EspChip.of(chip).isPresent();
        boolean binary = form < 0x0100;
        boolean counts =
                form == 0x0104 || (tasks <= MOST_TASKS && taskBytes <= MOST_TASK_BYTES && (tasks > 0 || !binary));
        return known
                && counts
                && total >= headerBytes(form >>> 8, form & 0xff)
                && total <= MOST_BYTES
                && (form != 1 || chip == 0);
    }

    /** Reads the header at the reader's position; throws FormatException where {@link #begins} says no. */
    static EspHeader read(ByteReader in) {
        if (!begins(in.copy())) {
            throw in.error("no header of an ESP-IDF coredump");
        }
        long total = in.u32();
        long version = in.u32();
        var chip = EspChip.of(version >>> 16).orElseThrow(() -> in.error("chip %d is not known", version >>> 16));
        int major = (int) version >>> 8 & 0xff;
        int minor = (int) version & 0xff;
        int bytes = headerBytes(major, minor);
        boolean counts = bytes > 12;
        long tasks = counts ? in.u32() : 0;
        long taskBytes = counts ? in.u32() : 0;
        long segments = bytes >= 20 ? in.u32() : 0;
        in.skip(bytes - (counts ? bytes >= 20 ? 20 : 16 : 8)); // chip revision
        boolean sha = major == 1 && (minor == 1 || minor >= 3);
        return new EspHeader(total, chip, major, minor, bytes, sha ? SHA_256 : CRC_32, tasks, taskBytes, segments);
    }

    private static int headerBytes(int major, int minor) {
        return switch (major << 8 | minor) {
            case 0x0001 -> 16;
            case 0x0002, 0x0100, 0x0101 -> 20;
            case 0x0003, 0x0102, 0x0103 -> 24;
            case 0x0104 -> 12;
            default -> 0;
        };
    }

    boolean isElf() {
        return major == 1;
    }

    /** Dumps of before 4.0 have no checksum where they went over the serial line. */
    boolean mayLackChecksum() {
        return major == 0 && minor == 1;
    }
}
