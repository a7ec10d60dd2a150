"""A serial line of 921,600 baud, kept full both ways."""

import contextlib

from figures import Figure
from lab import cpu_ns
from report import Aim, Table

TITLE = "Full line"
BAUD = 921_600
SECONDS = 10
FILL_AIM = 0.999  # all of it, but for the last tick
CPU_AIM = 2.0


def measure(lab):
    """{typed: [part of the line], said: [...], cpu: [percent of a core]}"""
    rounds = [_run(lab) for _ in range(lab.effort.rounds)]
    return {name: [run[name] for run in rounds] for name in rounds[0]}


@contextlib.contextmanager
def full(lab, seconds):
    """The daemon, and the host that is about to keep its line full for so long."""
    with lab.sink() as port, lab.imqttd("--pty", lab.path("pty")) as (daemon, path):
        with lab.program("full_line", path, port, BAUD, seconds) as host:
            yield daemon, host


def _run(lab):
    with full(lab, lab.effort.of(SECONDS)) as (daemon, host):
        before_ns = cpu_ns(daemon.pid)
        time_ns, typed, had = host.ask("go", "ran")
        used_ns = cpu_ns(daemon.pid) - before_ns
    line_bytes = BAUD / 10 * time_ns / 1e9
    return {
        "typed": typed / line_bytes,
        "said": had / line_bytes,
        "cpu": 100 * used_ns / time_ns,
    }


def tables(results):
    row = [
        Figure(results["typed"]).times(100),
        Figure(results["said"]).times(100),
        Figure(results["cpu"]),
    ]
    columns = ["921,600 baud", "% of the line typed", "% of the line said", "% of a core"]
    return {"line": Table(columns, [["imqttd, PTY", *row]])}


def aims(results):
    return [
        Aim("full line: part of it", "typed", Figure(results["typed"]), FILL_AIM, at_least=True),
        Aim("full line: part of it", "said", Figure(results["said"]), FILL_AIM, at_least=True),
        Aim("full line: CPU", "", Figure(results["cpu"]), CPU_AIM, " %"),
    ]
