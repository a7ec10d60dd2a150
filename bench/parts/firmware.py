"""The core for a microcontroller: script/firmware-size."""

import subprocess

from lab import ROOT
from report import Aim, Table

TITLE = "Firmware"
CPU = "cortex-m4"
FLASH_AIM_KB = 28
RAM_AIM_KB = 8


def measure(_lab):
    """[{column: text}]"""
    run = subprocess.run(
        [ROOT / "script" / "firmware-size"], check=True, capture_output=True, text=True
    )
    columns, *rows = (line.split() for line in run.stdout.splitlines())
    return [dict(zip(columns, row, strict=True)) for row in rows]


def tables(results):
    rows = [[row["cpu"], *list(row.values())[1:]] for row in results]
    return {"firmware": Table(list(results[0]), rows)}


def aims(results):
    (small,) = [row for row in results if (row["cpu"], row["limits"]) == (CPU, "small")]
    yield Aim("flash of the core", CPU, int(small["flash"]) / 1000, FLASH_AIM_KB, " KB")
    yield Aim("RAM of a modem", CPU, int(small["modem"]) / 1000, RAM_AIM_KB, " KB")
