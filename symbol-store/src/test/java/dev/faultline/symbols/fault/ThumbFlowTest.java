package dev.faultline.symbols.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Code at address 0, a halfword at a time; instructions as {@code objdump} writes them. */
class ThumbFlowTest {

    @Test
    void aBlockBehindTheReturnThatJumpsBackIsNoWayToItself() {
        var flow = flow(
                0xd001, // 0: beq.n 6
                0x2000, // 2: movs r0, #0
                0x4770, // 4: bx lr
                0x2001, // 6: movs r0, #1
                0xe7fb); // 8: b.n 2

        assertThat(flow.reaches(2, 6)).isFalse();
        assertThat(flow.reaches(0, 6)).isTrue();
    }

    @Test
    void theBodyOfALoopLeadsToItself() {
        var flow = flow(
                0x3801, // 0: subs r0, #1
                0xd1fd, // 2: bne.n 0
                0x4770); // 4: bx lr

        assertThat(flow.reaches(0, 2)).isTrue();
    }

    @Test
    void aReturnUnderAConditionLetsTheFlowGoOn() {
        var flow = flow(
                0xbf08, // 0: it eq
                0x4770, // 2: bxeq lr
                0x2001, // 4: movs r0, #1
                0xe7fb); // 6: b.n 0

        assertThat(flow.reaches(0, 6)).isTrue();
    }

    @Test
    void theConditionOfAnItBlockEndsWithItsLastInstruction() {
        var flow = flow(
                0xbf0c, // 0: ite eq
                0x2000, // 2: moveq r0, #0
                0x2001, // 4: movne r0, #1
                0x4770, // 6: bx lr
                0xe7fa); // 8: b.n 0

        assertThat(flow.reaches(0, 8)).isFalse();
    }

    @Test
    void aCompareAndBranchIsOneWayOfTwo() {
        var flow = flow(
                0xb108, // 0: cbz r0, 6
                0x2000, // 2: movs r0, #0
                0x4770, // 4: bx lr
                0xe7fb); // 6: b.n 0

        assertThat(flow.reaches(0, 6)).isTrue();
        assertThat(flow.reaches(2, 6)).isFalse();
    }

    @Test
    void aTableBranchMayLeadAnywhere() {
        var flow = flow(
                0xe8df, 0xf001, // 0: tbb [pc, r1]
                0x0402, // 4: offsets
                0x4770, // 6: bx lr
                0xe7fa); // 8: b.n 0

        assertThat(flow.reaches(0, 8)).isTrue();
    }

    private static ThumbFlow flow(int... halfwords) {
        int[] code = Arrays.copyOf(halfwords, halfwords.length);
        return new ThumbFlow(
                address -> address >= 0 && address / 2 < code.length
                        ? OptionalLong.of(code[(int) address / 2])
                        : OptionalLong.empty(),
                0,
                2L * code.length);
    }
}
