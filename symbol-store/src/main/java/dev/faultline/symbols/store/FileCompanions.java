package dev.faultline.symbols.store;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.Companions;
import dev.faultline.symbols.dwarf.SplitLinks;
import dev.faultline.symbols.elf.AlternateLink;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.elf.DebugLink;
import dev.faultline.symbols.elf.ElfFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * An image on a file system and the files around it that complete it: the separate debug file, what {@code dwz} took out
 * of several ones, {@code .dwo} and {@code .dwp} files. Each is looked for where debuggers look, and taken only if it is
 * of the same build. All of them stay open until this is closed. Safe for use by many threads.
 */
public final class FileCompanions implements Companions, AutoCloseable {
    /** Where distributions install debug files. */
    public static final List<Path> DEFAULT_ROOTS = List.of(Path.of("/usr/lib/debug"));

    private static final int MOST_DIAGNOSTICS = 100;

    private final List<Path> roots;
    private final Limits limits;
    private final List<Path> files = new ArrayList<>();
    private final ElfFile elf;
    private final Map<Path, Optional<ElfFile>> opened = new ConcurrentHashMap<>();
    private final Set<String> diagnostics = ConcurrentHashMap.newKeySet();
    private final Set<Path> taken = ConcurrentHashMap.newKeySet();

    private FileCompanions(Path file, @Nullable Path debugFile, List<Path> roots, Limits limits) {
        this.roots = List.copyOf(roots);
        this.limits = limits;
        files.add(file.toAbsolutePath());
        ElfFile image = ElfFile.open(file, limits);
        try {
            if (debugFile != null) {
                this.elf = joined(image, debugFile);
            } else {
                this.elf = hasDebuggingInformation(image) ? image : withDebugFile(image);
            }
        } catch (RuntimeException e) {
            image.close();
            throw e;
        }
    }

    /**
     * Opens an image, together with its debug file where it has no debugging information itself and the debug file is
     * found; I/O errors are UncheckedIOExceptions.
     *
     * @param roots folders of debug files, as {@link #DEFAULT_ROOTS}
     * @throws FormatException when the image is not ELF or its headers are broken
     */
    public static FileCompanions open(Path image, List<Path> roots, Limits limits) {
        return new FileCompanions(image, null, roots, limits);
    }

    /**
     * Opens an image together with its debug file, in either order.
     *
     * @throws FormatException when one of them is not ELF or they are not of the same build
     */
    public static FileCompanions open(Path image, Path debugFile, List<Path> roots, Limits limits) {
        return new FileCompanions(image, debugFile, roots, limits);
    }

    /** The image, joined with its debug file where that was found. */
    public ElfFile elf() {
        return elf;
    }

    /** The debug file that was found. */
    public Optional<Path> debugFile() {
        return files.size() > 1 ? Optional.of(files.getLast()) : Optional.empty();
    }

    /** Every file that was found so far, but for the image itself. */
    public List<Path> found() {
        var all = new LinkedHashSet<>(files.subList(1, files.size()));
        taken.stream().sorted().forEach(all::add);
        return List.copyOf(all);
    }

    /** Looks for every file that the image and its debug file refer to; those that were found. */
    public List<Path> all() {
        var wants = Want.of(elf, FileRole.of(elf, limits), limits);
        var packed = wants.isEmpty() ? Set.<Long>of() : packed();
        for (Want want : wants) {
            switch (want.role()) {
                case ALTERNATE -> alternate(new AlternateLink(want.name(), new BuildId(want.key())));
                case SPLIT -> {
                    long dwoId = HexFormat.fromHexDigitsToLong(want.key());
                    if (!packed.contains(dwoId)) {
                        split(want.name(), want.directory(), dwoId);
                    }
                }
                // looked for already
                case WHOLE, IMAGE, DEBUG_FILE, PACKAGE -> {}
            }
        }
        return found();
    }

    /** The units in the package beside the file. */
    private Set<Long> packed() {
        try {
            return splitPackage()
                    .map(file -> Set.copyOf(SplitLinks.identities(file, limits)))
                    .orElse(Set.of());
        } catch (FormatException broken) {
            say(files.getFirst(), "its package of split units: " + broken.getMessage());
            return Set.of();
        }
    }

    /** Files that were there and are not what was wanted, with the reason. */
    public List<String> diagnostics() {
        return diagnostics.stream().sorted().toList();
    }

    @Override
    public Optional<ElfFile> alternate(AlternateLink link) {
        var wanted = link.buildId();
        var places = new LinkedHashSet<Path>();
        besides(places, link.name());
        for (Path root : roots) {
            add(places, root, byBuildId(wanted));
            add(places, root, ".dwz/" + fileName(link.name()));
            add(places, root, relative(link.name()));
        }
        return first(places, candidate -> {
            var id = candidate.alternateId();
            return id.equals(Optional.of(wanted))
                    ? Optional.empty()
                    : Optional.of("its build id is %s, wanted %s".formatted(text(id), wanted));
        });
    }

    @Override
    public Optional<ElfFile> split(String dwoName, String compilationDirectory, long dwoId) {
        var places = new LinkedHashSet<Path>();
        add(places, files.getFirst(), "..", compilationDirectory, dwoName);
        besides(places, dwoName);
        besides(places, fileName(dwoName));
        roots.forEach(root -> add(places, root, fileName(dwoName)));
        // that it is the right one, its unit says: the reader compares the ids
        return first(places, candidate -> Optional.empty());
    }

    @Override
    public Optional<ElfFile> splitPackage() {
        var places = new LinkedHashSet<Path>();
        for (Path file : files) {
            String name = String.valueOf(file.getFileName());
            besides(places, file, name + ".dwp");
            if (name.endsWith(".debug")) {
                besides(places, file, name.substring(0, name.length() - ".debug".length()) + ".dwp");
            }
        }
        return first(places, candidate -> Optional.empty());
    }

