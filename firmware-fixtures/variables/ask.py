# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
"""Asks gdb for the variables of device cores. Runs inside gdb, started by compare.sh:

    gdb-multiarch -nx -batch -x ask.py   with FW_ELF, FW_CORES (directory), FW_OUT (directory), FW_SITUATIONS or FW_PROGRAM set

For every core `<elf name>-<situation>.core` in FW_CORES it writes `<core>.tsv` to FW_OUT: what `info args` and `info locals` show in
each frame, one variable a row; with FW_PROGRAM it does so for the core of that name. Frames that gdb cannot reach by itself are asked for as tools/expected.py asks for them. README.md says
what the columns mean.
"""

import os
import struct
import sys
import traceback

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
sys.dont_write_bytecode = True

import expected  # noqa: E402
import gdb  # noqa: E402

COLUMNS = "thread\tindex\tpc\tfunction\trole\tname\ttype\tvalue\n"
GLOBALS_OF = ("unknown-channel", "large-entry", "no-sensor")  # they are much the same in all cores of a build
ELEMENTS = 64
EM_ARM = 40


def text(value):
    """As `info locals` writes it, all on one line; no element is summed up as a repetition."""
    try:
        return value.format_string(
            max_elements=ELEMENTS, repeat_threshold=0, symbols=True, address=True, static_members=False, raw=True, styling=False
        )
    except gdb.error as e:
        return "<error: %s>" % e


def variable(role, symbol, frame):
    try:
        value = text(symbol.value(frame) if symbol.needs_frame else symbol.value())
    except gdb.error as e:
        value = "<error: %s>" % e
    return role, symbol.name, str(symbol.type), value


def variables(frame):
    """The arguments, then the locals from the innermost block outwards, as `info locals` lists them."""
    frame.select()  # bounds of arrays are computed in it
    try:
        block = frame.block()
    except RuntimeError:
        return []
    blocks = []
    while block is not None:
        blocks.append(block)
        if block.function is not None:
            break
        block = block.superblock
    if not blocks or blocks[-1].function is None:
        return []
    arguments = [variable("argument", s, frame) for s in blocks[-1] if s.is_argument]
    locals_ = [variable("local", s, frame) for b in blocks for s in b if s.is_variable and not s.is_argument and not is_of_the_compiler(s)]
    return arguments + locals_


def is_of_the_compiler(symbol):
    return symbol.name == "__func__" or symbol.name.startswith("__vla_expr")


frames_alone = expected.frames_of_selected_thread


def frames_with_variables():
    rows = frames_alone()
    frame = gdb.newest_frame()
    for row in rows:
        row["variables"] = [] if row["kind"] in ("exception", "tailcall") else variables(frame)
        frame = frame.older()
    return rows


def rows_that_gdb_knows(core, rows, situation):
    """The frames of the crashed thread, in truth; no variables of a frame for which registers had to be made up."""
    again = expected.override(core, rows, situation)
    if again is None:
        return rows
    if core.keys.get("frame") == "lost":
        for row in again:
            row["variables"] = []
    elif rows[0]["function"] == "memcpy" and len(rows) == 1:
        # r0 to r3 and r12 are memcpy's by now, not those of the call
        caller = next(i for i, row in enumerate(again) if i > 0 and not row["inlined"])
        for row in again[1 : caller + 1]:
            row["variables"] = []
    return again


def is_of_firmware(symbol):
    return symbol.symtab is not None and symbol.symtab.filename.startswith(("firmware/", "minimal/", "riscv/"))


def globals_of_the_firmware():
    """All variables with static storage in the firmware's own files, of file scope."""
    found = []
    for objfile in gdb.objfiles():
        seen = set()
        for name in names_of_variables():
            for symbol in gdb.lookup_static_symbols(name) + [s for s in [gdb.lookup_global_symbol(name)] if s is not None]:
                place = (symbol.name, symbol.symtab.filename, symbol.line) if symbol.symtab is not None else None
                if symbol.is_variable and is_of_firmware(symbol) and place not in seen:
                    seen.add(place)
                    found.append(variable("global", symbol, None) + (symbol.symtab.filename,))
    return sorted(found, key=lambda row: (row[1], row[4]))


