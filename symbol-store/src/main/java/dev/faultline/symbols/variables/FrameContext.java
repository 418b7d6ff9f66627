package dev.faultline.symbols.variables;

import static dev.faultline.symbols.dwarf.DwarfNames.*;

import dev.faultline.symbols.arch.Registers;
import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.coredump.Memory;
import dev.faultline.symbols.dwarf.Entry;
import dev.faultline.symbols.dwarf.Unit;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.Frame;
import dev.faultline.symbols.unwind.LoadedSymbols;
import dev.faultline.symbols.unwind.Trust;
import dev.faultline.symbols.unwind.Unwinder;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One frame as expressions see it; without a frame, the world as globals see it. */
final class FrameContext implements EvaluationContext {
    /** How many callers one entry value may lead up. */
    private static final int MOST_CALLERS = 8;

    /** What one look at a caller, or at another variable, counts as: one expression may want many. */
    private static final int WORK_OF_ONE = 256;

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

    /** Of a function that jumped: how it was entered itself. */
    private final @Nullable Call enteredBy;

    private boolean computingFrameBase;
    private int nested;

    /** Finds the frame that called one; empty where it is not known to be a call, or has no debugging information. */
    interface Callers {
        Optional<FrameContext> of(Frame frame, int depth);
    }

    /** A call, or a jump that ends a function. */
    private record Call(FrameContext caller, Entry site) {}

    FrameContext(
            AddressSpace space,
            LoadedSymbols.Module module,
            Types types,
            Limits limits,
            @Nullable Frame frame,
            @Nullable Entry function,
            Callers callers,
            int depth) {
        this(space, module, types, limits, frame, function, callers, depth, null);
    }

