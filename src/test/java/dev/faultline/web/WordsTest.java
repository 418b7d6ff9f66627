package dev.faultline.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void aDirectoryIsShownWithoutItsDetours() {
        assertThat(Words.directory("/home/p/newlib/build/arm/thumb/../../../libc/machine/arm/"))
                .isEqualTo("/home/p/newlib/libc/machine/arm/");
        assertThat(Words.directory("a/../b/")).isEqualTo("b/");
    }

    @Test
    void stepsThatLeadOutStay() {
        assertThat(Words.directory("../../src/")).isEqualTo("../../src/");
        assertThat(Words.directory("/../src/")).isEqualTo("/../src/");
        assertThat(Words.directory("a/../../src/")).isEqualTo("../src/");
        assertThat(Words.directory("src/./x/")).isEqualTo("src/./x/");
    }
}
