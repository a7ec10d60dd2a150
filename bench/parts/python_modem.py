"""imqttd against what one would write instead: pyserial and paho-mqtt in Python."""

import contestants
from figures import Figure
from lab import holdings
from parts import flood
from report import Aim, Table

TITLE = "Python modem"
RATE_AIM = 20
MEMORY_AIM = 0.1
QUALITIES = [0, 1]
KINDS = {"private_kib": "private", "resident_kib": "resident"}
IMQTTD, PYTHON = contestants.PtyModem(), contestants.PYTHON


def measure(lab):
    return {
        "publish": flood.measure(lab, "publish", [IMQTTD, PYTHON], QUALITIES),
        "receive": flood.measure(lab, "receive", [IMQTTD, PYTHON], QUALITIES),
        "memory": _memory(lab),
    }


def _memory(lab):
    """{who: {private_kib: [], resident_kib: []}} of one modem, connected."""
    samples = {who.name: {kind: [] for kind in KINDS} for who in (IMQTTD, PYTHON)}
    with lab.sink() as port:
        for _ in range(lab.effort.rounds):
            for who in (IMQTTD, PYTHON):
                held = _holdings_of(lab, who, port)
                for kind in KINDS:
                    samples[who.name][kind].append(held[kind])
    return samples


def _holdings_of(lab, who, port):
    with who.session(lab, port) as seat:
        seat.worker.ask("connect", "connected")
        return holdings(seat.pid)


def tables(results):
    rows = []
    for work in ("publish", "receive"):
        cells = flood.Cells(results[work])
        for broker in ("Mosquitto", "sink"):
            for qos in QUALITIES:
                rates = [
                    cells.figure("messages_per_s", broker, qos, who.name).times(1e-3)
                    for who in (IMQTTD, PYTHON)
                ]
                what = f"{work}, QoS {qos}, {broker}: 1,000/s"
                rows.append([what, *rates, rates[0].over(rates[1])])
    for kind, name in KINDS.items():
        memory = [Figure(results["memory"][who.name][kind]) for who in (IMQTTD, PYTHON)]
        rows.append([f"memory, {name}, KiB", *memory, memory[0].over(memory[1])])
    return {"python-modem": Table(["", "imqttd", "Python modem", "ratio"], rows)}


def aims(results):
    for work in ("publish", "receive"):
        cells = flood.Cells(results[work])
        for qos in QUALITIES:
            own, other = (
                cells.figure("messages_per_s", "sink", qos, who.name) for who in (IMQTTD, PYTHON)
            )
            yield Aim(
                "sink: rate, × the Python modem's", f"{work} QoS {qos}", own.over(other),
                RATE_AIM, at_least=True,
            )
    own, other = (Figure(results["memory"][who.name]["private_kib"]) for who in (IMQTTD, PYTHON))
    yield Aim("memory, × the Python modem's", "private", own.over(other), MEMORY_AIM)
