"""Publishing 64 bytes at a time: pipelined AT+IMQTTPUB against programs that are clients themselves."""

import contestants
from parts import flood
from report import Aim, Table

TITLE = "Publish"
QUALITIES = [0, 1, 2]
REAL_AIM = {0: 0.9, 1: 1.0, 2: 1.0}
SINK_CPU_AIM = 0.6


def measure(lab):
    return flood.measure(lab, "publish", contestants.PUBLISHERS, QUALITIES)


def tables(results):
    return {
        "publish-mosquitto": rates(results, "Mosquitto"),
        "publish-sink": rates(results, "sink"),
    }


def rates(results, broker):
    """A row a contestant; throughput and processor time for each QoS."""
    cells = flood.Cells(results)
    columns = ["64 B messages"]
    for qos in cells.qualities():
        columns += [f"QoS {qos}: 1,000/s", "µs CPU"]
    rows = []
    for who in cells.names():
        row = [who]
        for qos in cells.qualities():
            row.append(cells.figure("messages_per_s", broker, qos, who).times(1e-3))
            row.append(cells.figure("cpu_us", broker, qos, who))
        rows.append(row)
    return Table(columns, rows)


def aims(results):
    cells = flood.Cells(results)
    return [aim for modem in contestants.IMQTT for aim in _aims_of(cells, modem.name)]


def _aims_of(cells, modem):
    for qos in QUALITIES:
        yield Aim(
            "publish to Mosquitto: rate, × the best peer's", f"{modem}, QoS {qos}",
            _times_the_best_peer(cells, qos, modem), REAL_AIM[qos], at_least=True,
        )
    for qos in QUALITIES:
        used = cells.figure("cpu_us", "sink", qos, modem)
        yield Aim(
            "publish to the sink: CPU a message, × libmosquitto's", f"{modem}, QoS {qos}",
            used.over(cells.figure("cpu_us", "sink", qos, "libmosquitto")), SINK_CPU_AIM,
        )


def _times_the_best_peer(cells, qos, modem):
    own = cells.figure("messages_per_s", "Mosquitto", qos, modem)
    peers = set(cells.names()) - {modem.name for modem in contestants.IMQTT}
    ratios = [own.over(cells.figure("messages_per_s", "Mosquitto", qos, who)) for who in peers]
    return min(ratios, key=lambda ratio: ratio.median)
