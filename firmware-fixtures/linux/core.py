#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
"""Runs a program in QEMU's user mode until a signal ends it, and writes the core that Linux would have written:

    core.py [--floats] OUT qemu-riscv64 PROGRAM [ARGUMENT…]

QEMU 7.2 writes none for RISC-V. Registers come through its gdb stub, memory out of /proc/PID/mem (guest addresses are the host's: -B 0), what the
signal was about from its own trace of the signal (-strace). Which part of which mapping is in the file is what Linux' default
coredump_filter says: anonymous and written pages, and the first page of a mapped ELF file. With --floats the floating-point registers are
there too.
"""

import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import time

EM_RISCV, EF_RISCV_RVC, EF_RISCV_FLOAT_ABI_DOUBLE = 243, 1, 4
PT_LOAD, PT_NOTE = 1, 4
PF_X, PF_W, PF_R = 1, 2, 4
NT_PRSTATUS, NT_FPREGSET, NT_PRPSINFO, NT_AUXV, NT_SIGINFO, NT_FILE = 1, 2, 3, 6, 0x53494749, 0x46494C45
FIRST_FLOAT = 33  # by the stub's numbers
PAGE = 4096
END_OF_GUEST = 0x5000_0000_0000  # above it lie QEMU itself and its libraries
MAIN_STACK = 8 << 20
SP = 2

# gdb's numbers of signals that end a process, and Linux' for them
FATAL = {4: 4, 5: 5, 6: 6, 8: 8, 10: 7, 11: 11}


class Stub:
    """QEMU's side of the gdb remote protocol."""

    def __init__(self, path):
        for _ in range(100):
            self.socket = socket.socket(socket.AF_UNIX)
            try:
                self.socket.connect(path)
                return
            except OSError:
                self.socket.close()
                time.sleep(0.05)
        raise SystemExit("QEMU does not listen")

    def ask(self, command):
        body = command.encode()
        self.socket.sendall(b"$" + body + b"#%02x" % (sum(body) & 255))
        return self.answer()

    def answer(self):
        packet = b""
        while not re.search(rb"#..$", packet, re.S):
            part = self.socket.recv(1 << 16)
            if not part:
                raise SystemExit("QEMU ended")
            packet += part
        self.socket.sendall(b"+")
        return packet[packet.index(b"$") + 1 : -3]

    def threads(self):
        found, command = [], "qfThreadInfo"
        while (answer := self.ask(command)).startswith(b"m"):
            found += answer[1:].decode().split(",")
            command = "qsThreadInfo"
        return found

    def registers(self, thread):
        self.ask("Hg" + thread)
        return struct.unpack("<33Q", bytes.fromhex(self.ask("g").decode())[: 33 * 8])

    def floats(self, thread):
        self.ask("qXfer:features:read:target.xml:0,800")  # else QEMU knows no single register
        self.ask("Hg" + thread)
        return b"".join(bytes.fromhex(self.ask("p%x" % (FIRST_FLOAT + register)).decode()) for register in range(32))

    def auxiliary_vector(self):
        answer = self.ask("qXfer:auxv:read::0,1000")[1:]
        return re.sub(rb"}(.)", lambda escaped: bytes([escaped[1][0] ^ 0x20]), answer, flags=re.S)


def run_to_the_end(stub):
    """Hands every signal to the program until one will end it: its number and the thread."""
    stub.ask("qSupported:multiprocess+")
    stub.ask("?")
    answer = stub.ask("c")
    while True:
        signal = int(answer[1:3], 16)
        if not answer.startswith(b"T"):
            raise SystemExit("the program ended: %s" % answer.decode())
        if signal in FATAL:
            return signal, re.search(rb"thread:([^;]*);", answer)[1].decode()
        answer = stub.ask("C%02x" % signal)


class Mapping:
    def __init__(self, line):
        fields = line.split(None, 5)
        self.start, self.end = (int(address, 16) for address in fields[0].split("-"))
        self.permissions, self.offset = fields[1], int(fields[2], 16)
        self.path = fields[5].strip() if len(fields) == 6 and fields[5].startswith("/") else ""


def mappings(pid):
    with open("/proc/%d/maps" % pid) as lines:
        return [mapping for mapping in map(Mapping, lines) if mapping.end <= END_OF_GUEST]


def flags_of_program(program):
    """Flags that the program's headers give to an address: QEMU maps code without PF_X, and what is read-only after relocation was
    written."""
    with open(program, "rb") as file:
        data = file.read()
    offset, count = struct.unpack_from("<Q", data, 32)[0], struct.unpack_from("<H", data, 56)[0]
    headers = [struct.unpack_from("<IIQQQQQQ", data, offset + 56 * i) for i in range(count)]
    loads = [(header[3], header[3] + header[6], header[1]) for header in headers if header[0] == PT_LOAD]
    return lambda start, end: next((flags for begin, stop, flags in loads if begin < end and start < stop), 0)


