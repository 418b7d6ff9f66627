package dev.faultline.symbols.logs;

import dev.faultline.symbols.elf.Symbol;
import dev.faultline.symbols.unwind.LoadedSymbols.Module;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The modules of a Zephyr image that log: each has a constant, and where levels can be changed a variable, named after it. */
final class ZephyrSources {
    private static final String CONSTANT = "log_const_";
    private static final String VARIABLE = "log_dynamic_";

    /** Most modules. */
    private static final int MOST = 10_000;

    private final Module module;
    private @Nullable List<String> byNumber;

    ZephyrSources(Module module) {
        this.module = module;
    }

    /** By the address of the constant or the variable. */
    Optional<String> at(long address) {
        return module.data(address)
                .filter(symbol -> symbol.address() == address)
                .map(symbol -> symbol.name())
                .flatMap(ZephyrSources::name);
    }

    private static Optional<String> name(String symbol) {
        return symbol.startsWith(CONSTANT)
                ? Optional.of(symbol.substring(CONSTANT.length()))
                : symbol.startsWith(VARIABLE) ? Optional.of(symbol.substring(VARIABLE.length())) : Optional.empty();
    }

    /** By its number: its place among the constants. */
    Optional<String> numbered(long number) {
        var known = byNumber;
        if (known == null) {
            known = constants();
            byNumber = known;
        }
        return number >= 0 && number < known.size() ? Optional.of(known.get((int) number)) : Optional.empty();
    }

    private List<String> constants() {
        var constants = new ArrayList<Symbol>();
        module.elf().ifPresent(elf -> {
            for (Symbol symbol : elf.symbols()) {
                if (symbol.type() == Symbol.STT_OBJECT
                        && symbol.name().startsWith(CONSTANT)
                        && constants.size() < MOST) {
                    constants.add(symbol);
                }
            }
        });
        return constants.stream()
                .sorted(Comparator.comparing(Symbol::address, Long::compareUnsigned))
                .map(symbol -> symbol.name().substring(CONSTANT.length()))
                .toList();
    }
}
