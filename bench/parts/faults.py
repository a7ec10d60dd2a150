"""What faults cost: those that nobody asked for, noise on a hundred lines, and a scenario's frame."""

import re
import subprocess
import time

from figures import Figure
from lab import IMQTTD, TOPIC, Program, cpu_ns, running
from report import Aim, Table

TITLE = "Faults"

# What a modem without faults does so that one could come: it knows where packets begin.
UNUSED = "mqtt_frames_skip"
FEW, MANY = 1000, 3000  # messages; the difference is free of what a start costs
UNUSED_AIM = 2.0

MODEMS, BAUD, SECONDS = 100, 115_200, 10
SHARE = 0.001
NOISE_AIM = 10.0

SCENARIOS = 10  # a round
OVERHEAD_AIM_MS = 300
EMPTY = """name: nothing but a connection
version: 1
steps:
  - type: 'AT+IMQTTADDR=broker.example.com,1883,"bench"'
  - expect-answer: OK
  - type: AT+IMQTTCONN
  - expect-answer: '+IMQTTCONN:0'
"""


def measure(lab):
    """{unused: {work: percent}, noise: {quiet|noisy: {typed, cpu}}, ms: [[ms], a round each]}"""
    rounds = range(lab.effort.rounds)
    file = lab.path("scenario")
    file.write_text(EMPTY)
    return {
        "unused": {work: _unused(lab, work) for work in ("publish", "receive")},
        "noise": {kind: [_lines(lab, settings) for _ in rounds] for kind, settings in NOISE.items()},
        "ms": [
            [_scenario_ms(file) for _ in range(lab.effort.of(SCENARIOS, at_least=2))]
            for _ in rounds
        ],
    }


# ---- not used -----------------------------------------------------------------------------------


def _unused(lab, work):
    """Percent of the daemon's own instructions for a message of QoS 1 under flood."""
    whole, part = (_a_message(lab, work, only) for only in ((), (f"--toggle-collect={UNUSED}",)))
    return 100 * part / whole


def _a_message(lab, work, only):
    return (_count(lab, work, only, MANY) - _count(lab, work, only, FEW)) / (MANY - FEW)


def _count(lab, work, only, messages):
    daemon = Program(
        "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *only,
        IMQTTD, "--no-boot-urc", "--tcp", "127.0.0.1:0",
    )
    with lab.sink() as port, running(daemon, daemon.terminate):
        terminal = "tcp:" + daemon.line("ready").rpartition(":")[2]
        with lab.program("modem_client", terminal, port, 1) as host:
            host.ask("connect", "connected")
            if work == "publish":
                host.ask(f"publish 1 {messages} {TOPIC}", "published")
            else:
                host.ask(f"receive 1 {messages} source/{messages}/1000", "received")
    return int(re.search(r"Collected : (\d+)", "\n".join(daemon.output))[1])


# ---- noise --------------------------------------------------------------------------------------

BOTH = "".join(f"fault = {type} link=uart share={SHARE} seed=1\n" for type in ("garble", "drop"))
PACE = f"baud = {BAUD}\n"  # the modem keeps the pace, too, whatever its host does
NOISE = {
    "without": "", "garble and drop": BOTH,
    "with its own pace": PACE, "with its own pace, garble and drop": PACE + BOTH,
}


def _lines(lab, settings):
    """A hundred hosts that keep their lines full both ways."""
    prefix, config = lab.path("line"), lab.path("config")
    config.write_text(
        f"[modem noisy-%d]\ncount = {MODEMS}\npty = {prefix}%d\n{settings}"
    )
    seconds = lab.effort.of(SECONDS)
    with lab.imqttd("--config", config) as (daemon, _):
        for _ in range(MODEMS - 1):
            daemon.line("ready")
        with lab.program("noisy_lines", prefix, MODEMS, BAUD, seconds) as hosts:
            before_ns = cpu_ns(daemon.pid)
            time_ns, _typed, had = hosts.ask("go", "ran")
            used_ns = cpu_ns(daemon.pid) - before_ns
    return {"said": had / (MODEMS * BAUD / 10 * time_ns / 1e9), "cpu": 100 * used_ns / time_ns}


# ---- the frame of a scenario --------------------------------------------------------------------


def _scenario_ms(file):
    """Daemon, broker, connection and their end: of the whole command."""
    command = [IMQTTD.with_name("imqttctl"), "play", "--with-daemon", "--with-broker", file]
    start_ns = time.monotonic_ns()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.monotonic_ns() - start_ns) / 1e6


# ---- what it shows ------------------------------------------------------------------------------


def _overhead(results):
    return Figure(sorted(times)[len(times) // 2] for times in results["ms"])


def _noise(results, kind, column):
    return Figure(run[column] for run in results["noise"][kind])


def tables(results):
    rows = [[kind, _noise(results, kind, "said").times(100), _noise(results, kind, "cpu")]
            for kind in results["noise"]]
    extra = [[f"a message of QoS 1 without faults, {work}: % of the instructions", share]
             for work, share in results["unused"].items()]
    extra.append(["a scenario that only connects, ms", _overhead(results)])
    columns = [f"{MODEMS} lines of {BAUD:,} baud, full both ways", "% of the lines said",
               "% of a core"]
    return {"faults": Table(columns, rows), "faults-more": Table(["", ""], extra)}


def aims(results):
    for work, share in results["unused"].items():
        yield Aim("faults that nobody asked for: instructions", work, share, UNUSED_AIM, " %")
    yield Aim(
        "noise on 100 lines: CPU", "", _noise(results, "garble and drop", "cpu"), NOISE_AIM, " %"
    )
    yield Aim("a scenario's own time", "", _overhead(results), OVERHEAD_AIM_MS, " ms")
