"""A fleet from a configuration: how soon it is there, and what it costs to watch it."""

import contextlib
import json
import os
import pathlib
import tempfile
import time

import contestants
from figures import Figure
from lab import IMQTTD, PEERS, TOPIC, WITHIN_S, Program, cpu_ns, holdings, running
from report import Aim, Table
from watching import Nobody, ask, deaf, following, following_idle, modem_names, slow

TITLE = "A fleet"
MODEMS = 10_000
SPARE_DESCRIPTORS = 64
DESCRIPTORS = 2  # of a modem
PTY_LIMIT = pathlib.Path("/proc/sys/kernel/pty/max")
MESSAGES = 30_000  # of a run
PORTION = 300  # at once: so much may wait for a client that follows, without being cut off
ROUNDS = 3  # as many as others have: small differences are looked for

START_AIM_S, LIST_AIM_MS, SCRAPE_AIM_MS, HELD_AIM_MS = 5, 100, 150, 10
OFF_AIM, QUIET_AIM, FOLLOWED_AIM, OTHERS_AIM = 1.02, 1.03, 1.5, 1.03
MEMORY_AIM_KIB, DEAF_AIM_KIB = 12, 1024

# Another build, of the commit that is to be compared with.
BASE = os.environ.get("IMQTT_BASE")

OFF, QUIET, FOLLOWED, OTHERS, DEAF, SLOW, OLD = (
    "not watched", "control and metrics on", "this modem is followed", "another modem is followed",
    "a client of this modem's events is deaf", "it reads a byte a second", "the base",
)

COST_AIMS = [
    (OFF, OLD, OFF_AIM), (QUIET, OFF, QUIET_AIM), (OTHERS, QUIET, OTHERS_AIM), (FOLLOWED, QUIET, FOLLOWED_AIM),
]


def measure(lab):
    """{fleet: {modems, number: [sample]}, cost: {who: [us]}, deaf: [KiB],
    others: {who: [ms]}}"""
    return {"fleet": _fleets(lab), "cost": _costs(lab), "deaf": _deaf(lab), "others": _others(lab)}


# ---- many of them -------------------------------------------------------------------------------


def _fleets(lab):
    with _terminals(lab) as number:
        samples = [_fleet(lab, number) for _ in range(lab.effort.rounds)]
    return {"modems": number, **{name: [one[name] for one in samples] for name in samples[0]}}