    private FrameContext(
            AddressSpace space,
            LoadedSymbols.Module module,
            Types types,
            Limits limits,
            @Nullable Frame frame,
            @Nullable Entry function,
            Callers callers,
            int depth,
            @Nullable Call enteredBy) {
        this.space = space;
        this.module = module;
        this.types = types;
        this.limits = limits;
        this.frame = frame;
        this.function = function;
        this.callers = callers;
        this.depth = depth;
        this.enteredBy = enteredBy;
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
    public void spend(long work) {
        types.reader().spend(work);
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
        if (space.architecture().floats().register(number).isPresent()) {
            return Memory.unsigned(registerBytes(number, wordBytes()), order());
        }
        if (number < 0 || number >= space.architecture().debugRegisters()) {
            throw NoValue.unreadable("the dump does not have register %d".formatted(number));
        }
        return at.registers()
                .get(number)
                .orElseThrow(() -> notKept(space.architecture().registerNames().get(number)));
    }

    /** The value of a parameter of a call of this frame. */
    private Optional<Operand> passed(Entry site, Wanted wanted) {
        for (var parameter : site.children()) {
            boolean isParameter =
                    parameter.tag() == DW_TAG_CALL_SITE_PARAMETER || parameter.tag() == DW_TAG_GNU_CALL_SITE_PARAMETER;
            if (isParameter && wanted.is(parameter)) {
                var value = parameter.block(DW_AT_CALL_VALUE);
                value = value.isPresent() ? value : parameter.block(DW_AT_GNU_CALL_SITE_VALUE);
                if (value.isPresent()) {
                    return Optional.of(LocationEvaluator.value(value.get(), parameter.unit(), this));
                }
            }
        }
        return Optional.empty();
    }

    private static NoValue notKept(String name) {
        return NoValue.unreadable("register %s was not kept".formatted(name));
    }

    @Override
    public byte[] registerBytes(int number, int size) {
        var at = frame;
        var floating = space.architecture().floats().register(number);
        if (at != null && floating.isPresent()) {
            return at.registers()
                    .bytes(floating.get(), size)
                    .orElseThrow(() -> notKept(floating.get().name()));
        }
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
                case Location.Composite composite -> throw NoValue.unreadable("the base of its frame is no address");
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
        spend(WORK_OF_ONE);
        var entered = entered().orElseThrow(() -> new NoValue(new Value.OptimisedOut()));
        return entered.caller().passed(entered.site(), wanted).orElseThrow(() -> new NoValue(new Value.OptimisedOut()));
    }

    /** How this frame's function was entered; empty where that is not certain. */
    private Optional<Call> entered() {
        var by = enteredBy;
        var at = frame;
        if (by != null) {
            return Optional.of(by);
        }
        if (at == null || depth == MOST_CALLERS) {
            return Optional.empty();
        }
        var caller = callers.of(at, depth + 1);
        var site = caller.flatMap(FrameContext::callSite);
        if (caller.isEmpty() || site.isEmpty()) {
            return Optional.empty();
        }
        var call = new Call(caller.get(), site.get());
        return calls(call) ? Optional.of(call) : byJumps(call);
    }

    /** The call that this frame waits for. */
    private Optional<Entry> callSite() {
        var of = function;
        var at = frame;
        if (of == null || at == null) {
            return Optional.empty();
        }
        long returnAddress = module.linked(at.pc());
        return callSites(of).stream()
                .filter(site -> {
                    var place = site.address(
                            site.tag() == DW_TAG_CALL_SITE && site.has(DW_AT_CALL_RETURN_PC)
                                    ? DW_AT_CALL_RETURN_PC
                                    : DW_AT_LOW_PC);
                    return place.isPresent() && place.getAsLong() == returnAddress;
                })
                .findFirst();
    }

    /** The calls of a function, those of what was inlined among them. */
    private static List<Entry> callSites(Entry function) {
        var sites = new ArrayList<Entry>();
        addCallSites(function, sites, 0);
        return sites;
    }

    private static void addCallSites(Entry scope, List<Entry> sites, int level) {
        if (level == MOST_SCOPES) {
            return;
        }
        for (var child : scope.children()) {
            switch (child.tag()) {
                case DW_TAG_CALL_SITE, DW_TAG_GNU_CALL_SITE -> sites.add(child);
                case DW_TAG_LEXICAL_BLOCK, DW_TAG_INLINED_SUBROUTINE -> addCallSites(child, sites, level + 1);
                default -> {}
            }
        }
    }

    /** Whether a call goes to this frame's function, and not to one that ended by a jump to it. */
    private boolean calls(Call call) {
        var called = function;
        if (called == null) {
            return false;
        }
        var target = call.caller().target(call.site());
        if (target.isPresent() && called.covers(module.linked(target.getAsLong()))) {
            return true;
        }
        return origin(call.site()).map(origin -> isSame(called, origin)).orElse(false);
    }

    private static Optional<Entry> origin(Entry site) {
        var origin = site.reference(DW_AT_CALL_ORIGIN);
        return origin.isPresent() ? origin : site.reference(DW_AT_ABSTRACT_ORIGIN);
    }

    /** Whether an entry that a call site names is a function, or what it is the code of, or another unit's declaration. */
    private static boolean isSame(Entry function, Entry named) {
        var abstractOrigin = function.reference(DW_AT_ABSTRACT_ORIGIN);
        boolean isCodeOf = abstractOrigin.isPresent() && abstractOrigin.get().key() == named.key();
        if (isCodeOf || function.key() == named.key()) {
            return true;
        }
        if (!named.flag(DW_AT_DECLARATION) || !function.having(DW_AT_EXTERNAL).isPresent()) {
            return false;
        }
        var linkage = function.having(DW_AT_LINKAGE_NAME);
        var otherLinkage = named.having(DW_AT_LINKAGE_NAME);
        if (linkage.isPresent() && otherLinkage.isPresent()) {
            return linkage.get()
                    .text(DW_AT_LINKAGE_NAME)
                    .equals(otherLinkage.get().text(DW_AT_LINKAGE_NAME));
        }
        return function.name().equals(named.name());
    }

    /** Where a call of this frame goes: as the instruction says, else as the entry computes it. */
    private OptionalLong target(Entry site) {
        var at = frame;
        if (at != null && enteredBy == null) {
            var direct = space.callTarget(at.pc());
            if (direct.isPresent()) {
                return OptionalLong.of(space.architecture().instructionAddress(direct.getAsLong()));
            }
        }
        var expression = site.block(DW_AT_CALL_TARGET);
        expression = expression.isPresent() ? expression : site.block(DW_AT_GNU_CALL_SITE_TARGET);
        if (expression.isEmpty()) {
            return OptionalLong.empty();
        }
        try {
            long address =
                    LocationEvaluator.value(expression.get(), site.unit(), this).bits();
            return OptionalLong.of(space.architecture().instructionAddress(address));
        } catch (NoValue e) {
            return OptionalLong.empty(); // through a pointer that is gone
        }
    }

    /**
     * The jump that led to this frame's function, where the caller called another one, which ended by a jump: to this one, or
     * to a third. Certain only where all jumps on the way are known and there is one way.
     */
    private Optional<Call> byJumps(Call call) {
        var target = call.caller().target(call.site());
        if (target.isEmpty()) {
            return Optional.empty();
        }
        long linked = module.linked(target.getAsLong());
        boolean isHere =
                space.symbols().at(target.getAsLong()).filter(module::equals).isPresent();
        var offset = isHere ? module.index().orElseThrow().entry(linked) : OptionalLong.empty();
        var called = offset.isEmpty() ? Optional.<Entry>empty() : types.reader().function(offset.getAsLong(), linked);
        if (called.isEmpty()) {
            return Optional.empty();
        }
        var ways = new ArrayList<Call>();
        boolean allKnown = addWays(jumper(called.get(), call), new HashSet<>(), ways);
        return allKnown && ways.size() == 1 ? Optional.of(ways.getFirst()) : Optional.empty();
    }

    /** A function that is no longer on the stack as it was when it jumped: of its registers nothing is known. */
    private FrameContext jumper(Entry jumping, Call by) {
        var gone = new Frame(0, 0, 0, Trust.SCAN, Registers.none(space.architecture()));
        return new FrameContext(
                space, module, types, limits, gone, jumping, (callee, level) -> Optional.empty(), depth, by);
    }

    /** Adds the jumps to this frame's function; false where there may be others. */
    private boolean addWays(FrameContext jumper, Set<Long> seen, List<Call> ways) {
        spend(WORK_OF_ONE);
        var jumping = jumper.function;
        if (jumping == null || !saysAllJumps(jumping) || seen.size() == MOST_CALLERS || !seen.add(jumping.key())) {
            return false;
        }
        for (var site : callSites(jumping)) {
            if (!site.flag(DW_AT_CALL_TAIL_CALL) && !site.flag(DW_AT_GNU_TAIL_CALL)) {
                continue;
            }
            var jump = new Call(jumper, site);
            if (calls(jump)) {
                ways.add(jump);
                continue;
            }
            var next = origin(site).filter(Entry::hasCode);
            if (next.isEmpty() || !addWays(jumper(next.get(), jump), seen, ways)) {
                return false;
            }
        }
        return true;
    }

    private static boolean saysAllJumps(Entry function) {
        return function.flag(DW_AT_CALL_ALL_CALLS)
                || function.flag(DW_AT_CALL_ALL_TAIL_CALLS)
                || function.flag(DW_AT_CALL_ALL_SOURCE_CALLS)
                || function.flag(DW_AT_GNU_ALL_CALL_SITES)
                || function.flag(DW_AT_GNU_ALL_TAIL_CALL_SITES)
                || function.flag(DW_AT_GNU_ALL_SOURCE_CALL_SITES);
    }

    @Override
    public Operand variableValue(Entry variable) {
        spend(WORK_OF_ONE);
        if (nested == MOST_CALLERS) {
            throw NoValue.unreadable("it depends on itself");
        }
        nested++;
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
