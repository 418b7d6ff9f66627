# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
"""Writes a coredump of the chunk protocol out of a device core: registers, build id, and of the memory the stack, the logger and its
ring, each in a block of its own.

    blocks.py CORE ELF OUT
"""

import struct
import subprocess
import sys

core, elf, out = sys.argv[1:]
data = open(core, "rb").read()
offset, count = struct.unpack_from("<I", data, 28)[0], struct.unpack_from("<H", data, 44)[0]
segments = [struct.unpack_from("<5I", data, offset + 32 * i) for i in range(count)]
symbols = {}
for line in subprocess.run(["arm-none-eabi-nm", "-S", elf], check=True, capture_output=True, text=True).stdout.splitlines():
    fields = line.split()
    if len(fields) == 4:
        symbols[fields[3]] = (int(fields[0], 16), int(fields[1], 16))


def memory(address, size):
    for kind, place, start, _, length in segments:
        if kind == 1 and start <= address < start + length:
            at = place + address - start
            return data[at : at + min(size, start + length - address)]
    raise SystemExit("no memory at 0x%08x" % address)


def notes():
    for kind, place, _, _, length in segments:
        at = place
        while kind == 4 and at < place + length:
            names, size, note = struct.unpack_from("<3I", data, at)
            at += 12 + (names + 3 & ~3)
            yield data[at - (names + 3 & ~3) :][:names].rstrip(b"\0"), data[at : at + size]
            at += size + 3 & ~3


def block(kind, payload, address=0):
    return struct.pack("<B3xII", kind, address, len(payload)) + payload


by_owner = {}
for owner, contents in notes():
    by_owner.setdefault(owner, contents)
registers = struct.unpack_from("<17I", by_owner[b"CORE"], 72)
identity = dict(pair.split("=", 1) for pair in by_owner[b"Faultline"][4:].decode().rstrip("\0").split("\0") if "=" in pair)
blocks = block(0, struct.pack("<19I", *registers, registers[13], 0)) + block(12, bytes.fromhex(identity["build-id"]))
blocks += block(10, b"1.0.0") + block(11, b"chunk") + block(4, b"m3") + block(7, struct.pack("<I", 40)) + block(5, struct.pack("<I", 0x9200))
for address, size in [(registers[13], 4096), symbols["s_memfault_ram_logger"], symbols["ring"]]:
    blocks += block(1, memory(address, size), address)
with open(out, "wb") as file:
    file.write(struct.pack("<3I", 0x45524F43, 2, 12 + len(blocks) + 16) + blocks + struct.pack("<4I", 0x504D5544, 0, 0, 0))
