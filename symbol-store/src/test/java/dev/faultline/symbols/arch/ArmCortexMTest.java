package dev.faultline.symbols.arch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ArmCortexMTest {
    private final ArmCortexM arm = new ArmCortexM();

    @Test
    void aCallIsABranchWithLinkOfFourBytesOrOneThroughARegisterOfTwo() {
        assertThat(arm.endsWithCall(0xfba7_f001L))
                .as("bl 20f0 <faultline_crash>")
                .isTrue();
        assertThat(arm.endsWithCall(0xffe6_f7ffL)).as("bl backwards").isTrue();
        assertThat(arm.endsWithCall(0x4798_695bL)).as("ldr r3, …; blx r3").isTrue();
    }

    @Test
    void jumpsAndHalfCallsAreNoCalls() {
        assertThat(arm.endsWithCall(0x4718_0000L)).as("bx r3").isFalse();
        assertThat(arm.endsWithCall(0xbba7_f001L)).as("b.w").isFalse();
        assertThat(arm.endsWithCall(0xf001_fba7L))
                .as("second half of a bl, then a first half")
                .isFalse();
        assertThat(arm.endsWithCall(0)).isFalse();
    }

    @Test
    void theTargetOfACallIsRelativeToTheInstructionBehindIt() {
        // 99e: f001 fba7  bl 20f0
        assertThat(arm.callTarget(0x9a2, 0xfba7_f001L)).hasValue(0x20f0);
        // 1410: f7ff ffe6  bl 13e0
        assertThat(arm.callTarget(0x1414, 0xffe6_f7ffL)).hasValue(0x13e0);
        assertThat(arm.callTarget(0x99a, 0x4798_695bL)).as("blx r3").isEmpty();
    }

    @Test
    void aLinkRegisterIsAnAddressOrAToken() {
        assertThat(arm.returnToken(0x0000_0639)).isInstanceOf(ReturnToken.Address.class);
        assertThat(arm.returnToken(0)).isInstanceOf(ReturnToken.Outermost.class);
        assertThat(arm.returnToken(0xffff_ffffL)).isInstanceOf(ReturnToken.Outermost.class);
        assertThat(arm.returnToken(0xfeff_ffffL)).isInstanceOf(ReturnToken.Unsupported.class);
        assertThat(arm.returnToken(0xffff_fffdL))
                .isEqualTo(new ReturnToken.FromException(new ExceptionReturn(0xffff_fffdL)));
    }

    @Test
    void anExceptionReturnNamesTheStackTheModeAndTheFrame() {
        var threadOnPsp = new ExceptionReturn(0xffff_fffdL);
        assertThat(threadOnPsp.onProcessStack()).isTrue();
        assertThat(threadOnPsp.toThread()).isTrue();
        assertThat(threadOnPsp.frameBytes()).isEqualTo(0x20);

        var handlerWithFloats = new ExceptionReturn(0xffff_ffe1L);
        assertThat(handlerWithFloats.onProcessStack()).isFalse();
        assertThat(handlerWithFloats.toThread()).isFalse();
        assertThat(handlerWithFloats.frameBytes()).isEqualTo(0x68);
    }

    @Test
    void onlyASecureStackMayHoldTheCalleeSavedRegistersToo() {
        assertThat(new ExceptionReturn(0xffff_fffdL).hasCalleeFrame())
                .as("ARMv7-M")
                .isFalse();
        assertThat(new ExceptionReturn(0xffff_ffbcL).hasCalleeFrame())
                .as("ARMv8-M, non-secure stack")
                .isFalse();
        assertThat(new ExceptionReturn(0xffff_fffcL).hasCalleeFrame())
                .as("ARMv8-M, secure stack, non-secure exception")
                .isTrue();
    }

    @Test
    void codeCanNotRunInPeripheralsAndSystemRegisters() {
        assertThat(arm.mayExecute(0x0800_0000)).isTrue();
        assertThat(arm.mayExecute(0x2000_0000)).as("code in RAM").isTrue();
        assertThat(arm.mayExecute(0x4000_0000)).isFalse();
        assertThat(arm.mayExecute(0x9000_0000L)).as("external flash").isTrue();
        assertThat(arm.mayExecute(0xe000_ed00L)).isFalse();
    }
}
