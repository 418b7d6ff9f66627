package dev.faultline.symbols.store;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.elf.BuildId;
import dev.faultline.symbols.elf.ElfFile;
import dev.faultline.symbols.index.IndexSummary;
import dev.faultline.symbols.index.SymbolIndex;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The debug files that a command line names, each with the files around it that complete it; their indexes live in a
 * temporary directory until closed. A stripped image and its debug file, both named, are one.
 */
public final class LocalSymbols implements SymbolSource, AutoCloseable {
    private static final int GUID_DIGITS = 32;

    private final Path directory;
    private final List<Path> roots;
    private final Limits limits;
    private final Map<BuildId, Image> images = new LinkedHashMap<>();

    /** SHA-256 in lower-case hexadecimal, taken when a dump first names a build by it: it reads the whole file. */
    private final Map<Path, String> hashes = new ConcurrentHashMap<>();

    private LocalSymbols(Path directory, List<Path> roots, Limits limits) {
        this.directory = directory;
        this.roots = roots;
        this.limits = limits;
    }

    /**
     * One build.
     *
     * @param name the file's name
     * @param summary what its index is good for
     * @param companions files around it that were found and used
     * @param remarks files around it that were there and are not what was wanted
     */
    public record Build(String name, IndexSummary summary, List<Path> companions, List<String> remarks) {

        public Build {
            companions = List.copyOf(companions);
            remarks = List.copyOf(remarks);
        }
    }

    /**
     * @param named the files that were named, of which a dump may know the hash
     */
    private record Image(Build build, SymbolIndex index, FileCompanions files, List<Path> named) {}

    /** A file that the command line named. */
    private record Named(Path path, FileRole role) {}

    /** Reads files by themselves, with what lies beside them. */
    public static LocalSymbols of(List<Path> debugFiles, Limits limits) {
        return of(debugFiles, List.of(), limits);
    }

    /**
     * Builds and opens the index of every build.
     *
     * @param roots folders in which debug files of others are installed, as {@link FileCompanions#DEFAULT_ROOTS}
     * @throws FormatException when one of the files is not a debug file; the message names it
     */
    public static LocalSymbols of(List<Path> debugFiles, List<Path> roots, Limits limits) {
        LocalSymbols symbols;
        try {
            symbols = new LocalSymbols(Files.createTempDirectory("faultline-symbols"), roots, limits);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            for (List<Named> sameBuild : symbols.byBuild(debugFiles)) {
                symbols.add(sameBuild);
            }
            return symbols;
        } catch (RuntimeException e) {
            symbols.close();
            throw e;
        }
    }

    private List<List<Named>> byBuild(List<Path> debugFiles) {
        var builds = new LinkedHashMap<BuildId, List<Named>>();
        for (Path path : debugFiles) {
            try (var elf = ElfFile.open(path, limits)) {
                var named = new Named(path, FileRole.of(elf, limits));
                if (!named.role().isMain()) {
                    throw new FormatException(sentence(named.role()));
                }
                builds.computeIfAbsent(elf.buildId(), id -> new ArrayList<>()).add(named);
            } catch (FormatException e) {
                throw new FormatException(path + ": " + e.getMessage(), e);
            }
        }
        return List.copyOf(builds.values());
    }

    private static String sentence(FileRole role) {
        return switch (role) {
            case ALTERNATE -> "what dwz took out of several debug files: name one of those, this is found by itself";
            case SPLIT -> "split units (.dwo): name the image that they are of, they are found by themselves";
            case PACKAGE -> "a package of split units (.dwp): name the image that it is of, it is found by itself";
            case WHOLE, IMAGE, DEBUG_FILE -> throw new IllegalStateException("a file with an index of its own");
        };
    }

    private void add(List<Named> sameBuild) {
        Path indexFile = directory.resolve(images.size() + ".idx");
        String name = String.valueOf(sameBuild.getFirst().path().getFileName());
        FileCompanions files;
        try {
            files = open(sameBuild);
        } catch (FormatException e) {
            throw new FormatException(sameBuild.getFirst().path() + ": " + e.getMessage(), e);
        }
        try {
            IndexSummary summary = SymbolIndex.build(files.elf(), files, indexFile, limits);
            var build = new Build(name, summary, files.found(), files.diagnostics());
            var paths = sameBuild.stream().map(Named::path).toList();
            images.put(summary.buildId(), new Image(build, SymbolIndex.open(indexFile), files, paths));
        } catch (FormatException e) {
            files.close();
            throw new FormatException(sameBuild.getFirst().path() + ": " + e.getMessage(), e);
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    /** A whole file needs no other; else an image and its debug file are one; else one file looks for its other half. */
    private FileCompanions open(List<Named> sameBuild) {
        var whole = first(sameBuild, FileRole.WHOLE);
        var image = first(sameBuild, FileRole.IMAGE);
        var debugFile = first(sameBuild, FileRole.DEBUG_FILE);
        if (whole.isEmpty() && image.isPresent() && debugFile.isPresent()) {
            return FileCompanions.open(image.get(), debugFile.get(), roots, limits);
        }
        return FileCompanions.open(whole.orElse(sameBuild.getFirst().path()), roots, limits);
    }

    private static Optional<Path> first(List<Named> files, FileRole role) {
        return files.stream()
                .filter(file -> file.role() == role)
                .map(Named::path)
                .findFirst();
    }

    /** The builds at hand, in the order in which the first file of each was named. */
    public List<Build> builds() {
        return images.values().stream().map(Image::build).toList();
    }

    private static String sha256(Path path) {
        try (var in = new DigestInputStream(Files.newInputStream(path), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<ModuleSymbols> open(BuildId id) {
        return Optional.ofNullable(images.get(id)).or(() -> beginningWith(id)).map(LocalSymbols::lease);
    }

    /** A minidump may have room for no more of a build id than a GUID has; nothing else knows a build by a part of its id. */
    private Optional<Image> beginningWith(BuildId id) {
        var found = images.entrySet().stream()
                .filter(image ->
                        id.hex().length() == GUID_DIGITS && image.getKey().hex().startsWith(id.hex()))
                .map(Map.Entry::getValue)
                .toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    @Override
    public FileHashMatch byFileHash(String prefix) {
        var found = images.values().stream()
                .filter(image ->
                        image.named().stream().anyMatch(path -> hash(path).startsWith(prefix)))
                .toList();
        return switch (found.size()) {
            case 0 -> new FileHashMatch.None();
            case 1 -> new FileHashMatch.One(lease(found.getFirst()));
            default -> new FileHashMatch.Ambiguous(found.size());
        };
    }

    private String hash(Path path) {
        return hashes.computeIfAbsent(path, LocalSymbols::sha256);
    }

    private static ModuleSymbols lease(Image image) {
        return new ModuleSymbols(
                image.build().name(), image.index(), image.files().elf(), image.files(), () -> {});
    }

    /** Closes every index; leases of them end as well. */
    @Override
    public void close() {
        for (Image image : images.values()) {
            image.index().close();
            image.files().close();
        }
        try {
            for (int i = 0; i <= images.size(); i++) {
                Files.deleteIfExists(directory.resolve(i + ".idx"));
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
