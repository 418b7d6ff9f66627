package dev.faultline.symbols.fault;

import dev.faultline.symbols.arch.ArmCortexM;
import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.coredump.Coredump;
import dev.faultline.symbols.coredump.DumpThread;
import dev.faultline.symbols.index.DataSymbol;
import dev.faultline.symbols.unwind.AddressSpace;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What each register of the crashed context points at: a function, a global, a stack, the heap, a peripheral. */
public final class PointerTargets {
    /** Arrays that kernels and C libraries hand out as heap. */
    private static final List<String> HEAPS = List.of("ucHeap", "kheap__system_heap", "_system_heap", "__malloc_av_");

    private final Coredump coredump;
    private final AddressSpace space;

    private PointerTargets(Coredump coredump, AddressSpace space) {
        this.coredump = coredump;
        this.space = space;
    }

    /** By register name, in the architecture's order; a register that points at nothing known is left out. */
    public static Map<String, String> of(Coredump coredump, AddressSpace space) {
        var targets = new PointerTargets(coredump, space);
        return coredump.crashedThread()
                .map(DumpThread::registers)
                .map(targets::of)
                .orElse(Map.of());
    }

    private Map<String, String> of(Registers registers) {
        var words = new LinkedHashMap<String, String>();
        var names = space.architecture().registerNames();
        boolean cortexM = space.architecture() instanceof ArmCortexM;
        for (int register = 0; register < names.size(); register++) {
            var value = registers.get(register);
            if (value.isPresent() && !(cortexM && register == ArmCortexM.XPSR)) {
                var name = names.get(register);
                boolean code = register == space.architecture().programCounter()
                        || register == space.architecture().linkRegister();
                if (code || !isSmall(value.getAsLong())) {
                    target(value.getAsLong()).ifPresent(target -> words.put(name, target));
                }
            }
        }
        return Collections.unmodifiableMap(words);
    }

    /** A small number is hardly ever an address, even where flash begins at 0. */
    private static boolean isSmall(long value) {
        return Long.compareUnsigned(value, Told.NULL_PAGE) < 0;
    }

    private Optional<String> target(long value) {
        if (value == 0) {
            return Optional.empty();
        }
        for (var thread : coredump.threads()) {
            var stack = thread.stack();
            if (stack != null && stack.contains(value)) {
                var owner = thread.name() == null ? "thread %d".formatted(thread.id()) : "`" + thread.name() + "`";
                return Optional.of("stack of %s, %d bytes below its top".formatted(owner, stack.end() - value));
            }
        }
        var function = function(value);
        if (function.isPresent()) {
            return function;
        }
        for (var module : space.symbols().modules()) {
            var global = module.index().flatMap(index -> index.data(module.linked(value)));
            if (global.isPresent()) {
                return Optional.of(global(global.get(), module.linked(value)));
            }
        }
        return heap(value).or(() -> region(value));
    }

    private Optional<String> function(long value) {
        long address = space.architecture().instructionAddress(value);
        return space.function(address)
                .flatMap(function -> space.symbols()
                        .at(address)
                        .map(module -> "code, `%s`%s"
                                .formatted(function.name(), plus(module.linked(address) - function.address()))));
    }

    private static String global(DataSymbol global, long address) {
        var offset = plus(address - global.address());
        return HEAPS.contains(global.name())
                ? "heap, `%s`%s".formatted(global.name(), offset)
                : "`%s`%s".formatted(global.name(), offset);
    }

    private static String plus(long offset) {
        return offset == 0 ? "" : "+0x%x".formatted(offset);
    }

    /** Linker scripts mark the rest of RAM for the heap of the C library. */
    private Optional<String> heap(long value) {
        for (var module : space.symbols().modules()) {
            var start =
                    module.index().flatMap(index -> index.data("__heap_start").or(() -> index.data("__HeapBase")));
            var end = module.index().flatMap(index -> index.data("__heap_end").or(() -> index.data("__HeapLimit")));
            if (start.isPresent()
                    && end.isPresent()
                    && module.linked(value) >= start.get().address()
                    && module.linked(value) < end.get().address()) {
                return Optional.of("heap");
            }
        }
        return Optional.empty();
    }

    private Optional<String> region(long value) {
        if (!(space.architecture() instanceof ArmCortexM)) {
            return Optional.empty();
        }
        if (value >= 0x4000_0000L && value < 0x6000_0000L) {
            return Optional.of("a peripheral's register");
        }
        if (value >= 0xe000_0000L && value < 0xe010_0000L) {
            return Optional.of("a register of the processor");
        }
        return space.memory().has(value) ? Optional.of("RAM without a symbol") : Optional.empty();
    }
}
