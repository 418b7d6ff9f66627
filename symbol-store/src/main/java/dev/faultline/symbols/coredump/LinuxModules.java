package dev.faultline.symbols.coredump;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.elf.Segment;
import dev.faultline.symbols.index.AddressRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a Linux process had loaded where: by NT_FILE; where that is missing by the list of the dynamic linker, which hangs on
 * the program headers of the main program; and the vdso, which is no file.
 */
final class LinuxModules {
    private static final long AT_PHDR = 3;
    private static final long AT_PHENT = 4;
    private static final long AT_PHNUM = 5;
    private static final long AT_EXECFN = 31;
    private static final long AT_SYSINFO_EHDR = 33;

    private static final long DT_NULL = 0;
    private static final long DT_DEBUG = 21;

    /** Images of one process; a browser has some 300. */
    private static final int MOST_IMAGES = 4096;

    /** Entries of one dynamic section. */
    private static final int MOST_DYNAMIC = 1024;

    private static final int MOST_PATH_BYTES = 4096;

    private final ElfCore core;
    private final Memory memory;
    private final LinuxNotes notes;
    private final int word;
    private final List<String> warnings;

    LinuxModules(ElfCore core, Memory memory, LinuxNotes notes, PrstatusLayout layout, List<String> warnings) {
        this.core = core;
        this.memory = memory;
        this.notes = notes;
        this.word = layout.wordBytes();
        this.warnings = warnings;
    }

    /** The main program first, as far as the core tells which it is. */
    List<LoadedImage> images() {
        var images = notes.files().isEmpty() ? ofDynamicLinker() : ofFiles();
        notes.auxiliary(AT_SYSINFO_EHDR)
                .ifPresent(base -> imageAt(base).ifPresent(vdso -> images.add(vdso.loadedAs(LoadedImage.VDSO))));
        if (images.size() > MOST_IMAGES) {
            warnings.add("%d images: those after the first %d are left out".formatted(images.size(), MOST_IMAGES));
            return List.copyOf(images.subList(0, MOST_IMAGES));
        }
        return List.copyOf(images);
    }

    private List<LoadedImage> ofFiles() {
        var byPath = new LinkedHashMap<String, List<LinuxNotes.MappedFile>>();
        for (var file : notes.files()) {
            byPath.computeIfAbsent(file.path(), path -> new ArrayList<>()).add(file);
        }
        var executable = executableStarts();
        long headers = notes.auxiliary(AT_PHDR).orElse(0);
        var images = new ArrayList<LoadedImage>();
        for (var rows : byPath.values()) {
            var image = image(rows, executable);
            if (image == null) {
                continue; // a file that was mapped for its data
            }
            boolean isMain = headers != 0 && rows.stream().anyMatch(row -> contains(row, headers));
            images.add(isMain ? 0 : images.size(), image);
        }
        return images;
    }

    private static boolean contains(LinuxNotes.MappedFile row, long address) {
        return Long.compareUnsigned(row.start(), address) <= 0 && Long.compareUnsigned(address, row.end()) < 0;
    }

    private Map<Long, Boolean> executableStarts() {
        var starts = new HashMap<Long, Boolean>();
        for (var segment : core.segments()) {
            if (segment.type() == Segment.PT_LOAD) {
                starts.put(segment.address(), (segment.flags() & Segment.PF_X) != 0);
            }
        }
        return starts;
    }

    /** By the ELF header at the row with offset 0; without it, a file with executable pages is an image all the same. */
    private @Nullable LoadedImage image(List<LinuxNotes.MappedFile> rows, Map<Long, Boolean> executable) {
        var first = rows.getFirst();
        for (var row : rows) {
            if (row.offset() == 0) {
                var found = imageAt(row.start());
                if (found.isPresent()) {
                    return found.get().loadedAs(Texts.fileName(row.path()));
                }
                first = row;
            }
        }
        if (rows.stream().noneMatch(row -> executable.getOrDefault(row.start(), false))) {
            return null;
        }
        long end = rows.stream().mapToLong(LinuxNotes.MappedFile::end).max().orElse(first.end());
        return new LoadedImage(Texts.fileName(first.path()), null, first.start(), range(first.start(), end), null);
    }

    private static @Nullable AddressRange range(long start, long end) {
        return Long.compareUnsigned(start, end) < 0 ? new AddressRange(start, end) : null;
    }