    @Override
    public void close() {
        elf.close();
        opened.values().forEach(file -> file.ifPresent(ElfFile::close));
    }

    private static boolean hasDebuggingInformation(ElfFile image) {
        return image.section(".debug_info")
                .or(() -> image.section(".zdebug_info"))
                .isPresent();
    }

    private ElfFile joined(ElfFile image, Path debugFile) {
        ElfFile other = ElfFile.open(debugFile, limits);
        try {
            ElfFile joined = ElfFile.joined(image, other);
            files.add(debugFile.toAbsolutePath());
            return joined;
        } catch (RuntimeException e) {
            other.close();
            throw e;
        }
    }

    private ElfFile withDebugFile(ElfFile image) {
        for (var place : debugFilePlaces(image)) {
            if (isImage(place)) {
                continue;
            }
            var debugFile = tryToOpen(place);
            if (debugFile.isEmpty()) {
                continue;
            }
            try {
                var joined = ElfFile.joined(image, checked(debugFile.get(), image, place));
                files.add(place);
                return joined;
            } catch (FormatException e) {
                debugFile.get().close();
                say(place, String.valueOf(e.getMessage()));
            }
        }
        return image;
    }

    /** As gdb looks: by build id first, then by name. */
    private Set<Path> debugFilePlaces(ElfFile image) {
        var places = new LinkedHashSet<Path>();
        image.gnuBuildId().ifPresent(id -> roots.forEach(root -> add(places, root, byBuildId(id))));
        link(image).ifPresent(link -> {
            besides(places, link.name());
            besides(places, ".debug/" + link.name());
            Path folder = files.getFirst().getParent();
            for (Path root : roots) {
                add(places, root, relative(String.valueOf(folder)), link.name());
            }
        });
        return places;
    }

    private Optional<DebugLink> link(ElfFile image) {
        try {
            return image.debugLink();
        } catch (FormatException e) {
            say(files.getFirst(), String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The build id tells, where both have one; it survives what a packager does to the debug file later. */
    private ElfFile checked(ElfFile debugFile, ElfFile image, Path place) {
        var wanted = image.gnuBuildId();
        if (wanted.isPresent() && debugFile.gnuBuildId().isPresent()) {
            return debugFile; // compared when they are joined
        }
        var link = link(image);
        if (link.isEmpty()) {
            throw new FormatException("it has no build id, wanted %s".formatted(text(wanted)));
        }
        long checksum = checksum(place);
        if (checksum != link.get().checksum()) {
            throw new FormatException("its CRC-32 is 0x%08x, wanted 0x%08x"
                    .formatted(checksum, link.get().checksum()));
        }
        return debugFile;
    }

    static long checksum(Path file) {
        var checksum = new CRC32();
        var buffer = ByteBuffer.allocate(1 << 16);
        try (var channel = FileChannel.open(file)) {
            while (channel.read(buffer) >= 0) {
                checksum.update(buffer.flip());
                buffer.clear();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return checksum.getValue();
    }

    private boolean isImage(Path place) {
        try {
            return Files.isSameFile(place, files.getFirst());
        } catch (IOException e) {
            return false; // one of the two is not there
        }
    }

    /** The first that is ELF and about which {@code objection} has nothing to say. */
    private Optional<ElfFile> first(Set<Path> places, Objection objection) {
        for (Path place : places) {
            if (isImage(place)) {
                continue;
            }
            var file = opened.computeIfAbsent(place, this::tryToOpen);
            if (file.isPresent()) {
                try {
                    var against = objection.to(file.get());
                    if (against.isEmpty()) {
                        taken.add(place);
                        return file;
                    }
                    say(place, against.get());
                } catch (FormatException e) {
                    say(place, String.valueOf(e.getMessage()));
                }
            }
        }
        return Optional.empty();
    }

    /** What speaks against a file that was found. */
    @FunctionalInterface
    private interface Objection {
        Optional<String> to(ElfFile candidate);
    }

    private Optional<ElfFile> tryToOpen(Path place) {
        if (!Files.isRegularFile(place)) {
            return Optional.empty(); // a name out of a file may lead to a device that never ends
        }
        try {
            return Optional.of(ElfFile.open(place, limits));
        } catch (FormatException | UncheckedIOException e) {
            say(place, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void say(Path place, String reason) {
        if (diagnostics.size() < MOST_DIAGNOSTICS) {
            diagnostics.add(place + ": " + reason);
        }
    }

    /** In the folder of a file, and in those of debug files. */
    private void besides(Set<Path> places, Path file, String name) {
        add(places, file, "..", name);
        roots.forEach(root -> add(places, root, name));
    }

    /** In the folders of the debug file and of the image. */
    private void besides(Set<Path> places, String name) {
        for (Path file : files.reversed()) {
            add(places, file, "..", name);
        }
    }

    /** One path after the other, a later absolute one from its own root; names out of a file need not be any. */
    private void add(Set<Path> places, Path start, String... names) {
        try {
            Path place = start;
            for (String name : names) {
                place = place.resolve(name);
            }
            places.add(place.normalize());
        } catch (InvalidPathException e) {
            say(start, "names a file as none can be called: " + e.getMessage());
        }
    }

    private static String byBuildId(BuildId id) {
        String hex = id.hex();
        return ".build-id/%s/%s.debug".formatted(hex.substring(0, 2), hex.substring(2));
    }

    private static String fileName(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    private static String relative(String name) {
        return name.startsWith("/") ? name.substring(1) : name;
    }

    private static String text(Optional<BuildId> id) {
        return id.map(BuildId::hex).orElse("none");
    }
}
