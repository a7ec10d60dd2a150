"""Every type of fault of the UART, as the host sees it, on every kind of terminal."""

import select
import time

import pytest

from fault_bench import TERMINALS, FaultBench

NOISE = {
    "drop": {"share": 0.3},
    "garble": {"share": 0.3},
    "insert": {"share": 0.3, "bytes": 3},
}


@pytest.fixture(params=TERMINALS)
def bench(request, start_imqttd, tmp_path):
    bench = FaultBench(start_imqttd, tmp_path, request.param)
    yield bench
    bench.close()


@pytest.fixture
def pty_bench(start_imqttd, tmp_path):
    return FaultBench(start_imqttd, tmp_path)


def is_silent(host):
    return not select.select([host.line], [], [], 0.2)[0]


def timed(host, command):
    began = time.monotonic()
    host.command(command)
    return time.monotonic() - began


@pytest.mark.parametrize(
    "fault",
    [
        {"type": "latency", "stream": "up", "latency_ms": 150},
        {"type": "latency", "stream": "down", "latency_ms": 150, "jitter_ms": 20},
        {"type": "late", "delay_ms": 150},
        {"type": "bandwidth", "stream": "down", "bytes_per_s": 40},
        {"type": "bandwidth", "stream": "up", "baud": 150},
        {"type": "slicer", "stream": "down", "bytes": 1, "delay_ms": 30},
    ],
    ids=lambda fault: f"{fault['type']}-{fault.get('stream', 'both')}",
)
def test_what_takes_its_time(bench, fault):
    bench.fault(**fault)
    assert timed(bench.host, "AT") > 0.1
    bench.reset()
    assert timed(bench.host, "AT") < 0.1


@pytest.mark.parametrize("stream", ["up", "down"])
def test_a_stall_holds_until_it_is_removed(bench, stream):
    bench.fault("stall", stream=stream)
    bench.host.send("AT")
    assert is_silent(bench.host)
    bench.reset()
    bench.host.expect(r"\r\nOK\r\n")


@pytest.mark.parametrize("type", NOISE)
def test_noise_strikes_the_same_bytes_from_the_same_seed(bench, type):
    def noise():
        """Up to the answer of a command that is typed once the noise has gone through."""
        with_noise.append(bench.fault(type, stream="down", seed=7, **NOISE[type]))
        bench.host.send("AT+CGMI;+CSQ")
        bench.host.wait_for_more()
        bench.reset()
        bench.host.send("AT+CMEE?")
        return bench.host.expect(rb"\A(.*?)\r\n\+CMEE: 0\r\n\r\nOK\r\n")[1]

    with_noise = []
    clean = b"".join(
        b"\r\n%s\r\n" % line.encode() for line in bench.host.command("AT+CGMI;+CSQ")
    )
    first, second = noise(), noise()
    assert first == second
    assert not first.startswith(clean)
    assert with_noise[0]["seed"] == with_noise[1]["seed"] == 7


def test_an_answer_by_somebody_else(bench):
    bench.fault("answer", when="at+csq*", error=30)
    assert bench.host.ask("AT+CSQ")[1] == "+CME ERROR: 30"
    assert bench.host.ask("AT")[1] == "OK"
    bench.reset()
    bench.fault("answer", count=1, text="\r\n+CSQ: 99,99\r\n\r\nOK\r\n")
    assert bench.host.command("AT+CSQ") == ["+CSQ: 99,99"]
    assert bench.host.command("AT+CSQ") == ["+CSQ: 25,99"]


def test_a_command_without_an_answer(bench):
    bench.fault("mute", when="AT+CMEE=1")
    bench.host.send("AT+CMEE=1")
    assert bench.host.ask("AT") == ([], "OK")
    bench.reset()
    assert bench.host.command("AT+CMEE?") == ["+CMEE: 1"]  # it was run


def test_a_urc_at_each_moment(bench, mosquitto):
    host = bench.host
    bench.fault("urc", when="AT+CSQ", text="+CMTI: 1", at="answer")
    host.send("AT+CSQ")
    host.expect(r"\A\r\n\+CSQ: 25,99\r\n\r\n\+CMTI: 1\r\n\r\nOK\r\n")
    bench.reset()
    bench.fault("urc", when="AT+CSQ", text="+CMTI: 2", at="echo")
    host.send("AT+CSQ")
    host.expect(r"\A\r\n\+CMTI: 2\r\n\r\n\+CSQ: 25,99\r\n\r\nOK\r\n")
    bench.reset()
    bench.fault("urc", text="+CMTI: 3", at="between", count=1)
    host.send("AT")
    host.expect(r"\A\r\nOK\r\n\r\n\+CMTI: 3\r\n")
    host.connect(mosquitto, client_id=f"urc-{bench.name}")
    bench.fault("urc", text="+CMTI: 4", at="prompt", count=1)
    host.send('AT+IMQTTPUBEX="/urc",1,0,4')
    host.expect(r"\A\r\n>\r\n\+CMTI: 4\r\n")
    host.type(b"data")
    host.expect(r"\A\r\nOK\r\n")
    host.urc(r"\+IMQTTPUBEX:\d+,0")
    bench.fault("urc", text="+CMTI: 5", at="data", count=1)
    host.send('AT+IMQTTPUBEX="/urc",1,0,4')
    host.expect(r"\A\r\n>")
    host.type(b"d")
    host.expect(r"\A\r\n\+CMTI: 5\r\n")
    host.type(b"ata")
    host.expect(r"\A\r\nOK\r\n")
    host.urc(r"\+IMQTTPUBEX:\d+,0")


