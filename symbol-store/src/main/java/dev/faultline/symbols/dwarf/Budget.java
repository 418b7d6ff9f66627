package dev.faultline.symbols.dwarf;

import dev.faultline.symbols.bytes.ByteReader;
import dev.faultline.symbols.bytes.FormatException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of one kind of work a whole file may ask for. Counting each entry is not enough: many units may point at one
 * huge table. Safe for use by many threads.
 */
final class Budget {
    private final String what;
    private final AtomicLong most;
    private final AtomicLong spent = new AtomicLong();

    Budget(String what, long most) {
        this.what = what;
        this.most = new AtomicLong(most);
    }

    /** A further file may ask for more. */
    void extend(long more) {
        most.addAndGet(more);
    }

    /** What is left; readers of many small things count on their own and spend once. */
    long left() {
        return Math.max(0, most.get() - spent.get());
    }

    void spend(long count) {
        spent.addAndGet(count);
    }

    /** Spends, or refuses the work that starts where the reader is. */
    void spend(ByteReader at, long count) {
        if (count < 0 || spent.addAndGet(count) > most.get()) {
            throw exceeded(at);
        }
    }

    FormatException exceeded(ByteReader at) {
        return at.error("%s of the file exceeds the limit of %d", what, most.get());
    }
}
