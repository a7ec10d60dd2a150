"""Instructions of the core, which are the same in every run: hosts/core_cost.c under callgrind.

Counted is what happens inside the core's public functions, ports included; what the program around
them does to play host and broker is not."""

import re
import subprocess

from lab import PROGRAMS
from report import Aim, Table

TITLE = "Instructions"
AIM = 2500
FEW, MANY = 1000, 3000  # messages; the difference is free of what a start costs
WORKS = {
    "publish0": "publish QoS 0, one a turn",
    "publish1": "publish QoS 1, one a turn",
    "publish2": "publish QoS 2, one a turn",
    "flood0": "publish QoS 0, 20 a turn",
    "flood1": "publish QoS 1, 20 a turn",
    "flood2": "publish QoS 2, 20 a turn",
    "receive0": "receive QoS 0, one a turn",
    "receive1": "receive QoS 1, one a turn",
    "deluge0": "receive QoS 0, 20 a turn",
    "deluge1": "receive QoS 1, 20 a turn",
    "at": "AT",
    "quectel0": "publish QoS 0 in the dialect qmt",
    "quectel1": "publish QoS 1 in the dialect qmt",
}


def measure(_lab):
    return {work: a_message(work) for work in WORKS}


def a_message(work):
    return (_instructions(work, MANY) - _instructions(work, FEW)) / (MANY - FEW)


def _instructions(work, count):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
               "--toggle-collect=imqtt_modem_*"]
    run = subprocess.run(
        [*command, PROGRAMS / "core_cost", work, str(count)],
        check=True, capture_output=True, text=True,
    )
    return int(re.search(r"Collected : (\d+)", run.stderr)[1])


def tables(results):
    rows = [[WORKS[work], instructions] for work, instructions in results.items()]
    return {"instructions": Table(["64 B messages", "instructions"], rows)}


def aims(results):
    return [
        Aim("instructions of the core", WORKS[work], results[work], AIM)
        for work in WORKS
        if work.startswith(("publish", "flood"))
    ]
