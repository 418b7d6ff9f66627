# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
"""Writes the crashes of this firmware in the coredump formats of other systems: the same memory and the same registers, in
those formats' layouts. What comes out must unwind to the stacks in expected/.

    formats.py FIXTURES    reads FIXTURES/coredumps and FIXTURES/elf, writes FIXTURES/formats
"""

import base64
import hashlib
import json
import os
import struct
import sys
import zlib

fixtures = sys.argv[1]
out = os.path.join(fixtures, "formats")

BUILD = "main-fw-1.2.0-rev-b"
NAMES = ["r%d" % i for i in range(13)] + ["sp", "lr", "pc", "xpsr"]
RISC_V_NAMES = "ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6".split()


class Crash:
    """One device core: the crashed thread's registers, memory and identity."""

    def __init__(self, name, folder=""):
        data = open(os.path.join(fixtures, folder, "coredumps", name + ".core"), "rb").read()
        self.word, self.is_risc_v = 8 if data[4] == 2 else 4, struct.unpack_from("<H", data, 18)[0] == 243
        wide = self.word == 8
        offset = struct.unpack_from("<Q", data, 32)[0] if wide else struct.unpack_from("<I", data, 28)[0]
        count, size = struct.unpack_from("<H", data, 56 if wide else 44)[0], 56 if wide else 32
        self.memory, self.identity, self.registers = [], {}, None
        for i in range(count):
            if wide:
                kind, _, place, address, _, length = struct.unpack_from("<2I4Q", data, offset + size * i)
            else:
                kind, place, address, _, length = struct.unpack_from("<5I", data, offset + size * i)
            if kind == 1:
                self.memory.append((address, data[place : place + length]))
            elif kind == 4:
                self.notes(data[place : place + length])
        self.name = name

    def notes(self, data):
        at = 0
        while at + 12 <= len(data):
            names, size, kind = struct.unpack_from("<3I", data, at)
            owner = data[at + 12 : at + 12 + names].rstrip(b"\0")
            at += 12 + (names + 3 & ~3)
            if owner == b"CORE" and self.registers is None:
                names = ["pc"] + RISC_V_NAMES if self.is_risc_v else NAMES
                form = "<%d%s" % (len(names), "Q" if self.word == 8 else "I")
                self.registers = dict(zip(names, struct.unpack_from(form, data, at + (112 if self.word == 8 else 72))))
            elif owner == b"Faultline":
                pairs = data[at + 4 : at + size].decode().rstrip("\0").split("\0")
                self.identity = dict(pair.split("=", 1) for pair in pairs if "=" in pair)
            at += size + 3 & ~3

    def at(self, address):
        place, data = next((start, data) for start, data in self.memory if start <= address < start + len(data))
        return struct.unpack_from("<I", data, address - place)[0]

    def words(self, names):
        special = {key: int(self.identity.get(key, "0"), 16) for key in ("msp", "psp", "control")}
        form = "<Q" if self.word == 8 else "<I"
        return b"".join(struct.pack(form, {**special, **self.registers, "zero": 0}[name]) for name in names.split())


def write(name, data):
    with open(os.path.join(out, name), "wb") as file:
        file.write(data)


# ---- the chunk protocol ----
def block(kind, payload, address=0):
    return struct.pack("<B3xII", kind, address, len(payload)) + payload


def chunk(crash, registers, machine, version=2, flags=0, cut=None):
    blocks = b"".join(block(0, one) for one in registers)
    if crash.identity.get("build-id"):
        blocks += block(12, bytes.fromhex(crash.identity["build-id"]))
    blocks += block(2, crash.identity["device"].encode())
    blocks += block(10, crash.identity["version"].encode())
    blocks += block(11, crash.identity["software"].encode())
    blocks += block(4, crash.identity["hardware"].encode())
    blocks += block(7, struct.pack("<I", machine)) + block(5, struct.pack("<I", 0x9200))
    for address, data in crash.memory:
        blocks += block(6, bytes(-(len(blocks) + 24) % 4)) if (len(blocks) + 24) % 4 else b""
        blocks += block(1, data, address)
    if cut is not None:
        blocks = blocks[:cut]
    footer = struct.pack("<4I", 0x504D5544, flags, 0, 0) if version >= 2 else b""
    return struct.pack("<3I", 0x45524F43, version, 12 + len(blocks) + len(footer)) + blocks + footer


CORTEX_M = " ".join(NAMES) + " msp psp"


