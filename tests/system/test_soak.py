"""script/soak in short, and its accounts: each can be wrong, and then says so."""

import asyncio
import os
import pathlib
import re
import subprocess
import sys
import time

import pytest

from modem import PROGRAM

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "soak"))

from answers import Answers, Garbled  # noqa: E402
from gauge import Gauge  # noqa: E402
from ledger import Ledger, topic_of  # noqa: E402

SECONDS = 24


def test_a_short_soak_passes():
    result = subprocess.run(
        [ROOT / "script" / "soak", str(SECONDS / 60), "--modems", "40", "--seed", "1"],
        env={**os.environ, "IMQTTD": str(PROGRAM)},
        capture_output=True, text=True, timeout=600,
    )
    assert (result.returncode, result.stderr) == (0, ""), result.stdout + result.stderr
    assert result.stdout.splitlines()[-1] == "passed: 0 wrong"
    for fault in ("broker killed", "broker restarted", "connections cut", "hosts stalled"):
        assert re.search(rf"faults: .*\b[1-9]\d* {fault}", result.stdout), result.stdout
    for qos in range(3):
        assert re.search(rf"QoS {qos}: [1-9]", result.stdout), result.stdout


# ---- the ledger

HOST = 7


@pytest.fixture
def ledger():
    return Ledger(keeps_its_session=lambda host: True)


def published(ledger, qos, status=0):
    """A message that was accepted and reported: (message, payload)."""
    request = ledger.begin(qos, HOST)
    message, payload = ledger.write(request, 20, printable=True)
    request.accepted += 1
    request.report(status)
    return message, payload


def arrive(ledger, payload, times=1):
    for _ in range(times):
        ledger.collect(topic_of(HOST), payload, time.time())
        ledger.deliver(HOST, topic_of(HOST), payload)


def wrongs(ledger):
    ledger.reconcile()
    return len(ledger.wrong)


@pytest.mark.parametrize(
    "qos, status, copies, wrong",
    [
        (1, 0, 1, 0),
        (1, 0, 0, 2),  # missing at the collector and at the host
        (1, 0, 2, 0),
        (1, 1, 0, 0),
        (1, 1, 1, 0),
        (2, 0, 1, 0),
        (2, 0, 0, 2),
        (2, 0, 2, 1),
        (2, 1, 2, 1),
        (0, 0, 0, 0),
        (0, 0, 2, 1),
    ],
)
def test_what_must_arrive_and_how_often(ledger, qos, status, copies, wrong):
    _, payload = published(ledger, qos, status)
    arrive(ledger, payload, copies)
    assert wrongs(ledger) == wrong


def test_a_broker_that_is_killed_may_forget_what_it_had_not_written(ledger):
    published(ledger, 1)
    ledger.kill(snapshot_s=time.time() - 60, killed_s=time.time())
    assert wrongs(ledger) == 0
    assert ledger.counts["uncertain"] == 1


def test_it_may_not_forget_what_it_had_written(ledger):
    published(ledger, 1)
    ledger.kill(snapshot_s=time.time() + 60, killed_s=time.time() + 61)
    assert wrongs(ledger) == 2


@pytest.mark.parametrize("before_the_kill_s, wrong", [(5, 0), (15, 1)])
def test_it_may_repeat_what_its_snapshot_does_not_know(ledger, before_the_kill_s, wrong):
    _, payload = published(ledger, 2)
    now_s = time.time()
    ledger.deliver(HOST, topic_of(HOST), payload)
    ledger.collect(topic_of(HOST), payload, now_s - before_the_kill_s)
    ledger.kill(snapshot_s=now_s - 10, killed_s=now_s)
    ledger.collect(topic_of(HOST), payload, now_s + 1)
    assert wrongs(ledger) == wrong
    assert ledger.counts["doubled"] == 1 - wrong


def test_a_missing_report_is_found(ledger):
    request = ledger.begin(0, HOST)
    request.accepted += 1
    assert wrongs(ledger) == 1


@pytest.mark.parametrize("change", [lambda data: data + b"!", lambda data: b"99" + data])
def test_what_was_never_sent_is_found(ledger, change):
    _, payload = published(ledger, 0)
    ledger.deliver(HOST, topic_of(HOST), change(payload))
    assert wrongs(ledger) == 1


def test_what_was_refused_must_not_arrive(ledger):
    message, payload = ledger.write(ledger.begin(0, HOST), 20, printable=True)
    message.refused = True
    ledger.collect(topic_of(HOST), payload, time.time())
    assert wrongs(ledger) == 1


def test_another_hosts_message_is_found(ledger):
    _, payload = published(ledger, 0)
    ledger.deliver(HOST + 1, topic_of(HOST), payload)
    assert wrongs(ledger) == 1


def test_waiting_for_arrivals_ends(ledger):
    assert not asyncio.run(ledger.until(lambda: False, within_s=0.01))


# ---- the modem's words


def test_parts_come_whole_however_they_are_cut():
    said = b'\r\nOK\r\n\r\n+IMQTTRCVPUB:3,"a/b",6,"\r\nOK\r\n"\r\n\r\n>\r\n+IMQTTPUB:5,0\r\n'
    for size in (1, 2, 3, 7, len(said)):
        answers = Answers()
        pieces = [said[at:at + size] for at in range(0, len(said), size)]
        parts = [part for piece in pieces for part in answers.feed(piece)]
        assert [part.kind for part in parts] == ["final", "message", "prompt", "PUB"]
        assert (parts[1].text, parts[1].payload) == ("a/b", b"\r\nOK\r\n")
        assert parts[3].numbers == (5, 0)


@pytest.mark.parametrize(
    "said", [b"OK\r\n", b"\r\nK\r\n", b"\n", b'\r\n+IMQTTRCVPUB:0,"a",1,"ab"\r\n']
)
def test_a_byte_that_fits_nowhere_is_found(said):
    with pytest.raises(Garbled):
        list(Answers().feed(said))


# ---- growth


def slope_of(growth_a_minute, seconds=600):
    gauge = Gauge(pid=0)
    gauge.samples = [
        (at, {"resident_kib": 10000 + growth_a_minute * at / 60}) for at in range(seconds)
    ]
    return gauge.slope("resident_kib")


@pytest.mark.parametrize("growth, is_too_much", [(0, False), (-500, False), (1000, True)])
def test_growth_is_found(growth, is_too_much):
    slope, bound = slope_of(growth)
    assert slope == pytest.approx(growth)
    assert (slope > bound) == is_too_much


def test_lulls_are_not_growth():
    gauge = Gauge(pid=0)
    gauge.samples = [(at, {"descriptors": 200 if at % 13 < 5 else 400}) for at in range(600)]
    assert gauge.slope("descriptors")[0] == 0


def test_a_short_run_has_no_slope():
    assert slope_of(0, seconds=60) is None
