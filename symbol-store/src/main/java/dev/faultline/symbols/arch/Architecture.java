package dev.faultline.symbols.arch;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A kind of processor whose crashes can be read. Register numbers are those of DWARF; registers that have none there, or
 * one far off, follow behind the others.
 */
public sealed interface Architecture permits ArmCortexM, Arm32, AArch64, RiscV, Xtensa, X86_64, X86 {

    /** What there is no register for. */
    int NONE = -1;

    /** As shown, stored and sent. */
    String label();

    ByteOrder byteOrder();

    /** Bytes of an address and of a general register. */
    int wordBytes();

    /** Names in the order in which people list them; the index is the register's number. */
    List<String> registerNames();

    /** How many of them, from the first on, debugging information means by their numbers; what it calls the next is another. */
    int debugRegisters();

    /** The floating-point and vector registers. */
    default FloatFile floats() {
        return FloatFile.of(this);
    }

    int stackPointer();

    /** The register in which a call leaves its return address; {@link #NONE} where that is pushed. */
    int linkRegister();

    int programCounter();

    /** The register that compilers base a frame on when its size is not fixed or nothing is optimised. */
    int framePointer();

    /** Where a function that has a frame pointer keeps its caller's; empty where the ABI does not say. */
    Optional<FrameRecord> frameRecord();

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
