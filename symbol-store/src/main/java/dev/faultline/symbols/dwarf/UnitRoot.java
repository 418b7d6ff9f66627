package dev.faultline.symbols.dwarf;

import org.jspecify.annotations.Nullable;

/**
 * What the root entry of a unit says for the whole unit.
 *
 * @param tag {@code DW_TAG_…} of the root; 0 where it is broken
 * @param language {@code DW_LANG_…}; 0: not said
 * @param name handle of the source file's name
 * @param directory handle of the directory of compilation
 * @param producer handle of the compiler's name
 * @param lowPc what offsets of range lists count from
 * @param statementList offset of the line table; -1: none
 * @param stringOffsetsBase where the unit's part of {@code .debug_str_offsets} begins
 * @param addressBase where its part of {@code .debug_addr} begins
 * @param rangeListsBase where its part of {@code .debug_rnglists} begins
 * @param gnuRangesBase what offsets into {@code .debug_ranges} of its split unit count from
 * @param dwoName handle of the name of the file that has the rest of the unit
 * @param dwoId which unit of that file
 * @param failure why the root can not be read; null where it can
 */
record UnitRoot(
        int tag,
        int language,
        long name,
        long directory,
        long producer,
        long lowPc,
        long statementList,
        long stringOffsetsBase,
        long addressBase,
        long rangeListsBase,
        long gnuRangesBase,
        long dwoName,
        long dwoId,
        @Nullable String failure) {

    static UnitRoot broken(String failure) {
        return new UnitRoot(
                0,
                0,
                DebugTexts.NONE,
                DebugTexts.NONE,
                DebugTexts.NONE,
                0,
                -1,
                0,
                0,
                0,
                0,
                DebugTexts.NONE,
                0,
                failure);
    }
}
