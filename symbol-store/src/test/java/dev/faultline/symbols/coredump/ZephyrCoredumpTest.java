package dev.faultline.symbols.coredump;

import static dev.faultline.symbols.coredump.DumpBytes.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.symbols.bytes.FormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class ZephyrCoredumpTest {

    private static DumpBytes header(int target, int pointer, int reason) {
        return new DumpBytes().text("ZE").u16(2).u16(target).u8(pointer).u8(0).u32(reason);
    }

    private static DumpBytes registers(int version, DumpBytes payload) {
        return new DumpBytes().text("A").u16(version).u16(payload.size()).bytes(payload);
    }

    private static DumpBytes memory(long start, DumpBytes payload) {
        return new DumpBytes()
                .text("M")
                .u16(1)
                .u32(start, start + payload.size())
                .bytes(payload);
    }

    private static DumpBytes cortexM() {
        return header(3, 5, 25).bytes(registers(2, new DumpBytes().counting(100, 17)));
    }

    private static Coredump read(DumpBytes dump) {
        return dump.read().getFirst();
    }

    @Test
    void aCortexMHasItsRegistersInZephyrsOrder() {
        var coredump = read(cortexM().bytes(memory(0x2000_0000L, new DumpBytes().u32(7))));

        assertThat(coredump.format()).isEqualTo("zephyr-coredump");
        assertThat(register(coredump, "r12")).isEqualTo(104);
        assertThat(register(coredump, "pc")).isEqualTo(106);
        assertThat(register(coredump, "sp")).isEqualTo(108);
        assertThat(register(coredump, "r11")).isEqualTo(116);
        assertThat(coredump.identity().reason()).isEqualTo("bus-fault-precise");
        assertThat(coredump.memory().unsigned(0x2000_0000L, 4)).hasValue(7);
        assertThat(coredump.warnings()).isEmpty();
    }

    @Test
    void zerosInAllCalleeSavedRegistersMeanThatNobodySavedThem() {
        var coredump = read(header(3, 5, 0)
                .bytes(registers(2, new DumpBytes().counting(100, 9).zeros(32))));

        assertThat(DumpBytes.has(coredump, "r4")).isFalse();
        assertThat(DumpBytes.has(coredump, "sp")).isTrue();
    }

    @Test
    void riscVHasFourVersions() {
        var trap = read(header(4, 5, 0).bytes(registers(1, new DumpBytes().counting(100, 19))));
        assertThat(register(trap, "ra")).isEqualTo(100);
        assertThat(register(trap, "a7")).isEqualTo(112);
        assertThat(register(trap, "t3")).isEqualTo(113);
        assertThat(register(trap, "pc")).isEqualTo(117);
        assertThat(register(trap, "sp")).isEqualTo(118);

        long[] words = new long[33];
        Arrays.setAll(words, i -> 0x8000_0000L + i);
        var all = read(header(4, 6, 0).bytes(registers(4, new DumpBytes().u64(words))));
        assertThat(all.architecture().label()).isEqualTo("riscv64");
        assertThat(register(all, "s11")).isEqualTo(0x8000_001bL);
        assertThat(register(all, "pc")).isEqualTo(0x8000_0020L);
    }

    @Test
    void xtensaHasWhatItsChipHas() {
        var esp32 = new DumpBytes().u8(2).u16(2).u8(3).counting(0x4000_0000L, 25);
        var coredump = read(header(5, 5, 0).bytes(registers(1, esp32)));
        assertThat(register(coredump, "pc")).isEqualTo(0x4000_0000L);
        assertThat(register(coredump, "a0")).isEqualTo(0x4000_0006L);
        assertThat(register(coredump, "lcount")).isEqualTo(0x4000_0018L);
        assertThat(coredump.fault())
                .isEqualTo(new FaultState.Trap(OptionalLong.of(0x4000_0001L), OptionalLong.of(0x4000_0002L)));

        var esp32s2 = new DumpBytes().u8(4).u16(1).counting(0x4000_0000L, 21);
        var small = read(header(5, 5, 0).bytes(registers(1, esp32s2)));
        assertThat(register(small, "a0")).isEqualTo(0x4000_0005L);
        assertThat(register(small, "a15")).isEqualTo(0x4000_0014L);
    }

    @Test
    void arm64HasThreeVersions() {
        for (int version = 1; version <= 3; version++) {
            int[] count = {22, 24, 34};
            long[] words = new long[count[version - 1]];
            Arrays.setAll(words, i -> i);
            var coredump = read(header(6, 6, 0).bytes(registers(version, new DumpBytes().u64(words))));

            assertThat(register(coredump, "pc")).isEqualTo(version == 3 ? 31 : 21);
            assertThat(register(coredump, "x30")).isEqualTo(version == 3 ? 29 : 19);
            assertThat(DumpBytes.has(coredump, "sp")).isEqualTo(version > 1);
        }
    }

    @Test
    void x86MayHaveAWordMoreThanToday() {
        var coredump = read(header(1, 5, 0).bytes(registers(1, new DumpBytes().counting(1, 14))));
        assertThat(register(coredump, "eip")).isEqualTo(11);
        assertThat(register(coredump, "ebp")).isEqualTo(8);

        long[] words = new long[17];
        Arrays.setAll(words, i -> i);
        var wide = read(header(2, 6, 0).bytes(registers(1, new DumpBytes().u64(words))));
        assertThat(register(wide, "rip")).isEqualTo(12);
        assertThat(register(wide, "rbp")).isEqualTo(16);
        assertThat(DumpBytes.has(wide, "rbx")).isFalse();
    }

    @Test
    void theKernelsStructureIsKeptForItsSymbol() {
        var coredump =
                read(cortexM().bytes(new DumpBytes().text("T").u16(1).u16(8).u32(1, 2)));

        assertThat(coredump.objects()).containsOnlyKeys("_kernel");
        assertThat(coredump.objects().values())
                .allSatisfy(bytes -> assertThat(bytes.byteSize()).isEqualTo(8));
    }

    @Test
    void otherProcessorsAreThreadsAndTheChecksumIsVerified() {
        var dump = cortexM()
                .bytes(new DumpBytes().text("F").u16(1).u16(0).u32(1, 0))
                .bytes(new DumpBytes().text("F").u16(2).u16(68).u32(0, 0).counting(500, 17));
        var crc = new CRC32();
        crc.update(dump.array());

        var coredump = read(new DumpBytes().bytes(dump).text("C").u16(1).u32(crc.getValue()));

        assertThat(coredump.threads()).extracting(DumpThread::id).containsExactly(1L, 0L);
        assertThat(register(coredump, 1, "pc")).isEqualTo(506);
        assertThat(coredump.warnings()).isEmpty();
        assertThat(read(new DumpBytes().bytes(dump).text("C").u16(1).u32(1)).warnings())
                .singleElement()
                .asString()
                .startsWith("The checksum is 0x00000001, the bytes before it give");
    }

    @Test
    void anUnknownBlockEndsTheReadingAndKeepsWhatWasRead() {
        var coredump = read(cortexM().u8('Q').u32(1, 2, 3));

        assertThat(coredump.threads()).hasSize(1);
        assertThat(coredump.warnings()).containsExactly("Damaged after byte 85: 0x51 begins no block");
    }

    @Test
    void memoryThatIsCutIsKeptAsFarAsItCame() {
        byte[] whole = cortexM()
                .bytes(memory(0x2000_0000L, new DumpBytes().counting(1, 8)))
                .array();

        var coredump = DumpBytes.read(Arrays.copyOf(whole, whole.length - 16)).getFirst();

        assertThat(coredump.memory().unsigned(0x2000_000cL, 4)).hasValue(4);
        assertThat(coredump.memory().has(0x2000_0010L)).isFalse();
        assertThat(coredump.warnings())
                .singleElement()
                .asString()
                .startsWith("Damaged after byte 112: of 32 bytes of memory from 0x20000000 on 16 are there");
    }

    @Test
    void aPartitionIsReadBehindItsHeaderWhateverThePadding() {
        byte[] dump = cortexM().array();
        int sum = 0;
        for (byte b : dump) {
            sum += b & 0xff;
        }
        var partition = new DumpBytes()
                .text("CD")
                .u16(1)
                .u32(dump.length)
                .u16(0)
                .u16(sum & 0xffff)
                .u32(0)
                .zeros(16)
                .bytes(dump)
                .u32(0xffff_ffffL);

        var coredump = read(partition);

        assertThat(coredump.format()).isEqualTo("zephyr-partition");
        assertThat(coredump.warnings()).isEmpty();
        byte[] changed = partition.array();
        changed[60]++;
        assertThat(DumpBytes.read(changed).getFirst().warnings())
                .anyMatch(warning -> warning.startsWith("The checksum of the partition is"));
    }

    private static String log(byte[] dump, String... between) {
        var text = new StringBuilder("*** Booting Zephyr OS build v3.7.0 ***\r\n[00:01] <inf> app: hello\r\n");
        text.append("\u001b[1;31mE: #CD:BEGIN#\u001b[0m\r\n");
        for (int at = 0; at < dump.length; at += 32) {
            text.append("E: #CD:")
                    .append(HexFormat.of().formatHex(dump, at, Math.min(dump.length, at + 32)))
                    .append("\u001b[0m\r\n");
        }
        for (var line : between) {
            text.append(line).append("\r\n");
        }
        return text.append("E: #CD:END#\r\n").toString();
    }

    @Test
    void everyRunFromBeginToEndOfALogIsACrash() {
        var coredumps = DumpBytes.read(log(cortexM().array()) + "E: #CD:LOCATION 0x20000000\n[00:02] <inf> app: again\n"
                + log(cortexM().array()));

        assertThat(coredumps).hasSize(2).allSatisfy(coredump -> {
            assertThat(coredump.format()).isEqualTo("zephyr-log");
            assertThat(coredump.identity().version()).isEqualTo("v3.7.0");
            assertThat(coredump.warnings())
                    .containsExactly(
                            "The version \"v3.7.0\" is that of the boot banner: the coredump itself names none");
        });
        assertThat(coredumps.getFirst().text()).contains("[00:01] <inf> app: hello");
        assertThat(coredumps.get(1).text()).contains("[00:02] <inf> app: again");
    }

    @Test
    void aLostDigitKeepsWhatCameBefore() {
        byte[] dump = cortexM()
                .bytes(memory(0x2000_0000L, new DumpBytes().counting(1, 64)))
                .array();
        var lines = log(dump).split("\r\n", -1);
        lines[7] = lines[7].replace("\u001b[0m", "").substring(0, lines[7].indexOf("#CD:") + 4 + 63);

        var coredump = DumpBytes.read(String.join("\r\n", lines)).getFirst();

        assertThat(coredump.threads()).hasSize(1);
        assertThat(coredump.memory().unsigned(0x2000_0000L, 4)).hasValue(1);
        assertThat(coredump.warnings())
                .anyMatch(warning -> warning.contains("has lost a digit"))
                .anyMatch(warning -> warning.startsWith("Damaged after byte 159: of 256 bytes of memory"));
    }

    @Test
    void theDevicesOwnErrorIsTold() {
        assertThat(DumpBytes.read(log(cortexM().array(), "E: #CD:ERROR CANNOT DUMP#"))
                        .getFirst()
                        .warnings())
                .anyMatch(warning -> warning.startsWith("The device said that it could not dump"));
    }

    @Test
    void theTextOfAFatalErrorGivesRegistersAndTheThread() {
        var coredump = DumpBytes.read("""
                *** Booting Zephyr OS build v3.7.0 ***
                [00:00:01.000,000] <err> os: ***** USAGE FAULT *****
                [00:00:01.000,000] <err> os:   Attempt to execute undefined instruction
                [00:00:01.000,000] <err> os: r0/a1:  0x00000001  r1/a2:  0x20000000  r2/a3:  0x00000000
                [00:00:01.000,000] <err> os: r3/a4:  0x00000002 r12/ip:  0x00000000 r14/lr:  0x00000a5d
                [00:00:01.000,000] <err> os:  xpsr:  0x61000000
                [00:00:01.000,000] <err> os: Faulting instruction address (r15/pc): 0x00000926
                [00:00:01.000,000] <err> os: >>> ZEPHYR FATAL ERROR 36: Unknown error on CPU 0
                [00:00:01.000,000] <err> os: Current thread: 0x20000488 (sensor)
                [00:00:01.000,000] <err> os: Halting system
                """).getFirst();

        assertThat(coredump.format()).isEqualTo("zephyr-fault-text");
        assertThat(coredump.identity().reason()).isEqualTo("usage-fault-undefined-instruction");
        assertThat(coredump.threads()).singleElement().satisfies(thread -> {
            assertThat(thread.id()).isEqualTo(0x2000_0488L);
            assertThat(thread.name()).isEqualTo("sensor");
            assertThat(thread.frames()).containsExactly(new DeviceFrame(0x926, true), new DeviceFrame(0xa5c, false));
        });
        assertThat(register(coredump, "r1")).isEqualTo(0x2000_0000L);
        assertThat(coredump.warnings()).anyMatch(warning -> warning.contains("Only the text of the console"));
    }

    @Test
    void aCallTraceOfRiscVIsItsFramesAndTwoErrorsAreTwoCrashes() {
        var one = """
                E:  mcause: 7, Store/AMO access fault
                E:   mtval: 4
                E:      a0: 80004000    t0: 00000001
                E:      sp: 80008230
                E:      ra: 80000b5c
                E:    mepc: 80000b40
                E: mstatus: 00001880
                E: call trace:
                E:       0: sp: 80008230 ra: 80000b5c
                E:       1: sp: 80008250 ra: 80000c00
                E: >>> ZEPHYR FATAL ERROR 0: CPU exception on CPU 0
                E: Current thread: 0x80004000 (unknown)
                E: Halting system
                """;
        var coredumps = DumpBytes.read(one + one);

        assertThat(coredumps).hasSize(2).allSatisfy(coredump -> {
            assertThat(coredump.architecture().label()).isEqualTo("riscv32");
            assertThat(coredump.fault()).isEqualTo(new FaultState.Trap(OptionalLong.of(7), OptionalLong.of(4)));
            assertThat(coredump.threads().getFirst().frames())
                    .containsExactly(
                            new DeviceFrame(0x8000_0b40L, true),
                            new DeviceFrame(0x8000_0b5cL, false),
                            new DeviceFrame(0x8000_0c00L, false));
        });
    }

    /** The kernel prints mcause in decimal and mtval in hexadecimal, neither with a prefix. */
    @Test
    void theTrapValueIsHexadecimal() {
        var coredump = DumpBytes.read("""
                E:  mcause: 15, Store/AMO page fault
                E:   mtval: 18000
                E:    mepc: 80000b40
                E: >>> ZEPHYR FATAL ERROR 0: CPU exception on CPU 0
                """).getFirst();

        assertThat(coredump.fault()).isEqualTo(new FaultState.Trap(OptionalLong.of(15), OptionalLong.of(0x18000)));
    }

    @Test
    void aLogWhoseCoredumpCannotBeReadSaysWhy() {
        assertThatThrownBy(() -> DumpBytes.read(log("not ZE".getBytes(StandardCharsets.US_ASCII))))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("no coredump of the log can be read: coredump of the log");
    }
}