# ---- Zephyr ----
def zephyr(crash, version=2, crc=False, reason=19):
    wide = crash.word == 8
    body = struct.pack("<2sHHBBI", b"ZE", 2, 4 if crash.is_risc_v else 3, 6 if wide else 5, 1 if crc else 0, reason)
    if crash.is_risc_v:
        version = 4 if wide else 3
        registers = crash.words("zero " + " ".join(RISC_V_NAMES) + " pc")
    else:
        registers = crash.words("r0 r1 r2 r3 r12 lr pc xpsr sp" + (" r4 r5 r6 r7 r8 r9 r10 r11" if version > 1 else ""))
    body += struct.pack("<cHH", b"A", version, len(registers)) + registers
    for address, data in crash.memory:
        body += struct.pack("<cHQQ" if wide else "<cHII", b"M", 1, address, address + len(data)) + data
    return body + (struct.pack("<cHI", b"C", 1, zlib.crc32(body)) if crc else b"")


def partition(dump, write_block=16):
    header = struct.pack("<2sHIHHi", b"CD", 1, len(dump), 0, sum(dump) & 0xFFFF, 0)
    return header + bytes(-len(header) % write_block) + dump + b"\xff" * 64


def log_lines(dump, prefix="[00:00:00.%03d,000] \x1b[1;31m<err> coredump: %s\x1b[0m"):
    pieces, at = [dump[:12]], 12
    while at < len(dump):  # the firmware begins a line with every call: header, block header, contents
        size = 5 if dump[at : at + 1] in b"AT" else 11
        length = (
            struct.unpack_from("<H", dump, at + 3)[0]
            if size == 5
            else struct.unpack_from("<I", dump, at + 7)[0] - struct.unpack_from("<I", dump, at + 3)[0]
        )
        pieces += [dump[at : at + size], dump[at + size : at + size + length]]
        at += size + length
    yield prefix % (410, "#CD:BEGIN#")
    for piece in pieces:
        for at in range(0, len(piece), 32):
            yield prefix % (410, "#CD:" + piece[at : at + 32].hex())
    yield prefix % (411, "#CD:END#")


def zephyr_log(crashes):
    for crash in crashes:
        yield "*** Booting Zephyr OS build v3.6.0-rc1 ***"
        yield "[00:00:00.090,000] <inf> sensor: batch: 3 readings"
        yield "[00:00:00.410,000] <err> os: ***** MPU FAULT *****"
        yield "[00:00:00.410,000] <err> os: >>> ZEPHYR FATAL ERROR 19: Unknown error on CPU 0"
        yield "[00:00:00.410,000] <err> os: Current thread: 0x20000488 (sensor)"
        for number, line in enumerate(log_lines(zephyr(crash))):
            yield line
            if number == 5:
                yield "[00:00:00.411,000] <wrn> radio: busy"
        yield "[00:00:00.412,000] <err> os: Halting system"


RISC_V_CAUSES = {5: "Load access fault", 7: "Store/AMO access fault"}


def risc_v_fault(crash, frames):
    """What the kernel prints of a fatal error without a coredump."""
    digits = 2 * crash.word
    cause = int(crash.identity["mcause"], 16)
    yield " mcause: %d, %s" % (cause, RISC_V_CAUSES[cause])
    yield "  mtval: %x" % int(crash.identity["mtval"], 16)
    shown = [name for name in RISC_V_NAMES if name[0] in "at" and name != "tp"] + ["ra"]
    for at in range(0, len(shown), 2):
        yield "".join("     %s: %0*x" % (name, digits, crash.registers[name]) for name in shown[at : at + 2])
    yield "   mepc: %0*x" % (digits, crash.registers["pc"])
    yield "mstatus: %0*x" % (digits, int(crash.identity["mstatus"], 16))
    yield ""
    yield "call trace:"
    for number, pc in enumerate(frames):
        yield "      %d: sp: %0*x ra: %0*x" % (number, digits, crash.registers["sp"], digits, pc)
    yield ""
    yield ">>> ZEPHYR FATAL ERROR 0: CPU exception on CPU 0"
    yield "Current thread: 0x%x (%s)" % (crash.registers["tp"] or crash.memory[0][0], crash.identity["thread.1"])


