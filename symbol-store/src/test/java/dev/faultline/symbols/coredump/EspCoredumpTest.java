package dev.faultline.symbols.coredump;

import static dev.faultline.symbols.coredump.DumpBytes.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.symbols.bytes.FormatException;
import java.util.Arrays;
import java.util.Base64;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EspCoredumpTest {
    /** The task that gave up its processor: its window lies below what its stack was dumped from. */
    private static final String NO_CALLER = "Task 0x3ffa0200: who called its innermost function was not captured";

    private static final int ESP32 = 0;
    private static final int ESP32_C3 = 5;
    private static final String HASH = "1b43c5e74";

    /** A whole dump: header of the version, payload, and the checksum of the version. */
    private static byte[] dump(
            int chip, int major, int minor, int tasks, int taskBytes, int segments, DumpBytes payload) {
        int form = major << 8 | minor;
        boolean sha = form == 0x101 || form == 0x103 || form == 0x104;
        var rest = new DumpBytes().u32((long) chip << 16 | form);
        if (form != 0x104) {
            rest.u32(tasks, taskBytes);
            if (form != 1) {
                rest.u32(segments);
            }
        }
        if (form == 3 || form >= 0x102) {
            rest.u32(101); // chip revision
        }
        rest.bytes(payload);
        int total = 4 + rest.size() + (sha ? 32 : 4);
        byte[] before = new DumpBytes().u32(total).bytes(rest).array();
        var in = DumpBytes.reader(before);
        var whole = new DumpBytes().bytes(before);
        return sha
                ? whole.bytes(Checksums.sha256(in, before.length)).array()
                : whole.u32(Checksums.crc32(in, before.length)).array();
    }

    private static DumpBytes exceptionFrame(long exit) {
        return new DumpBytes()
                .u32(exit, 0x4008_1234L, 0x60030)
                .counting(0x100, 16)
                .u32(9, 29, 4, 1, 2, 3);
    }

    private static DumpBytes task(long address, DumpBytes stack) {
        long top = 0x3ffb_0000L + (address & 0xff00);
        return new DumpBytes().u32(address, top, top + stack.size()).zeros(8).bytes(stack);
    }

    private static DumpBytes twoTasks() {
        var solicited = new DumpBytes().u32(0, 0x8008_5678L, 0x60020, 0, 0x8008_9999L, 0x3ffb_0240L, 2, 3);
        return task(0x3ffa_0100L, exceptionFrame(0xdead_beefL)).bytes(task(0x3ffa_0200L, solicited));
    }

    @ParameterizedTest(name = "version {0}.{1}")
    @CsvSource({"0,1", "0,2", "0,3"})
    void everyVersionOfTheBinaryPayloadIsRead(int major, int minor) {
        var segment = minor == 1
                ? new DumpBytes()
                : new DumpBytes().u32(0x3ffc_0000L, 6).text("abcdef").zeros(2);
        var payload = twoTasks().bytes(segment);

        var coredump = DumpBytes.read(dump(ESP32, major, minor, 2, 8, minor == 1 ? 0 : 1, payload))
                .getFirst();

        assertThat(coredump.format()).isEqualTo("esp-idf-coredump");
        assertThat(coredump.threads()).extracting(DumpThread::id).containsExactly(0x3ffa_0100L, 0x3ffa_0200L);
        assertThat(register(coredump, "pc")).isEqualTo(0x4008_1234L);
        assertThat(register(coredump, "a15")).isEqualTo(0x10f);
        assertThat(register(coredump, 1, "pc"))
                .as("without the size of the call")
                .isEqualTo(0x4008_5678L);
        assertThat(register(coredump, 1, "a1")).isEqualTo(0x3ffb_0240L);
        assertThat(coredump.fault()).isEqualTo(new FaultState.Trap(OptionalLong.of(29), OptionalLong.of(4)));
        assertThat(coredump.memory().has(0x3ffc_0005L)).isEqualTo(minor != 1);
        assertThat(coredump.warnings()).containsExactly(NO_CALLER);
    }

    @Test
    void riscVTasksHaveTheirFrame() {
        var frame = new DumpBytes().counting(0x4200_0000L, 32).u32(0x1880, 0, 7, 0x10, 0);

        var coredump = DumpBytes.read(dump(ESP32_C3, 0, 3, 1, 8, 0, task(0x3fc8_0100L, frame)))
                .getFirst();

        assertThat(register(coredump, "pc")).isEqualTo(0x4200_0000L);
        assertThat(register(coredump, "t6")).isEqualTo(0x4200_001fL);
        assertThat(coredump.fault()).isEqualTo(new FaultState.Trap(OptionalLong.of(7), OptionalLong.of(0x10)));
    }

    private static DumpBytes note(String owner, int type, boolean paddedName, DumpBytes description) {
        int padded = (owner.length() + 1 + 3) / 4 * 4;
        return new DumpBytes()
                .u32(paddedName ? padded : owner.length() + 1, description.size(), type)
                .text(owner)
                .zeros(padded - owner.length())
                .bytes(description)
                .zeros(-description.size() & 3);
    }

    private static DumpBytes status(long task, DumpBytes registers) {
        return new DumpBytes().zeros(24).u32(task).zeros(44).bytes(registers);
    }

    /** Two segments of notes around one of memory. */
    private static DumpBytes elf(int machine, DumpBytes first, DumpBytes memory, DumpBytes last) {
        int at = 52 + 3 * 32;
        return new DumpBytes()
                .bytes(new byte[] {0x7f, 'E', 'L', 'F', 1, 1, 1})
                .zeros(9)
                .u16(4)
                .u16(machine)
                .u32(1, 0, 52, 0, 0)
                .u16(52)
                .u16(32)
                .u16(3)
                .zeros(6)
                .u32(4, at, 0, 0, first.size(), 0, 0, 4)
                .u32(1, at + first.size(), 0x3ffb_0000L, 0, memory.size(), memory.size(), 6, 4)
                .u32(4, at + first.size() + memory.size(), 0, 0, last.size(), 0, 0, 4)
                .bytes(first)
                .bytes(memory)
                .bytes(last);
    }

    private static DumpBytes information(boolean padded) {
        return note(
                "ESP_CORE_DUMP_INFO",
                8266,
                padded,
                new DumpBytes().u32(0x102).text(HASH).zeros(66 - HASH.length()));
    }

    private static DumpBytes xtensa(boolean padded) {
        var registers = new DumpBytes()
                .u32(0x4008_1234L, 0x60030, 1, 2, 3, 9, 1, 0)
                .zeros(56 * 4)
                .counting(0x3ffb_0000L, 64)
                .zeros(4);
        var first = note("CORE", 1, padded, status(0x3ffa_0100L, registers))
                .bytes(note("CORE", 1, padded, status(0x2000_0000L, registers)));
        var last = information(padded)
                .bytes(note("ESP_EXTRA_INFO", 677, padded, new DumpBytes().u32(0x3ffa_0100L, 232, 29, 238, 0x10)))
                .bytes(note("ESP_PANIC_DETAILS", 679, padded, new DumpBytes().text("assert failed: f a.c:1 (x)")));
        return elf(94, first, new DumpBytes().counting(0, 16), last);
    }

    @ParameterizedTest(name = "version 1.{0}")
    @CsvSource({"0", "1", "2", "3", "4"})
    void everyVersionOfTheElfPayloadIsRead(int minor) {
        var coredump = DumpBytes.read(dump(ESP32, 1, minor, 0, 0, 0, xtensa(minor < 4)))
                .getFirst();

        assertThat(coredump.threads()).extracting(DumpThread::id).containsExactly(0x3ffa_0100L, 0x2000_0000L);
        assertThat(register(coredump, "pc")).isEqualTo(0x4008_1234L);
        assertThat(register(coredump, "a15")).isEqualTo(0x3ffb_000fL);
        assertThat(register(coredump, "sar")).isEqualTo(9);
        assertThat(coredump.threads().getFirst().stack())
                .extracting(range -> range.start())
                .isEqualTo(0x3ffb_0000L);
        assertThat(coredump.fault()).isEqualTo(new FaultState.Trap(OptionalLong.of(29), OptionalLong.of(0x10)));
        assertThat(coredump.identity().reason()).isEqualTo("assert");
        assertThat(coredump.identity().message()).isEqualTo("assert failed: f a.c:1 (x)");
        assertThat(coredump.images().getFirst().fileHash()).isEqualTo(HASH);
        assertThat(coredump.images().getLast().name())
                .as("code that is no build")
                .isEqualTo("ROM of ESP32");
        assertThat(coredump.warnings()).singleElement().asString().contains("Task 0x20000000: its stack");
    }

    @Test
    void aCoreFileOutsideItsPartitionIsKnownByItsNote() {
        var registers = new DumpBytes().counting(0x4200_0000L, 33);
        var core = elf(243, note("CORE", 1, true, status(0x3fc8_0100L, registers)), new DumpBytes(), information(true));

        var coredump = core.read().getFirst();

        assertThat(coredump.format()).isEqualTo("esp-idf-elf-core");
        assertThat(register(coredump, "pc")).isEqualTo(0x4200_0000L);
        assertThat(register(coredump, "ra")).isEqualTo(0x4200_0001L);
    }

    @ParameterizedTest(name = "version {0}.{1}")
    @CsvSource({"0,3,CRC-32", "1,3,SHA-256"})
    void aWrongChecksumIsAWarning(int major, int minor, String checksum) {
        byte[] dump = dump(ESP32, major, minor, 2, 8, 0, major == 0 ? twoTasks() : xtensa(true));
        dump[dump.length - 1]++;

        var coredump = DumpBytes.read(dump).getFirst();

        assertThat(coredump.threads()).hasSize(2);
        assertThat(coredump.warnings())
                .anyMatch(warning -> warning.startsWith("Checksum failed: %s is".formatted(checksum)));
    }

    @Test
    void aWholePartitionIsReadToTheEndOfTheDump() {
        byte[] dump = dump(ESP32, 0, 3, 2, 8, 0, twoTasks());
        byte[] partition = Arrays.copyOf(dump, dump.length + 4096);
        Arrays.fill(partition, dump.length, partition.length, (byte) 0xff);

        assertThat(DumpBytes.read(partition).getFirst().warnings()).containsExactly(NO_CALLER);
    }

    @Test
    void anErasedPartitionHoldsNoCoredump() {
        assertThatThrownBy(() -> new DumpBytes().u32(0xffff_ffffL, 0xffff_ffffL).read())
                .isInstanceOf(FormatException.class)
                .hasMessage("coredump at 0x0+0x0: the partition is erased (ff ff ff ff): no coredump is in it");
    }

    @Test
    void aCutDumpKeepsTheTasksThatArrived() {
        byte[] dump = dump(ESP32, 0, 3, 2, 8, 0, twoTasks());

        var coredump = DumpBytes.read(Arrays.copyOf(dump, 24 + 12 + 8 + 100)).getFirst();

        assertThat(coredump.threads()).hasSize(1);
        assertThat(coredump.warnings())
                .anyMatch(warning -> warning.startsWith("Damaged after byte 144: 1 of 2 tasks are there"));
    }

    private static String console(byte[] dump) {
        var text = new StringBuilder("I (10) boot: hello\r\n");
        text.append("Guru Meditation Error: Core  0 panic'ed (StoreProhibited). Exception was unhandled.\r\n");
        text.append("ELF file SHA256: 1b43c5e74f2da138\r\n");
        text.append("================= CORE DUMP START =================\r\n");
        for (int at = 0; at < dump.length - 4; at += 48) {
            byte[] line = Arrays.copyOfRange(dump, at, Math.min(dump.length - 4, at + 48));
            text.append(Base64.getEncoder().encodeToString(line)).append("\r\n");
        }
        text.append(Base64.getEncoder().encodeToString(Arrays.copyOfRange(dump, dump.length - 4, dump.length)));
        return text.append("\r\nCoredump checksum='01020304'\r\n================= CORE DUMP END =================\r\n")
                .toString();
    }

    @Test
    void everyDumpOfAConsoleIsACrashAndTheHashOfTheConsoleIsCalledWeaker() {
        byte[] dump = dump(ESP32, 0, 3, 2, 8, 0, twoTasks());

        var coredumps = DumpBytes.read(console(dump) + console(dump));

        assertThat(coredumps).hasSize(2).allSatisfy(coredump -> {
            assertThat(coredump.format()).isEqualTo("esp-idf-console");
            assertThat(coredump.images().getFirst().fileHash()).isEqualTo("1b43c5e74f2da138");
            assertThat(coredump.text()).contains("I (10) boot: hello");
            assertThat(coredump.warnings())
                    .contains("Which build crashed is known from a line of the console only"
                            + " (ELF file SHA256: 1b43c5e74f2da138)");
        });
    }

    /** A dump of all memory has what the dump of the stack lacks. */
    @Test
    void theWindowOfATaskThatGaveUpItsProcessorComesOutOfMemory() {
        var below = new DumpBytes().u32(0x3ffb_0200L - 16, 16).u32(0x800d_1111L, 0x3ffb_0220L, 22, 33);

        var coredump = DumpBytes.read(dump(ESP32, 0, 3, 2, 8, 1, twoTasks().bytes(below)))
                .getFirst();

        assertThat(register(coredump, 1, "a0")).isEqualTo(0x800d_1111L);
        assertThat(register(coredump, 1, "a1")).isEqualTo(0x3ffb_0220L);
        assertThat(register(coredump, 1, "a2")).isEqualTo(22);
        assertThat(coredump.warnings()).isEmpty();
    }

    @Test
    void base64WithoutBannersIsKnownByWhatItHolds() {
        var lines = console(dump(ESP32, 1, 4, 0, 0, 0, xtensa(false)))
                .lines()
                .skip(4)
                .toList();

        var coredump = DumpBytes.read(String.join("\n", lines.subList(0, lines.size() - 2)))
                .getFirst();

        assertThat(coredump.format()).isEqualTo("esp-idf-base64");
        assertThat(coredump.warnings()).hasSize(1);
    }

    @Test
    void aPanicWithABacktraceHasTheDevicesFrames() {
        var coredumps = DumpBytes.read("""
                I (312) main: up
                Guru Meditation Error: Core  1 panic'ed (LoadProhibited). Exception was unhandled.

                Core  1 register dump:
                PC      : 0x400d1234  PS      : 0x00060030  A0      : 0x800d5678  A1      : 0x3ffb1000
                EXCVADDR: 0x00000004  LBEG    : 0x00000000  LEND    : 0x00000000  LCOUNT  : 0x00000000
                SAR     : 0x00000010  EXCCAUSE: 0x0000001c
                Backtrace: 0x400d1231:0x3ffb1000 0x400d5675:0x3ffb1020 |<-CORRUPTED

                ELF file SHA256: 1b43c5e74f2da138
                Rebooting...
                ets Jun  8 2016 00:22:57
                abort() was called at PC 0x400d66b9 on core 0

                Backtrace: 0x40081108:0x3ffb4ec0
                """);

        assertThat(coredumps).hasSize(2);
        var first = coredumps.getFirst();
        assertThat(first.threads()).singleElement().satisfies(thread -> {
            assertThat(thread.id()).isEqualTo(1);
            assertThat(thread.frames())
                    .containsExactly(new DeviceFrame(0x400d_1231L, true), new DeviceFrame(0x400d_5675L, true));
        });
        assertThat(first.fault()).isEqualTo(new FaultState.Trap(OptionalLong.of(28), OptionalLong.of(4)));
        assertThat(first.images().getFirst().fileHash()).isEqualTo("1b43c5e74f2da138");
        assertThat(coredumps.get(1).identity().message()).isEqualTo("abort() was called at PC 0x400d66b9 on core 0");
        assertThat(coredumps.get(1).identity().reason()).isEqualTo("panic");
    }

    @Test
    void aPanicOfRiscVHasTheRowsOfItsStackAsMemory() {
        var coredump = DumpBytes.read("""
                Guru Meditation Error: Core  0 panic'ed (Load access fault). Exception was unhandled.

                Core  0 register dump:
                MEPC    : 0x42001234  RA      : 0x42005678  SP      : 0x3fc91000  GP      : 0x3fc8b000
                TP      : 0x3fc84000  T0      : 0x4005890e  S0/FP   : 0x00000000  S1      : 0x00000000
                MSTATUS : 0x00001881  MTVEC   : 0x40380001  MCAUSE  : 0x00000005  MTVAL   : 0x00000008

                Stack memory:
                3fc91000: 0x00000001 0x00000002 0x00000003 0x00000004 0x00000005 0x00000006 0x00000007 0x42009999
                3fc91020: 0xa5a5a5a5 0xa5a5a5a5
                """).getFirst();

        assertThat(coredump.architecture().label()).isEqualTo("riscv32");
        assertThat(register(coredump, "pc")).isEqualTo(0x4200_1234L);
        assertThat(register(coredump, "s0")).isZero();
        assertThat(coredump.fault()).isEqualTo(new FaultState.Trap(OptionalLong.of(5), OptionalLong.of(8)));
        assertThat(coredump.memory().unsigned(0x3fc9_101cL, 4)).hasValue(0x4200_9999L);
        assertThat(coredump.memory().unsigned(0x3fc9_1024L, 4)).hasValue(0xa5a5_a5a5L);
    }
}
