# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
"""Asks gdb for the stacks of device cores. Runs inside gdb:

    gdb-multiarch -nx -batch -x expected.py   with FW_ELF, FW_CORES (directory), FW_OUT (directory), FW_QEMU (command), FW_SITUATIONS set

For every core `<elf name>-<situation>.core` in FW_CORES it writes to FW_OUT
  <core>.txt            what gdb prints, untouched
  <core>.tsv            the same frames for a machine
  <core>.overrides.tsv  only where gdb gives up or is wrong: the frames of that thread, each again told by gdb, but asked in a way that
                        it can answer. README.md, "Where we differ from gdb", argues each kind.
"""

import os
import struct
import subprocess
import sys
import traceback

import gdb

ELF = os.environ["FW_ELF"]
CORES = os.environ["FW_CORES"]
OUT = os.environ["FW_OUT"]
QEMU = os.environ.get("FW_QEMU", "")

FUNCTIONS_ON_THE_OVERFLOWED_STACK = ["configure", "configure_group", "next_field", "packet_checksum", "set_limits"]
PRSTATUS_REGISTERS = 72
COLUMNS = "thread\tcrashed\tindex\tpc\tfunction\tfile\tline\tinlined\tkind\n"


class Core:
    """The few fields of a device core that are needed here."""

    def __init__(self, path):
        self.path = path
        self.data = bytearray(open(path, "rb").read())
        offset, count = struct.unpack_from("<I", self.data, 28)[0], struct.unpack_from("<H", self.data, 44)[0]
        headers = [struct.unpack_from("<8I", self.data, offset + 32 * i) for i in range(count)]
        self.loads = [(h[2], h[1], h[4]) for h in headers if h[0] == 1]
        notes = [h for h in headers if h[0] == 4][0]
        at, end = notes[1], notes[1] + notes[4]
        self.prstatus, self.keys = None, {}
        while at < end:
            name_size, size, kind = struct.unpack_from("<3I", self.data, at)
            name = bytes(self.data[at + 12 : at + 12 + name_size - 1]).decode()
            body = at + 12 + (name_size + 3 & ~3)
            if name == "CORE" and kind == 1 and self.prstatus is None:
                self.prstatus = body
            if name == "Faultline":
                for pair in bytes(self.data[body + 4 : body + size]).split(b"\0"):
                    key, _, value = pair.decode().partition("=")
                    self.keys.setdefault(key, value)
            at = body + (size + 3 & ~3)

    def thread(self):
        return struct.unpack_from("<I", self.data, self.prstatus + 24)[0]

    def word(self, address):
        for start, offset, size in self.loads:
            if start <= address and address + 4 <= start + size:
                return struct.unpack_from("<I", self.data, offset + address - start)[0]
        raise ValueError("0x%x is not in the core" % address)

    def register(self, number):
        return struct.unpack_from("<I", self.data, self.prstatus + PRSTATUS_REGISTERS + 4 * number)[0]

    def with_registers(self, registers, path):
        data = bytearray(self.data)
        for number, value in registers.items():
            struct.pack_into("<I", data, self.prstatus + PRSTATUS_REGISTERS + 4 * number, value & 0xFFFFFFFF)
        with open(path, "wb") as out:
            out.write(data)
        return path


def hexadecimal(value):
    return "0x%08x" % (int(value) & 0xFFFFFFFF)


def frames_of_selected_thread():
    rows = []
    frame = gdb.newest_frame()
    while frame is not None and len(rows) < 256:
        sal = frame.find_sal()
        kind = ""
        name = frame.name() or ""
        if frame.type() == gdb.SIGTRAMP_FRAME:
            kind, name, sal = "exception", "", None
        elif frame.type() == gdb.TAILCALL_FRAME:
            kind = "tailcall"
        elif frame.level() == 0:
            kind = "context"
        rows.append(
            {
                "pc": int(frame.pc()) & 0xFFFFFFFF,
                "function": name,
                "file": sal.symtab.filename if sal and sal.symtab else "",
                "line": sal.line if sal and sal.symtab else "",
                "inlined": 1 if frame.type() == gdb.INLINE_FRAME else 0,
                "kind": kind,
            }
        )
        frame = frame.older()
    return rows


def write_rows(out, thread, crashed, rows):
    for index, row in enumerate(rows):
        out.write(
            "%d\t%d\t%d\t%s\t%s\t%s\t%s\t%d\t%s\n"
            % (thread, crashed, index, hexadecimal(row["pc"]), row["function"], row["file"], row["line"], row["inlined"], row["kind"])
        )