def cortex_m_fault(crash):
    registers = crash.registers
    yield "***** BUS FAULT *****"
    yield "  Precise data bus error"
    yield "  BFAR Address: 0x%08x" % crash.at(0xE000ED38)
    for row in (("r0/a1", "r1/a2", "r2/a3"), ("r3/a4", "r12/ip", "r14/lr")):
        yield "  ".join("%s:  0x%08x" % (name, registers[name.split("/")[1 if "14" in name else 0]]) for name in row)
    yield " xpsr:  0x%08x" % registers["xpsr"]
    yield "Faulting instruction address (r15/pc): 0x%08x" % registers["pc"]
    yield ">>> ZEPHYR FATAL ERROR 25: Unknown error on CPU 0"
    yield "Current thread: 0x20000488 (%s)" % crash.identity["thread.1"]


def fault_log(said):
    yield "*** Booting Zephyr OS build v3.6.0 ***"
    yield "[00:00:00.090,000] <inf> sensor: batch: 3 readings"
    for line in said:
        yield "[00:00:00.410,000] \x1b[1;31m<err> os: %s\x1b[0m" % line
    yield "[00:00:00.412,000] <err> os: Halting system"


# ---- CrashCatcher ----
def crash_catcher(crash):
    data = struct.pack("<4BI", 0x63, 0x43, 3, 0, 1) + crash.words(CORTEX_M) + struct.pack("<I", 3) + bytes(33 * 4)
    for address, memory in crash.memory:
        data += struct.pack("<II", address, address + len(memory)) + memory
    return data


def hexadecimal(data):
    return "".join(data[at : at + 16].hex().upper() + "\r\n" for at in range(0, len(data), 16)).encode()


# ---- JSON ----
def report(crash, frames):
    return {
        "format": "faultline-crash-1",
        "architecture": "arm-cortex-m",
        **{key: crash.identity[key] for key in ("device", "hardware", "software", "version", "reason")},
        "buildId": crash.identity["build-id"],
        "uptimeMillis": int(crash.identity["uptime-ms"]),
        "registers": {name: "0x%08x" % crash.registers[name] for name in ("pc", "lr", "sp", "r0")},
        "frames": ["0x%08x" % pc for pc in frames],
        "log": ["batch: 3 readings", "downlink opcode 1"],
    }


def stack(name, folder=""):
    """The physical frames of the crashed thread as gdb told them."""
    frames = []
    for line in open(os.path.join(fixtures, folder, "expected", name + ".tsv")).read().splitlines()[1:]:
        _, crashed, _, pc, _, _, _, inlined, kind = line.split("\t")
        if crashed == "1" and inlined == "0" and kind != "tailcall":
            frames.append(int(pc, 16))
    return frames


os.makedirs(out, exist_ok=True)
crashes = {name: Crash("%s-%s" % (BUILD, name)) for name in ("unknown-channel", "sample-burst", "flash-unpowered")}
for name, crash in crashes.items():
    base = crash.name
    write(base + ".chunk", chunk(crash, [crash.words(CORTEX_M)], 40))
    write(base + ".zephyr", zephyr(crash, crc=name == "sample-burst"))
    write(base + ".crash-catcher", crash_catcher(crash))
first, second = crashes["unknown-channel"], crashes["sample-burst"]
whole = len(chunk(first, [first.words(CORTEX_M)], 40)) - 28
write(first.name + ".truncated.chunk", chunk(first, [first.words(CORTEX_M)], 40, flags=1, cut=whole - 200 & ~3))
write(first.name + ".version-1.chunk", chunk(first, [first.words(CORTEX_M + " zero control")], 40, version=1))
write(first.name + ".zephyr-partition", partition(zephyr(first)))
write(BUILD + "-two-crashes.zephyr-log", "\r\n".join(zephyr_log([first, second])).encode() + b"\r\n")
write(first.name + ".crash-catcher-hex", hexadecimal(crash_catcher(first)))
reports = [report(first, stack(first.name)), {**report(second, []), "reason": "brown-out"}]
del reports[1]["frames"], reports[1]["registers"]
write(BUILD + "-two-reports.json", json.dumps(reports, indent=1).encode() + b"\n")
write(BUILD + "-flash-unpowered.zephyr-fault", "\r\n".join(fault_log(cortex_m_fault(crashes["flash-unpowered"]))).encode())
for name in ("tank-rv32-O2-no-sensor", "tank-rv64-O2-no-sensor", "tank-rv32-O2-history-unpowered"):
    crash = Crash(name, "riscv")
    write(name + ".zephyr", zephyr(crash, crc=True, reason=0))
    if crash.word == 4:  # the partition's header has a size_t
        write(name + ".zephyr-partition", partition(zephyr(crash, reason=0)))
    write(name + ".zephyr-fault", "\r\n".join(fault_log(risc_v_fault(crash, stack(name, "riscv")[1:]))).encode())