    private List<LoadedImage> ofDynamicLinker() {
        var images = new ArrayList<LoadedImage>();
        var main = mainImage();
        if (main.isEmpty()) {
            notDumpedMain().ifPresent(images::add);
            return images;
        }
        images.add(main.get().loadedAs(mainName()));
        try {
            main.get()
                    .dynamic()
                    .ifPresent(dynamic -> debug(dynamic).ifPresent(debug -> addLinked(debug, main.get(), images)));
        } catch (FormatException e) {
            warnings.add("The dynamic linker's list of images is damaged: %s".formatted(e.getMessage()));
        }
        return images;
    }

    private Optional<MemoryImage> mainImage() {
        var headers = notes.auxiliary(AT_PHDR);
        var count = notes.auxiliary(AT_PHNUM);
        if (headers.isEmpty() || count.isEmpty()) {
            return Optional.empty();
        }
        long size = word == 8 ? Segment.SIZE_64 : Segment.SIZE_32;
        if (notes.auxiliary(AT_PHENT).orElse(size) != size) {
            return Optional.empty();
        }
        return MemoryImage.ofProgramHeaders(memory, headers.getAsLong(), count.getAsLong(), word);
    }

    /**
     * A core without the pages of code, such as QEMU's or one that was trimmed, still tells where the main program lies:
     * what is mapped around its program headers. Which build it is, somebody has to say.
     */
    private Optional<LoadedImage> notDumpedMain() {
        var headers = notes.auxiliary(AT_PHDR);
        if (headers.isEmpty()) {
            return Optional.empty();
        }
        return core.segments().stream()
                .filter(segment -> segment.type() == Segment.PT_LOAD
                        && headers.getAsLong() - segment.address() >= 0
                        && Long.compareUnsigned(headers.getAsLong() - segment.address(), segment.memorySize()) < 0)
                .findFirst()
                .map(segment -> range(segment.address(), segment.address() + segment.memorySize()))
                .map(range -> new LoadedImage(mainName(), null, range.start(), range, null));
    }

    private String mainName() {
        var path = notes.auxiliary(AT_EXECFN);
        if (path.isPresent()) {
            var text = text(path.getAsLong());
            if (!text.isEmpty()) {
                return Texts.fileName(text);
            }
        }
        var name = notes.processName();
        return name == null ? "main program" : name;
    }

    /** {@code struct r_debug}, where the linker left it in DT_DEBUG. */
    private OptionalLong debug(long dynamic) {
        for (int i = 0; i < MOST_DYNAMIC; i++) {
            var tag = memory.unsigned(dynamic + 2L * i * word, word);
            var value = memory.unsigned(dynamic + (2L * i + 1) * word, word);
            if (tag.isEmpty() || value.isEmpty() || tag.getAsLong() == DT_NULL) {
                break;
            }
            if (tag.getAsLong() == DT_DEBUG && value.getAsLong() != 0) {
                return value;
            }
        }
        return OptionalLong.empty();
    }

    /** {@code struct link_map}: l_addr, l_name, l_ld, l_next, l_prev. The first is the main program. */
    private void addLinked(long debug, MemoryImage main, List<LoadedImage> images) {
        var seen = new HashSet<Long>();
        long map = memory.unsigned(debug + word, word).orElse(0);
        while (map != 0 && seen.add(map) && images.size() < MOST_IMAGES) {
            var bias = memory.unsigned(map, word);
            var name = memory.unsigned(map + word, word);
            var next = memory.unsigned(map + 3L * word, word);
            if (bias.isEmpty() || name.isEmpty() || next.isEmpty()) {
                warnings.add("The dynamic linker's list of images ends early: 0x%x was not captured".formatted(map));
                return;
            }
            var path = text(name.getAsLong());
            boolean isMain = bias.getAsLong() == main.bias() && path.isEmpty();
            boolean isVdso = notes.auxiliary(AT_SYSINFO_EHDR).orElse(-1) == bias.getAsLong();
            if (!isMain && !isVdso) {
                images.add(imageAt(bias.getAsLong())
                        .map(image -> image.loadedAs(Texts.fileName(path)))
                        .orElse(new LoadedImage(Texts.fileName(path), null, bias.getAsLong())));
            }
            map = next.getAsLong();
        }
    }

    private Optional<MemoryImage> imageAt(long base) {
        return MemoryImage.at(memory, base, word);
    }

    private String text(long address) {
        var bytes = new byte[MOST_PATH_BYTES];
        int length = 0;
        while (length < bytes.length) {
            var next = memory.unsigned(address + length, 1);
            if (next.isEmpty() || next.getAsLong() == 0) {
                break;
            }
            bytes[length++] = (byte) next.getAsLong();
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
}
