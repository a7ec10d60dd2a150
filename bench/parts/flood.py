"""What publish and receive have in common: contestants at two brokers, interleaved, a second each."""

import dataclasses

import stages
from figures import Figure

TARGET_S = 1.0  # of one run
FIRST_COUNT = 3000  # of the run that only tells how many messages take so long
MOST = 3_000_000


def measure(lab, work, contestants, qualities):
    """[{broker, qos, who, messages_per_s: [], cpu_us: []}]; work: "publish" or "receive"."""
    cells = []
    with stages.both(lab) as brokers:
        for broker in brokers:
            for qos in qualities:
                cells += _side_by_side(lab, work, contestants, broker, qos)
    return cells


def _side_by_side(lab, work, contestants, broker, qos):
    runs = [(who, _count(lab, getattr(who, work), broker, qos)) for who in contestants]
    samples = {who.name: [] for who in contestants}
    for _ in range(lab.effort.rounds):
        for who, count in runs:
            samples[who.name].append(getattr(who, work)(lab, broker, qos, count))
    return [
        {"broker": broker.name, "qos": qos, "who": name, **_columns(taken)}
        for name, taken in samples.items()
    ]


def _count(lab, work, broker, qos):
    """Messages that take as long as a run should."""
    first = lab.effort.of(FIRST_COUNT, at_least=200)
    sample = work(lab, broker, qos, first)
    return min(MOST, max(first, round(sample.messages_per_s * TARGET_S * lab.effort.scale)))


def _columns(samples):
    rows = [dataclasses.asdict(sample) for sample in samples]
    return {name: [row[name] for row in rows] for name in rows[0]}


class Cells:
    """What measure() gave, to be looked up."""

    def __init__(self, cells):
        self._cells = cells

    def figure(self, what, broker, qos, who):
        (cell,) = [
            cell
            for cell in self._cells
            if (cell["broker"], cell["qos"], cell["who"]) == (broker, qos, who)
        ]
        return Figure(cell[what])

    def names(self):
        return list(dict.fromkeys(cell["who"] for cell in self._cells))

    def qualities(self):
        return sorted({cell["qos"] for cell in self._cells})
