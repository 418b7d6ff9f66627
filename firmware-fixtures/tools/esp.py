# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
"""Writes crashes of our firmware as ESP-IDF would have sent them: every version of the header, binary and ELF payloads, the
flash partition, the console with and without a dump. Registers, stacks and control blocks are those of the crash.

    esp.py FIXTURES    reads FIXTURES/xtensa and FIXTURES/riscv, writes FIXTURES/esp
"""

import base64
import hashlib
import os
import struct
import sys
import zlib

fixtures = sys.argv[1]
out = os.path.join(fixtures, "esp")

ESP32, ESP32_C3 = 0, 5
XTENSA, RISC_V = 94, 243
EXCCAUSE, EXCVADDR = 232, 238
RISC_V_NAMES = "pc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6".split()
XTENSA_CAUSES = {3: "LoadStoreError", 13: "LoadStorePIFDataError", 15: "LoadStorePIFAddrError", 28: "LoadProhibited"}
RISC_V_CAUSES = {5: "Load access fault", 7: "Store access fault"}


def words(*values):
    return struct.pack("<%dI" % len(values), *(value & 0xFFFFFFFF for value in values))


def padded(data, to=4):
    return data + bytes(-len(data) % to)


def symbols(elf):
    """Address and size of each symbol of an ELF32 file."""
    data = open(elf, "rb").read()
    at, (size, count) = struct.unpack_from("<I", data, 32)[0], struct.unpack_from("<HH", data, 46)
    sections = [struct.unpack_from("<10I", data, at + size * i) for i in range(count)]
    found = {}
    for section in sections:
        if section[1] == 2:
            strings = sections[section[6]][4]
            for place in range(section[4], section[4] + section[5], 16):
                name, value, length = struct.unpack_from("<3I", data, place)
                start = strings + name
                found[data[start : data.index(b"\0", start)].decode()] = (value, length)
    return found


class Task:
    """One task: its control block, and its stack from the saved registers on."""

    def __init__(self, control_block, control_bytes, top, stack, registers):
        self.control_block, self.control_bytes = control_block, control_bytes
        self.top, self.stack, self.registers = top, stack, registers


class Node:
    """The Xtensa node: the frames lie in its own RAM."""

    name, chip, machine, frame_words = "xtensa", ESP32, XTENSA, 25

    def __init__(self):
        self.elf = os.path.join(fixtures, "xtensa/elf/node.elf")
        self.symbols = symbols(self.elf)
        start = self.symbols["_ram_start"][0]
        self.memory = [(start, open(os.path.join(fixtures, "xtensa/memory/node.ram"), "rb").read())]
        crashed = self.task("sampler_task", self.word(self.symbols["crash_frame"][0]))
        uplink, _ = self.symbols["uplink_task"]
        self.tasks = [crashed, self.task("uplink_task", self.word(uplink))]
        self.cause, self.value = (crashed.registers[name] for name in ("exccause", "excvaddr"))

    def read(self, address, size):
        start, data = self.memory[0]
        return data[address - start : address - start + size]

    def word(self, address):
        return struct.unpack("<I", self.read(address, 4))[0]

    def task(self, name, top):
        control_block, size = self.symbols[name]
        stack, length = self.symbols[name.replace("task", "stack")]
        frame = struct.unpack("<25I", self.read(top, 100))
        registers = dict(zip("exit pc ps".split(), frame))
        if registers["exit"]:
            registers.update(("a%d" % i, frame[3 + i]) for i in range(16))
            registers.update(zip("sar exccause excvaddr lbeg lend lcount".split(), frame[19:]))
        else:  # it gave up its processor: its caller's window was spilled below the frame
            below = struct.unpack("<4I", self.read(top - 16, 16))
            registers.update(("a%d" % i, below[i] if i < 4 else 0) for i in range(16))
            registers.update((name, 0) for name in "sar exccause excvaddr lbeg lend lcount".split())
            registers["pc"] = registers["pc"] & 0x3FFFFFFF | 0x40000000
        return Task(control_block, self.read(control_block, size), top, self.read(top, stack + length - top), registers)

    def status(self, task):
        registers = task.registers
        special = words(*(registers[name] for name in "pc ps lbeg lend lcount sar".split()), 1, 0)
        return special + bytes(4 * 56) + words(*(registers["a%d" % i] for i in range(16))) + bytes(4 * 49)

    def extra(self):
        pairs = [(EXCCAUSE, self.cause), (EXCVADDR, self.value)] + [(177 + i, 0) for i in range(7)]
        pairs += [(194 + i, 0) for i in range(6)]
        return words(self.tasks[0].control_block, *(word for pair in pairs for word in pair))

    def panic(self):
        registers = self.tasks[0].registers
        yield "Guru Meditation Error: Core  0 panic'ed (%s). Exception was unhandled." % XTENSA_CAUSES[self.cause]
        yield ""
        yield "Core  0 register dump:"
        names = "pc ps a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 a10 a11 a12 a13 a14 a15 sar exccause excvaddr lbeg lend lcount".split()
        for at in range(0, len(names), 4):
            yield "  ".join("%-8s: 0x%08x" % (name.upper(), registers[name]) for name in names[at : at + 4]) + "  "
        yield ""
        yield ""
        yield "Backtrace: " + " ".join("0x%08x:0x%08x" % frame for frame in self.walk(registers))

    def walk(self, registers):
        """As the firmware walks: each pc is that of the call."""
        pc, link, sp = registers["pc"], registers["a0"], registers["a1"]
        yield pc, sp
        while link:
            pc = (link & 0x3FFFFFFF | 0x40000000) - 3
            link, sp = self.word(sp - 16), self.word(sp - 12)
            yield pc, sp