def segments(pid, program, stack_pointers):
    """Address, size in memory, flags, and the bytes that Linux dumps."""
    flags_at = flags_of_program(program)
    with open("/proc/%d/mem" % pid, "rb", 0) as memory:
        for mapping in mappings(pid):
            start, size = mapping.start, mapping.end - mapping.start
            given = flags_at(start, mapping.end)
            flags = (PF_R if "r" in mapping.permissions else 0) | (PF_W if "w" in mapping.permissions else 0) | given & PF_X
            if not flags & PF_R:
                wanted = 0
            elif mapping.path and not given & PF_W:
                wanted = PAGE if mapping.offset == 0 else 0
            else:
                wanted = size
            memory.seek(start)
            content = memory.read(wanted) if wanted else b""
            if size == MAIN_STACK:
                # Linux lets the main stack grow; QEMU has all of it from the beginning
                used = [pointer - start for pointer in stack_pointers if start <= pointer < mapping.end]
                used.append(next(at for at, byte in enumerate(content) if byte))
                unused = min(used) // PAGE * PAGE
                start, size, content = start + unused, size - unused, content[unused:]
            yield start, size, flags, content


def note(kind, content):
    padding = bytes(-len(content) % 4)
    return struct.pack("<III8s", 5, len(content), kind, b"CORE") + content + padding


def status(pid, thread, signal, registers):
    process = struct.pack("<IIIHHQQIIII", signal, 0, 0, signal, 0, 0, 0, thread, os.getpid(), pid, pid)
    return process + bytes(64) + struct.pack("<Q31Q", registers[32], *registers[1:32]) + bytes(8)


def process_information(pid, program, arguments):
    name = os.path.basename(program).encode()
    line = " ".join([program] + arguments).encode()
    return struct.pack("<bcbb4xQIIIIII16s80s", 0, b"R", 0, 0, 0, 0, 0, pid, os.getpid(), pid, pid, name[:15], line[:79])


def signal_information(signal, trace):
    told = re.findall(r"--- SIG\w+ {si_signo=SIG\w+, si_code=(-?\w+)(?:, si_addr=(\w+))?", trace)
    code, address = told[-1] if told else ("0", "")
    names = {"SEGV_MAPERR": 1, "SEGV_ACCERR": 2, "ILL_ILLOPC": 1, "TRAP_BRKPT": 1, "SI_TKILL": -6, "SI_USER": 0}
    number = names[code] if code in names else int(code, 0)
    place = 0 if address in ("", "NULL") else int(address, 16)
    return struct.pack("<iii4xQ", signal, 0, number, place).ljust(128, b"\0")


def files(pid):
    mapped = [mapping for mapping in mappings(pid) if mapping.path]
    table = struct.pack("<QQ", len(mapped), PAGE)
    for mapping in mapped:
        table += struct.pack("<QQQ", mapping.start, mapping.end, mapping.offset // PAGE)
    return table + b"".join(mapping.path.encode() + b"\0" for mapping in mapped)


def write(out, notes, memory):
    header_size = 64 + 56 * (1 + len(memory))
    at = header_size + len(notes)
    with open(out, "wb") as core:
        core.write(b"\x7fELF\2\1\1".ljust(16, b"\0"))
        flags = EF_RISCV_RVC | EF_RISCV_FLOAT_ABI_DOUBLE
        core.write(struct.pack("<HHIQQQIHHHHHH", 4, EM_RISCV, 1, 0, 64, 0, flags, 64, 56, 1 + len(memory), 0, 0, 0))
        core.write(struct.pack("<IIQQQQQQ", PT_NOTE, 0, header_size, 0, 0, len(notes), 0, 0))
        at += -at % PAGE
        for start, size, protection, content in memory:
            core.write(struct.pack("<IIQQQQQQ", PT_LOAD, protection, at, start, 0, len(content), size, PAGE))
            at += len(content)
        core.write(notes)
        core.write(bytes(-core.tell() % PAGE))
        for _, _, _, content in memory:
            core.write(content)


def number(thread):
    return int(thread.split(".")[-1], 16)


def main():
    with_floats = sys.argv[1] == "--floats"
    out, qemu, program, *arguments = sys.argv[2 if with_floats else 1 :]
    with tempfile.TemporaryDirectory() as scratch:
        listening, trace = scratch + "/stub", scratch + "/trace"
        command = [qemu, "-B", "0", "-strace", "-D", trace, "-g", listening, program]
        process = subprocess.Popen(command + arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        stub = Stub(listening)
        signal, crashed = run_to_the_end(stub)
        threads = sorted(stub.threads(), key=lambda thread: number(thread) != number(crashed))
        registers = {number(thread): stub.registers(thread) for thread in threads}
        floats = {number(thread): stub.floats(thread) for thread in threads} if with_floats else {}
        memory = list(segments(process.pid, program, [values[SP] for values in registers.values()]))
        auxiliary, mapped = stub.auxiliary_vector(), files(process.pid)
        stub.ask("C%02x" % signal)
        process.wait(10)
        with open(trace, errors="replace") as lines:
            information = signal_information(FATAL[signal], lines.read())
        first, *others = [
            note(NT_PRSTATUS, status(process.pid, thread, FATAL[signal], values))
            + (note(NT_FPREGSET, floats[thread] + bytes(8)) if with_floats else b"")
            for thread, values in registers.items()
        ]
        process_notes = [
            note(NT_PRPSINFO, process_information(process.pid, program, arguments)),
            note(NT_SIGINFO, information),
            note(NT_AUXV, auxiliary),
            note(NT_FILE, mapped),
        ]
        write(out, b"".join([first] + process_notes + others), memory)


main()
