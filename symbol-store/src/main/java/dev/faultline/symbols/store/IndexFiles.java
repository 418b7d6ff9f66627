package dev.faultline.symbols.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * The blobs that one index is made of: a debug file, or an image and its debug file, and what completes them. The same
 * files give the same index, in whatever order they came.
 *
 * @param parts in an order of their own; one or two of them are main files
 */
public record IndexFiles(List<Part> parts) {
    /** Most files that one index is made of: each is mapped while it is built. */
    public static final int MOST = 10_000;

    /**
     * One of the files.
     *
     * @param sha256 which blob it is
     */
    public record Part(FileRole role, String sha256) {}

    public IndexFiles {
        parts = parts.stream()
                .distinct()
                .sorted(Comparator.comparing(Part::role).thenComparing(Part::sha256))
                .toList();
        long main = parts.stream().filter(part -> part.role().isMain()).count();
        if (main < 1 || main > 2 || parts.size() > MOST) {
            throw new IllegalArgumentException("an index of %d main files and %d in all".formatted(main, parts.size()));
        }
    }

    /** A debug file by itself. */
    public static IndexFiles of(String sha256) {
        return new IndexFiles(List.of(new Part(FileRole.WHOLE, sha256)));
    }

    /** What the index goes by: the SHA-256 of the only file, or of the list of them. */
    public String key() {
        if (parts.size() == 1) {
            return parts.getFirst().sha256();
        }
        MessageDigest digest = BlobStore.sha256();
        for (Part part : parts) {
            digest.update((part.role().label() + " " + part.sha256() + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The image or the debug file, or both. */
    List<Part> main() {
        return parts.stream().filter(part -> part.role().isMain()).toList();
    }

    /** What the main files refer to. */
    List<Part> companions() {
        return parts.stream().filter(part -> !part.role().isMain()).toList();
    }
}
