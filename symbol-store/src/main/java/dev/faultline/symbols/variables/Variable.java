package dev.faultline.symbols.variables;

import java.util.OptionalLong;

/**
 * A variable and what it held.
 *
 * @param type as the source would write it
 * @param line of its declaration; 0 where it is not said
 * @param address where it is in memory; empty for one that is not there
 */
public record Variable(String name, String type, int line, OptionalLong address, Value value) {}
