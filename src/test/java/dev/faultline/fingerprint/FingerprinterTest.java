package dev.faultline.fingerprint;

import static dev.faultline.fingerprint.Reports.stack;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.report.ReasonFamily;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class FingerprinterTest {
    private static final String OTHER_BUILD = "bbbbbbbb11111111222222223333333344444444";

    private static List<String> inKey(Fingerprint fingerprint, String key) {
        return fingerprint.frames().stream()
                .filter(frame -> frame.keys().contains(key))
                .map(FingerprintFrame::name)
                .toList();
    }

    private static FingerprintFrame frame(Fingerprint fingerprint, String name) {
        return fingerprint.frames().stream()
                .filter(frame -> frame.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** A call through a pointer that leads there. */
    private static Reports jumpTo(long target) {
        return new Reports()
                .nowhere(target)
                .frame("dispatch_opcode")
                .frame("radio_task")
                .reason(ReasonFamily.BAD_JUMP);
    }

    /** A write that failed some instructions ago, noticed in that function. */
    private static Reports impreciseIn(String function) {
        return stack(function, "write_register", "storage_task")
                .thread("storage")
                .imprecise()
                .reason(ReasonFamily.BUS_IMPRECISE);
    }

    /** An interrupt that crashes while that function runs. */
    private static Fingerprint interrupting(String function) {
        return stack("push_sample", "TIMER0_Handler")
                .trust("exception")
                .frame(function)
                .fingerprint();
    }

    @Test
    void aNullDereferenceIsKeyedByItsOwnFrames() {
        var fingerprint = stack("confirm_place", "packet_confirm", "downlink_receive", "radio_task", "run_task")
                .reason(ReasonFamily.NULL_DEREF)
                .fingerprint();
        assertThat(fingerprint.signature()).isEqualTo("null-deref | confirm_place | packet_confirm | downlink_receive");
        assertThat(fingerprint.place()).isEqualTo("confirm_place.c:10");
        assertThat(fingerprint.provisional()).isFalse();
        assertThat(inKey(fingerprint, "k1")).containsExactly("confirm_place");
        assertThat(inKey(fingerprint, "k3")).containsExactly("confirm_place", "packet_confirm");
        assertThat(inKey(fingerprint, "k8"))
                .containsExactly("confirm_place", "packet_confirm", "downlink_receive", "radio_task");
        assertThat(frame(fingerprint, "run_task").part()).isEqualTo(FramePart.BASE);
        assertThat(frame(fingerprint, "run_task").rule()).isEqualTo("freertos/thread-entry");
    }

    @Test
    void anAssertBeginsBelowTheFunctionThatNoticedIt() {
        var fingerprint = stack("faultline_crash", "__assert_func", "packet_await", "transmit_packet", "radio_task")
                .reason(ReasonFamily.ASSERT)
                .message("awaited_count < 8")
                .fingerprint();
        assertThat(fingerprint.signature()).isEqualTo("assert | packet_await | transmit_packet | radio_task");
        assertThat(fingerprint.assertion()).isEqualTo("awaited_count < #");
        assertThat(frame(fingerprint, "__assert_func").part()).isEqualTo(FramePart.SENTINEL);
        assertThat(frame(fingerprint, "faultline_crash").rule()).isEqualTo("common/capture");
    }

    @Test
    void twoAssertsInOneFunctionAreTwo() {
        var one = stack("__assert_func", "packet_await", "radio_task")
                .reason(ReasonFamily.ASSERT)
                .message("count < 8")
                .fingerprint();
        var other = stack("__assert_func", "packet_await", "radio_task")
                .reason(ReasonFamily.ASSERT)
                .message("place != NULL")
                .fingerprint();
        assertThat(one.k3()).isNotEqualTo(other.k3());
    }

    @Test
    void numbersAndPathsInAnAssertDoNotSplitIt() {
        var one = stack("__assert_func", "packet_await")
                .reason(ReasonFamily.ASSERT)
                .message("/home/ci/7/radio.c:86: queue 'tx' at 0x20001234 full after 250ms");
        var other = stack("__assert_func", "packet_await")
                .reason(ReasonFamily.ASSERT)
                .message("/home/ci/8/radio.c:91: queue 'rx' at 0x20005678 full after 9ms");
        assertThat(one.fingerprint().k8()).isEqualTo(other.fingerprint().k8());
        assertThat(one.fingerprint().assertion()).isEqualTo("radio.c:#: queue \"…\" at # full after #ms");
    }

    @Test
    void plumbingIsInTheKeyTogetherWithWhoeverCalledIt() {
        var fingerprint = stack("memcpy", "read_history", "downlink_receive", "radio_task")
                .fingerprint();
        assertThat(fingerprint.signature())
                .isEqualTo("bad-access | memcpy | read_history | downlink_receive | radio_task");
        // a compiler may write its work in place, and then there is no frame
        assertThat(inKey(fingerprint, "k1")).containsExactly("read_history");
        assertThat(frame(fingerprint, "memcpy").part()).isEqualTo(FramePart.PREFIX);
        assertThat(fingerprint.k1())
                .isNotEqualTo(stack("memcpy", "write_history", "downlink_receive", "radio_task")
                        .fingerprint()
                        .k1());
    }

    @Test
    void functionsThatOnlyStartLikePlumbingAreNoPlumbing() {
        var fingerprint = stack("stream_open", "memory_check", "strobe_light").fingerprint();
        assertThat(fingerprint.frames()).extracting(FingerprintFrame::part).containsOnly(FramePart.RELEVANT);
    }

    @Test
    void inliningOrNotGivesTheSameKeys() {
        var inlined =
                new Reports().inlined("apply_gain").frame("update_reading").frame("filter_batch");
        var called = stack("apply_gain", "update_reading", "filter_batch");
        assertThat(inlined.fingerprint().k8()).isEqualTo(called.fingerprint().k8());
    }

    @Test
    void aMovedLineAnotherBuildAndAnotherDeviceGiveTheSameKeys() {
        var old = new Reports().frame("poll_radio", "/ci/1/radio.c", 10).frame("radio_task");
        var moved = new Reports().frame("poll_radio", "/ci/2/radio.c", 99).frame("radio_task");
        moved.release("1.1.0", OTHER_BUILD).of("SN-2", "rev-b");
        assertThat(moved.fingerprint().k8()).isEqualTo(old.fingerprint().k8());
        assertThat(moved.fingerprint().place()).isEqualTo("radio.c:99");
    }

    @Test
    void aGenericNameIsToldApartByItsFile() {
        var radio = new Reports().frame("init", "src/radio.c", 5).frame("boot_all");
        var sensor = new Reports().frame("init", "src/sensor.c", 5).frame("boot_all");
        assertThat(radio.fingerprint().k1()).isNotEqualTo(sensor.fingerprint().k1());
        assertThat(radio.fingerprint().signature()).isEqualTo("bad-access | init@radio.c | boot_all");
    }

    @Test
    void howDeepARecursionWentIsChance() {
        var shallow = stack("parse_group", "parse_group", "configure_all", "radio_task")
                .fingerprint();
        var deep = stack("parse_group", "parse_group", "parse_group", "parse_group", "configure_all", "radio_task")
                .fingerprint();
        assertThat(deep.k8()).isEqualTo(shallow.k8());
        assertThat(deep.signature()).isEqualTo("bad-access | parse_group ↻ | configure_all | radio_task");
        assertThat(deep.frames().get(2).part()).isEqualTo(FramePart.RECURSION);
    }

    @Test
    void aStackOverflowIsTheSameWhereverInItsCycleItStruck() {
        var one = stack("log_line", "visit_b", "visit_a", "visit_b", "visit_a", "visit_b", "visit_a", "walk_tree")
                .reason(ReasonFamily.STACK_OVERFLOW)
                .fingerprint();
        var other = stack("visit_a", "visit_b", "visit_a", "visit_b", "visit_a", "visit_b", "visit_a", "walk_tree")
                .reason(ReasonFamily.STACK_OVERFLOW)
                .fingerprint();
        assertThat(one.signature()).startsWith("stack-overflow | visit_a | visit_b ↻");
        assertThat(one.k8()).isEqualTo(other.k8());
    }

    @Test
    void aWatchdogIsKeyedByTheStuckCodeNotByItsHandler() {
        var fingerprint = stack("faultline_crash", "NMI_Handler")
                .trust("exception")
                .frame("wait_for_radio")
                .trust("cfi")
                .frame("radio_send")
                .frame("sensor_task")
                .reason(ReasonFamily.WATCHDOG)
                .fingerprint();
        assertThat(fingerprint.signature()).isEqualTo("watchdog | wait_for_radio | radio_send | sensor_task");
        var renamed = stack("capture_now", "Watchdog_Bark")
                .trust("exception")
                .frame("wait_for_radio")
                .trust("cfi")
                .frame("radio_send")
                .frame("sensor_task")
                .reason(ReasonFamily.WATCHDOG)
                .fingerprint();
        assertThat(renamed.k8()).isEqualTo(fingerprint.k8());
    }

    @Test
    void whereInsideOfAHungLoopTheWatchdogStruckIsChance() {
        var inside = stack("faultline_crash", "NMI_Handler")
                .trust("exception")
                .frame("read_clock")
                .trust("cfi");
        inside.frame("is_busy").frame("wait_for_radio").frame("radio_send").loopingIn("wait_for_radio");
        var itself = stack("faultline_crash", "NMI_Handler")
                .trust("exception")
                .frame("wait_for_radio")
                .trust("cfi");
        itself.frame("radio_send").loopingIn("wait_for_radio");
        inside.reason(ReasonFamily.WATCHDOG);
        itself.reason(ReasonFamily.WATCHDOG);
        assertThat(inside.fingerprint().k8()).isEqualTo(itself.fingerprint().k8());
        assertThat(inside.fingerprint().signature()).isEqualTo("watchdog | wait_for_radio | radio_send");
    }

    @Test
    void aCallThroughNullIsNoOtherWildJump() {
        var nothing = jumpTo(0);
        var wild = jumpTo(0x20001234);
        assertThat(nothing.fingerprint().k3()).isNotEqualTo(wild.fingerprint().k3());
        assertThat(nothing.fingerprint().signature()).isEqualTo("bad-jump | null | dispatch_opcode | radio_task");
    }

    @Test
    void whatACrashingInterruptInterruptedIsChance() {
        var overIdle = interrupting("idle_task");
        var overRadio = interrupting("radio_send");
        assertThat(overIdle.k8()).isEqualTo(overRadio.k8());
        assertThat(inKey(overIdle, "k8")).containsExactly("push_sample", "TIMER0_Handler");
    }

    @Test
    void aFaultHandlerGivesWayToTheFault() {
        var fingerprint = stack("HardFault_Handler")
                .trust("exception")
                .frame("divide_all")
                .trust("cfi")
                .frame("sensor_task")
                .reason(ReasonFamily.DIV0)
                .fingerprint();
        assertThat(fingerprint.signature()).isEqualTo("div0 | divide_all | sensor_task");
    }

    @Test
    void theFrameOfAnImpreciseFaultIsNotItsCause() {
        var one = impreciseIn("next_function");
        var other = impreciseIn("another_function");
        assertThat(one.fingerprint().k8()).isEqualTo(other.fingerprint().k8());
        assertThat(one.fingerprint().signature()).isEqualTo("bus-imprecise | write_register | storage_task");
        assertThat(one.fingerprint().notes()).anyMatch(note -> note.contains("imprecise"));
    }

    @Test
    void whereAWildJumpLandsIsChance() {
        var here = jumpTo(0x20001234);
        var there = jumpTo(0xdeadbeee);
        assertThat(here.fingerprint().k8()).isEqualTo(there.fingerprint().k8());
        assertThat(here.fingerprint().signature()).isEqualTo("bad-jump | dispatch_opcode | radio_task");
    }

    @Test
    void guessedFramesStayOutWhileThereAreOthers() {
        var with = stack("poll_radio", "radio_loop")
                .trust("scan")
                .frame("stale_one")
                .frame("stale_two");
        assertThat(with.fingerprint().k8())
                .isEqualTo(stack("poll_radio", "radio_loop").fingerprint().k8());
        var alone = stack("poll_radio").trust("scan").frame("radio_loop");
        assertThat(inKey(alone.fingerprint(), "k8")).containsExactly("poll_radio", "radio_loop");
        assertThat(alone.fingerprint().notes()).anyMatch(note -> note.contains("low confidence"));
    }

    // ---- never collapse ----

    @Test
    void stacksWithoutSymbolsOfTwoFirmwaresNeverMeet() {
        var one = new Reports().unnamed(0x100).unnamed(0x200).withoutSymbols().fingerprint();
        var other = new Reports()
                .unnamed(0x100)
                .unnamed(0x200)
                .withoutSymbols()
                .release("1.0.1", OTHER_BUILD)
                .fingerprint();
        assertThat(one.provisional()).isTrue();
        assertThat(one.needsSymbols()).isTrue();
        assertThat(keys(one)).doesNotContainAnyElementsOf(keys(other));
        assertThat(one.signature()).isEqualTo("bad-access | ?aaaaaaaa+0x00000100 | ?aaaaaaaa+0x00000200");
    }

    @Test
    void stacksWithoutSymbolsMeetAtTheSamePlacesOfOneBuildOnly() {
        var one = new Reports().unnamed(0x100).unnamed(0x200).withoutSymbols().fingerprint();
        var same = new Reports()
                .unnamed(0x100)
                .unnamed(0x200)
                .withoutSymbols()
                .of("SN-9", null)
                .fingerprint();
        var elsewhere =
                new Reports().unnamed(0x100).unnamed(0x300).withoutSymbols().fingerprint();
        assertThat(same.k8()).isEqualTo(one.k8());
        assertThat(elsewhere.k8()).isNotEqualTo(one.k8());
    }

    @Test
    void emptyStacksOfTwoFirmwaresNeverMeet() {
        var one = new Reports().fingerprint();
        var otherBuild = new Reports().release("1.0.1", OTHER_BUILD).fingerprint();
        var otherSoftware = new Reports().software("bootloader").fingerprint();
        var otherReason = new Reports().reason(ReasonFamily.ASSERT).fingerprint();
        var noBuild = new Reports().unknownBuild().fingerprint();
        var noBuildOtherDevice =
                new Reports().unknownBuild().of("SN-2", "rev-a").fingerprint();
        Set<String> all = new HashSet<>();
        for (var fingerprint : List.of(one, otherBuild, otherSoftware, otherReason, noBuild, noBuildOtherDevice)) {
            assertThat(fingerprint.provisional()).isTrue();
            all.addAll(keys(fingerprint));
        }
        assertThat(all).hasSize(6 * 3);
        assertThat(one.signature()).isEqualTo("bad-access | no stack | build aaaaaaaa");
    }

    @Test
    void plumbingAloneNeverMakesABucket() {
        var one = stack("memcpy").fingerprint();
        var other = stack("memcpy").release("1.0.1", OTHER_BUILD).fingerprint();
        assertThat(one.provisional()).isTrue();
        assertThat(one.needsSymbols()).isFalse();
        assertThat(keys(one)).doesNotContainAnyElementsOf(keys(other));
    }

    @Test
    void handlersAloneNeverMakeABucket() {
        var one = stack("faultline_crash", "__assert_func")
                .reason(ReasonFamily.ASSERT)
                .fingerprint();
        var other = stack("faultline_crash", "__assert_func")
                .reason(ReasonFamily.ASSERT)
                .release("2.0.0", OTHER_BUILD)
                .fingerprint();
        assertThat(one.k3()).isNotEqualTo(other.k3());
        assertThat(one.provisional()).isTrue();
    }

    @Test
    void softwareTypesAreKeptApart() {
        assertThat(stack("panic_now", "main_task")
                        .software("bootloader")
                        .fingerprint()
                        .k1())
                .isNotEqualTo(stack("panic_now", "main_task").fingerprint().k1());
    }

    @Property(tries = 300)
    void anyStackGivesBoundedKeysAndANameForEveryFrame(
            @ForAll List<String> functions, @ForAll ReasonFamily family, @ForAll boolean imprecise) {
        var reports = new Reports().reason(family);
        List<String> trusts = List.of("context", "exception", "cfi", "scan", "link-register");
        for (int i = 0; i < functions.size(); i++) {
            reports.trust(trusts.get(Math.floorMod(functions.get(i).hashCode(), trusts.size())));
            reports.frame(functions.get(i), "a.c", i);
        }
        var fingerprint = (imprecise ? reports.imprecise() : reports).fingerprint();
        assertThat(fingerprint.signature().length()).isBetween(1, Fingerprint.SIGNATURE_LENGTH);
        assertThat(fingerprint.frames()).hasSameSizeAs(functions);
        assertThat(fingerprint.k8())
                .matches("[0-9a-f]{64}")
                .isEqualTo(reports.fingerprint().k8());
        assertThat(fingerprint.frames().stream().filter(frame -> frame.keys().contains("k8")))
                .hasSizeLessThanOrEqualTo(8);
    }

    private static List<String> keys(Fingerprint fingerprint) {
        return new ArrayList<>(List.of(fingerprint.k1(), fingerprint.k3(), fingerprint.k8()));
    }
}