def open_core(path):
    gdb.execute("core-file " + path, to_string=True)


def threads():
    return sorted(gdb.selected_inferior().threads(), key=lambda t: t.num)


def ask_again(core, registers):
    """gdb's frames for the same memory, but with the crashed thread at another place."""
    path = core.with_registers(registers, os.path.join(OUT, "again.core"))
    open_core(path)
    threads()[0].switch()
    rows = frames_of_selected_thread()
    gdb.execute("core-file", to_string=True)
    os.remove(path)
    return rows


def is_code(address):
    return gdb.block_for_pc(address) is not None


def registers_at(level):
    frame = gdb.newest_frame()
    while frame.level() < level:
        frame = frame.older()
    return {n: int(frame.read_register("r%d" % n)) & 0xFFFFFFFF for n in range(4, 12)}


def across_exception(core, rows):
    """An interrupt handler on MSP interrupted a thread on PSP, but a core has no PSP register for gdb: it goes on upon MSP."""
    at = next(i for i, r in enumerate(rows) if r["kind"] == "exception" and r["pc"] & 4)
    registers = registers_at(at)
    frame = int(core.keys["psp"], 16)
    words = [core.word(frame + 4 * i) for i in range(8)]
    registers.update({0: words[0], 1: words[1], 2: words[2], 3: words[3], 12: words[4], 14: words[5], 15: words[6] & ~1, 16: words[7]})
    registers[13] = frame + (0x20 if rows[at]["pc"] & 16 else 0x68) + (4 if words[7] & 0x200 else 0)
    outer = ask_again(core, registers)
    outer[0]["kind"] = ""
    return rows[: at + 1] + outer


def after_leaf_without_cfi(core, rows):
    """newlib's memcpy has no CFI and never touches sp or lr: lr is the return address and the caller's sp is sp."""
    back = core.register(14) & ~1
    outer = ask_again(core, {15: back - 4})  # at the BL itself, so that lines and inlined calls are those of the call
    outer[0]["kind"] = ""
    for row in outer:
        if row["pc"] == back - 4:
            row["pc"] = back
    return rows[:1] + outer


def call_before(address):
    """Size of the call instruction that ends at `address`; 0 if there is none."""
    try:
        first, second = (int.from_bytes(gdb.selected_inferior().read_memory(address - n, 2).tobytes(), "little") for n in (4, 2))
    except gdb.MemoryError:
        return 0
    if first & 0xF800 == 0xF000 and second & 0xD000 == 0xD000:
        return 4
    return 2 if second & 0xFF87 == 0x4780 else 0


def after_lost_frame(core, situation):
    """The CPU could not push the frame, so pc and lr are gone; what lies on the stack is not. The innermost return address from which
    gdb unwinds all the way to the task's first function is where it begins. A second run confirms what gdb says."""
    start, end = (int(a, 16) for a in core.keys["thread.%s.stack" % core.thread()].split("-"))
    for slot in range(core.register(13), end, 4):
        back = core.word(slot)
        size = call_before(back & ~1) if back & 1 and is_code(back & ~1) else 0
        if size == 0:
            continue
        # lr is the uppermost register of a push, r7 (the frame pointer of -O0) the one below it.
        rows = ask_again(core, {15: (back & ~1) - size, 13: slot + 4, 14: 0, 7: core.word(slot - 4)})
        open_core(core.path)
        threads()[0].switch()
        if len(rows) > 3 and rows[-1]["function"] == "run_task":
            rows[0]["kind"] = ""
            for row in rows:
                if row["pc"] == (back & ~1) - size:
                    row["pc"] = back & ~1
            compare_with_live_run(rows, situation, start)
            return [{"pc": 0, "function": "", "file": "", "line": "", "inlined": 0, "kind": "lost"}] + rows
    raise ValueError("no return address on the stack leads to run_task")


