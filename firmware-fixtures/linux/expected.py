# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
"""Asks gdb for the stacks of every thread of a core, of Linux or of the RISC-V firmware. Runs inside gdb:

    gdb-multiarch -nx -batch -x expected.py   with LINUX_ELF, LINUX_CORE, LINUX_OUT (the .tsv file)
"""

import os

import gdb

COLUMNS = "thread\tcrashed\tindex\tpc\tfunction\tfile\tline\tinlined\tkind\n"
MOST_FRAMES = 256


def rows_of_selected_thread():
    frame = gdb.newest_frame()
    index = 0
    while frame is not None and index < MOST_FRAMES:
        sal = frame.find_sal()
        kind, name = "", frame.name() or ""
        known = sal.symtab is not None
        if frame.type() == gdb.SIGTRAMP_FRAME and not known:
            kind, name = "exception", ""
        elif frame.type() == gdb.TAILCALL_FRAME:
            kind = "tailcall"
        elif index == 0:
            kind = "context"
        yield (
            index,
            "0x%x" % int(frame.pc()),
            name,
            sal.symtab.filename if known else "",
            sal.line if known else "",
            1 if frame.type() == gdb.INLINE_FRAME else 0,
            kind,
        )
        frame = frame.older()
        index += 1


gdb.execute("set width 0")
gdb.execute("set backtrace past-main on")
gdb.execute("set backtrace limit %d" % MOST_FRAMES)
gdb.execute("file " + os.environ["LINUX_ELF"], to_string=True)
gdb.execute("core-file " + os.environ["LINUX_CORE"], to_string=True)
crashed = gdb.selected_thread().num
with open(os.environ["LINUX_OUT"], "w") as out:
    out.write(COLUMNS)
    for thread in sorted(gdb.selected_inferior().threads(), key=lambda thread: (thread.num != crashed, thread.num)):
        thread.switch()
        for row in rows_of_selected_thread():
            out.write("\t".join(str(field) for field in (thread.ptid[1], int(thread.num == crashed)) + row) + "\n")
