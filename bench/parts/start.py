"""From nothing to the first OK, and how large the program is."""

import os
import subprocess
import time

from figures import Figure
from lab import BUILD, IMQTTD
from report import Aim, Table

TITLE = "Start and size"
STARTS = 20  # a round
AIM_MS = 10


def measure(lab):
    """{ms: [[ms], a round each], size: {section: bytes}, libraries: [name]}"""
    starts = lab.effort.of(STARTS, at_least=2)
    return {
        "ms": [[_start_ms() for _ in range(starts)] for _ in range(lab.effort.rounds)],
        "size": _size(),
        "libraries": _libraries(),
    }


def _start_ms():
    """One `AT` through stdin, until its OK."""
    start_ns = time.monotonic_ns()
    child = subprocess.Popen(
        [IMQTTD, "--stdio", "--no-boot-urc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    os.write(child.stdin.fileno(), b"AT\n")
    answer = b""
    while b"OK" not in answer:
        piece = os.read(child.stdout.fileno(), 4096)
        assert piece, answer
        answer += piece
    time_ns = time.monotonic_ns() - start_ns
    child.communicate()
    return time_ns / 1e6


def _size():
    """Of the program as it is installed, and of the core in it."""
    stripped = BUILD / "bench" / "imqttd-stripped"
    subprocess.run(["strip", "-o", stripped, IMQTTD], check=True)
    return {
        "imqttd": stripped.stat().st_size,
        "of which the core": _text_bytes(BUILD / "libimqtt.a"),
    }


def _text_bytes(archive):
    """Code and constants."""
    run = subprocess.run(["size", archive], check=True, capture_output=True, text=True)
    return int(run.stdout.splitlines()[1].split()[0])


def _libraries():
    run = subprocess.run(["ldd", IMQTTD], check=True, capture_output=True, text=True)
    return sorted(line.split()[0] for line in run.stdout.splitlines() if "=>" in line)


def _first_ok(results):
    return Figure(sorted(times)[len(times) // 2] for times in results["ms"])


def tables(results):
    rows = [["start to the first `OK`, ms", _first_ok(results)]]
    rows += [[f"{what}, KiB", size / 1024] for what, size in results["size"].items()]
    rows.append(["shared libraries", ", ".join(results["libraries"])])
    return {"start": Table(["", ""], rows)}


def aims(results):
    return [Aim("start to the first OK", "", _first_ok(results), AIM_MS, " ms")]
