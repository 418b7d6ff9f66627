package dev.faultline.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fingerprint.ProjectRules;
import java.util.regex.Pattern;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class ExactPatternTest {

    @Property
    void aPatternFitsItsText(@ForAll @StringLength(max = 149) String text) {
        assertThat(Pattern.compile(ExactPattern.of(text)).matcher(text).matches())
                .isTrue();
    }

    @Test
    void onlyWhatAPatternTakesForSomethingElseIsQuoted() {
        assertThat(ExactPattern.of("ns::Queue<T>::push@a.c")).isEqualTo("ns::Queue<T>::push@a\\.c");
        assertThat(ExactPattern.of("operator()")).isEqualTo("operator\\(\\)");
        assertThat(ExactPattern.of("\\E.*")).isEqualTo("\\\\E\\.\\*");
        assertThat("abc").doesNotMatch(ExactPattern.of("a.c"));
    }

    @Test
    void aNameTooLongForARuleIsKnownByItsBeginning() {
        String name = "f(".repeat(500);

        String pattern = ExactPattern.of(name);

        assertThat(pattern.length()).isLessThanOrEqualTo(ProjectRules.LONGEST_TEXT);
        assertThat(pattern).endsWith(".*");
        assertThat(name).matches(pattern);
        assertThat(ExactPattern.of("x".repeat(ProjectRules.LONGEST_TEXT))).doesNotEndWith(".*");
    }

    @Test
    void aFileIsKnownByItsNameWhereverItIs() {
        Pattern pattern = Pattern.compile(ExactPattern.ofFile("run.c"));

        assertThat("run.c").containsPattern(pattern);
        assertThat("/build/src/run.c").containsPattern(pattern);
        assertThat("C:\\src\\run.c").containsPattern(pattern);
        assertThat("/build/prerun.c").doesNotContainPattern(pattern);
        assertThat("/build/run.cc").doesNotContainPattern(pattern);
        assertThat(ExactPattern.ofFile("x".repeat(900)).length()).isLessThanOrEqualTo(ProjectRules.LONGEST_TEXT);
    }
}
