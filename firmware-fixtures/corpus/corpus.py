# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
"""Plans the crashes of the corpus and runs each of them in QEMU.

corpus.py ELF-DIRECTORY DUMP-DIRECTORY: writes the dumps, and plan.tsv with the truth about each.
The plan is always the same: what differs between crashes is derived from their numbers.
"""

import concurrent.futures
import os
import subprocess
import sys
import tempfile
import zlib

BUGS = 35
PATHS = 4
# A device with little room: the innermost bytes of its stack. About one crash in eight.
STACKS = (64, 96, 128, 192)
COLUMNS = ("dump", "elf", "symbols", "bug", "path", "release", "compiler", "optimisation", "stack")


def plan(elves):
    for elf in sorted(elves):
        release, compiler, optimisation = elf[: -len(".elf")].split("-", 2)
        for bug in range(1, BUGS + 1):
            for path in range(PATHS):
                draw = zlib.crc32(("%s %d %d" % (elf, bug, path)).encode())
                yield {
                    "dump": "%s-%02d-%d.core" % (elf[: -len(".elf")], bug, path),
                    "elf": elf,
                    # of the debug file: all of it, its names only, none
                    "symbols": "none" if draw % 100 == 7 else "names" if draw % 100 == 57 else "all",
                    "bug": bug,
                    "path": path,
                    "release": release,
                    "compiler": compiler,
                    "optimisation": optimisation,
                    "stack": STACKS[draw // 1000 % len(STACKS)] if draw // 100 % 8 == 3 else 0,
                    "seed": draw % 997 + 1,
                }


def crash(entry, elves, dumps):
    """Whether the run crashed: not every bug is behind every entry."""
    options = "".join(
        ",arg=%s=%d" % pair
        for pair in (("bug", entry["bug"]), ("path", entry["path"]), ("seed", entry["seed"]), ("after", 30 + entry["seed"] % 37), ("stack", entry["stack"]))
    )
    command = ["qemu-system-arm", "-M", "mps2-an385", "-cpu", "cortex-m3", "-nographic", "-monitor", "none", "-serial", "none", "-icount", "shift=6"]
    command += ["-semihosting-config", "enable=on,target=native,arg=tracker" + options, "-kernel", os.path.join(elves, entry["elf"])]
    with tempfile.TemporaryDirectory() as directory:
        status = subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL, timeout=120).returncode
        if status not in (0, 1):
            raise SystemExit("%s: QEMU ended with %d" % (entry, status))
        if status == 1:
            with open(os.path.join(directory, "dump.core"), "rb") as file, open(os.path.join(dumps, entry["dump"]), "wb") as to:
                to.write(file.read())
        return status == 1


def main(elves, dumps):
    elves = os.path.abspath(elves)
    os.makedirs(dumps, exist_ok=True)
    entries = list(plan(file for file in os.listdir(elves) if file.endswith(".elf")))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        crashed = list(pool.map(lambda entry: crash(entry, elves, dumps), entries))
    with open(os.path.join(dumps, "plan.tsv"), "w", encoding="utf-8") as file:
        file.write("\t".join(COLUMNS) + "\n")
        for entry, happened in zip(entries, crashed):
            if happened:
                file.write("\t".join(str(entry[column]) for column in COLUMNS) + "\n")
    print("%d of %d runs crashed" % (sum(crashed), len(entries)))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
