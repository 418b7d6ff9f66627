package dev.faultline.search;

import dev.faultline.search.Value.Comparison;
import dev.faultline.search.Value.Literal;
import dev.faultline.search.Value.Range;
import dev.faultline.search.Value.Wildcard;
import java.util.List;

/** What a field's values are, and thereby what they are compared with. */
public sealed interface Kind {

    /** Whether a value is one of this kind. */
    boolean takes(Value value);

    /** What it takes, in words. */
    String wanted();

    /** Any text. */
    record Name() implements Kind {
        @Override
        public boolean takes(Value value) {
            return switch (value) {
                case Literal _, Wildcard _ -> true;
                case Comparison _, Range _ -> false;
            };
        }

        @Override
        public String wanted() {
            return "a name, * for any part of it";
        }
    }

    /** The number of a thing behind its letter, such as {@code C-12}. */
    record Id(String prefix) implements Kind {
        @Override
        public boolean takes(Value value) {
            return switch (value) {
                case Literal(String text) ->
                    text.startsWith(prefix) && text.substring(prefix.length()).matches("[1-9][0-9]{0,17}");
                case Wildcard _, Comparison _, Range _ -> false;
            };
        }

        @Override
        public String wanted() {
            return "an id such as " + prefix + "12";
        }
    }

    /** One of a few labels. */
    record Choice(List<String> labels) implements Kind {
        public Choice {
            labels = List.copyOf(labels);
        }

        @Override
        public boolean takes(Value value) {
            return switch (value) {
                case Literal literal -> labels.contains(literal.text());
                case Wildcard wildcard -> labels.stream().anyMatch(wildcard::matches);
                case Comparison _, Range _ -> false;
            };
        }

        @Override
        public String wanted() {
            return "one of " + String.join(", ", labels);
        }
    }

    /** A version, in the order of {@link Versions}. */
    record Version() implements Kind {
        @Override
        public boolean takes(Value value) {
            return true;
        }

        @Override
        public String wanted() {
            return "a version such as 2.4.0, 2.4.*, >=2.4 or 2.4..2.6";
        }
    }

    /** A count. */
    record Count() implements Kind {
        @Override
        public boolean takes(Value value) {
            return Numbers.of(value) != null;
        }

        @Override
        public String wanted() {
            return "a number such as 10, >10 or 10..20";
        }
    }

    /** A time, or how long ago it is. */
    record Time() implements Kind {
        @Override
        public boolean takes(Value value) {
            return Times.understands(value);
        }

        @Override
        public String wanted() {
            return "an age such as <7d or >12h, or a day such as >=2026-03-01 or 2026-03-01..2026-03-31";
        }
    }
}
