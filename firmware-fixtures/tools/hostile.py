# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
"""Makes hostile inputs out of one good dump and one good ELF file; each is named for what it does.

    hostile.py WORK    reads WORK/coredumps and WORK/elf, writes WORK/hostile
"""

import gzip
import os
import struct
import sys

work = sys.argv[1]
out = os.path.join(work, "hostile")
core = open(os.path.join(work, "coredumps/main-fw-1.0.0-rev-b-unknown-channel.core"), "rb").read()
elf = open(os.path.join(work, "elf/main-fw-1.0.0-rev-b.elf"), "rb").read()

E_PHOFF, E_SHOFF, E_PHENTSIZE, E_PHNUM, E_SHNUM, E_SHSTRNDX = 28, 32, 42, 44, 48, 50
PHDR = 32
P_OFFSET, P_VADDR, P_FILESZ, P_MEMSZ = 4, 8, 16, 20
NOTES = struct.unpack_from("<I", core, 52 + P_OFFSET)[0]
NOTES_SIZE = struct.unpack_from("<I", core, 52 + P_FILESZ)[0]


def write(name, data):
    with open(os.path.join(out, name), "wb") as file:
        file.write(data)


def changed(data, *fields):
    data = bytearray(data)
    for place, form, value in fields:
        struct.pack_into("<" + form, data, place, value)
    return bytes(data)


def segment(index, field):
    return 52 + PHDR * index + field


def identity_note():
    """Where the header of our note is."""
    return core.index(b"Faultline\0") - 12


def section(name):
    """Where the section header of `name` is, and its offset and size in the file."""
    headers, count, names = (struct.unpack_from(f, elf, o)[0] for f, o in (("<I", E_SHOFF), ("<H", E_SHNUM), ("<H", E_SHSTRNDX)))
    strings = struct.unpack_from("<I", elf, headers + 40 * names + 16)[0]
    for i in range(count):
        at = headers + 40 * i
        start = strings + struct.unpack_from("<I", elf, at)[0]
        if elf[start : elf.index(b"\0", start)].decode() == name:
            return at, *struct.unpack_from("<II", elf, at + 16)
    raise KeyError(name)


# ---- dumps ----
write("core-empty.core", b"")
write("core-only-magic.core", core[:4])
write("core-truncated-in-elf-header.core", core[:40])
write("core-truncated-in-program-headers.core", core[: 52 + PHDR + 7])
write("core-truncated-in-notes.core", core[: NOTES + 200])  # one whole PRSTATUS arrived
write("core-truncated-in-memory.core", core[: NOTES + NOTES_SIZE + 1000])  # threads and identity arrived
write("core-phnum-65535-no-section-header.core", changed(core, (E_PHNUM, "H", 0xFFFF)))
write("core-phnum-60000-beyond-file.core", changed(core, (E_PHNUM, "H", 60000)))
write("core-phentsize-0.core", changed(core, (E_PHENTSIZE, "H", 0)))
write("core-phoff-at-end-of-address-space.core", changed(core, (E_PHOFF, "I", 0xFFFFFFF0)))
write("core-note-name-size-4gib.core", changed(core, (NOTES, "I", 0xFFFFFFFF)))
write("core-note-descriptor-past-end.core", changed(core, (NOTES + 4, "I", 0x7FFFFFF0)))
write("core-identity-note-past-end.core", changed(core, (identity_note() + 4, "I", 0x00100000)))
write("core-identity-layout-version-2.core", changed(core, (identity_note() + 24, "I", 2)))
write("core-prstatus-too-short.core", changed(core, (NOTES + 4, "I", 16)))
write("core-segment-size-4gib.core", changed(core, (segment(1, P_FILESZ), "I", 0xFFFFFFFF), (segment(1, P_MEMSZ), "I", 0xFFFFFFFF)))
write("core-segment-wraps-address-space.core", changed(core, (segment(1, P_VADDR), "I", 0xFFFFF000)))
write("core-segment-file-larger-than-memory.core", changed(core, (segment(1, P_MEMSZ), "I", 16)))
write("core-segments-overlap.core", changed(core, (segment(2, P_VADDR), "I", 0x20000004), (segment(3, P_VADDR), "I", 0x20000006)))
write("core-stack-pointer-outside-memory.core", changed(core, (NOTES + 20 + 72 + 13 * 4, "I", 0xFFFFFFF8)))
many = b"".join(core[NOTES : NOTES + 168] for _ in range(5000))  # 12 + 8 + 148 bytes each
write("core-5000-threads.core", changed(core[:NOTES], (52 + P_FILESZ, "I", len(many)), (E_PHNUM, "H", 1)) + many)

# A log whose fields contradict each other: found by its symbol in RAM.
log = core.index(struct.pack("<I", 0x46544C31))
write("core-log-capacity-4gib.core", changed(core, (log + 4, "I", 0xFFFFFFFF), (log + 8, "I", 0xFFFFFFFE)))
write("core-log-capacity-0.core", changed(core, (log + 4, "I", 0)))


# 256 MiB of zeros, in members, the dump's beginning first: under 1 MiB here.
def bomb():
    head = gzip.compress(core, 9, mtime=0)
    return head + gzip.compress(bytes(64 << 20), 9, mtime=0) * 4


write("core-gzip-bomb-256-mib.core.gz", bomb())
write("core-gzip-truncated.core.gz", gzip.compress(core, 9, mtime=0)[:1500])

# ---- debug files ----
write("elf-truncated-in-section-headers.elf", elf[: struct.unpack_from("<I", elf, E_SHOFF)[0] + 100])
write("elf-truncated-in-debug-info.elf", elf[: section(".debug_info")[1] + 500])
write("elf-shnum-65535.elf", changed(elf, (E_SHNUM, "H", 0xFFFF))[:8192])
line, line_at, _ = section(".debug_line")
write("elf-debug-line-unit-length-4gib.elf", changed(elf, (line_at, "I", 0xFFFFFFEF)))
info, info_at, _ = section(".debug_info")
write("elf-debug-info-size-past-end.elf", changed(elf, (info + 20, "I", 0x7FFFFFFF)))
frame, frame_at, _ = section(".debug_frame")
first = struct.unpack_from("<I", elf, frame_at)[0] + 4
write("elf-debug-frame-entry-is-its-own-cie.elf", changed(elf, (frame_at + first + 4, "I", first)))
abbrev, abbrev_at, abbrev_size = section(".debug_abbrev")
endless = b"\xff" * 64
write("elf-debug-abbrev-endless-leb128.elf", elf[:abbrev_at] + endless + elf[abbrev_at + 64 :])
write("elf-debug-info-abbrev-offset-at-last-byte.elf", changed(elf, (info_at + 8, "I", abbrev_size - 1)))
