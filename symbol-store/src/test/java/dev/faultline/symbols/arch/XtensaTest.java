package dev.faultline.symbols.arch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class XtensaTest {
    private final Xtensa xtensa = new Xtensa();

    @Test
    void aReturnAddressHasTheSizeOfItsCallOnTop() {
        assertThat(Xtensa.returnAddress(0x800d_5678L, 0x4008_0000L)).isEqualTo(0x400d_5678L);
        assertThat(xtensa.instructionAddress(0xc00d_5678L)).isEqualTo(0x400d_5678L);
    }

    @Test
    void callsAreToldFromOtherInstructions() {
        assertThat(xtensa.endsWithCall(0x00_0025)).as("CALL8").isTrue();
        assertThat(xtensa.endsWithCall(0x00_0005)).as("CALL0").isTrue();
        assertThat(xtensa.endsWithCall(0x00_08e0)).as("CALLX8 a8").isTrue();
        assertThat(xtensa.endsWithCall(0x00_00c0)).as("CALLX0 a0").isTrue();
        assertThat(xtensa.endsWithCall(0x00_0090)).as("RETW").isFalse();
        assertThat(xtensa.endsWithCall(0x00_4136)).as("ENTRY").isFalse();
        assertThat(xtensa.endsWithCall(0x00_20f0)).as("NOP").isFalse();
    }

    @Test
    void theTargetOfACallIsCountedFromTheAlignedWord() {
        // call8 at 0x400d0005 with offset 4 words: (0x400d0004) + 4 * 4 + 4
        assertThat(xtensa.callTarget(0x400d_0008L, 4 << 6 | 0x25)).hasValue(0x400d_0018L);
        assertThat(xtensa.callTarget(0x400d_0008L, (0x3fffe << 6 | 0x25) & 0xff_ffff))
                .as("backwards")
                .hasValue(0x400d_0000L);
        assertThat(xtensa.callTarget(0x400d_0008L, 0x00_08e0))
                .as("through a register")
                .isEmpty();
    }

    @Test
    void aNewTaskReturnsNowhere() {
        assertThat(xtensa.returnToken(0)).isInstanceOf(ReturnToken.Outermost.class);
    }
}
