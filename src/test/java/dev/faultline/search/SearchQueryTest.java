package dev.faultline.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.search.Value.Comparison;
import dev.faultline.search.Value.Literal;
import dev.faultline.search.Value.Range;
import dev.faultline.search.Value.Wildcard;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SearchQueryTest {
    private static final Instant NOW = Instant.parse("2026-06-15T12:00:00Z");

    @SuppressWarnings("ImmutableEnumChecker") // the lists of a kind are copies
    private enum Of implements Field {
        release(new Kind.Version()),
        fn(new Kind.Name()),
        reason(new Kind.Choice(List.of("assert", "panic"))),
        devices(new Kind.Count()),
        seen(new Kind.Time()),
        cluster(new Kind.Id("C-"));

        private final Kind kind;

        Of(Kind kind) {
            this.kind = kind;
        }

        @Override
        public String label() {
            return name();
        }

        @Override
        public Kind kind() {
            return kind;
        }
    }

    private static SearchQuery<Of> parse(String text) {
        return SearchQuery.parse(text, Arrays.asList(Of.values()));
    }

    @Test
    void termsAreWordsAndFields() {
        assertThat(parse("release:2.4.* -reason:assert fn:\"operator new\" devices:>10 queue -\"a: b\"")
                        .terms())
                .containsExactly(
                        new Term.About<>(false, Of.release, new Wildcard("2.4.*")),
                        new Term.About<>(true, Of.reason, new Literal("assert")),
                        new Term.About<>(false, Of.fn, new Literal("operator new")),
                        new Term.About<>(false, Of.devices, new Comparison(Operator.ABOVE, "10")),
                        new Term.Word<>(false, new Literal("queue")),
                        new Term.Word<>(true, new Literal("a: b")));
        assertThat(parse("release:2.4..2.6 seen:<=7d fn:std::vector* \\x").terms())
                .containsExactly(
                        new Term.About<>(false, Of.release, new Range("2.4", "2.6")),
                        new Term.About<>(false, Of.seen, new Comparison(Operator.AT_MOST, "7d")),
                        new Term.About<>(false, Of.fn, new Wildcard("std::vector*")),
                        new Term.Word<>(false, new Literal("\\x")));
        assertThat(parse(" \t ")).isEqualTo(SearchQuery.everything());
    }

    @Test
    void whatIsWrongIsSaidWithItsPlace() {
        assertWrong("queue colour:red", "at 7: found colour:, wanted one of release:, fn:, reason:");
        assertWrong("devices:many", "at 9: found many, wanted a number such as 10, >10 or 10..20");
        assertWrong("reason:", "at 8: found the end, wanted one of assert, panic");
        assertWrong("reason:sadness", "at 8: found sadness, wanted one of assert, panic");
        assertWrong("release:>2.*", "at 10: found 2.*, wanted a value without *");
        assertWrong("release:1..", "at 12: found the end, wanted the end of the range");
        assertWrong("fn:\"open", "at 4: found \"open, wanted a second quote");
        assertWrong("seen:<yesterday", "at 6: found <yesterday, wanted an age such as <7d");
        assertWrong("seen:7d", "at 6: found 7d, wanted an age");
        assertWrong("seen:>2026-02-30", "at 6: found >2026-02-30, wanted an age");
        assertWrong("cluster:12", "at 9: found 12, wanted an id such as C-12");
        assertWrong("- queue", "at 2: found  queue, wanted a word or a field behind -");
        assertWrong("a\0b", "at 2: found U+0000");
        assertWrong("x".repeat(501), "at 501: found 501 characters, wanted at most 500");
        assertWrong("x ".repeat(31), "at 61: found another term, wanted at most 30");
    }

    private static void assertWrong(String text, String message) {
        assertThatThrownBy(() -> parse(text))
                .isInstanceOf(SearchException.class)
                .hasMessageStartingWith(message);
    }

    @Property(tries = 20_000)
    void anyTextIsAQueryThatPrintsAsItselfOrATypedError(@ForAll("texts") String text) {
        try {
            SearchQuery<Of> query = parse(text);
            assertThat(parse(query.toString())).isEqualTo(query);
        } catch (SearchException e) {
            if (e.wanted().startsWith("at most")) {
                return; // quotes make a long text longer
            }
            assertThat(e.position()).isBetween(0, text.length());
            assertThatThrownBy(() -> parse(text)).hasMessage(e.getMessage());
        }
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.of(
                "release:",
                "fn:",
                "reason:assert",
                "devices:",
                "seen:",
                "cluster:C-1",
                "-",
                "\"",
                "\\",
                "*",
                "..",
                ".",
                "<",
                ">=",
                ":",
                " ",
                "\u2003",
                "2.4",
                "7d",
                "2026-03-01",
                "a",
                "10",
                "_",
                "%");
        return Arbitraries.oneOf(
                pieces.list().ofMaxSize(12).map(list -> String.join("", list)),
                Arbitraries.strings().ofMaxLength(30));
    }

    @Property
    void everyQueryThatCanBeWrittenIsReadAgain(@ForAll("values") Value value, @ForAll boolean negated) {
        var query = new SearchQuery<Of>(List.of(new Term.About<>(negated, Of.release, value)));
        assertThat(parse(query.toString())).isEqualTo(query);
    }

    @Provide
    Arbitrary<Value> values() {
        Arbitrary<String> texts = Arbitraries.strings().all().excludeChars('\0').ofMaxLength(20);
        return Arbitraries.oneOf(
                texts.map(Literal::new),
                texts.map(text -> new Comparison(Operator.AT_MOST, text)),
                texts.flatMap(from -> texts.map(to -> new Range(from, to))));
    }

    @Property
    void aStarStandsForAnything(
            @ForAll("letters") String one, @ForAll("letters") String other, @ForAll("letters") String third) {
        assertThat(new Wildcard(one + "*" + third).matches(one + other + third)).isTrue();
        assertThat(new Wildcard("*" + other + "*").matches(one + other + third)).isTrue();
        assertThat(new Wildcard(one + "x*" + third).matches(one + "y" + third)).isFalse();
    }

    @Provide
    Arbitrary<String> letters() {
        return Arbitraries.strings().withChars("ab%_").ofMaxLength(6);
    }

    @Test
    void aPatternForLikeKeepsItsOtherCharacters() {
        assertThat(new Wildcard("a_b%c\\*").like()).isEqualTo("a\\_b\\%c\\\\%");
    }

    @Test
    void versionsAreOrderedByTheirNumbers() {
        var versions = List.of("10.0.0", "2.10.0", "2.10.0-rc1", "2.4", "2.4.0", "2.9.1+build7", "v3", "2.10.0-rc.2");
        assertThat(versions.stream().sorted(Versions.ORDER).toList())
                .containsExactly("2.4", "2.4.0", "2.9.1+build7", "2.10.0-rc1", "2.10.0-rc.2", "2.10.0", "10.0.0", "v3");
        assertThat(Versions.matches(new Range("2.4", "2.6"), "2.5.9")).isTrue();
        assertThat(Versions.matches(new Range("2.4", "2.6"), "2.6.1")).isFalse();
        assertThat(Versions.matches(new Comparison(Operator.ABOVE, "2.9"), "2.10"))
                .isTrue();
    }

    @Property
    void theOrderOfVersionsIsOne(
            @ForAll("versions") String one, @ForAll("versions") String other, @ForAll("versions") String third) {
        assertThat(Integer.signum(Versions.ORDER.compare(one, other)))
                .isEqualTo(-Integer.signum(Versions.ORDER.compare(other, one)));
        if (Versions.ORDER.compare(one, other) <= 0 && Versions.ORDER.compare(other, third) <= 0) {
            assertThat(Versions.ORDER.compare(one, third)).isNotPositive();
        }
    }

    @Provide
    Arbitrary<String> versions() {
        return Arbitraries.strings().withChars("019.-ar+v").ofMaxLength(8);
    }

    @Test
    void agesLookBackAndDaysAreWhole() {
        assertThat(times("<7d").from()).isEqualTo("2026-06-08T12:00:00Z");
        assertThat(times(">2w").until()).isEqualTo("2026-06-01T12:00:00Z");
        assertThat(times("1d..2d"))
                .isEqualTo(new Times(Instant.parse("2026-06-13T12:00:00Z"), Instant.parse("2026-06-14T12:00:00Z")));
        assertThat(times(">2026-06-01").from()).isEqualTo("2026-06-02T00:00:00Z");
        assertThat(times("<=2026-06-01").until()).isEqualTo("2026-06-02T00:00:00Z");
        assertThat(times("2026-06-01").from()).isEqualTo("2026-06-01T00:00:00Z");
        assertThat(times("<2026-06-01T10:00:00Z").until()).isEqualTo("2026-06-01T10:00:00Z");
    }

    private static Times times(String value) {
        var term = (Term.About<Of>) parse("seen:" + value).terms().getFirst();
        return Times.of(term.value(), NOW);
    }
}
