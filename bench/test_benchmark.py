"""The benchmark's own tests, and what can be guarded without a clock: script/test bench."""

import json
import os
import pathlib
import subprocess
import time

import pytest

import bench
import contestants
import lab
import stages
from parts import line, many, system_calls

ROOT = pathlib.Path(__file__).parents[1]
TCP, PTY = contestants.IMQTT
OWN_TESTS = ["instructions", "firmware", "system_calls"]  # parts that other tests run

# System calls a message under flood. With a window of 16 the least is 4 a window at QoS 1, which is
# 0.25 a message, and 7 at QoS 2; reading and pausing the terminal comes on top, for which a
# pseudo-terminal has 4 KiB at a time.
SYSTEM_CALLS = {
    (TCP, "publish", 0): 0.06,
    (TCP, "publish", 1): 0.35,
    (TCP, "publish", 2): 0.55,
    (TCP, "receive", 0): 0.05,
    (TCP, "receive", 1): 0.05,
    (PTY, "publish", 0): 0.2,
    (PTY, "publish", 1): 0.44,
    (PTY, "publish", 2): 0.65,
    (PTY, "receive", 0): 0.2,
    (PTY, "receive", 1): 0.2,
}

MODEMS = 100
MODEM_KIB = 9  # each further one, connected; the aim is 12

inspects = pytest.mark.skipif(
    os.geteuid() != 0, reason="imqttd lets nobody but root look at its memory and its system calls"
)


@inspects
@pytest.mark.parametrize(
    "who, work, qos", SYSTEM_CALLS, ids=lambda value: getattr(value, "name", str(value))
)
def test_a_flood_takes_few_system_calls(who, work, qos):
    with lab.open_lab(lab.QUICK) as laboratory, laboratory.sink() as port:
        calls = system_calls.calls_a_message(laboratory, who, stages.Sink(port), work, qos)
    assert 0 < calls <= SYSTEM_CALLS[who, work, qos]


@inspects
def test_a_full_terminal_is_not_written_to_in_vain():
    with lab.open_lab(lab.QUICK) as laboratory, line.full(laboratory, seconds=1) as (daemon, host):
        with system_calls.counting(laboratory, daemon.pid) as calls:
            host.ask("go", "ran")
    written, failed = calls["write"]
    assert failed <= written / 20


@inspects
def test_a_connected_modem_takes_little_memory():
    with lab.open_lab(lab.QUICK) as laboratory, laboratory.sink() as port:
        each = many.each_further(laboratory, port, MODEMS, 3 * MODEMS)
    assert 0 < each["private_kib"] <= MODEM_KIB
    assert each["descriptors"] == many.DESCRIPTORS_AIM


@inspects
def test_memory_goes_back_after_traffic():
    with lab.open_lab(lab.QUICK) as laboratory, laboratory.sink() as port:
        with contestants.TcpModem().session(laboratory, port, MODEMS) as seat:
            seat.worker.ask("connect", "connected")
            seat.worker.ask(f"publish 1 {MODEMS * 200} {lab.TOPIC}", "published")
            deadline_s = time.monotonic() + lab.WITHIN_S
            while many.each_of(seat, MODEMS)["private_kib"] > many.USER_AIM_KIB:
                assert time.monotonic() < deadline_s
                time.sleep(0.1)  # nothing says that it has happened


@inspects
def test_the_benchmark_works(tmp_path):
    """With a few messages, and not for the figures."""
    samples = tmp_path / "samples.json"
    parts = [part for part in bench.PARTS if part not in OWN_TESTS]
    subprocess.run([ROOT / "script" / "bench", "--smoke", "--json", samples, *parts], check=True)
    assert set(json.loads(samples.read_text())) == set(parts)
