# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
"""Writes the Linux cores as minidumps with what Breakpad's writer on Linux puts into one: stacks, contexts, modules with
their build ids, the memory around the crash, and what /proc says. One is of Crashpad's kind, with annotations and all memory.

    minidumps.py LINUX     reads LINUX/coredumps and LINUX/elf, writes LINUX/minidumps

QEMU's cores do not say which address could not be reached: a null pointer then stands for 0, a jump for its target, a stack
that is full for its end.
"""

import glob
import lzma
import os
import struct
import sys

linux = sys.argv[1]

PAGE = 4096
PT_LOAD, PT_NOTE = 1, 4
NT_PRSTATUS, NT_AUXV, NT_PRPSINFO, NT_SIGINFO = 1, 6, 3, 0x53494749
AT_SYSINFO_EHDR = 33

# e_machine: the words of a prstatus in their order
REGISTERS = {
    3: "ebx ecx edx esi edi ebp eax ds es fs gs orig_eax eip cs eflags esp ss".split(),
    40: ["r%d" % i for i in range(13)] + ["sp", "lr", "pc", "cpsr", "orig_r0"],
    62: "r15 r14 r13 r12 rbp rbx r11 r10 r9 r8 rax rcx rdx rsi rdi orig_rax rip cs eflags rsp ss fs_base gs_base ds es fs"
    " gs".split(),
    183: ["x%d" % i for i in range(31)] + ["sp", "pc", "pstate"],
    243: "pc ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6".split(),
}
ARCHITECTURES = {3: 0, 40: 5, 62: 9, 183: 12, 243: 0x8006}
MACHINES = {3: "i686", 40: "armv7l", 62: "x86_64", 183: "aarch64", 243: "riscv64"}
PROGRAM_COUNTERS = {3: "eip", 62: "rip"}
STACK_POINTERS = {3: "esp", 62: "rsp"}


class Elf:
    """Program headers and notes of an ELF file of either class."""

    def __init__(self, data):
        self.data, self.word = data, 8 if data[4] == 2 else 4
        self.machine = struct.unpack_from("<H", data, 18)[0]
        wide = self.word == 8
        at = struct.unpack_from("<Q" if wide else "<I", data, 32 if wide else 28)[0]
        size, count = struct.unpack_from("<HH", data, 54 if wide else 42)
        self.segments = []
        for place in range(at, at + size * count, size):
            if wide:
                kind, flags, offset, address, _, length, memory = struct.unpack_from("<IIQQQQQ", data, place)
            else:
                kind, offset, address, _, length, memory, flags = struct.unpack_from("<7I", data, place)
            self.segments.append((kind, flags, offset, address, length, memory))

    def notes(self):
        for kind, _, offset, _, length, _ in self.segments:
            at, end = offset, offset + length
            while kind == PT_NOTE and at + 12 <= end:
                names, size, note = struct.unpack_from("<3I", self.data, at)
                owner = self.data[at + 12 : at + 12 + names].rstrip(b"\0")
                at += 12 + (names + 3 & ~3)
                yield owner, note, self.data[at : at + size]
                at += size + 3 & ~3

    def build_id(self):
        return next(bytes(note) for owner, kind, note in self.notes() if owner == b"GNU" and kind == 3)


