package dev.faultline.symbols.elf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An image and its separate debug file. The one with the symbol table gives section headers, their indices and addresses
 * (the debugging information means those); a section that it lacks, or has without contents, comes from the other one,
 * moved by what the two differ in their addresses where the image was prelinked.
 */
final class JoinedElfFile extends ElfFile {

    /** The file that the sections, symbols and addresses are of, and the one that fills its gaps. */
    private final ElfFile base;

    private final ElfFile other;

    /** The one with the code, whose program headers count. */
    private final ElfFile image;

    private final List<Section> sections = new ArrayList<>();

    /** The sections of the other file by the indices they have here. */
    private final Map<Integer, Section> ofOther = new HashMap<>();

    private final List<Segment> segments;
    private final List<Note> notes;
    private final Diagnostics diagnostics = new Diagnostics();

    private JoinedElfFile(ElfFile first, ElfFile second) {
        super(first.limits());
        this.image = loadedBytes(second) > loadedBytes(first) ? second : first;
        ElfFile debugFile = image == first ? second : first;
        boolean symbolsOfDebugFile = hasSymbols(debugFile) && (hasDebugInfo(debugFile) || !hasSymbols(image));
        this.base = symbolsOfDebugFile ? debugFile : image;
        this.other = base == first ? second : first;
        var pairs = pairs();
        long distance = distance(pairs);
        joinSections(pairs, distance);
        long imageDistance = image == base ? 0 : distance;
        this.segments = imageDistance == 0
                ? image.segments()
                : image.segments().stream()
                        .map(segment -> segment.moved(imageDistance))
                        .toList();
        this.notes = Stream.concat(image.notes().stream(), debugFile.notes().stream())
                .toList();
        compareSegments(debugFile, image == base ? distance : -distance);
    }

    static JoinedElfFile of(ElfFile first, ElfFile second) {
        var one = first.header();
        var two = second.header();
        if (one.machine() != two.machine()
                || one.is64Bit() != two.is64Bit()
                || !one.order().equals(two.order())) {
            throw new FormatException("an image for %s of %d bits and a debug file for %s of %d bits"
                    .formatted(
                            Machine.name(one.machine()),
                            8 * one.addressSize(),
                            Machine.name(two.machine()),
                            8 * two.addressSize()));
        }
        refuse("build id", first.gnuBuildId().orElse(null), second.gnuBuildId().orElse(null));
        refuse("Go build id", first.goBuildId().orElse(null), second.goBuildId().orElse(null));
        return new JoinedElfFile(first, second);
    }

    private static void refuse(String what, @Nullable Object first, @Nullable Object second) {
        if (first != null && second != null && !first.equals(second)) {
            throw new FormatException("not of the same build: %s %s and %s".formatted(what, first, second));
        }
    }

    /** Bytes of the running image that a file has itself. */
    private static long loadedBytes(ElfFile file) {
        long bytes = 0;
        for (Section section : file.sections()) {
            if (section.is(Section.SHF_ALLOC) && section.type() != Section.SHT_NOBITS) {
                bytes += Math.max(0, section.size());
            }
        }
        return bytes;
    }

    private static boolean hasSymbols(ElfFile file) {
        return file.section(".symtab")
                .filter(section -> section.type() == Section.SHT_SYMTAB && section.size() > 0)
                .isPresent();
    }

    private static boolean hasDebugInfo(ElfFile file) {
        return file.section(".debug_info")
                .or(() -> file.section(".zdebug_info"))
                .isPresent();
    }

    private record Pair(Section base, Section other) {
        private boolean isLoaded() {
            return base.is(Section.SHF_ALLOC) && other.is(Section.SHF_ALLOC);
        }

        private long distance() {
            return base.address() - other.address();
        }

        private boolean isFilledByOther() {
            return base.type() == Section.SHT_NOBITS && other.type() != Section.SHT_NOBITS;
        }
    }

    /** The sections of equal names: the first with the first, the second with the second. */
    private List<Pair> pairs() {
        var byName = new HashMap<String, ArrayList<Section>>();
        for (Section section : other.sections()) {
            if (section.type() != Section.SHT_NULL && !section.name().isEmpty()) {
                byName.computeIfAbsent(section.name(), name -> new ArrayList<>(1))
                        .add(section);
            }
        }
        byName.values().forEach(sameName -> sameName.sort((one, two) -> two.index() - one.index()));
        var pairs = new ArrayList<Pair>();
        for (Section section : base.sections()) {
            var sameName = byName.get(section.name());
            if (section.type() != Section.SHT_NULL && sameName != null && !sameName.isEmpty()) {
                pairs.add(new Pair(section, sameName.removeLast()));
            }
        }
        return pairs;
    }

