package dev.faultline.symbols.variables;

import static dev.faultline.symbols.dwarf.DwarfNames.*;

import dev.faultline.symbols.bytes.FormatException;
import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.demangle.Demangler;
import dev.faultline.symbols.dwarf.Entry;
import dev.faultline.symbols.store.ModuleSymbols;
import dev.faultline.symbols.unwind.AddressSpace;
import dev.faultline.symbols.unwind.Frame;
import dev.faultline.symbols.unwind.LoadedSymbols;
import dev.faultline.symbols.unwind.Trust;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The variables of one crash; for one thread. Damage costs the variable or the frame that has it. */
public final class CrashVariables {
    /** Deepest nesting of blocks and inlined calls. */
    private static final int MOST_SCOPES = 64;

    private final AddressSpace space;
    private final Limits limits;
    private final ValueLimits valueLimits;
    private final Map<LoadedSymbols.Module, Types> types = new HashMap<>();

    public CrashVariables(AddressSpace space, Limits limits, ValueLimits valueLimits) {
        this.space = space;
        this.limits = limits;
        this.valueLimits = valueLimits;
    }

    private Optional<Types> types(LoadedSymbols.Module module) {
        var symbols = module.symbols();
        if (symbols.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(types.computeIfAbsent(module, any -> newTypes(symbols.get())));
    }

    private Types newTypes(ModuleSymbols symbols) {
        var image = ImageVariables.of(symbols, limits);
        return new Types(
                image, image.entries(valueLimits.work()), space.architecture().wordBytes());
    }

    /**
     * The variables of one frame of a stack, of each level of inlining, innermost first; none where the debugging information
     * does not describe the function.
     */
    public List<LevelVariables> frame(List<Frame> stack, int index) {
        try {
            var context = context(stack, index, 0);
            return context.map(this::levels).orElse(List.of());
        } catch (FormatException e) {
            return List.of();
        }
    }

    private Optional<FrameContext> context(List<Frame> stack, int index, int depth) {
        var frame = stack.get(index);
        var module = space.symbols().at(frame.lookupPc());
        if (module.isEmpty()) {
            return Optional.empty();
        }
        var types = types(module.get());
        if (types.isEmpty()) {
            return Optional.empty();
        }
        long linked = module.get().linked(frame.lookupPc());
        var symbolIndex = module.get().index().orElseThrow();
        var offset = symbolIndex.entry(linked);
        var function = offset.isEmpty()
                ? Optional.<Entry>empty()
                : types.get().reader().function(offset.getAsLong(), linked);
        return function.map(entry -> new FrameContext(
                space,
                module.get(),
                types.get(),
                limits,
                frame,
                entry,
                (callee, level) -> caller(stack, index, level),
                depth));
    }

    private Optional<FrameContext> caller(List<Frame> stack, int index, int depth) {
        if (index + 1 >= stack.size() || !isCaller(stack.get(index + 1).trust())) {
            return Optional.empty();
        }
        return context(stack, index + 1, depth);
    }

    /** Whether a frame called the one inside of it, which it is sure to have done. */
    private static boolean isCaller(Trust trust) {
        return switch (trust) {
            case CFI, EHABI, FRAME_POINTER, REGISTER_WINDOW, LINK_REGISTER -> true;
            case CONTEXT, EXCEPTION, SIGNAL_TRAMPOLINE, SCAN, DEVICE, DEVICE_RETURN -> false;
        };
    }

    /** Entries of variables of one level while they are collected. */
    private static final class Level {
        private final List<Entry> arguments = new ArrayList<>();
        private final List<Entry> locals = new ArrayList<>();
    }

    private List<LevelVariables> levels(FrameContext context) {
        var function = context.function();
        if (function == null) {
            return List.of();
        }
        var levels = new ArrayList<Level>();
        levels.add(new Level());
        collect(function, context.pc(), levels, 0);
        var shown = new ArrayList<LevelVariables>();
        for (var level : levels.reversed()) {
            shown.add(new LevelVariables(read(level.arguments, context), read(level.locals, context)));
        }
        return shown;
    }

    private void collect(Entry scope, long pc, List<Level> levels, int depth) {
        if (depth == MOST_SCOPES) {
            return;
        }
        var level = levels.getLast();
        Entry inlined = null;
        var blocks = new ArrayList<Entry>();
        for (var child : scope.children()) {
            switch (child.tag()) {
                case DW_TAG_FORMAL_PARAMETER -> level.arguments.add(child);
                case DW_TAG_VARIABLE -> addLocal(level, child);
                case DW_TAG_LEXICAL_BLOCK -> {
                    if (isAround(child, pc)) {
                        blocks.add(child);
                    }
                }
                case DW_TAG_INLINED_SUBROUTINE -> {
                    if (inlined == null && child.hasCode() && child.covers(pc)) {
                        inlined = child;
                    }
                }
                default -> {}
            }
        }
        var instances = new HashSet<Long>();
        addInstances(scope, pc, instances, 0);
        addWithoutInstance(scope, instances, level);
        // blocks of the same level first: an inlined call inside of one begins the next
        for (var block : blocks) {
            collect(block, pc, levels, depth + 1);
        }
        if (inlined != null) {
            levels.add(new Level());
            collect(inlined, pc, levels, depth + 1);
        }
    }

    private static boolean isAround(Entry block, long pc) {
        return !block.hasCode() || block.covers(pc);
    }

    /** What has an instance in a scope; GCC puts the variables of an inlined function into a block that its source has not. */
    private static void addInstances(Entry scope, long pc, Set<Long> instances, int depth) {
        for (var child : scope.children()) {
            child.reference(DW_AT_ABSTRACT_ORIGIN).ifPresent(origin -> instances.add(origin.key()));
            if (child.tag() == DW_TAG_LEXICAL_BLOCK && depth < MOST_SCOPES && isAround(child, pc)) {
                addInstances(child, pc, instances, depth + 1);
            }
        }
    }

    /** Variables of the source that this instance of the function has nothing of (DWARF 5, 3.3.8.2). */
    private static void addWithoutInstance(Entry scope, Set<Long> instances, Level level) {
        var origin = scope.reference(DW_AT_ABSTRACT_ORIGIN);
        if (origin.isEmpty()) {
            return;
        }
        for (var child : origin.get().children()) {
            if (instances.contains(child.key())) {
                continue;
            }
            switch (child.tag()) {
                case DW_TAG_FORMAL_PARAMETER -> level.arguments.add(child);
                case DW_TAG_VARIABLE -> addLocal(level, child);
                default -> {}
            }
        }
    }

    private static void addLocal(Level level, Entry variable) {
        var shown = variable.having(DW_AT_NAME);
        boolean artificial = shown.map(entry -> entry.flag(DW_AT_ARTIFICIAL)).orElse(true);
        boolean elsewhere = variable.flag(DW_AT_DECLARATION) || variable.flag(DW_AT_EXTERNAL);
        if (!artificial && !elsewhere) {
            level.locals.add(variable);
        }
    }

    private List<Variable> read(List<Entry> entries, FrameContext context) {
        var variables = new ArrayList<Variable>();
        for (var entry : entries) {
            if (variables.size() == valueLimits.variables()) {
                break;
            }
            variables.add(read(entry, context));
        }
        return variables;
    }

    private Variable read(Entry entry, FrameContext context) {
        try {
            var reader = new ValueReader(context, valueLimits);
            int line = (int) Math.clamp(
                    entry.having(DW_AT_DECL_LINE)
                            .map(declared -> declared.constant(DW_AT_DECL_LINE).orElse(0))
                            .orElse(0L),
                    0,
                    Integer.MAX_VALUE);
            var type = context.types().typeOf(entry);
            return new Variable(
                    entry.name(), context.types().name(type), line, reader.address(entry), reader.read(entry));
        } catch (FormatException e) {
            return new Variable(
                    "?", "?", 0, OptionalLong.empty(), new Value.Unreadable(String.valueOf(e.getMessage())));
        }
    }

    /** The globals of a name, of every image. */
    public List<GlobalVariable> globals(String name) {
        var found = new ArrayList<GlobalVariable>();
        var places = new HashSet<Long>();
        for (var module : space.symbols().modules()) {
            var types = types(module);
            if (types.isEmpty()) {
                continue;
            }
            var image = imageOf(module);
            for (var place : image.names(types.get().reader()).variables(simple(name))) {
                read(module, types.get(), place, name).ifPresent(variable -> {
                    long address = variable.variable().address().orElse(-1);
                    if (address == -1 || places.add(address)) {
                        found.add(variable);
                    }
                });
            }
        }
        return found;
    }

    /**
     * The globals of all images in the order of their files.
     *
     * @param from how many to leave out: those that were shown already
     */
    public List<GlobalVariable> globals(int from, int most) {
        var found = new ArrayList<GlobalVariable>();
        int skip = from;
        for (var module : space.symbols().modules()) {
            var types = types(module);
            if (types.isEmpty()) {
                continue;
            }
            var names = imageOf(module).names(types.get().reader());
            int wanted = Math.min(most, valueLimits.globals()) - found.size();
            if (wanted > 0 && skip < names.count()) {
                for (var place : names.variables(skip, wanted)) {
                    read(module, types.get(), place, null).ifPresent(found::add);
                }
            }
            skip = Math.max(0, skip - names.count());
        }
        return found;
    }

    /** What stands behind the last {@code ::} of a name. */
    private static String simple(String name) {
        int qualified = name.lastIndexOf("::");
        return qualified < 0 ? name : name.substring(qualified + 2);
    }

    /** Whether a name is that of an entry: as the source has it, with all namespaces, or as the linker has it. */
    private static boolean isNamed(Entry entry, String name) {
        if (entry.name().equals(name.replace("(anonymous namespace)::", ""))) {
            return true;
        }
        var linked = entry.having(DW_AT_LINKAGE_NAME)
                .map(named -> named.text(DW_AT_LINKAGE_NAME))
                .orElse("");
        return linked.equals(name)
                || (!linked.isEmpty()
                        && Demangler.demangle(linked).filter(name::equals).isPresent());
    }

    private ImageVariables imageOf(LoadedSymbols.Module module) {
        return ImageVariables.of(module.symbols().orElseThrow(), limits);
    }

    private Optional<GlobalVariable> read(
            LoadedSymbols.Module module, Types types, GlobalNames.Place place, @Nullable String name) {
        try {
            var entry = types.reader().at(place.unit(), place.offset());
            if (name != null && !isNamed(entry, name)) {
                return Optional.empty();
            }
            var context =
                    new FrameContext(space, module, types, limits, null, null, (callee, level) -> Optional.empty(), 0);
            return Optional.of(
                    new GlobalVariable(module.image().name(), place.unit().path(), read(entry, context)));
        } catch (FormatException e) {
            return Optional.empty();
        }
    }
}