class Core(Elf):
    """What a process left: threads, memory, the signal."""

    def __init__(self, data):
        super().__init__(data)
        self.threads, self.auxv, self.signal, self.arguments = [], b"", None, b"gateway"
        wide = self.word == 8
        for owner, kind, note in self.notes():
            if owner == b"CORE" and kind == NT_PRSTATUS:
                names = REGISTERS[self.machine]
                values = struct.unpack_from("<%d%s" % (len(names), "Q" if wide else "I"), note, 112 if wide else 72)
                thread = struct.unpack_from("<I", note, 32 if wide else 24)[0]
                self.threads.append((thread, dict(zip(names, values))))
                if self.signal is None:
                    self.signal = (struct.unpack_from("<H", note, 12)[0], None, None)
            elif owner == b"CORE" and kind == NT_SIGINFO:
                number, _, code = struct.unpack_from("<3i", note)
                self.signal = (number, code, struct.unpack_from("<Q" if wide else "<I", note, 16 if wide else 12)[0])
            elif owner == b"CORE" and kind == NT_AUXV:
                self.auxv = note
            elif owner == b"CORE" and kind == NT_PRPSINFO:
                self.arguments = note[56 if wide else 44 :].rstrip(b"\0 ") or self.arguments
        self.loads = [segment[1:] for segment in self.segments if segment[0] == PT_LOAD]

    def pc(self, registers):
        return registers[PROGRAM_COUNTERS.get(self.machine, "pc")]

    def sp(self, registers):
        return registers[STACK_POINTERS.get(self.machine, "sp")]

    def stack(self, sp):
        """From the page of sp on; a stack that is full begins behind its guard."""
        for _, offset, address, length, _ in self.loads:
            if length and sp < address + length and address - sp < 64 * PAGE:
                start = max(address, sp & -PAGE)
                return start, self.data[offset + start - address : offset + length]
        return sp, b""

    def auxiliary(self, tag):
        pairs = struct.unpack("<%d%s" % (len(self.auxv) // self.word, "Q" if self.word == 8 else "I"), self.auxv)
        return dict(zip(pairs[::2], pairs[1::2])).get(tag, 0)

    def vdso(self):
        """Where the kernel's own code lies, and which build of it."""
        base = self.auxiliary(AT_SYSINFO_EHDR)
        for _, offset, address, length, _ in self.loads:
            if base and address == base and length:
                image = Elf(self.data[offset : offset + length])
                return base, length, image.build_id()
        return None


def context(core, registers):
    """The CPU context as minidump_format.h and its neighbours lay it out."""

    def words(form, names):
        return b"".join(struct.pack(form, registers[name]) for name in names.split())

    def numbered(letter, last):
        return " ".join("%s%d" % (letter, i) for i in range(last + 1))

    if core.machine == 40:
        return struct.pack("<I", 0x40000006) + words("<I", numbered("r", 12) + " sp lr pc cpsr") + bytes(8 + 256 + 32)
    if core.machine == 183:
        head = struct.pack("<II", 0x400006, registers["pstate"])
        return head + words("<Q", numbered("x", 30) + " sp pc") + bytes(512 + 8 + 96 + 24)
    if core.machine == 62:
        segments = words("<H", "cs ds es fs gs ss") + struct.pack("<I", registers["eflags"])
        general = words("<Q", "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15 rip")
        return bytes(48) + struct.pack("<II", 0x10000F, 0x1F80) + segments + bytes(48) + general + bytes(1232 - 256)
    if core.machine == 3:
        general = words("<I", "gs fs es ds edi esi ebx edx ecx eax ebp eip cs eflags esp ss")
        return struct.pack("<I", 0x1003F) + bytes(24 + 112) + general + bytes(512)
    return struct.pack("<II", 0x08000000, 0) + words("<Q", " ".join(REGISTERS[243])) + bytes(32 * 8 + 8)


def exception(core, situation, registers):
    number, code, address = core.signal
    if code is None:
        code = -6 if situation == "assert" else 1
        address = {"jump": core.pc(registers), "overflow": core.sp(registers)}.get(situation, 0)
    return number, code, address


class Minidump:
    """A file that grows: places in it are given as they are taken."""

    def __init__(self, streams):
        self.data = bytearray(32 + 12 * streams)
        self.directory, self.streams = 32, streams

    def put(self, data):
        self.data += bytes(-len(self.data) % 8)
        place = len(self.data)
        self.data += data
        return place

    def location(self, data):
        return struct.pack("<II", len(data), self.put(data))

    def string(self, text):
        encoded = text.encode("utf-16-le")
        return self.put(struct.pack("<I", len(encoded)) + encoded + bytes(2))

    def utf8(self, text):
        return self.put(struct.pack("<I", len(text)) + text.encode() + bytes(1))

    def stream(self, kind, data):
        struct.pack_into("<III", self.data, self.directory, kind, len(data), self.put(data))
        self.directory += 12

    def bytes(self):
        struct.pack_into("<6I", self.data, 0, 0x504D444D, 0xA793, self.streams, 32, 0, 0)
        return bytes(self.data)


def modules(core, program, rsds):
    """Base, size, name and CodeView record of each."""
    loads = [segment for segment in program.segments if segment[0] == PT_LOAD]
    base = min(segment[3] for segment in loads) & -PAGE
    end = max(segment[3] + segment[5] for segment in loads) + PAGE - 1 & -PAGE
    yield base, end - base, "/usr/bin/gateway", code_view(program.build_id(), rsds, "gateway")
    vdso = core.vdso()
    if vdso:
        yield vdso[0], vdso[1], "linux-gate.so", code_view(vdso[2], rsds, "linux-gate.so")


def code_view(build_id, rsds, name):
    if rsds:
        return b"RSDS" + build_id[:16] + struct.pack("<I", 0) + name.encode() + bytes(1)
    return struct.pack("<I", 0x4270454C) + build_id


def maps(core, known):
    lines = []
    for flags, _, address, _, size in core.loads:
        path = next((name for base, length, name, _ in known if base <= address < base + length), "")
        path = {"linux-gate.so": "[vdso]"}.get(path, path)
        mode = "".join(letter if flags & bit else "-" for letter, bit in (("r", 4), ("w", 2), ("x", 1))) + "p"
        lines.append("%08x-%08x %s %08x 00:00 0 %s" % (address, address + size, mode, 0, path.rjust(len(path) + 26)))
    return "\n".join(lines).encode() + b"\n"


def minidump(core, program, situation, crashpad, rsds):
    dump = Minidump(11 if crashpad else 12)
    crashed, registers = core.threads[0]
    contexts = {thread: dump.location(context(core, words)) for thread, words in core.threads}
    memory, threads = [], b""
    for thread, words in core.threads:
        start, stack = core.stack(core.sp(words))
        where = dump.location(stack)
        memory.append((start, where))
        threads += struct.pack("<IIIIQQ", thread, 0, 0, 0, 0, start) + where + contexts[thread]
    dump.stream(3, struct.pack("<I", len(core.threads)) + threads)
    known = list(modules(core, program, rsds))
    listed = b""
    for base, size, name, record in known:
        listed += struct.pack("<QIIII", base, size, 0, 0, dump.string(name)) + bytes(52)
        listed += dump.location(record) + bytes(8 + 16)
    dump.stream(4, struct.pack("<I", len(known)) + listed)
    if crashpad:  # all memory, behind everything else
        everything = [(address, core.data[at : at + length]) for _, at, address, length, _ in core.loads if length]
        ranges = b"".join(struct.pack("<QQ", address, len(data)) for address, data in everything)
        place = dump.put(b"".join(data for _, data in everything))
        dump.stream(9, struct.pack("<QQ", len(everything), place) + ranges)
    else:
        pc = core.pc(registers)
        for flags, at, address, length, _ in core.loads:
            start, end = max(address, pc - 128), min(address + length, pc + 128)
            if start < end:
                memory.append((start, dump.location(core.data[at + start - address : at + end - address])))
        dump.stream(5, struct.pack("<I", len(memory)) + b"".join(struct.pack("<Q", at) + where for at, where in memory))
    number, code, address = exception(core, situation, registers)
    record = struct.pack("<IIIiQQII", crashed, 0, number, code, 0, address, 0, 0) + bytes(15 * 8) + contexts[crashed]
    dump.stream(6, record)
    version = dump.string("Linux 6.1.0 #1 SMP PREEMPT %s" % MACHINES[core.machine])
    system = struct.pack("<HHHBB5II", ARCHITECTURES[core.machine], 0, 0, 2, 0, 6, 1, 0, 0x8201, version, 0)
    dump.stream(7, system + bytes(24))
    name = dump.string("gateway")
    main = min(thread for thread, _ in core.threads)
    dump.stream(24, struct.pack("<IIQ", 1, main, name))
    dump.stream(15, struct.pack("<IIIIII", 24, 1, main, 0, 0, 0))
    dump.stream(0x47670004, b"Name:\tgateway\nPid:\t%d\n" % main)
    dump.stream(0x47670006, core.arguments.replace(b" ", bytes(1)) + bytes(1))
    dump.stream(0x47670009, maps(core, known))
    if crashpad:
        pairs = [("prod", "gateway"), ("ver", "1.4.2"), ("channel", "beta")]
        words = b"".join(struct.pack("<II", dump.utf8(key), dump.utf8(value)) for key, value in pairs)
        annotations = dump.location(struct.pack("<I", len(pairs)) + words)
        dump.stream(0x43500001, struct.pack("<I", 1) + bytes(range(16)) + bytes(16) + annotations + bytes(8))
    else:
        dump.stream(0x47670005, b'DISTRIB_ID="gateway-linux"\nDISTRIB_RELEASE="4.2"\n')
        dump.stream(0x47670008, core.auxv)
    return dump.bytes()


out = os.path.join(linux, "minidumps")
os.makedirs(out, exist_ok=True)
for path in sorted(glob.glob(os.path.join(linux, "coredumps", "*.core.xz"))):
    name = os.path.basename(path).removesuffix(".core.xz")
    program_name, situation = name.rsplit("-", 1)
    core = Core(lzma.open(path).read())
    program = Elf(open(os.path.join(linux, "elf", program_name + ".elf"), "rb").read())
    crashpad = core.machine == 62 and situation == "null"
    data = minidump(core, program, situation, crashpad, rsds=core.machine in (3, 40))
    with open(os.path.join(out, name + ".dmp.xz"), "wb") as file:
        file.write(lzma.compress(data, preset=9))
