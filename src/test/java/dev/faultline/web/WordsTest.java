package dev.faultline.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {

    @Test
    void aNameThatFitsOnALineStaysWhole() {
        assertThat(Words.shortened("net::wire::Packet::of(unsigned int)"))
                .isEqualTo("net::wire::Packet::of(unsigned int)");
    }

    @Test
    void aLongNameKeepsHowItBeginsAndHowItEnds() {
        String name = "std::_Rb_tree<" + "std::pair<int const, std::string>, ".repeat(20) + ">::_M_insert_unique(int&&)";

        assertThat(Words.shortened(name))
                .startsWith("std::_Rb_tree<std::pair<int const")
                .contains(" … ")
                .endsWith(">::_M_insert_unique(int&&)")
                .hasSizeLessThanOrEqualTo(200);
    }

    @Test
    void aCharacterOfTwoHalvesIsNotCutInTwo() {
        assertThat(Words.shortened("\uD83D\uDE00".repeat(300)).chars().filter(c -> c != ' ' && c != '…'))
                .hasSize(190);
        assertThat(Words.shortened("a" + "\uD83D\uDE00".repeat(300)).codePoints())
                .noneMatch(point -> point < 0x1_0000 && Character.isSurrogate((char) point));
    }
}
