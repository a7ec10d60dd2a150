"""How long AT takes at the longest in each dialect, beside everything that may keep a modem busy."""

import contextlib
import functools
import os

from figures import Figure
from lab import IMQTTD, PEERS, TOPIC, WITHIN_S, Program, running
from report import Aim, Table

TITLE = "AT beside other traffic"
DIALECTS = ["imqtt", "ica", "qmt", "cmqtt", "sm", "esp"]
MESSAGES = 200_000  # which another modem publishes meanwhile
AIM_MS = 100

HOSTS = PEERS.parent / "hosts"
# Who keeps the program busy shall not also keep the host from the processor that looks at the clock.
BEHIND = {"preexec_fn": functools.partial(os.nice, 10)}


def measure(lab):
    """{dialect: {quiet_ms, busy_ms, messages: [sample]}}"""
    samples = {dialect: [] for dialect in DIALECTS}
    for _ in range(lab.effort.rounds):
        for dialect in DIALECTS:
            samples[dialect].append(_longest(lab, dialect))
    return {dialect: {name: [row[name] for row in rows] for name in rows[0]} for dialect, rows in samples.items()}


@contextlib.contextmanager
def _modems(lab, dialect):
    """Four of that dialect on pseudo-terminals, and one of our own on TCP: where each is."""
    config, links = lab.path("dialects"), {name: lab.path(name) for name in ("quiet", "busy", "rubbish", "deaf")}
    sections = [f"[modem {name}]\npty = {link}\ndialect = {dialect}\n" for name, link in links.items()]
    config.write_text("[defaults]\nboot-urcs = no\n" + "".join(sections) + "[modem flood]\ntcp = 127.0.0.1:0\n")
    daemon = Program(IMQTTD, "--config", config)
    with running(daemon, daemon.terminate):
        yield {**links, "flood": "tcp:" + daemon.line("ready tcp", within_s=WITHIN_S).rpartition(":")[2]}


@contextlib.contextmanager
def _host(lab, program, terminal, *arguments, **options):
    with lab.command("/usr/bin/python3", HOSTS / program, terminal, *arguments, **options) as host:
        host.line("ready", within_s=WITHIN_S)
        yield host


def _longest(lab, dialect):
    """While one publishes, one types rubbish, another does so and is deaf, and one receives without end:
    that one, and one that does nothing, are asked."""
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(lab.sink())
        modems = stack.enter_context(_modems(lab, dialect))
        flood = stack.enter_context(lab.program("modem_client", modems["flood"], port, **BEHIND))
        flood.ask("connect", "connected")
        hosts = [stack.enter_context(_host(lab, "longest_answer.py", modems["quiet"])),
                 stack.enter_context(_host(lab, "longest_answer.py", modems["busy"], dialect, port))]
        for kind in ("reading", "deaf"):
            stack.enter_context(_host(lab, "rubbish.py", modems["deaf" if kind == "deaf" else "rubbish"], kind,
                                      **BEHIND))
        for host in hosts:
            host.ask("begin", "longest")
        flood.ask(f"publish 1 {lab.effort.of(MESSAGES, at_least=200)} {TOPIC}", "published")
        (quiet_ns, _), (busy_ns, messages) = (host.ask("tell", "longest") for host in hosts)
    return {"quiet_ms": quiet_ns / 1e6, "busy_ms": busy_ns / 1e6, "messages": messages}


# ---- what it shows ------------------------------------------------------------------------------

COLUMNS = {
    "quiet_ms": "a modem that does nothing, ms",
    "busy_ms": "one that receives without end, ms",
    "messages": "messages that it received",
}


def tables(results):
    rows = [
        [f"`{dialect}`", *(Figure(samples[name]) for name in COLUMNS)] for dialect, samples in results.items()
    ]
    return {"dialects": Table(["longest AT", *COLUMNS.values()], rows)}


def aims(results):
    for dialect, samples in results.items():
        for name, case in (("quiet_ms", "quiet"), ("busy_ms", "receiving")):
            yield Aim("longest AT beside other traffic", f"{dialect}, {case}", Figure(samples[name]), AIM_MS, " ms")
