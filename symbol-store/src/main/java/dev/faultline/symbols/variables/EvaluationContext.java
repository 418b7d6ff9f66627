package dev.faultline.symbols.variables;

import dev.faultline.symbols.bytes.Limits;
import dev.faultline.symbols.dwarf.Entry;
import dev.faultline.symbols.dwarf.Unit;
import java.nio.ByteOrder;

/** What an expression may ask for; what is not known is a {@link NoValue}. */
interface EvaluationContext {

    Limits limits();

    /** Counts work against the budget of the crash. */
    void spend(long work);

    ByteOrder order();

    /** Bytes of an address. */
    int wordBytes();

    /** The program counter of the frame, as linked; of a global, none that any list covers. */
    long pc();

    long register(int number);

    /** A value that may be in several registers in a row. */
    byte[] registerBytes(int number, int size);

    long frameBase();

    long cfa();

    /** An address as linked as that in memory. */
    long relocated(long address);

    long load(long address, int size);

    /** The address of the object whose bound or location is computed. */
    long objectAddress();

    /** What an expression, mostly a register alone, was when the function was entered. */
    Operand entryValue(byte[] expression);

    /** What a parameter was when the function was entered. */
    Operand parameterValue(Entry parameter);

    /** The value of a variable of the same frame. */
    Operand variableValue(Entry variable);

    /** An entry by its offset in the section of the unit. */
    Entry entry(Unit unit, long offset);

    Type.Base baseType(Unit unit, long offset);
}
