package dev.faultline.symbols.variables;

import static dev.faultline.symbols.dwarf.DwarfNames.*;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.Entry;
import dev.faultline.symbols.dwarf.Unit;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.Frame;
import dev.faultline.symbols.unwind.LoadedSymbols;
import dev.faultline.symbols.unwind.Unwinder;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One frame as expressions see it; without a frame, the world as globals see it. */
final class FrameContext implements EvaluationContext {
    /** How many callers one entry value may lead up. */
    private static final int MOST_CALLERS = 8;

    /** Deepest nesting of scopes of a function that are searched for a call. */
    private static final int MOST_SCOPES = 64;

    private final AddressSpace space;
    private final LoadedSymbols.Module module;
    private final Types types;
    private final Limits limits;
    private final @Nullable Frame frame;
    private final @Nullable Entry function;
    private final Callers callers;
    private final int depth;

    private boolean computingFrameBase;
    private int nested;

    /** Finds the frame that called one; empty where it is not known to be a call, or has no debugging information. */
    interface Callers {
        Optional<FrameContext> of(Frame frame, int depth);
    }

    FrameContext(
            AddressSpace space,
            LoadedSymbols.Module module,
            Types types,
            Limits limits,
            @Nullable Frame frame,
            @Nullable Entry function,
            Callers callers,
            int depth) {
        this.space = space;
        this.module = module;
        this.types = types;
        this.limits = limits;
        this.frame = frame;
        this.function = function;
        this.callers = callers;
        this.depth = depth;
    }

    AddressSpace space() {
        return space;
    }

    LoadedSymbols.Module module() {
        return module;
    }

    Types types() {
        return types;
    }

    @Nullable
    Entry function() {
        return function;
    }

    @Override
    public Limits limits() {
        return limits;
    }

    @Override
    public ByteOrder order() {
        return space.architecture().byteOrder();
    }

    @Override
    public int wordBytes() {
        return space.architecture().wordBytes();
    }

    @Override
    public long pc() {
        var at = frame;
        return at == null ? -1 : module.linked(at.lookupPc());
    }

    @Override
    public long register(int number) {
        var at = frame;
        if (at == null) {
            throw NoValue.unreadable("it depends on a register, and no frame is chosen");
        }
        var value = at.registers().get(number);
        if (value.isEmpty()) {
            throw notKept(number);
        }
        return value.getAsLong();
    }

    private NoValue notKept(int number) {
        var names = space.architecture().registerNames();
        return NoValue.unreadable(
                number >= 0 && number < names.size()
                        ? "register %s was not kept".formatted(names.get(number))
                        : "the dump does not have register %d".formatted(number));
    }

    @Override
    public byte[] registerBytes(int number, int size) {
        int word = wordBytes();
        byte[] bytes = new byte[size];
        for (int done = 0; done < size; done += word) {
            long value = register(number + done / word);
            for (int i = 0; i < Math.min(word, size - done); i++) {
                int shift = order() == ByteOrder.LITTLE_ENDIAN ? i : Math.min(word, size - done) - 1 - i;
                bytes[done + i] = (byte) (value >>> (8 * shift));
            }
        }
        return bytes;
    }

    @Override
    public long frameBase() {
        var of = function;
        if (of == null || computingFrameBase) {
            throw NoValue.unreadable("it depends on the base of a frame, and there is none");
        }
        computingFrameBase = true;
        try {
            var expression = of.location(DW_AT_FRAME_BASE, pc());
            if (expression.isEmpty()) {
                throw NoValue.unreadable("the base of its frame is not said");
            }
            return switch (LocationEvaluator.location(expression.get(), of.unit(), this)) {
                case Location.InMemory(long address) -> address;
                case Location.InRegister(int register) -> register(register);
                case Location.Computed(Operand value) -> value.bits();
                case Location.Bytes bytes -> throw NoValue.unreadable("the base of its frame is no address");
                case Location.ImplicitPointer pointer ->
                    throw NoValue.unreadable("the base of its frame is no address");
                case Location.Nowhere() -> throw NoValue.unreadable("the base of its frame is not said");
                case Location.Composite composite ->
                    throw NoValue.unreadable("the base of its frame is no address");
            };
        } finally {
            computingFrameBase = false;
        }
    }

    @Override
    public long cfa() {
        var at = frame;
        var cfa = at == null ? OptionalLong.empty() : Unwinder.canonicalFrameAddress(at, space, limits);
        return cfa.orElseThrow(() -> NoValue.unreadable("the canonical frame address is not known"));
    }

    @Override
    public long relocated(long address) {
        return address + module.image().bias();
    }

    @Override
    public long load(long address, int size) {
        return space.unsigned(address, size)
                .orElseThrow(() -> new NoValue(new Value.NotInDump(List.of(new Value.MissingRange(address, size)))));
    }

    @Override
    public long objectAddress() {
        throw NoValue.unreadable("it depends on the address of an object that is not known");
    }

    @Override
    public Operand entryValue(byte[] expression) {
        return atCall(parameter -> parameter
                .block(DW_AT_LOCATION)
                .map(location -> Arrays.equals(location, expression))
                .orElse(false));
    }