class Tank:
    """The RISC-V controller, out of a coredump of the device library."""

    chip, machine, frame_words = ESP32_C3, RISC_V, 37

    def __init__(self, build, situation):
        self.name = "riscv-" + situation
        self.elf = os.path.join(fixtures, "riscv/elf", build + ".elf")
        self.symbols = symbols(self.elf)
        data = open(os.path.join(fixtures, "riscv/coredumps", "%s-%s.core" % (build, situation)), "rb").read()
        at, count = struct.unpack_from("<I", data, 28)[0], struct.unpack_from("<H", data, 44)[0]
        self.memory, notes = [], b""
        for i in range(count):
            kind, offset, address, _, length = struct.unpack_from("<5I", data, at + 32 * i)
            if kind == 1:
                self.memory.append((address, data[offset : offset + length]))
            elif kind == 4:
                notes = data[offset : offset + length]
        threads, identity = [], {}
        while notes:
            names, size, _ = struct.unpack_from("<3I", notes)
            note = notes[12 + len(padded(bytes(names))) :][:size]
            if notes[12:16] == b"CORE":
                values = dict(zip(RISC_V_NAMES, struct.unpack_from("<32I", note, 72)))
                threads.append((struct.unpack_from("<I", note, 24)[0], values))
            else:
                identity = dict(pair.split("=", 1) for pair in note[4:].decode().rstrip("\0").split("\0"))
            notes = notes[12 + len(padded(bytes(names))) + len(padded(note)) :]
        self.cause, self.value = int(identity["mcause"], 16), int(identity["mtval"], 16)
        self.status_word = int(identity["mstatus"], 16)
        tasks, size = self.symbols["tasks"]
        self.tasks = []
        for thread, registers in threads:
            control_block = tasks + (thread - 1) * (size // 2)
            end = int(identity["thread.%d.stack" % thread].split("-")[1], 16)
            sp = registers["sp"]
            cause = (self.cause, self.value) if thread == threads[0][0] else (0, 0)
            frame = words(*(registers[name] for name in RISC_V_NAMES), self.status_word, 0, *cause, 0)
            stack = frame + self.read(sp, end - sp)
            self.tasks.append(Task(control_block, self.read(control_block, size // 2), sp - len(frame), stack, registers))

    def read(self, address, size):
        return next(data[address - at :][:size] for at, data in self.memory if at <= address < at + len(data))

    def status(self, task):
        return words(*(task.registers[name] for name in RISC_V_NAMES))

    def extra(self):
        return words(self.tasks[0].control_block)

    def panic(self):
        registers = self.tasks[0].registers
        yield "Guru Meditation Error: Core  0 panic'ed (%s). Exception was unhandled." % RISC_V_CAUSES[self.cause]
        yield ""
        yield "Core  0 register dump:"
        known = dict(registers, mepc=registers["pc"], mstatus=self.status_word, mtvec=0, mcause=self.cause)
        known.update(mtval=self.value, mhartid=0)
        names = ["mepc"] + RISC_V_NAMES[1:] + "mstatus mtvec mcause mtval mhartid".split()
        shown = {"s0": "S0/FP"}
        for at in range(0, len(names), 4):
            row = names[at : at + 4]
            yield "".join("%-8s: 0x%08x  " % (shown.get(name, name.upper()), known[name]) for name in row)
        yield ""
        yield "Stack memory:"
        sp = registers["sp"]
        stack = self.tasks[0].stack[4 * self.frame_words :][:1024]
        for at in range(0, len(stack) - 31, 32):
            row = struct.unpack_from("<8I", stack, at)
            yield "%08x: %s" % (sp + at, " ".join("0x%08x" % word for word in row))
        yield ""


# ---- payloads ----
def binary(crash, segments):
    data = b""
    for task in crash.tasks:
        data += words(task.control_block, task.top, task.top + len(task.stack))
        data += padded(task.control_bytes) + padded(task.stack)
    for start, memory in segments:
        data += words(start, len(memory)) + padded(memory)
    return data


def note(owner, kind, description, exact):
    """Up to ESP-IDF 5.5 the size of the name counts its padding."""
    name = owner + b"\0"
    return words(len(name) if exact else len(padded(name)), len(description), kind) + padded(name) + padded(description)


def elf(crash, version, exact, details, told):
    tasks, loads = b"", []
    for task in crash.tasks[:told]:
        prologue = bytearray(72)
        struct.pack_into("<H", prologue, 12, 11 if task is crash.tasks[0] else 0)
        struct.pack_into("<I", prologue, 24, task.control_block)
        status = bytes(prologue) + crash.status(task)
        tasks += note(b"CORE", 1, status + bytes((588 if crash.machine == XTENSA else 204) - len(status)), exact)
        loads += [(task.control_block, task.control_bytes), (task.top, task.stack)]
    digest = hashlib.sha256(open(crash.elf, "rb").read()).hexdigest()[:9].encode()
    information = note(b"ESP_CORE_DUMP_INFO", 8266, words(version) + digest + bytes(66 - len(digest)), exact)
    owner = b"EXTRA_INFO" if version & 0xFFFF < 0x102 else b"ESP_EXTRA_INFO"
    information += note(owner, 677, crash.extra(), exact)
    if details:
        information += note(b"ESP_PANIC_DETAILS", 679, details, exact)
    loads += crash.memory
    segments = [(4, 0, tasks)] + [(1, *load) for load in loads] + [(4, 0, information)]
    at, headers, body = 52 + 32 * len(segments), b"", b""
    for kind, address, data in segments:
        headers += words(kind, at + len(body), address, address, len(data), len(data), 6, 4)
        body += padded(data)
    ident = b"\x7fELF\x01\x01\x01" + bytes(9)
    header = ident + struct.pack("<HHIIIIIHHHHHH", 4, crash.machine, 1, 0, 52, 0, 0, 52, 32, len(segments), 0, 0, 0)
    return header + headers + body


def image(crash, major, minor, details=b"", told=None):
    """The payload between header and checksum, as it lies in flash."""
    version = crash.chip << 16 | major << 8 | minor
    if major == 0:
        segments = crash.memory if minor > 1 else []
        data, exact = binary(crash, segments), False
        counts = [len(crash.tasks), len(crash.tasks[0].control_bytes)] + [len(segments)] * (minor > 1)
    else:
        exact = minor == 4
        data, counts = elf(crash, version, exact, details, told), [0, 0, 0] * (minor < 4)
    revision = [3] * (minor >= 3 if major == 0 else minor >= 2)
    header = words(0, version, *counts, *revision)
    sha = major == 1 and minor in (1, 3, 4)
    data = padded(header + data, 32)
    total = len(data) + (32 if sha else 4)
    data = words(total) + data[4:]
    return data + (hashlib.sha256(data).digest() if sha else words(zlib.crc32(data)))


def console(crash, data, checksum):
    """The dump as base64 between what the device says on its serial line."""
    yield "I (31) boot: ESP-IDF v5.2.1 2nd stage bootloader"
    yield "I (412) node: three channels"
    yield from crash.panic()
    yield ""
    yield "I (509) esp_core_dump_uart: Press Enter to print core dump to UART..."
    yield "================= CORE DUMP START ================="
    body = data[:-checksum]
    for at in range(0, len(body), 48):
        yield base64.b64encode(body[at : at + 48]).decode()
    yield base64.b64encode(data[-checksum:]).decode()
    yield "================= CORE DUMP END ================="
    yield "Coredump checksum='%s'" % data[-checksum:].hex()
    yield "Rebooting..."


def text_only(crash):
    yield "I (412) node: three channels"
    yield from crash.panic()
    yield ""
    yield ""
    yield "ELF file SHA256: %s" % hashlib.sha256(open(crash.elf, "rb").read()).hexdigest()[:16]
    yield ""
    yield "Rebooting..."


def write(name, data):
    with open(os.path.join(out, name), "wb") as file:
        file.write(data)


def lines(said):
    return "\r\n".join(said).encode() + b"\r\n"


os.makedirs(out, exist_ok=True)
for crash in (Node(), Tank("tank-rv32-O2", "no-sensor"), Tank("tank-rv32-O2", "history-unpowered")):
    for major, minor in ((0, 2), (0, 3), (1, 0), (1, 1), (1, 2), (1, 3), (1, 4)):
        write("%s.%d-%d" % (crash.name, major, minor), image(crash, major, minor))
    if crash.chip == ESP32:  # the first version knows no chip
        write(crash.name + ".0-1", image(crash, 0, 1))
        write(crash.name + ".one-task", image(crash, 1, 4, b"Load access to a bad address", told=1))
    write(crash.name + ".partition", image(crash, 1, 4) + b"\xff" * 512)
    write(crash.name + ".console", lines(console(crash, image(crash, 1, 2), 4)))
    write(crash.name + ".binary-console", lines(console(crash, image(crash, 0, 3), 4)))
    write(crash.name + ".panic", lines(text_only(crash)))
