# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
"""Runs inside gdb: for every thread that the kernel of KN_ELF had, the frames that gdb finds from the registers which that kernel saved.

gdb reads the kernel's structures by their types; where registers lie in a saved context is written down here a second time. Rows:
thread name, frame index, pc, function, file, line, inlined.
"""

import os
import struct
import sys
import traceback

import gdb

ELF, CORE, OUT = os.environ["KN_ELF"], os.environ["KN_CORE"], os.environ["KN_OUT"]
PRSTATUS_REGISTERS = 72


def word(address):
    return struct.unpack("<I", gdb.selected_inferior().read_memory(address, 4).tobytes())[0]


def words(address, count):
    return [word(address + 4 * i) for i in range(count)]


RISCV = "rv32" in os.path.basename(CORE)


def at_words(places, stack_pointer):
    """Of RISC-V: registers by number, pc as 0 as in a prstatus."""
    registers = {number: word(place) for number, place in places.items()}
    registers[2] = stack_pointer
    return registers


def returned(places, stack_pointer):
    """Where the call of the switch returns, ra is no caller's any more."""
    return {**at_words({**places, 0: places[1]}, stack_pointer), 1: 0}


def riscv_freertos(top):
    return at_words({0: top, 1: top + 4, **{n: top + 4 * (n - 3) for n in range(5, 32)}}, top + 31 * 4)


def riscv_threadx(top):
    order = [27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 9, 8]
    if word(top) == 0:
        places = {number: top + 4 + 4 * i for i, number in enumerate(order + [1])}
        return returned(places, top + 16 * 4)
    order += [31, 30, 29, 28, 7, 6, 5] + list(range(17, 9, -1)) + [1]
    return at_words({**{number: top + 4 + 4 * i for i, number in enumerate(order)}, 0: top + 30 * 4}, top + 32 * 4)


def riscv_zephyr(saved):
    places = {number: saved + 4 + 4 * i for i, number in enumerate([1, 8, 9] + list(range(18, 28)))}
    return returned(places, word(saved))


def restored(frame, floats, callee_saved):
    r0, r1, r2, r3, r12, lr, pc, xpsr = words(frame, 8)
    registers = {0: r0, 1: r1, 2: r2, 3: r3, 12: r12, 14: lr, 15: pc, 16: xpsr}
    registers.update({4 + i: value for i, value in enumerate(callee_saved)})
    registers[13] = frame + (0x68 if floats else 0x20) + (4 if xpsr & 0x200 else 0)
    return registers


def freertos():
    with_fpu = "m4f" in os.path.basename(CORE)
    current = int(gdb.parse_and_eval("(unsigned) pxCurrentTCB"))
    for i in range(8):
        task = gdb.parse_and_eval("tasks[%d]" % i)
        top = int(task["pxTopOfStack"])
        if RISCV:
            yield task["pcTaskName"].string(), int(task.address) == current, lambda: riscv_freertos(top)
            continue
        floats = with_fpu and not words(top, 9)[8] & 16
        frame = top + (36 + (64 if floats else 0) if with_fpu else 32)
        yield task["pcTaskName"].string(), int(task.address) == current, lambda: restored(frame, floats, words(top, 8))


def threadx():
    current = int(gdb.parse_and_eval("(unsigned) _tx_thread_current_ptr"))
    for i in range(8):
        thread = gdb.parse_and_eval("threads[%d]" % i)
        top = int(thread["tx_thread_stack_ptr"])
        if RISCV:
            yield thread["tx_thread_name"].string(), int(thread.address) == current, lambda: riscv_threadx(top)
            continue
        floats = not word(top) & 16
        saved = top + 4 + (64 if floats else 0)
        yield thread["tx_thread_name"].string(), int(thread.address) == current, lambda: restored(saved + 32, floats, words(saved, 8))


def zephyr():
    current = int(gdb.parse_and_eval("(unsigned) _kernel.cpus[0].current"))
    for i in range(8):
        thread = gdb.parse_and_eval("threads[%d]" % i)
        saved = int(thread["callee_saved"].address)
        if RISCV:
            yield thread["name"].string(), int(thread.address) == current, lambda: riscv_zephyr(saved)
            continue
        floats = not int(thread["arch"]["mode_exc_return"]) & 16
        psp = int(thread["callee_saved"]["psp"])
        yield thread["name"].string(), int(thread.address) == current, lambda: restored(psp, floats, words(saved, 8))


def frames():
    frame = gdb.newest_frame()
    index = 0
    while frame is not None:
        sal = frame.find_sal()
        if frame.type() != gdb.TAILCALL_FRAME:
            yield index, int(frame.pc()) & 0xFFFFFFFF, frame.name() or "", sal.symtab.filename if sal.symtab else "", sal.line if sal.symtab else 0, int(frame.type() == gdb.INLINE_FRAME)
            index += 1
        frame = frame.older()


def main():
    for setting in ["pagination off", "confirm off", "width 0", "debuginfod enabled off"]:
        gdb.execute("set " + setting)
    gdb.execute("file " + ELF)
    gdb.execute("core-file " + CORE)
    data = bytearray(open(CORE, "rb").read())
    # the dump has one thread, whose registers stand in the first note
    at = struct.unpack_from("<I", data, 52 + 4)[0] + 12 + 8 + PRSTATUS_REGISTERS
    crashed = list(frames())
    contexts = []
    for name, runs, saved in {"freertos": freertos, "threadx": threadx, "zephyr": zephyr}[os.path.basename(CORE).split("-")[0]]():
        contexts.append((name, None if runs else saved()))
    with open(OUT, "w") as out:
        out.write("thread\tindex\tpc\tfunction\tfile\tline\tinlined\n")
        for name, registers in contexts:
            rows = crashed
            if registers is not None:
                again = bytearray(data)
                for number, value in registers.items():
                    struct.pack_into("<I", again, at + 4 * number, value & 0xFFFFFFFF)
                with open(OUT + ".core", "wb") as file:
                    file.write(again)
                gdb.execute("core-file " + OUT + ".core")
                rows = list(frames())
                gdb.execute("core-file")
                os.remove(OUT + ".core")
            for index, pc, function, file, line, inlined in rows:
                out.write("%s\t%d\t0x%08x\t%s\t%s\t%d\t%d\n" % (name, index, pc, function, file, line, inlined))


try:
    main()
except Exception:
    traceback.print_exc()
    sys.stdout.flush()
    os._exit(1)
