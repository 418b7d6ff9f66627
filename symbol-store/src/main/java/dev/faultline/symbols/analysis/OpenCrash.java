package dev.faultline.symbols.analysis;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Coredump;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.store.SymbolSource;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.LoadedSymbols;
import java.util.ArrayList;

/**
 * A coredump with the symbols of its images, as far as they are there; holds their leases until closed.
 *
 * @param coredump with the variables placed that it has without their addresses
 */
record OpenCrash(AgreedIdentity agreed, LoadedSymbols symbols, Coredump coredump, AddressSpace space)
        implements AutoCloseable {

    static OpenCrash of(Coredump dump, SymbolSource source, ClaimedIdentity claims, Limits limits) {
        var agreed = AgreedIdentity.of(dump.identity(), dump.images(), claims);
        var symbols = LoadedSymbols.open(agreed.images(dump.images()), source);
        try {
            symbols = symbols.withVdso(dump.memory(), limits);
            var placed = placed(dump, symbols);
            return new OpenCrash(
                    agreed, symbols, placed, new AddressSpace(placed.architecture(), placed.memory(), symbols));
        } catch (RuntimeException e) {
            symbols.close();
            throw e;
        }
    }

    /** Variables that the dump has without their addresses, where the symbols say that they lie. */
    private static Coredump placed(Coredump dump, LoadedSymbols symbols) {
        var regions = new ArrayList<Memory.Region>();
        dump.objects()
                .forEach((name, bytes) -> symbols.modules().stream()
                        .flatMap(module -> module.data(name).stream())
                        .findFirst()
                        .ifPresent(symbol -> regions.add(new Memory.Region(symbol.address(), bytes))));
        return regions.isEmpty() ? dump : dump.withMemory(regions);
    }

    @Override
    public void close() {
        symbols.close();
    }
}
