# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
"""Plans a month of a small fleet, crashes every planned device in QEMU and writes fleet.json and dumps/.

The plan is random but always the same: one seeded generator, of which only random() is used.
"""

import concurrent.futures
import gzip
import json
import os
import random
import shlex
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
DAY = 24 * 60

# When a release began to roll out, in days before now, over how many days, and to which part of the fleet.
RELEASES = [
    ("1.0.0", None, 60, 1, 1.0),
    ("1.1.0", "1.0.0", 20, 5, 0.85),
    ("1.2.0", "1.1.0", 8, 4, 0.75),
]
# Two devices of the firmware team run it; its symbols are not in fleet.json's list.
CANDIDATE = ("1.2.1-rc1", "1.2.0", 2, ("SN-0052", "SN-0057"))

# Crashes per hundred device-days for rev-a and rev-b. A situation a release has no bug for just does not crash there.
RATES = {
    "zero-interval": (9.0, 8.0),  # fixed in 1.1.0
    "alarm-burst": (11.0, 12.0),  # new in 1.2.0
    "flash-unpowered": (0.5, 6.5),  # the regulator of rev-b is slower
    "gateway-silent": (1.8, 1.6),
    "unknown-channel": (1.3, 1.2),
    "radio-stuck": (0.9, 1.0),
    "sample-burst": (0.8, 0.9),
    "odd-offset": (0.6, 0.7),
    "unsolicited-ack": (0.6, 0.6),
    "brownout": (0.5, 0.3),
    "unknown-opcode": (0.4, 0.4),
    "nested-groups": (0.25, 0.3),
}
FIXED = {"zero-interval": "1.1.0"}
NEW = {"alarm-burst": ("1.2.0",)}

# Devices with a trouble of their own: situation and by how much it comes more often.
TROUBLED = {
    "SN-0007": ("radio-stuck", 25),  # its antenna is loose
    "SN-0023": ("brownout", 30),  # its battery is dying
    "SN-0041": ("flash-unpowered", 5),
    "SN-0048": ("gateway-silent", 10),  # at the edge of its gateway's reach
}


def plan():
    rng = random.Random(20260301)
    crashes = []
    for number in range(1, 61):
        device = "SN-%04d" % number
        hardware = "rev-a" if number <= 36 else "rev-b"
        updates = []  # (days ago, version)
        for version, _, days_ago, over, part in RELEASES:
            if rng.random() < part:
                updates.append((days_ago - over * rng.random(), version))
        if device in CANDIDATE[3]:
            updates.append((CANDIDATE[2] - 0.5 * rng.random(), CANDIDATE[0]))
        for day in range(30, 0, -1):
            for situation, rates in RATES.items():
                rate = rates[hardware == "rev-b"] / 100
                if TROUBLED.get(device, ("", 1))[0] == situation:
                    rate *= TROUBLED[device][1]
                hit, when = rng.random() < rate, day - rng.random()
                seed, uptime, skew = rng.random(), rng.random(), rng.random()
                version = [v for ago, v in updates if ago >= when][-1]
                if version == CANDIDATE[0]:
                    hit = seed < 0.25 and situation in ("flash-unpowered", "odd-offset", "gateway-silent", "sample-burst")
                if situation in FIXED and version >= FIXED[situation] or situation in NEW and version not in NEW[situation]:
                    hit = False
                if hit:
                    crashes.append(
                        {
                            "device": device,
                            "hardware": hardware,
                            "version": version,
                            "situation": situation,
                            "minutesAgo": max(5, round(when * DAY)),
                            "seed": int(seed * 100000),
                            "after": int(300 + 11000 * uptime * uptime + 400 * skew),
                        }
                    )
    crashes.sort(key=lambda c: (-c["minutesAgo"], c["device"], c["situation"]))
    counts = {}
    for crash in crashes:
        counts[crash["device"]] = counts.get(crash["device"], 0) + 1
        crash["dump"] = "dumps/%s-%02d.core.gz" % (crash["device"], counts[crash["device"]])
    return crashes


def elf(version, hardware):
    return "../elf/main-fw-%s-%s.elf" % (version, hardware)


def crash(entry, out):
    """Runs one device into its situation; the bytes of its dump."""
    options = ",".join(
        ["", "arg=device=" + entry["device"], "arg=situation=" + entry["situation"], "arg=dump=dump.core"]
        + ["arg=after=%d" % entry["after"], "arg=seed=%d" % entry["seed"], "arg=end=%d" % (entry["after"] + 20000)]
    )
    path = os.path.abspath(os.path.join(HERE, elf(entry["version"], entry["hardware"])))
    shell = ". %s/../tools/firmware.sh; qemu_command %s %s %s" % (HERE, entry["hardware"], path, options)
    command = subprocess.run(["sh", "-c", shell], check=True, capture_output=True, text=True).stdout
    with tempfile.TemporaryDirectory() as directory:
        run = subprocess.run(shlex.split(command), cwd=directory, stdin=subprocess.DEVNULL, timeout=120)
        if run.returncode != 1:
            raise SystemExit("%s: QEMU ended with %d instead of a crash" % (entry, run.returncode))
        with open(os.path.join(directory, "dump.core"), "rb") as dump:
            data = dump.read()
    with open(os.path.join(out, entry["dump"]), "wb") as file:
        file.write(gzip.compress(data, 9, mtime=0))


def main(out):
    crashes = plan()
    os.makedirs(os.path.join(out, "dumps"))
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for _ in pool.map(lambda entry: crash(entry, out), crashes):
            pass
    fleet = {
        "symbols": [
            {"elf": elf(version, hardware), "software": "main-fw", "version": version}
            for version, *_ in RELEASES
            for hardware in ("rev-a", "rev-b")
        ],
        "releases": [
            {"software": "main-fw", "version": version, "parent": parent, "branch": branch, "minutesAgo": days * DAY}
            for version, parent, days, branch in [(v, p, d, "main") for v, p, d, _, _ in RELEASES] + [(*CANDIDATE[:3], "release-1.2")]
        ],
        "crashes": [
            {
                "dump": c["dump"],
                "device": c["device"],
                "hardware": c["hardware"],
                "software": "main-fw",
                "version": c["version"],
                "minutesAgo": c["minutesAgo"],
            }
            for c in crashes
        ],
    }
    lists = ["  %s: [\n%s\n  ]" % (json.dumps(k), ",\n".join("    " + json.dumps(e) for e in v)) for k, v in fleet.items()]
    with open(os.path.join(out, "fleet.json"), "w") as file:
        file.write("{\n" + ",\n".join(lists) + "\n}\n")


if sys.argv[1] == "--plan":
    for c in plan():
        print(c["version"], c["hardware"], c["situation"], c["device"], c["minutesAgo"], c["after"])
else:
    main(sys.argv[1])
