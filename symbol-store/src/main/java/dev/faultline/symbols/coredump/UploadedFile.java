package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.bytes.SegmentInputStream;
import dev.faultline.symbols.coredump.UnpackedBytes.Budget;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A file of an upload, plain.
 *
 * @param name what it is called in sentences: as in the zip archive that it was in, else "coredump"
 * @param damage what of it is broken, as a sentence
 */
public record UploadedFile(String name, MemorySegment bytes, Optional<String> damage) {
    private static final String ALONE = "coredump";

    /** Most files of one archive. */
    static final int MOST_FILES = 256;

    private static final int LONGEST_NAME = 200;

    /**
     * The files of an upload: of a zip archive all that are in it, else the one that it is; unpacked.
     *
     * @throws FormatException when it would become too large, or nothing at all comes out
     */
    public static List<UploadedFile> of(MemorySegment upload, Limits limits) {
        var budget = Budget.of(limits);
        return isZip(upload) ? unzipped(upload, budget) : List.of(unpacked(ALONE, upload, budget));
    }

    private static UploadedFile unpacked(String name, MemorySegment bytes, Budget budget) {
        return Compression.of(bytes)
                .map(compression -> compression.unpack(name, bytes, budget))
                .orElseGet(() -> new UploadedFile(name, bytes, Optional.empty()));
    }

    /** Whether it begins with the header of a zip archive's first file. */
    private static boolean isZip(MemorySegment bytes) {
        return bytes.byteSize() >= 4
                && bytes.get(ValueLayout.JAVA_BYTE, 0) == 'P'
                && bytes.get(ValueLayout.JAVA_BYTE, 1) == 'K'
                && bytes.get(ValueLayout.JAVA_BYTE, 2) == 3
                && bytes.get(ValueLayout.JAVA_BYTE, 3) == 4;
    }

    /** File by file from the front, so that an archive that is cut gives the files before; all have one budget. */
    private static List<UploadedFile> unzipped(MemorySegment archive, Budget budget) {
        var files = new ArrayList<UploadedFile>();
        var left = budget;
        try (var zip = new ZipInputStream(new SegmentInputStream(archive))) {
            for (var entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (files.size() == MOST_FILES) {
                    throw new FormatException(
                            "%s at 0x0: a zip archive of more than %d files".formatted(ALONE, MOST_FILES));
                }
                if (!entry.isDirectory()) {
                    var file = unzipped(zip, nameOf(entry), archive.byteSize(), left);
                    left = left.without(file.bytes().byteSize());
                    files.add(unpacked(file, left));
                    if (file.damage().isPresent()) {
                        break; // nobody knows where the next one begins
                    }
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            // a header that is cut, a name that is no UTF-8
            if (files.isEmpty()) {
                throw new FormatException("%s at 0x0: broken zip archive: %s".formatted(ALONE, e.getMessage()), e);
            }
            var last = files.removeLast();
            files.add(last.damaged("The zip archive is damaged behind %s: %s".formatted(last.name(), e.getMessage())));
        }
        if (files.isEmpty()) {
            throw new FormatException("%s at 0x0: a zip archive without a file".formatted(ALONE));
        }
        return files;
    }

    private static UploadedFile unzipped(ZipInputStream zip, String name, long archive, Budget budget) {
        try (var plain = new UnpackedBytes(name, "zip archive", archive, budget)) {
            try {
                plain.fill(zip);
                return new UploadedFile(name, plain.bytes(), Optional.empty());
            } catch (IOException e) {
                return new UploadedFile(name, plain.bytesBefore(e), Optional.of(plain.damage(e)));
            }
        }
    }

    /** A file of an archive may be packed itself, but is no archive. */
    private static UploadedFile unpacked(UploadedFile file, Budget budget) {
        var plain = unpacked(file.name(), file.bytes(), budget);
        return file.damage().map(plain::damaged).orElse(plain);
    }

    private UploadedFile damaged(String sentence) {
        return new UploadedFile(
                name,
                bytes,
                Optional.of(damage.map(before -> before + " " + sentence).orElse(sentence)));
    }

    private static String nameOf(ZipEntry entry) {
        String name = Texts.printable(entry.getName());
        return name.length() > LONGEST_NAME ? "…" + name.substring(name.length() - LONGEST_NAME) : name;
    }
}
