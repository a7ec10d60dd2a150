"""One publish after the other, from AT+IMQTTPUB to its URC, and what it is made of."""

import contextlib

import stages
from figures import Figure, percentile
from lab import PROGRAMS, WITHIN_S, Process, running
from pictures import Curves
from report import Aim, Table

TITLE = "Latency"
COUNT = 3000
P50_AIM = 1.1
MODEM, SOCKET, LINE = "AT+IMQTTPUB to its URC", "PUBLISH to PUBACK, bare socket", "bare PTY"
QUANTILES = 200


def measure(lab):
    """{broker: {who: [[us], a round each]}}: QUANTILES of the times, from the shortest up"""
    with stages.both(lab) as brokers, _bare_line(lab) as line:
        return {broker.name: _rounds(lab, broker, line) for broker in brokers}


@contextlib.contextmanager
def _bare_line(lab):
    partner = Process(str(PROGRAMS / "bare_line"))
    with running(partner, partner.kill):
        yield partner.line("ready").split()[-1]


def _rounds(lab, broker, line):
    times = {MODEM: [], SOCKET: [], LINE: []}
    for _ in range(lab.effort.rounds):
        with lab.imqttd("--pty", lab.path("pty")) as (_daemon, path):
            times[MODEM].append(_quantiles_us(lab, "modem", path, broker.port))
        times[SOCKET].append(_quantiles_us(lab, "socket", broker.port))
        times[LINE].append(_quantiles_us(lab, "line", line))
    return times


def _quantiles_us(lab, *arguments):
    count = lab.effort.of(COUNT, at_least=QUANTILES)
    with lab.program("latency", *arguments, count) as program:
        program.tell("go")
        times_us = [int(program.line("", within_s=WITHIN_S)) / 1e3 for _ in range(count)]
    return [percentile(times_us, 100 * i / QUANTILES) for i in range(QUANTILES + 1)]


def _percentiles(rounds, percent):
    return Figure(quantiles[QUANTILES * percent // 100] for quantiles in rounds)


def _sum(results, broker, percent):
    """Of the two bare round trips, round by round."""
    parts = [_percentiles(results[broker][who], percent).samples for who in (SOCKET, LINE)]
    return Figure(map(sum, zip(*parts, strict=True)))


def tables(results):
    rows = [
        [f"{broker}: {who}", *(_percentiles(rounds, percent) for percent in (50, 99))]
        for broker, times in results.items()
        for who, rounds in times.items()
    ]
    return {"latency": Table(["µs", "p50", "p99"], rows)}


def aims(results):
    return [
        Aim(
            "latency of a publish, p50, × (bare socket + bare PTY)", broker,
            _percentiles(results[broker][MODEM], 50).over(_sum(results, broker, 50)), P50_AIM,
        )
        for broker in results
    ]


def pictures(results):
    """Without the last quantile: one time in thousands would set the scale."""
    curves = {
        who: [us for quantiles in rounds for us in quantiles[:-1]]
        for who, rounds in results["Mosquitto"].items()
    }
    return {"latency": Curves.distribution("µs", curves)}