def test_a_reboot_by_itself(bench):
    bench.host.command("AT+CMEE=1")
    bench.fault("reboot", when="AT+CSQ*", count=1)
    bench.host.send("AT+CSQ")
    bench.host.urc("RDY")
    bench.host.urc(r"\+CPIN: READY")
    assert bench.faults() == []
    assert bench.host.command("AT+CMEE?") == ["+CMEE: 0"]
    bench.fault("reboot")
    bench.host.urc("RDY")
    bench.host.urc(r"\+CPIN: READY")
    assert bench.faults() == []


def test_a_freeze_until_power_is_cycled(bench):
    bench.fault("freeze", when="AT+CSQ*")
    bench.host.command("AT")
    bench.host.send("AT+CSQ")
    bench.host.send("AT")
    assert is_silent(bench.host)
    bench.power_cycle()
    bench.host.command("AT")


# ---- what all of them have -----------------------------------------------------------------------


def test_it_ends_by_count_by_time_and_by_reset(pty_bench):
    host = pty_bench.host
    pty_bench.fault("answer", error=30, count=2, name="two")
    assert [host.ask("AT")[1] for _ in range(3)] == ["+CME ERROR: 30"] * 2 + ["OK"]
    events = pty_bench.events("fault")
    pty_bench.fault("answer", error=30, ttl_ms=50)
    assert host.ask("AT")[1] == "+CME ERROR: 30"
    events.until(what="removed")
    assert host.ask("AT")[1] == "OK"
    for type in "stall", "late", "mute":
        pty_bench.fault(type, **({"delay_ms": 3600000} if type == "late" else {}))
    assert len(pty_bench.faults()) == 3
    host.send("AT")
    assert is_silent(host)
    pty_bench.reset()
    host.wait_for_more()
    host.pending = b""
    assert pty_bench.faults() == []
    assert host.ask("AT")[1] == "OK"
    events.close()


def test_they_compose_in_their_order(pty_bench):
    """A late answer of somebody's, in slices, with a bit that flips."""
    host = pty_bench.host
    pty_bench.fault("answer", when="AT+CSQ", text="\r\nAAAA\r\n\r\nOK\r\n")
    pty_bench.fault("latency", stream="down", latency_ms=120)
    pty_bench.fault("slicer", stream="down", bytes=2, delay_ms=1)
    pty_bench.fault("garble", stream="down", share=1, seed=3)
    began = time.monotonic()
    host.send("AT+CSQ")
    while len(host.pending) < len("\r\nAAAA\r\n\r\nOK\r\n"):
        host.wait_for_more()
    assert time.monotonic() - began > 0.1
    flips = [bin(a ^ b).count("1") for a, b in zip(host.pending, b"\r\nAAAA\r\n\r\nOK\r\n")]
    assert flips == [1] * 14


# Each strikes half of the pieces: lines that are said, or commands.
SOMETIMES = [
    {"type": "latency", "stream": "down", "latency_ms": 1},
    {"type": "bandwidth", "stream": "down", "bytes_per_s": 1000000},
    {"type": "slicer", "stream": "down", "delay_ms": 1},
    {"type": "drop", "stream": "down", "share": 0.2},
    {"type": "garble", "stream": "down", "share": 0.2},
    {"type": "insert", "stream": "down", "share": 0.2},
    {"type": "answer", "error": 30},
    {"type": "mute"},
    {"type": "late", "delay_ms": 1},
    {"type": "urc", "text": "+CMTI: 1"},
    {"type": "reboot"},
]


@pytest.mark.parametrize("fault", SOMETIMES, ids=lambda fault: fault["type"])
def test_the_same_pieces_are_struck_from_the_same_seed(pty_bench, fault):
    """Over a session of which every byte that the host reads is compared."""
    host = pty_bench.host

    def play():
        pty_bench.power_cycle()
        events = pty_bench.events("fault")
        pty_bench.fault(toxicity=0.5, seed=11, when="AT+CSQ*", **fault)
        pty_bench.fault("urc", when="AT+CGMR", text="END", name="end")
        for number in range(12):
            host.send(f"AT+CSQ;+CGMI;+CMEE={number % 2}")
        host.send("AT+CGMR")
        said = host.expect(r"\A.*\r\nEND\r\n")[0]
        pty_bench.reset()
        struck = 0
        while (event := events.next())["name"] != "end" or event["what"] != "struck":
            struck += event["what"] == "struck"
        events.close()
        return struck, said

    first = play()
    assert first == play()
    assert 0 < first[0]
