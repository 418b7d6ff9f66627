package dev.faultline.web;

import java.util.List;

/** The commands that empty pages tell. */
final class Commands {
    private static final String SYMBOLS = "./faultline symbols upload --software main-fw --version 1.0.0 firmware.elf";
    private static final String CRASH = "./faultline crash upload --device node-1 crash.core";

    private Commands() {}

    static List<String> firstCrash() {
        return List.of(SYMBOLS, CRASH);
    }

    static List<String> firstSymbols() {
        return List.of(SYMBOLS);
    }
}
