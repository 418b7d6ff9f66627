package dev.faultline.symbols.variables;

import java.util.List;
import java.util.Optional;

/** What a variable, or a part of one, held. */
public sealed interface Value {

    /** The compiler kept it nowhere at this place of the code. */
    record OptimisedOut() implements Value {}

    /** It is in memory, which was not captured; the ranges that are missing. */
    record NotInDump(List<MissingRange> missing) implements Value {

        public NotInDump {
            missing = List.copyOf(missing);
        }
    }

    /** Where it is can not be said; why, in words. */
    record Unreadable(String reason) implements Value {}

    /** A number, a character, an enumerator, a truth value. */
    record Scalar(String text) implements Value {}

    /** A string out of an array of characters, escaped; {@code cut} where it goes on. */
    record Text(String text, boolean cut) implements Value {}

    /**
     * A pointer or reference.
     *
     * @param text its address and what has that address
     * @param target what is there, where that is shown
     */
    record Pointer(String text, Optional<Value> target) implements Value {}

    /** A structure, union or class; {@code more}: how many of its members are not shown. */
    record Structure(List<Member> members, int more) implements Value {

        public Structure {
            members = List.copyOf(members);
        }
    }

    /** An array; {@code more}: how many of its elements are not shown. */
    record Sequence(List<Run> runs, long more) implements Value {

        public Sequence {
            runs = List.copyOf(runs);
        }
    }

    /** A member by its name; a base class has that of its type in angle brackets, an unnamed member an empty one. */
    record Member(String name, Value value) {}

    /** The same value {@code count} times in a row. */
    record Run(Value value, long count) {}

    /** Addresses whose bytes nobody captured. */
    record MissingRange(long address, long size) {}
}
