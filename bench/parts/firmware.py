"""The core for a microcontroller: script/firmware-size."""

import json
import subprocess

from lab import ROOT
from report import Aim, Table

TITLE = "Firmware"
CPU = "cortex-m4"
CONFIGURATION = "mqtt"
FLASH_AIM_KB = 28
RAM_AIM_KB = 8


def measure(_lab):
    """[{column: text or bytes}]"""
    run = subprocess.run(
        [ROOT / "script" / "firmware-size", "--json"], check=True, capture_output=True, text=True
    )
    columns, *rows = json.loads(run.stdout)["sizes"]
    return [dict(zip(columns, row, strict=True)) for row in rows]


def tables(results):
    return {"firmware": Table(list(results[0]), [list(row.values()) for row in results])}


def aims(results):
    (mqtt,) = [row for row in results if (row["CPU"], row["configuration"]) == (CPU, CONFIGURATION)]
    yield Aim("flash of the core, -Os -flto", CPU, mqtt["LTO"] / 1024, FLASH_AIM_KB, " KB")
    yield Aim("RAM of a modem in all", CPU, mqtt["in all"] / 1024, RAM_AIM_KB, " KB")
