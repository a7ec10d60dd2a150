"""Receiving 64 bytes at a time: messages to URCs, against programs that are clients themselves."""

import contestants
from parts import flood
from parts.publish import rates
from report import Aim

TITLE = "Receive"
QUALITIES = [0, 1]
REAL_AIM = 1.0
SOURCE_AIM = 3.0
SOURCE_CPU_AIM = 0.4
PEER = "mosquitto_sub"


def measure(lab):
    return flood.measure(lab, "receive", contestants.SUBSCRIBERS, QUALITIES)


def tables(results):
    return {
        "receive-mosquitto": rates(results, "Mosquitto"),
        "receive-source": rates(results, "sink"),
    }


def aims(results):
    cells = flood.Cells(results)
    return [
        aim
        for modem in contestants.IMQTT
        for qos in QUALITIES
        for aim in _aims_of(cells, modem.name, qos)
    ]


def _aims_of(cells, modem, qos):
    def ratio(what, broker):
        return cells.figure(what, broker, qos, modem).over(cells.figure(what, broker, qos, PEER))

    case = f"{modem}, QoS {qos}"
    yield Aim(
        f"receive from Mosquitto: rate, × {PEER}'s", case,
        ratio("messages_per_s", "Mosquitto"), REAL_AIM, at_least=True,
    )
    yield Aim(
        f"receive from the source: rate, × {PEER}'s", case,
        ratio("messages_per_s", "sink"), SOURCE_AIM, at_least=True,
    )
    yield Aim(
        f"receive from the source: CPU a message, × {PEER}'s", case,
        ratio("cpu_us", "sink"), SOURCE_CPU_AIM,
    )
