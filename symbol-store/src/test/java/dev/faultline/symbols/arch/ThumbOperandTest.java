package dev.faultline.symbols.arch;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Loads and stores as an assembler encodes them. */
class ThumbOperandTest {

    @ParameterizedTest(name = "{2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "0x6003 | 0      | str r3, [r0]                 | store 4 at r0",
                "0x6fca | 0      | ldr r2, [r1, #124]           | load 4 at r1 + 124",
                "0x7143 | 0      | strb r3, [r0, #5]            | store 1 at r0 + 5",
                "0x88e3 | 0      | ldrh r3, [r4, #6]            | load 2 at r4 + 6",
                "0x5888 | 0      | ldr r0, [r1, r2]             | load 4 at r1 + r2 << 0",
                "0x5288 | 0      | strh r0, [r1, r2]            | store 2 at r1 + r2 << 0",
                "0x5688 | 0      | ldrsb r0, [r1, r2]           | load 1 at r1 + r2 << 0",
                "0x9704 | 0      | str r7, [sp, #16]            | store 4 at r13 + 16",
                "0x9dff | 0      | ldr r5, [sp, #1020]          | load 4 at r13 + 1020",
                "0xb530 | 0      | push {r4, r5, lr}            | store 12 at r13 - 12",
                "0xbd10 | 0      | pop {r4, pc}                 | load 8 at r13",
                "0xc006 | 0      | stmia r0!, {r1, r2}          | store 8 at r0",
                "0xcb07 | 0      | ldmia r3!, {r0, r1, r2}      | load 12 at r3",
                "0x4801 | 0      | ldr r0, [pc, #4]             | load 4 at r15 + 4",
                "0xf8c0 | 0x3fff | str.w r3, [r0, #4095]        | store 4 at r0 + 4095",
                "0xf898 | 0x90c8 | ldrb.w r9, [r8, #200]        | load 1 at r8 + 200",
                "0xf9b2 | 0x1003 | ldrsh.w r1, [r2, #3]         | load 2 at r2 + 3",
                "0xf851 | 0x0c08 | ldr r0, [r1, #-8]            | load 4 at r1 - 8",
                "0xf841 | 0x0d08 | str r0, [r1, #-8]!           | store 4 at r1 - 8",
                "0xf851 | 0x0b04 | ldr r0, [r1], #4             | load 4 at r1",
                "0xf851 | 0x0022 | ldr.w r0, [r1, r2, lsl #2]   | load 4 at r1 + r2 << 2",
                "0xe942 | 0x0104 | strd r0, r1, [r2, #-16]      | store 8 at r2 - 16",
                "0xe9d2 | 0x0102 | ldrd r0, r1, [r2, #8]        | load 8 at r2 + 8",
                "0xe935 | 0x0113 | ldmdb r5!, {r0, r1, r4, r8}  | load 16 at r5 - 16",
                "0xe8a8 | 0x0201 | stmia.w r8!, {r0, r9}        | store 8 at r8",
                "0xe851 | 0x0f01 | ldrex r0, [r1, #4]           | load 4 at r1 + 4",
                "0xe8c2 | 0x1f40 | strexb r0, r1, [r2]          | store 1 at r2",
                "0xe8d0 | 0xf001 | tbb [r0, r1]                 | load 1 at r0 + r1 << 0",
                "0xe8d0 | 0xf011 | tbh [r0, r1, lsl #1]         | load 2 at r0 + r1 << 1",
                "0xed91 | 0x0a02 | vldr s0, [r1, #8]            | load 4 at r1 + 8",
                "0xed01 | 0x0b02 | vstr d0, [r1, #-8]           | store 8 at r1 - 8",
                "0xed2d | 0x8a10 | vpush {s16-s31}              | store 64 at r13 - 64",
                "0xecb3 | 0x0a04 | vldmia r3!, {s0-s3}          | load 16 at r3"
            })
    void anAccessIsReadOffItsInstruction(String first, String second, String assembly, String access) {
        assertThat(ThumbOperand.of(Integer.decode(first), Integer.decode(second)))
                .as(assembly)
                .hasValueSatisfying(operand -> assertThat(words(operand)).isEqualTo(access));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x1888_0000, // adds r0, r1, r2
                0xe7fe_0000, // b .
                0xb103_0000, // cbz r3, .+4
                0xdeff_0000, // udf #255
                0xee10_0a10, // vmov r0, s0
                0xf000_f800 // bl .+4
            })
    void anythingElseReachesNoMemory(int instruction) {
        assertThat(ThumbOperand.of(instruction >>> 16, instruction & 0xffff)).isEmpty();
    }

    @Property
    void anyInstructionReachesAtMostItsRegisters(
            @ForAll @IntRange(max = 0xffff) int first, @ForAll @IntRange(max = 0xffff) int second) {
        ThumbOperand.of(first, second).ifPresent(operand -> {
            assertThat(operand.base()).isBetween(0, 15);
            assertThat(operand.bytes()).isBetween(0, 1020);
            assertThat(operand.offset()).isBetween(-4095L, 4095L);
        });
    }

    private static String words(MemoryOperand operand) {
        var offset = operand.offset() == 0
                ? ""
                : operand.offset() > 0 ? " + " + operand.offset() : " - " + -operand.offset();
        var index = operand.index().isPresent()
                ? " + r%d << %d".formatted(operand.index().getAsInt(), operand.shift())
                : "";
        return "%s %d at r%d%s%s"
                .formatted(operand.store() ? "store" : "load", operand.bytes(), operand.base(), index, offset);
    }
}
