package dev.faultline.symbols.variables;

/**
 * How much of a value is shown, and how much work that may be.
 *
 * @param depth deepest nesting of structures and arrays in one value
 * @param elements most elements of one array, and most members of one structure
 * @param characters longest string
 * @param pointers how many pointers in a row are followed to show what they point to
 * @param values most single values of one variable
 * @param bytes most bytes of one variable; the rest of a larger one is not read
 * @param variables most variables of one frame
 * @param frames most frames of one thread that have their variables shown
 * @param work most bytes of debugging information read for one crash
 * @param globals most globals that one answer lists
 * @param memoryBytes most bytes of memory in one answer
 */
public record ValueLimits(
        int depth,
        int elements,
        int characters,
        int pointers,
        int values,
        int bytes,
        int variables,
        int frames,
        long work,
        int globals,
        int memoryBytes) {

    public static final ValueLimits DEFAULT =
            new ValueLimits(8, 64, 200, 1, 256, 1 << 16, 256, 32, 64L << 20, 1_000, 1 << 16);
}