    @Override
    public Operand parameterValue(Entry wanted) {
        return atCall(parameter -> {
            var named = parameter.reference(DW_AT_CALL_PARAMETER);
            named = named.isPresent() ? named : parameter.reference(DW_AT_ABSTRACT_ORIGIN);
            return named.map(entry -> entry.key() == wanted.key()).orElse(false);
        });
    }

    private interface Wanted {
        boolean is(Entry parameter);
    }

    /** What the caller passed, as its call site says (DWARF 5, 3.4); what it does not say nobody kept. */
    private Operand atCall(Wanted wanted) {
        var at = frame;
        if (at == null || depth == MOST_CALLERS) {
            throw new NoValue(new Value.OptimisedOut());
        }
        var caller = callers.of(at, depth + 1).orElseThrow(() -> new NoValue(new Value.OptimisedOut()));
        var site = caller.callSite().orElseThrow(() -> new NoValue(new Value.OptimisedOut()));
        if (!calls(site, caller)) {
            throw new NoValue(new Value.OptimisedOut()); // it called another function, which jumped here
        }
        for (var parameter : site.children()) {
            boolean isParameter = parameter.tag() == DW_TAG_CALL_SITE_PARAMETER
                    || parameter.tag() == DW_TAG_GNU_CALL_SITE_PARAMETER;
            if (isParameter && wanted.is(parameter)) {
                var value = parameter.block(DW_AT_CALL_VALUE);
                value = value.isPresent() ? value : parameter.block(DW_AT_GNU_CALL_SITE_VALUE);
                if (value.isPresent()) {
                    return LocationEvaluator.value(value.get(), parameter.unit(), caller);
                }
            }
        }
        throw new NoValue(new Value.OptimisedOut());
    }

    /** The call that this frame waits for. */
    private Optional<Entry> callSite() {
        var of = function;
        var at = frame;
        return of == null || at == null ? Optional.empty() : callSite(of, module.linked(at.pc()), 0);
    }

    private Optional<Entry> callSite(Entry scope, long returnAddress, int level) {
        if (level == MOST_SCOPES) {
            return Optional.empty();
        }
        for (var child : scope.children()) {
            switch (child.tag()) {
                case DW_TAG_CALL_SITE, DW_TAG_GNU_CALL_SITE -> {
                    var place = child.address(
                            child.tag() == DW_TAG_CALL_SITE && child.has(DW_AT_CALL_RETURN_PC)
                                    ? DW_AT_CALL_RETURN_PC
                                    : DW_AT_LOW_PC);
                    if (place.isPresent() && place.getAsLong() == returnAddress) {
                        return Optional.of(child);
                    }
                }
                case DW_TAG_LEXICAL_BLOCK, DW_TAG_INLINED_SUBROUTINE -> {
                    var found = callSite(child, returnAddress, level + 1);
                    if (found.isPresent()) {
                        return found;
                    }
                }
                default -> {}
            }
        }
        return Optional.empty();
    }

    /** Whether a call site calls this frame's function, and not one that ended by a jump to it. */
    private boolean calls(Entry site, FrameContext caller) {
        var called = function;
        if (called == null) {
            return false;
        }
        var origin = site.reference(DW_AT_CALL_ORIGIN);
        origin = origin.isPresent() ? origin : site.reference(DW_AT_ABSTRACT_ORIGIN);
        if (origin.isPresent()) {
            return origin.get().key() == called.key()
                    || sameFunction(called, origin.get());
        }
        var target = site.block(DW_AT_CALL_TARGET);
        target = target.isPresent() ? target : site.block(DW_AT_GNU_CALL_SITE_TARGET);
        if (target.isEmpty()) {
            return false;
        }
        long address = LocationEvaluator.value(target.get(), site.unit(), caller).bits();
        return called.covers(module.linked(space.architecture().instructionAddress(address)));
    }

    private static boolean sameFunction(Entry called, Entry origin) {
        var linkage = called.having(DW_AT_LINKAGE_NAME);
        var otherLinkage = origin.having(DW_AT_LINKAGE_NAME);
        if (linkage.isPresent() && otherLinkage.isPresent()) {
            return linkage.get()
                    .text(DW_AT_LINKAGE_NAME)
                    .equals(otherLinkage.get().text(DW_AT_LINKAGE_NAME));
        }
        return called.name().equals(origin.name());
    }

    @Override
    public Operand variableValue(Entry variable) {
        if (++nested > MOST_CALLERS) {
            throw NoValue.unreadable("it depends on itself");
        }
        try {
            var reader = new ValueReader(this, ValueLimits.DEFAULT);
            return reader.integer(variable);
        } finally {
            nested--;
        }
    }

    @Override
    public Entry entry(Unit unit, long offset) {
        return types.reader().at(unit, offset);
    }

    @Override
    public Type.Base baseType(Unit unit, long offset) {
        return switch (types.type(new TypeReference(unit, offset))) {
            case Type.Base base -> base;
            default -> throw new FormatException("the type at 0x%x of an operand is no base type".formatted(offset));
        };
    }
}
