package dev.faultline.symbols.arch;

import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalLong;

/** A kind of processor whose crashes can be read. Register numbers are those of DWARF. */
public sealed interface Architecture permits ArmCortexM {

    /** As shown, stored and sent. */
    String label();

    ByteOrder byteOrder();

    /** Bytes of an address and of a general register. */
    int wordBytes();

    /** Names in the order in which people list them; the index is the register's number. */
    List<String> registerNames();

    int stackPointer();

    int linkRegister();

    int programCounter();

    /** The register that compilers base a frame on when its size is not fixed or nothing is optimised. */
    int framePointer();

    /** Whether the ABI lets a caller rely on the register after a call; call frame information leaves such rules out. */
    boolean isCalleeSaved(int register);

    /** The address of the instruction that a code pointer names. */
    long instructionAddress(long pointer);

    /** Whether a word has the form of a return address, wherever it points. */
    boolean mayBeReturnAddress(long word);

    /** Whether the processor can run code there at all, whatever the image looks like. */
    boolean mayExecute(long address);

    /** Most bytes of a call instruction. */
    int callBytes();

    /**
     * Whether the bytes before a return address are a call.
     *
     * @param before the last {@link #callBytes} bytes before it as one integer in the processor's byte order
     */
    boolean endsWithCall(long before);

    /**
     * Where the call before a return address goes; empty for a call through a register and for no call at all.
     *
     * @param before as for {@link #endsWithCall}
     */
    OptionalLong callTarget(long returnAddress, long before);

    /** What a word in the place of a return address stands for when it is no address. */
    ReturnToken returnToken(long word);
}
