package dev.faultline.symbols.fault;

/** A bit of the Configurable Fault Status Register (ARMv7-M B3.2.15, STKOF: ARMv8-M), with what it tells a person. */
enum FaultBit {
    IACCVIOL(0, "code was to be run from memory that the MPU or the memory map forbids to execute"),
    DACCVIOL(1, "a load or store hit memory that the MPU forbids"),
    MUNSTKERR(3, "the MPU blocked the return from an exception: the thread's stack is wrong or was changed"),
    MSTKERR(4, "the MPU blocked the push of registers when the exception began: usually a stack overflow"),
    MLSPERR(5, "the MPU blocked the delayed saving of floating-point registers"),
    MMARVALID(7, "MMFAR holds the address"),
    IBUSERR(8, "fetching an instruction failed on the bus: there is no memory at the pc"),
    PRECISERR(9, "a load or store at the pc failed on the bus"),
    IMPRECISERR(10, "a buffered store some instructions before the pc failed on the bus"),
    UNSTKERR(11, "the bus failed at the return from an exception: the stack pointer is wrong"),
    STKERR(12, "the bus failed at the push of registers when the exception began: the stack pointer left RAM"),
    LSPERR(13, "the bus failed at the delayed saving of floating-point registers"),
    BFARVALID(15, "BFAR holds the address"),
    UNDEFINSTR(16, "the instruction is not defined on this processor"),
    INVSTATE(17, "code was to be run with the Thumb bit clear"),
    INVPC(18, "the return from an exception found an illegal EXC_RETURN or a damaged frame"),
    NOCP(19, "an instruction for the FPU or a coprocessor that is off or absent"),
    STKOF(20, "the hardware stack limit was passed"),
    UNALIGNED(24, "an unaligned access that the processor traps"),
    DIVBYZERO(25, "an integer division by zero");

    private final int bit;
    private final String meaning;

    FaultBit(int bit, String meaning) {
        this.bit = bit;
        this.meaning = meaning;
    }

    boolean isSet(long cfsr) {
        return (cfsr >>> bit & 1) != 0;
    }

    String meaning() {
        return name() + ": " + meaning;
    }
}
