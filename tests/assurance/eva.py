#!/usr/bin/python3
"""Frama-C's Eva on eva_*.c: no undefined behaviour for any input of the length that is stated here. An
alarm is a failure, and so is an analysis that does not end.

usage: eva.py FOLDER     FOLDER: for what Eva says
"""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HOUR_S = 3600
BYTES = ["core/bytes/*.c"]

# {harness: (bytes of input, sources)}
HARNESSES = {
    "span": (4, ["core/bytes/span.c"]),
    "fifo": (4, BYTES),
    "line": (3, ["core/at/line.c", *BYTES]),
    "reader": (3, ["core/mqtt/reader.c", "core/mqtt/connack.c", "core/mqtt/wire/*.c", *BYTES]),
}

# States are kept apart for as long as they can be: by path, by loop and by what a function returns.
EVA = [
    *("-eva", "-eva-slevel", "200000", "-eva-auto-loop-unroll", "300", "-eva-split-return", "full"),
    *("-eva-interprocedural-splits", "-c11", "-machdep", "x86_64"),
]


def analysed(name, count, patterns, folder):
    """How many alarms; None: it did not end."""
    defined = f"-I. -Iinclude -DANY_BYTES={count} -DANY_BLOCK_BYTES=1024 -DIMQTT_WITH_DIALECTS=0"
    sources = sorted(str(path.relative_to(ROOT)) for pattern in patterns for path in ROOT.glob(pattern))
    command = ["frama-c", *EVA, f"-cpp-extra-args={defined}", f"tests/assurance/eva_{name}.c", *sources]
    log = folder / f"{name}.log"
    with log.open("w") as output:
        try:
            subprocess.run(command, cwd=ROOT, stdout=output, stderr=output, timeout=HOUR_S, check=True)
        except subprocess.TimeoutExpired:
            return None
    return int(re.search(r"(\d+) alarms? generated", log.read_text())[1])


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    failed = []
    for name, (count, patterns) in HARNESSES.items():
        alarms = analysed(name, count, patterns, folder)
        print(f"{name}: any {count} bytes: {'no end' if alarms is None else f'{alarms} alarms'}", flush=True)
        if alarms != 0:
            failed.append(name)
    if failed:
        sys.exit(f"eva.py: {', '.join(failed)}; {folder} has what Eva says")


main(pathlib.Path(sys.argv[1]).resolve())
