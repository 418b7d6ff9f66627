package dev.faultline.differential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the section headers and the symbol table of a file say, read without the engine: these two, not the debugging
 * information, are what the linker made of the program. Trusts its input.
 */
final class Image {
    static final int ET_REL = 1;
    static final int EM_ARM = 40;

    private static final int STT_NOTYPE = 0;
    private static final int STT_OBJECT = 1;
    private static final int STT_FUNC = 2;
    private static final int STT_FILE = 4;
    private static final int STT_GNU_IFUNC = 10;
    private static final int STB_LOCAL = 0;
    private static final int STB_WEAK = 2;
    private static final int SHT_SYMTAB = 2;
    private static final long CODE = 2 | 4; // SHF_ALLOC, SHF_EXECINSTR

    private final MemorySegment bytes;
    private final ByteOrder order;
    private final boolean wide;
    private final int type;
    private final int machine;
    private final List<Section> sections = new ArrayList<>();
    private final List<Function> functions = new ArrayList<>();
    private final List<Function> objects = new ArrayList<>();
    private final Set<String> sourceFiles = new HashSet<>();
    private final java.util.TreeMap<Long, Boolean> mapping = new java.util.TreeMap<>(Long::compareUnsigned);
    private boolean localFunctions;
    private final Map<String, @Nullable Function> byName = new HashMap<>();

    private record Section(long type, long flags, long address, long offset, long size, int link, long alignment) {
        boolean isCode() {
            return (flags & CODE) == CODE && size > 0;
        }

        boolean contains(long address) {
            return Long.compareUnsigned(address - this.address, size) < 0;
        }
    }

    /**
     * A symbol in code.
     *
     * @param size as far as it goes: that of a symbol without one ends where the next begins
     * @param exact whether the symbol has a size
     * @param rank lower is preferred: GLOBAL before WEAK before LOCAL, a size before none
     */
    record Function(String name, long start, long size, boolean exact, int rank) {
        boolean contains(long address) {
            return Long.compareUnsigned(address - start, size) < 0;
        }
    }

