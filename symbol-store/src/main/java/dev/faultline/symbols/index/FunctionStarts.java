package dev.faultline.symbols.index;

/** Where functions start and end, as far as unwind tables are held against them. */
interface FunctionStarts {

    boolean startsAt(long address);

    /** Where the function that starts at an address ends; 0 where none starts there. */
    long endOf(long start);
}