@contextlib.contextmanager
def _terminals(lab):
    """As many pseudo-terminals as the machine lets us have, up to MODEMS."""
    wanted, limit = lab.effort.of(MODEMS, at_least=100), int(PTY_LIMIT.read_text())
    with contextlib.suppress(OSError):
        PTY_LIMIT.write_text(str(max(limit, wanted + 1100)))
    most = int(PTY_LIMIT.read_text()) - 1024 - 64
    try:
        yield min(wanted, most, (lab.descriptors - SPARE_DESCRIPTORS) // DESCRIPTORS)
    finally:
        with contextlib.suppress(OSError):
            PTY_LIMIT.write_text(str(limit))


def _fleet(lab, number):
    """On a file system in memory, as /run is one."""
    with tempfile.TemporaryDirectory(prefix="imqtt-bench.", dir="/dev/shm") as folder:
        config, control = lab.path("fleet"), lab.path("control")
        _write(config, control, folder, number)
        start_ns = time.monotonic_ns()
        daemon = Program(IMQTTD, "--config", config)
        with running(daemon, lambda: daemon.terminate()):
            daemon.line(f"{folder}/m{number - 1} ", within_s=WITHIN_S)
            start_s = (time.monotonic_ns() - start_ns) / 1e9
            kib = holdings(daemon.pid)["private_kib"] / number
            return {"start_s": start_s, "kib": kib, **_questions(lab, control, folder),
                    **_reload(config, control, folder, number)}


def _write(config, control, folder, number, more=""):
    config.write_text(
        f"[imqttd]\ncontrol = {control}\n[defaults]\nboot-urcs = no\n"
        f"[modem m%d]\ncount = {number - 1}\npty = {folder}/m%d\n"
        f"[modem last]\npty = {folder}/m{number - 1}\n{more}"
    )


def _questions(lab, control, folder):
    """Each five times; the one in the middle."""
    with _longest_answer(lab, f"{folder}/m0") as longest_ms:
        lists, scrapes = ([(ask(control, "GET", what)[1], longest_ms()) for _ in range(5)]
                          for what in ("/v1/modems", "/metrics"))
    (list_ms, list_held_ms), (scrape_ms, held_ms) = (
        [sorted(samples)[2] for samples in zip(*pairs)] for pairs in (lists, scrapes)
    )
    return {"list_ms": list_ms, "list_held_ms": list_held_ms,
            "scrape_ms": scrape_ms, "held_ms": held_ms}


@contextlib.contextmanager
def _longest_answer(lab, terminal):
    """How long the longest AT has taken since it was last asked."""
    with lab.command("/usr/bin/python3", PEERS.parent / "hosts" / "longest_answer.py",
                     terminal) as host:
        host.line("ready")
        yield lambda: host.ask("tell", "longest")[0] / 1e6


def _reload(config, control, folder, number):
    """One of them gets other factory values."""
    _write(config, control, folder, number, "preset = ATE0\n")
    answer, reload_ms = ask(control, "POST", "/v1/reload")
    changes = json.loads(answer)
    assert changes["unchanged"] == number - 1, changes
    return {"reload_ms": reload_ms, "touched": changes["changed"]}


# ---- what watching costs ------------------------------------------------------------------------


class Watched(contestants.TcpModem):
    """A modem that is watched, or not; the work is done by one on TCP, another is idle on a PTY."""

    def __init__(self, name, program=IMQTTD, is_on=True, watch=None):
        self.name, self._program, self._is_on, self._watch = name, program, is_on, watch

    def publish(self, lab, broker, qos, count):
        portions = max(1, count // PORTION)
        with self.session(lab, broker.port) as seat:
            seat.worker.ask("connect", "connected")
            before_ns, time_ns = cpu_ns(seat.pid), 0
            for _ in range(portions):
                time_ns += seat.worker.ask(f"publish {qos} {PORTION} {TOPIC}", "published")[0]
                self._watcher.catch_up(PORTION)
            used_ns = cpu_ns(seat.pid) - before_ns
            return contestants.Sample.of(portions * PORTION, time_ns, used_ns)

    @contextlib.contextmanager
    def session(self, lab, port, modems=1, tls_ca=None):
        control = lab.path("control")
        options = ["--control", control] if self._is_on else []
        self.idle = lab.path("idle")
        daemon = Program(self._program, "--no-boot-urc", "--pty", self.idle,
                         "--tcp", "127.0.0.1:0", *options)
        with running(daemon, lambda: daemon.terminate()):
            terminal = daemon.line("ready tcp").split()[-1].rpartition(":")[2]
            with lab.program("modem_client", f"tcp:{terminal}", port) as worker:
                with self._watching(control):
                    yield contestants.Seat(worker, daemon.pid, holdings(daemon.pid))

    @contextlib.contextmanager
    def _watching(self, control):
        self._watcher = Nobody()
        if self._watch is None:
            yield
            return
        follow, starts = self._watch
        (name,) = [name for name in modem_names(control) if name.startswith(starts)]
        with follow(control, name) as self._watcher:
            yield


def _contestants():
    base = [Watched(OLD, pathlib.Path(BASE) / "bin" / "imqttd", is_on=False)] if BASE else []
    return [
        *base, Watched(OFF, is_on=False), Watched(QUIET),
        Watched(OTHERS, watch=(following_idle, "idle")), Watched(FOLLOWED, watch=(following, "tcp-")),
    ]


def _costs(lab):
    """{broker: {who: [us of processor time a message]}}: QoS 1"""
    everyone, count = _contestants(), lab.effort.of(MESSAGES, at_least=200)
    with lab.mosquitto() as broker:
        samples = {who.name: [] for who in everyone}
        for _ in range(lab.effort.rounds * ROUNDS):
            for who in everyone:
                samples[who.name].append(who.publish(lab, broker, 1, count).cpu_us)
    return samples


# ---- a deaf client ------------------------------------------------------------------------------


def _deaf(lab):
    """KiB that the program holds more while a client of the events of a busy modem reads nothing."""
    return [_deaf_kib(lab) for _ in range(lab.effort.rounds)]


def _deaf_kib(lab):
    with lab.sink() as port, Watched(DEAF, watch=(deaf, "tcp-")).session(lab, port) as seat:
        seat.worker.ask("connect", "connected")
        seat.worker.ask(f"publish 1 20 {TOPIC}", "published")
        before = most = holdings(seat.pid)["private_kib"]
        for _ in range(60):  # events of 2 KiB a message: it is cut off on the way
            seat.worker.ask(f"publish 1 20 {TOPIC}", "published")
            most = max(most, holdings(seat.pid)["private_kib"])
        return most - before


def _others(lab):
    """The longest that another modem's host waits for its OK while a busy one has events."""
    everyone = [Watched(QUIET), Watched(DEAF, watch=(deaf, "tcp-")),
                Watched(SLOW, watch=(slow, "tcp-"))]
    samples = {who.name: [] for who in everyone}
    for _ in range(lab.effort.rounds):
        for who in everyone:
            samples[who.name].append(_longest_wait_ms(lab, who))
    return samples


def _longest_wait_ms(lab, who):
    count = lab.effort.of(MESSAGES, at_least=200)
    with lab.sink() as port, who.session(lab, port) as seat:
        seat.worker.ask("connect", "connected")
        with _longest_answer(lab, who.idle) as longest_ms:
            longest_ms()
            seat.worker.ask(f"publish 1 {count} {TOPIC}", "published")
            return longest_ms()


# ---- what it shows ------------------------------------------------------------------------------

NUMBERS = {
    "start_s": "all started after, s",
    "list_ms": "all listed, ms",
    "scrape_ms": "all scraped, ms",
    "list_held_ms": "longest wait of a modem's host during a list, ms",
    "held_ms": "longest wait of a modem's host during a scrape, ms",
    "reload_ms": "reload that changes one, ms",
    "touched": "modems that it touches",
    "kib": "KiB of a modem",
}


def tables(results):
    fleet = results["fleet"]
    rows = [[label, Figure(fleet[name])] for name, label in NUMBERS.items()]
    costs = {who: Figure(samples) for who, samples in results["cost"].items()}
    cost_rows = [[who, figure, figure.over(costs[OFF])] for who, figure in costs.items()]
    cost_rows.append(["a deaf client holds, KiB", Figure(results["deaf"]), None])
    waits = [[who, Figure(samples)] for who, samples in results["others"].items()]
    return {
        "disturbed": Table(["longest wait of another modem's host", "ms"], waits),
        "fleet": Table([f"{fleet['modems']:,} modems on PTYs", ""], rows),
        "watching": Table(["publish to Mosquitto, QoS 1", "µs CPU a message", "×"], cost_rows),
    }


def aims(results):
    fleet = results["fleet"]
    costs = {who: Figure(samples) for who, samples in results["cost"].items()}
    case = f"{fleet['modems']:,} modems"
    yield Aim("a fleet from a configuration: started", case, Figure(fleet["start_s"]), START_AIM_S, " s")
    yield Aim("a fleet: listed", case, Figure(fleet["list_ms"]), LIST_AIM_MS, " ms")
    yield Aim("a fleet: scraped", case, Figure(fleet["scrape_ms"]), SCRAPE_AIM_MS, " ms")
    yield Aim("a fleet: a modem waits for a scrape", case, Figure(fleet["held_ms"]), HELD_AIM_MS, " ms")
    yield Aim("a fleet: a modem waits for a list", case, Figure(fleet["list_held_ms"]), HELD_AIM_MS, " ms")
    yield Aim("a fleet: touched by a reload that changes one", case, Figure(fleet["touched"]), 1)
    yield Aim("a fleet: memory of a modem", case, Figure(fleet["kib"]), MEMORY_AIM_KIB, " KiB")
    yield Aim("memory for a deaf client of events", "", Figure(results["deaf"]), DEAF_AIM_KIB, " KiB")
    for who, than, limit in COST_AIMS:
        if than in costs:
            ratio = costs[who].over(costs[than])
            yield Aim("CPU a message, where a modem is or can be watched", f"{who}, × {than}", ratio, limit)