    static Image read(Path file) {
        try (var arena = Arena.ofConfined();
                var channel = FileChannel.open(file)) {
            return new Image(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Image(MemorySegment bytes) {
        this.bytes = bytes;
        this.wide = bytes.get(ValueLayout.JAVA_BYTE, 4) == 2;
        this.order = bytes.get(ValueLayout.JAVA_BYTE, 5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        this.type = u16(16);
        this.machine = u16(18);
        readSections();
        if (type == ET_REL) {
            layOut();
        }
        for (Section section : sections) {
            if (section.type() == SHT_SYMTAB) {
                readSymbols(section, sections.get(section.link()));
            }
        }
        finish();
    }

    int machine() {
        return machine;
    }

    boolean is64Bit() {
        return wide;
    }

    /** Sections with instructions: start and end, ascending. */
    List<long[]> code() {
        return sections.stream()
                .filter(Section::isCode)
                .sorted(Comparator.comparing(Section::address, Long::compareUnsigned))
                .map(section -> new long[] {section.address(), section.address() + section.size()})
                .toList();
    }

    boolean isCode(long address) {
        return sections.stream().anyMatch(section -> section.isCode() && section.contains(address));
    }

    /** Names of STT_FILE symbols. */
    Set<String> sourceFiles() {
        return sourceFiles;
    }

    boolean hasFunctions() {
        return !functions.isEmpty();
    }

    /** Every symbol that is a function, by its start; aliases in the order of preference. */
    List<Function> functions() {
        return functions;
    }

    /** The functions that hold an address, the innermost start first, aliases in the order of preference. */
    List<Function> functionsAround(long address) {
        int before = startingUpTo(address);
        var around = new ArrayList<Function>();
        // functions that hold others do not lie far before them
        for (int i = before - 1; i >= Math.max(0, before - 64); i--) {
            Function function = functions.get(i);
            if (function.contains(address) && (function.exact() || around.isEmpty() || sameStart(around, function))) {
                around.add(0, function);
            }
        }
        if (around.stream().anyMatch(Function::exact)) {
            around.removeIf(function -> !function.exact());
        }
        around.sort(Comparator.comparing(Function::start, Long::compareUnsigned).reversed());
        return around;
    }

    /** The last function that starts at or before an address, whether or not it reaches that far. */
    @Nullable
    Function functionBefore(long address) {
        int before = startingUpTo(address);
        return before == 0 ? null : functions.get(before - 1);
    }

    /** Whether the table has functions of one source only: then none was taken out of it. */
    boolean hasLocalFunctions() {
        return localFunctions;
    }

    /** Whether a global or a mapping symbol says that no instruction is there: a table between functions. */
    boolean isData(long address) {
        var marked = mapping.floorEntry(address);
        return (marked != null && marked.getValue()) || objects.stream().anyMatch(object -> object.contains(address));
    }

    /** The one function of this name; none where several have it. */
    @Nullable
    Function function(String name) {
        return byName.get(name);
    }

    private int startingUpTo(long address) {
        int low = 0;
        int high = functions.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(functions.get(middle).start(), address) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static boolean sameStart(List<Function> around, Function function) {
        return around.getFirst().start() == function.start();
    }

    private void readSections() {
        long at = wide ? word(40) : u32(32);
        int size = u16(wide ? 58 : 46);
        long count = u16(wide ? 60 : 48);
        if (at == 0) {
            return;
        }
        if (count == 0) {
            count = wide ? word(at + 32) : u32(at + 20);
        }
        for (long i = 0; i < count; i++) {
            long header = at + i * size;
            sections.add(
                    wide
                            ? new Section(
                                    u32(header + 4),
                                    word(header + 8),
                                    word(header + 16),
                                    word(header + 24),
                                    word(header + 32),
                                    (int) u32(header + 40),
                                    word(header + 48))
                            : new Section(
                                    u32(header + 4),
                                    u32(header + 8),
                                    u32(header + 12),
                                    u32(header + 16),
                                    u32(header + 20),
                                    (int) u32(header + 24),
                                    u32(header + 32)));
        }
    }

    /** Sections of an object all say 0: .text, which assemblers write first, at 0, then the rest of the code behind it. */
    private void layOut() {
        long next = 0;
        for (int i = 0; i < sections.size(); i++) {
            Section section = sections.get(i);
            if (section.isCode()) {
                long alignment = Math.max(1, section.alignment());
                long start = (next + alignment - 1) / alignment * alignment;
                sections.set(
                        i,
                        new Section(
                                section.type(),
                                section.flags(),
                                start,
                                section.offset(),
                                section.size(),
                                section.link(),
                                section.alignment()));
                next = start + section.size();
            }
        }
    }

    private void readSymbols(Section table, Section names) {
        int size = wide ? 24 : 16;
        for (long at = table.offset(); at < table.offset() + table.size(); at += size) {
            String name = bytes.getString(names.offset() + u32(at));
            int info = bytes.get(ValueLayout.JAVA_BYTE, at + (wide ? 4 : 12)) & 0xff;
            int index = u16(at + (wide ? 6 : 14));
            long value = wide ? word(at + 8) : u32(at + 4);
            long length = wide ? word(at + 16) : u32(at + 8);
            if ((info & 15) == STT_FILE) {
                sourceFiles.add(name);
            } else if (index > 0 && index < sections.size() && !name.isEmpty()) {
                take(name, info & 15, info >> 4, sections.get(index), value, length);
            }
        }
    }

    private void take(String name, int kind, int binding, Section section, long value, long length) {
        if (!section.isCode()) {
            return;
        }
        long address = type == ET_REL ? section.address() + value : value;
        if (kind == STT_NOTYPE && name.matches("\\$[adtx].*")) {
            mapping.put(address, name.startsWith("$d"));
            return;
        }
        boolean function = kind == STT_FUNC || kind == STT_GNU_IFUNC;
        localFunctions |= function && binding == STB_LOCAL;
        if (machine == EM_ARM && function) {
            address &= ~1L;
        }
        if (!section.contains(address)) {
            return;
        }
        int rank = (binding == STB_LOCAL ? 4 : binding == STB_WEAK ? 2 : 0) + (length == 0 ? 1 : 0);
        if (function || (kind == STT_NOTYPE && binding != STB_LOCAL)) {
            functions.add(new Function(name, address, length, length != 0, function ? rank : rank + 8));
        } else if (kind == STT_OBJECT) {
            objects.add(new Function(name, address, Math.max(1, length), true, rank));
        }
    }

    private void finish() {
        objects.sort(Comparator.comparing(Function::start, Long::compareUnsigned));
        functions.removeIf(function -> !function.exact() && isData(function.start()));
        functions.sort(Comparator.comparing(Function::start, Long::compareUnsigned)
                .thenComparing(Function::rank)
                .thenComparing(function -> function.name().length())
                .thenComparing(Function::name));
        var starts = new java.util.TreeSet<Long>(Long::compareUnsigned);
        functions.forEach(function -> starts.add(function.start()));
        objects.forEach(object -> starts.add(object.start()));
        code().forEach(range -> starts.add(range[1]));
        for (int i = 0; i < functions.size(); i++) {
            Function function = functions.get(i);
            Function sized = alias(i);
            if (!function.exact() && sized != null) {
                functions.set(i, new Function(function.name(), function.start(), sized.size(), true, function.rank()));
            } else if (!function.exact()) {
                Long next = starts.higher(function.start());
                long size = (next == null ? function.start() : next) - function.start();
                functions.set(i, new Function(function.name(), function.start(), size, false, function.rank()));
            }
        }
        for (Function function : functions) {
            byName.put(function.name(), byName.containsKey(function.name()) ? null : function);
        }
    }

    /** A sized function that starts where this one does. */
    private @Nullable Function alias(int index) {
        long start = functions.get(index).start();
        return functions.stream()
                .skip(Math.max(0, index - 8))
                .limit(16)
                .filter(function -> function.start() == start && function.exact())
                .findFirst()
                .orElse(null);
    }

    /** All names of functions that start where one of these does. */
    static Set<String> names(List<Function> functions) {
        var names = new LinkedHashSet<String>();
        functions.forEach(function -> names.add(function.name()));
        return names;
    }

    private int u16(long at) {
        return Short.toUnsignedInt(bytes.get(ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(order), at));
    }

    private long u32(long at) {
        return Integer.toUnsignedLong(bytes.get(ValueLayout.JAVA_INT_UNALIGNED.withOrder(order), at));
    }

    private long word(long at) {
        return bytes.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(order), at);
    }
}