def compare_with_live_run(rows, situation, start):
    """Repeats the run under gdb with breakpoints where the overflowing recursion goes: there gdb needs no help. Breakpoints shift the
    clock interrupt a little, so this run may end a few calls earlier or later; from the outermost frame on both must agree."""
    gdb.execute("core-file", to_string=True)
    gdb.execute("target remote | exec " + QEMU.replace("SITUATION", situation) + " -S -gdb stdio", to_string=True)
    gdb.execute("tbreak *((int) &faultline_fault_entry & ~1)", to_string=True)
    for function in FUNCTIONS_ON_THE_OVERFLOWED_STACK:
        symbol = gdb.lookup_static_symbol(function) or gdb.lookup_global_symbol(function)
        if symbol is not None:
            address = int(symbol.value().address.cast(gdb.lookup_type("unsigned int"))) & ~1
            gdb.execute("break *%d if $sp < %d && $sp >= %d" % (address, start + 192, start), to_string=True)
    last = []
    while True:
        gdb.execute("continue", to_string=True)
        if gdb.newest_frame().name() == "faultline_fault_entry":
            break
        live = frames_of_selected_thread()
        last = live if len(live) >= len(last) else last
    try:
        gdb.execute("kill", to_string=True)
    except gdb.error:
        pass  # QEMU ended before it answered
    gdb.execute("delete", to_string=True)
    ours, theirs = ([(r["function"], r["line"]) for r in reversed(s)] for s in (rows, last))
    common = min(len(ours), len(theirs)) - 2  # the innermost function may be another at the same depth
    if common < 10 or ours[:common] != theirs[:common]:
        raise ValueError("the live run has another stack: %s, not %s" % (theirs, ours))


def confirm_with_addr2line(rows):
    """Binutils' other reader of the line table, and the code itself: each frame of a stack that we put together is what addr2line says of
    its address, and a caller's address is behind a call."""
    groups, exact = [], True
    for row in rows:
        if row["kind"] in ("exception", "lost", "tailcall"):
            exact = row["kind"] == "exception"
            continue
        if groups and groups[-1][0] == row["pc"]:
            groups[-1][2].append(row)
        else:
            groups.append((row["pc"], exact, [row]))
        exact = False
    for pc, exact, group in groups:
        if group[-1]["function"] == "":
            continue
        if not exact and call_before(pc) == 0:
            raise ValueError("no call before 0x%x" % pc)
        command = ["arm-none-eabi-addr2line", "-f", "-i", "-e", ELF, "0x%x" % (pc if exact else pc - 1)]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        theirs = [(f, os.path.basename(p).split(" ")[0]) for f, p in zip(lines[::2], lines[1::2])]
        ours = [(r["function"], "%s:%s" % (os.path.basename(r["file"]), r["line"])) for r in group]
        if exact:  # of several rows for one address gdb takes one with is_stmt, addr2line the last: the innermost line may differ
            ours[0], theirs[0] = ours[0][0], theirs[0][0]
        if theirs != ours:
            raise ValueError("addr2line says %s, not %s" % (theirs, ours))


def override(core, rows, situation):
    if core.keys.get("frame") == "lost":
        return after_lost_frame(core, situation)
    if any(r["kind"] == "exception" and r["pc"] & 4 for r in rows):
        return across_exception(core, rows)
    if rows[0]["function"] == "memcpy" and len(rows) == 1:
        return after_leaf_without_cfi(core, rows)
    if not is_code(rows[0]["pc"]) and rows[0]["function"] != "" and rows[0]["function"] != "memcpy":
        return [dict(rows[0], function="")] + rows[1:]
    return None


def process(path):
    name = os.path.basename(path)[: -len(".core")]
    situation = name[len(os.path.basename(ELF)) - len(".elf") + 1 :]
    core = Core(path)
    open_core(path)
    text = gdb.execute("thread apply all -ascending bt", to_string=True)
    with open(os.path.join(OUT, name + ".txt"), "w") as out:
        out.write(text)
    first = None
    with open(os.path.join(OUT, name + ".tsv"), "w") as out:
        out.write(COLUMNS)
        for thread in threads():
            thread.switch()
            rows = frames_of_selected_thread()
            write_rows(out, thread.ptid[1], 1 if thread.num == 1 else 0, rows)
            if thread.num == 1:
                first = (thread.ptid[1], rows)
    threads()[0].switch()
    again = override(core, first[1], situation)
    if again is not None:
        confirm_with_addr2line(again)
        with open(os.path.join(OUT, name + ".overrides.tsv"), "w") as out:
            out.write(COLUMNS)
            write_rows(out, first[0], 1, again)


def main():
    for setting in ["pagination off", "style enabled off", "print frame-arguments none", "print address on", "confirm off", "width 0", "debuginfod enabled off"]:
        gdb.execute("set " + setting, to_string=True)
    gdb.execute("file " + ELF, to_string=True)
    for wanted in os.environ["FW_SITUATIONS"].split():
        core_path = os.path.join(CORES, "%s-%s.core" % (os.path.basename(ELF)[: -len(".elf")], wanted))
        if os.path.exists(core_path):
            try:
                process(core_path)
            except Exception:  # gdb -batch would go on and end with 0
                print(core_path)
                traceback.print_exc()
                sys.stdout.flush()
                os._exit(1)


if __name__ == "__main__":
    main()
