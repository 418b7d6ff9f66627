package dev.faultline.search;

/**
 * One condition.
 *
 * @param <F> the fields of the list
 */
public sealed interface Term<F extends Field> {

    /** Whether what fits is left out. */
    boolean negated();

    Value value();

    /** Something that stands in the row's text. */
    record Word<F extends Field>(boolean negated, Value value) implements Term<F> {
        @Override
        public String toString() {
            return (negated ? "-" : "") + value;
        }
    }

    /** What a field has to be. */
    record About<F extends Field>(boolean negated, F field, Value value) implements Term<F> {
        @Override
        public String toString() {
            return (negated ? "-" : "") + field.label() + ":" + value;
        }
    }
}
