#!/usr/bin/python3
"""MC/DC of rooms of the core, from what `llvm-cov export` says: of the conditions of decisions that have
several, how many were shown to decide by themselves.

usage: mcdc.py COVERAGE.json LEAST-PERCENT
"""

import collections
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROOMS = ("core/at", "core/bytes", "core/mqtt")


def decisions(coverage):
    """{(path, line, column): whether each condition was shown}; a decision of a header is one, shown by
    whichever of its copies."""
    found = {}
    for measured in coverage["data"][0]["files"]:
        path = str(pathlib.Path(measured["filename"]).relative_to(ROOT))
        for record in measured["mcdc_records"] if path.startswith(ROOMS) else ():
            place, shown = (path, *record[:2]), record[-1]
            before = found.get(place, [False] * len(shown))
            found[place] = [old or new for old, new in zip(before, shown, strict=True)]
    return found


def main(path, least_percent):
    found = decisions(json.loads(pathlib.Path(path).read_text()))
    total, shown, missed = collections.Counter(), collections.Counter(), []
    for (source, line, _column), conditions in sorted(found.items()):
        room = next(room for room in ROOMS if source.startswith(room))
        total[room] += len(conditions)
        shown[room] += sum(conditions)
        missed += [f"{source}:{line}: condition {n}" for n, one in enumerate(conditions, 1) if not one]
    print("\n".join(missed))
    for room in ROOMS:
        print(f"{room:12} {shown[room]:4} of {total[room]:4} conditions")
    percent = 100 * sum(shown.values()) / sum(total.values())
    print(f"MC/DC: {percent:.1f} %")
    if percent < float(least_percent):
        sys.exit(f"MC/DC: {least_percent} % are wanted")


main(*sys.argv[1:])
