package dev.faultline.symbols.rtos;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.StructLayout;
import dev.faultline.symbols.dwarf.StructLayouts;
import dev.faultline.symbols.elf.Symbol;
import dev.faultline.symbols.index.DataSymbol;
import dev.faultline.symbols.store.ModuleSymbols;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.LoadedSymbols.Module;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Memory of a crash as one image's kernel used it: its globals by name, its structures by layout, its texts. */
final class KernelMemory {
    /** Every structure that a kernel below keeps threads in: all are found in one reading of a debug file. */
    private static final Set<String> STRUCTURES = Set.of(
            "tskTaskControlBlock",
            "TCB_t",
            "xLIST",
            "List_t",
            "xLIST_ITEM",
            "ListItem_t",
            "QueueDefinition",
            "z_kernel",
            "k_thread",
            "TX_THREAD_STRUCT",
            "TX_THREAD");

    private static final int LONGEST_NAME = 64;

    /** Most warnings: every item of a damaged list may be worth one. */
    private static final int MOST_WARNINGS = 32;

    /** Most symbols looked at for the variable that holds a pointer. */
    private static final int MOST_SYMBOLS = 200_000;

    private final AddressSpace space;
    private final Module module;
    private final Limits limits;
    private final Set<String> warnings = new LinkedHashSet<>();
    private int unsaid;
    private @Nullable Map<Long, String> pointers;

    private KernelMemory(AddressSpace space, Module module, Limits limits) {
        this.space = space;
        this.module = module;
        this.limits = limits;
    }

    /** That of an image with symbols. */
    static Optional<KernelMemory> of(AddressSpace space, Module module, Limits limits) {
        return module.index().map(index -> new KernelMemory(space, module, limits));
    }

    AddressSpace space() {
        return space;
    }

    Limits limits() {
        return limits;
    }

    List<String> warnings() {
        var said = new ArrayList<>(warnings);
        if (unsaid > 0) {
            said.add("The kernel's memory is damaged in %d more places".formatted(unsaid));
        }
        return List.copyOf(said);
    }

    void warn(String warning) {
        if (warnings.size() < MOST_WARNINGS) {
            warnings.add(warning);
        } else if (!warnings.contains(warning)) {
            unsaid++;
        }
    }

    /** A global by its name, where it lies in memory. */
    Optional<DataSymbol> symbol(String name) {
        return module.data(name);
    }

    /** The global that holds an address. */
    Optional<DataSymbol> symbolAt(long address) {
        return module.data(address);
    }

    /** The layout of a structure by the first of its names that the debug file defines. */
    Optional<StructLayout> layout(String... names) {
        var elf = module.symbols().map(ModuleSymbols::elf);
        if (elf.isEmpty()) {
            return Optional.empty();
        }
        var found =
                elf.get().derived(StructLayouts.Found.class, () -> StructLayouts.read(elf.get(), STRUCTURES, limits));
        for (var name : names) {
            var layout = found.layouts().get(name);
            if (layout != null) {
                return Optional.of(layout);
            }
        }
        found.damage().stream()
                .findFirst()
                .ifPresent(damage -> warn("Types of the debug file can not be read: " + damage));
        return Optional.empty();
    }

    OptionalLong word(long address) {
        return space.word(address);
    }

    OptionalLong unsigned(long address, int size) {
        return space.unsigned(address, size);
    }

    /** A word of the global of this name. */
    OptionalLong wordOf(String symbol) {
        var found = symbol(symbol);
        return found.isPresent() ? word(found.get().address()) : OptionalLong.empty();
    }

    /** Whether a pointer to {@code size} bytes of RAM makes sense: aligned, and all of it captured. */
    boolean isObject(long address, long size) {
        return address != 0
                && address % space.architecture().wordBytes() == 0
                && Long.compareUnsigned(space.memory().capturedUntil(address) - address, size) >= 0;
    }

    /** A text of at most {@code most} bytes that ends with NUL or with its room; empty where it is none for a person. */
    Optional<String> text(long address, long most) {
        var text = new StringBuilder();
        long room = Math.min(most <= 0 ? LONGEST_NAME : most, LONGEST_NAME);
        for (long i = 0; i < room; i++) {
            var character = unsigned(address + i, 1);
            if (character.isEmpty() || (character.getAsLong() != 0 && !isPrintable(character.getAsLong()))) {
                return Optional.empty();
            }
            if (character.getAsLong() == 0) {
                break;
            }
            text.append((char) character.getAsLong());
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(text.toString());
    }

    private static boolean isPrintable(long character) {
        return character >= 0x20 && character < 0x7f;
    }

    /** What people know an object by: the global that it is or lies in, else the global that points at it. */
    Optional<String> nameOf(long address) {
        var holder = symbolAt(address);
        if (holder.isPresent()) {
            long offset = address - holder.get().address();
            return Optional.of(
                    offset == 0
                            ? holder.get().name()
                            : "%s+0x%x".formatted(holder.get().name(), offset));
        }
        return Optional.ofNullable(pointers().get(address));
    }

    /** Globals of a pointer's size, by what they point at; the first by name where several do. */
    private Map<Long, String> pointers() {
        var known = pointers;
        if (known != null) {
            return known;
        }
        var found = new HashMap<Long, String>();
        var elf = module.symbols().map(ModuleSymbols::elf);
        int looked = 0;
        int size = space.architecture().wordBytes();
        for (Symbol symbol : elf.isPresent() ? elf.get().symbols() : List.<Symbol>of()) {
            if (looked++ == MOST_SYMBOLS) {
                break;
            }
            if (symbol.type() != Symbol.STT_OBJECT || symbol.size() != size) {
                continue;
            }
            var value =
                    space.memory().unsigned(symbol.address() + module.image().bias(), size);
            if (value.isPresent() && value.getAsLong() != 0) {
                found.merge(value.getAsLong(), symbol.name(), (one, other) -> one.compareTo(other) <= 0 ? one : other);
            }
        }
        pointers = found;
        return found;
    }
}