    /** What the addresses of the code differ by. */
    private long distance(List<Pair> pairs) {
        for (Pair pair : pairs) {
            if (pair.base.isCode() && pair.other.isCode()) {
                long distance = pair.distance();
                if (distance != 0 && hasDebugInfo(other) && !hasDebugInfo(base)) {
                    throw new FormatException(
                            "%s is at 0x%x in the file with symbols and at 0x%x in the one with debugging information"
                                    .formatted(pair.base.name(), pair.base.address(), pair.other.address()));
                }
                if (distance != 0) {
                    diagnostics.add("%s is at 0x%x in one file and at 0x%x in the other: moved"
                            .formatted(pair.base.name(), pair.base.address(), pair.other.address()));
                }
                return distance;
            }
        }
        return 0;
    }

    private void joinSections(List<Pair> pairs, long distance) {
        sections.addAll(base.sections());
        var indices = new HashMap<Long, Integer>();
        var taken = new HashSet<Integer>();
        var filled = new ArrayList<Pair>();
        for (Pair pair : pairs) {
            indices.put((long) pair.other.index(), pair.base.index());
            taken.add(pair.other.index());
            if (pair.isFilledByOther()) {
                filled.add(pair);
            }
        }
        var missing = new ArrayList<Section>();
        for (Section section : other.sections()) {
            if (!taken.contains(section.index()) && section.type() != Section.SHT_NULL && isWanted(section)) {
                indices.put((long) section.index(), sections.size() + missing.size());
                missing.add(section);
            }
        }
        for (Pair pair : filled) {
            if (pair.base.size() != pair.other.size() && !pair.other.is(Section.SHF_COMPRESSED)) {
                diagnostics.add("%s has 0x%x bytes in one file and 0x%x in the other: left out"
                        .formatted(pair.base.name(), pair.base.size(), pair.other.size()));
            } else if (pair.isLoaded() && pair.distance() != distance) {
                diagnostics.add("%s is 0x%x from its place and the code 0x%x: left out"
                        .formatted(pair.base.name(), pair.distance(), distance));
            } else {
                put(pair.base.index(), pair.other, pair.base.address(), indices);
            }
        }
        for (Section section : missing) {
            boolean loaded = section.is(Section.SHF_ALLOC);
            put(sections.size(), section, section.address() + (loaded ? distance : 0), indices);
        }
    }

    /** The symbols are the base's, so another symbol table only leads astray; relocations are applied already. */
    private static boolean isWanted(Section section) {
        return section.type() != Section.SHT_SYMTAB
                && section.type() != Section.SHT_REL
                && section.type() != Section.SHT_RELA;
    }

    private void put(int index, Section section, long address, Map<Long, Integer> indices) {
        var moved = section.moved(index, address, indices.getOrDefault(section.link(), 0));
        if (index == sections.size()) {
            sections.add(moved);
        } else {
            sections.set(index, moved);
        }
        ofOther.put(index, section);
    }

    /** Splitting a file leaves the program headers of the image in the debug file: what they load must agree. */
    private void compareSegments(ElfFile debugFile, long distance) {
        var imageLoads = loads(image, 0);
        var debugLoads = loads(debugFile, distance);
        if (!debugLoads.isEmpty() && !Objects.equals(imageLoads, debugLoads)) {
            diagnostics.add("the program headers load other memory in one file than in the other");
        }
    }

    private record Load(long address, long memorySize) {}

    private static List<Load> loads(ElfFile file, long distance) {
        return file.segments().stream()
                .filter(segment -> segment.type() == Segment.PT_LOAD)
                .map(segment -> new Load(segment.address() + distance, segment.memorySize()))
                .toList();
    }

    @Override
    public ElfHeader header() {
        return image.header();
    }

    @Override
    public List<Section> sections() {
        return Collections.unmodifiableList(sections);
    }

    @Override
    public List<Segment> segments() {
        return segments;
    }

    @Override
    public ByteReader bytes(Section section) {
        var origin = ofOther.get(section.index());
        return origin == null ? base.bytes(section) : other.bytes(origin);
    }

    @Override
    public ByteReader bytes(Segment segment) {
        return image.bytes(segment); // its place in the file counts, which moving it does not change
    }

    @Override
    public List<Note> notes() {
        return notes;
    }

    @Override
    public List<String> diagnostics() {
        return Stream.of(base.diagnostics(), other.diagnostics(), diagnostics.list())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public Iterable<Symbol> symbols() {
        return base.symbols();
    }

    /** That of the image: the file that is on the device. */
    @Override
    public BuildId fileSha256() {
        return image.fileSha256();
    }

    @Override
    boolean isUnlinked(Section section) {
        var origin = ofOther.get(section.index());
        return origin == null ? base.isUnlinked(section) : other.isUnlinked(origin);
    }

    @Override
    public void close() {
        try (other) {
            base.close();
        }
    }
}