def names_of_variables():
    names = set()
    for line in gdb.execute("info variables", to_string=True).splitlines():
        if line.startswith("Non-debugging"):
            break
        _, colon, declaration = line.partition(":\t")
        if colon:
            name = declaration.rstrip(";").split("[")[0]
            names.add(name.replace(")", " ").replace("*", " ").replace("(", " ").split()[-1])
    return sorted(names)


def process(path):
    name = os.path.basename(path)[: -len(".core")]
    situation = name[len(os.path.basename(expected.ELF)) - len(".elf") + 1 :]
    with open(path, "rb") as file:
        is_arm = struct.unpack_from("<H", file.read(20), 18)[0] == EM_ARM
    core = expected.Core(path) if is_arm else None
    expected.open_core(path)
    with open(os.path.join(expected.OUT, name + ".tsv"), "w") as out:
        out.write(COLUMNS)
        if situation in GLOBALS_OF:
            for row in globals_of_the_firmware():
                out.write("\t".join(("0", "0", "0x00000000", row[4]) + row[:4]) + "\n")
        for number in [thread.num for thread in expected.threads()]:
            next(t for t in expected.threads() if t.num == number).switch()
            thread = gdb.selected_thread().ptid[1]
            rows = frames_with_variables()
            if number == 1 and is_arm:
                rows = rows_that_gdb_knows(core, rows, situation)
                expected.open_core(path)
            for index, row in enumerate(rows):
                for found in row["variables"]:
                    columns = (str(thread), str(index), expected.hexadecimal(row["pc"]), row["function"]) + found
                    out.write("\t".join(columns) + "\n")


def globals_of_the_program():
    """All variables of file scope in the units of the stack's functions."""
    symtabs = {}
    frame = gdb.newest_frame()
    while frame is not None:
        symtab = frame.find_sal().symtab
        if symtab is not None:
            symtabs[symtab.filename] = symtab
        frame = frame.older()
    found = []
    for name, symtab in sorted(symtabs.items()):
        for block in (symtab.global_block(), symtab.static_block()):
            found += [variable("global", s, None) + (name,) for s in block if s.is_variable and s.symtab.filename == name]
    return sorted(found, key=lambda row: (row[4], row[1]))


def process_program(name):
    expected.open_core(os.path.join(expected.CORES, name + ".core"))
    with open(os.path.join(expected.OUT, name + ".tsv"), "w") as out:
        out.write(COLUMNS)
        for row in globals_of_the_program():
            out.write("\t".join(("0", "0", "0x00000000", row[4]) + row[:4]) + "\n")
        thread = gdb.selected_thread().ptid[1]
        for index, row in enumerate(frames_with_variables()):
            for found in row["variables"]:
                out.write("\t".join((str(thread), str(index), expected.hexadecimal(row["pc"]), row["function"]) + found) + "\n")


def main():
    expected.frames_of_selected_thread = frames_with_variables
    expected.compare_with_live_run = lambda rows, situation, start: None  # build.sh does that
    settings = ["pagination off", "style enabled off", "confirm off", "width 0", "debuginfod enabled off"]
    settings += ["host-charset ASCII", "target-charset ASCII"]  # not some characters of the terminal's, others in octal
    for setting in settings:
        gdb.execute("set " + setting, to_string=True)
    gdb.execute("file " + expected.ELF, to_string=True)
    if "FW_PROGRAM" in os.environ:
        process_program(os.environ["FW_PROGRAM"])
        return
    for wanted in os.environ["FW_SITUATIONS"].split():
        path = os.path.join(expected.CORES, "%s-%s.core" % (os.path.basename(expected.ELF)[: -len(".elf")], wanted))
        if os.path.exists(path):
            process(path)


try:
    main()
except Exception:  # gdb -batch would end with 0
    traceback.print_exc()
    sys.stdout.flush()
    os._exit(1)
