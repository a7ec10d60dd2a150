"""System calls a message under flood, counted by strace -c while nothing else is measured."""

import contextlib
import signal

import contestants
import stages
from figures import Figure
from lab import TOPIC, Process, running
from report import Aim, Table

TITLE = "System calls"
COUNT = 20_000
AIM = 0.3
QUALITIES = {"publish": [0, 1, 2], "receive": [0, 1]}
WHO = [*contestants.IMQTT, *contestants.LIBRARIES, contestants.LIMIT]


def measure(lab):
    """{work: {qos: {who: [calls a message]}}}"""
    with lab.sink() as port:
        sink = stages.Sink(port)
        return {
            work: {str(qos): _side_by_side(lab, sink, work, qos) for qos in qualities}
            for work, qualities in QUALITIES.items()
        }


def _side_by_side(lab, sink, work, qos):
    samples = {who.name: [] for who in WHO}
    for _ in range(lab.effort.rounds):
        for who in WHO:
            samples[who.name].append(calls_a_message(lab, who, sink, work, qos))
    return samples


def calls_a_message(lab, who, sink, work, qos):
    few = who in contestants.LIBRARIES  # it is always the same, and being traced is slow
    count = lab.effort.of(COUNT // 20 if few else COUNT, at_least=500)
    with who.session(lab, sink.port) as seat:
        seat.worker.ask("connect", "connected")
        with counting(lab, seat.pid) as result:
            seat.worker.ask(f"publish 1 1 {TOPIC}", "published")  # now it is traced for sure
            if work == "publish":
                seat.worker.ask(f"publish {qos} {count} {TOPIC}", "published")
            else:
                seat.worker.ask(f"receive {qos} {count} {sink.topic(count)}", "received")
    return result["total"][0] / count


@contextlib.contextmanager
def counting(lab, pid):
    """Counts what the process calls within; the rows of the table are there afterwards."""
    report, result = lab.path("strace"), {}
    tracer = Process("strace", "-c", "-f", "-p", str(pid), "-o", str(report))
    with running(tracer, tracer.kill):
        tracer.line("attached")
        yield result
        tracer.child.send_signal(signal.SIGINT)
        tracer.wait()
    result.update(_rows(report.read_text()))


def _rows(report):
    """{name: (calls, of which failed)}; `total` is one of them. A row without failures is shorter."""
    rows = [line.split() for line in report.splitlines()]
    return {
        row[-1]: (int(row[3]), int(row[4]) if len(row) == 6 else 0)
        for row in rows
        if len(row) in (5, 6) and row[3].isdigit()
    }


def tables(results):
    columns = ["system calls a message"]
    columns += [f"{work}, QoS {qos}" for work in results for qos in results[work]]
    rows = [
        [who.name]
        + [Figure(by_qos[qos][who.name]) for by_qos in results.values() for qos in by_qos]
        for who in WHO
    ]
    return {"system-calls": Table(columns, rows)}


def aims(results):
    return [
        Aim(
            "system calls a message", f"{who.name}, {work} QoS {qos}",
            Figure(samples[who.name]), AIM,
        )
        for who in contestants.IMQTT
        for work, by_qos in results.items()
        for qos, samples in by_qos.items()
    ]
