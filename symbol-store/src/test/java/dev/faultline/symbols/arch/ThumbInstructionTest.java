package dev.faultline.symbols.arch;

import static dev.faultline.symbols.arch.ThumbInstruction.Access.LOAD;
import static dev.faultline.symbols.arch.ThumbInstruction.Access.NONE;
import static dev.faultline.symbols.arch.ThumbInstruction.Access.STORE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThumbInstructionTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "'ldr r3, [r1, #0]', 680b, 0",
        "'ldr r4, [pc, #12]', 4c03, 0",
        "'ldrsh r2, [r0, r1]', 5e42, 0",
        "'ldrb r0, [r4, #1]', 7860, 0",
        "'ldrh r3, [r3, #2]', 885b, 0",
        "'ldmia r1!, {r2, r3}', c90c, 0",
        "'pop {r4, pc}', bd10, 0",
        "'ldr.w r3, [r2, r3, lsl #2]', f852, 3023",
        "'ldrd r0, r1, [r3]', e9d3, 0100",
        "'ldmia.w r4, {r0, r1}', e894, 0003",
        "'ldrex r0, [r1]', e851, 0f00",
        "'vldr s15, [r3]', edd3, 7a00"
    })
    void loads(String assembly, String first, String second) {
        assertThat(access(first, second)).as(assembly).isEqualTo(LOAD);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "'str r3, [r0, #0]', 6003, 0",
        "'strh r2, [r0, r1]', 5242, 0",
        "'strb r2, [r3, #27]', 76da, 0",
        "'str r0, [sp, #8]', 9002, 0",
        "'stmia r0!, {r1-r7}', c0fe, 0",
        "'push {r3, lr}', b508, 0",
        "'str.w r0, [r1, #4]', f8c1, 0004",
        "'strd r0, r1, [r3]', e9c3, 0100",
        "'stmdb sp!, {r4-r11, lr}', e92d, 4ff0",
        "'vstr s15, [r3]', edc3, 7a00"
    })
    void stores(String assembly, String first, String second) {
        assertThat(access(first, second)).as(assembly).isEqualTo(STORE);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "'movs r0, #7', 2007, 0",
        "'blx r3', 4798, 0",
        "'cbz r4, …', b114, 0",
        "'udf #255', deff, 0",
        "'sdiv r0, r0, r1', fb90, f0f1",
        "'bl …', f7ff, ffe6",
        "'sub sp, #200', b0b2, 0"
    })
    void othersTouchNoMemory(String assembly, String first, String second) {
        assertThat(access(first, second)).as(assembly).isEqualTo(NONE);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "'62e: bhi.n 63e', 62e, d806, 0, 63e",
        "'666: bne.n 650', 666, d1f3, 0, 650",
        "'9a2: b.n 9a2', 9a2, e7fe, 0, 9a2",
        "'1000: b.w 0', 1000, f7fe, bffe, 0",
        "'1000: beq.w 800', 1000, f43f, abfe, 800"
    })
    void aBranchKnowsWhereItGoes(String assembly, String at, String first, String second, String target) {
        assertThat(ThumbInstruction.branchTarget(hex(at), hex(first), hex(second)))
                .as(assembly)
                .hasValue(hex(target));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"'bl …', f7ff, ffe6", "'udf', deff, 0", "'svc', df00, 0", "'ldr', 680b, 0"})
    void othersAreNoBranches(String assembly, String first, String second) {
        assertThat(ThumbInstruction.branchTarget(0x1000, hex(first), hex(second)))
                .as(assembly)
                .isEmpty();
    }

    private static ThumbInstruction.Access access(String first, String second) {
        return ThumbInstruction.decode(hex(first), hex(second)).access();
    }

    private static int hex(String digits) {
        return Integer.parseInt(digits, 16);
    }
}
