package dev.faultline.symbols.report;

import org.jspecify.annotations.Nullable;

/**
 * A global variable and what it held.
 *
 * @param image which image it is of
 * @param file where it is declared; empty where nobody says
 * @param line from 1 on; 0 where nobody says
 * @param address in the crashed address space; null for what has no memory
 */
public record GlobalReport(
        String image, String file, int line, @Nullable String address, VariableReport variable) {}
