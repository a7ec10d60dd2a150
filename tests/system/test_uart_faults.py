"""Every type of fault of the UART, as the host sees it, on every kind of terminal."""

import re
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
    """With wide limits: it may subscribe with QoS 2."""
    return FaultBench(start_imqttd, tmp_path, settings=["limits = wide"])


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


# ---- what was promised ---------------------------------------------------------------------------

MESSAGES = 4  # of each QoS, both ways
PASSING = [
    {"type": "latency", "latency_ms": 20, "jitter_ms": 10},
    {"type": "bandwidth", "baud": 9600},
    {"type": "slicer", "bytes": 3, "delay_ms": 1},
    {"type": "stall", "ttl_ms": 300},
    {"type": "drop", "share": 0.02, "seed": 1},
    {"type": "garble", "share": 0.02, "seed": 1},
    {"type": "insert", "share": 0.02, "seed": 1},
    {"type": "answer", "error": 30, "toxicity": 0.5, "seed": 1},
    {"type": "mute", "toxicity": 0.5, "seed": 1},
    {"type": "late", "delay_ms": 50},
    {"type": "urc", "text": "+CMTI: 1"},
    {"type": "reboot", "when": "AT+IMQTTPUB*", "count": 1},
    {"type": "freeze", "when": "AT+IMQTTPUB*", "count": 1},
]


class Accounts:
    """What the broker has confirmed to the modem, whatever becomes of the line to the host."""

    def __init__(self, bench):
        self._events = bench.events("mqtt")

    def confirmed(self, topic):
        """QoS of each message up to the one on that topic, which has QoS 2."""
        last, answers = None, []
        while not answers or answers[-1] != ("PUBCOMP", last):
            event = self._events.next()
            if event.get("topic") == topic:
                last = event["id"]
            if event.get("packet") in ("PUBACK", "PUBCOMP") and event["dir"] == "in":
                answers.append((event["packet"], event["id"]))
        self._events.close()
        return [1 if packet == "PUBACK" else 2 for packet, _ in answers[:-1]]


def connect(bench, broker, client_id):
    """In receive mode 1: what came is read when the line is good again."""
    host = bench.host
    host.command("AT+IMQTTMODE=2,0,1")
    host.command("AT+IMQTTPARA=TIMEOUT,3,CLEAN,0")
    host.command(f"AT+IMQTTADDR=127.0.0.1,{broker.port},{client_id}")
    host.connect()
    host.send(f"AT+IMQTTSUB=/down/{client_id},2")
    host.urc(r"\+IMQTTSUB:\d+,2")


def publish_blindly(host, topic):
    """Commands whose answers nobody looks at; what noise has left of a line is ended before."""
    for number in range(MESSAGES):
        for qos in 1, 2:
            host.type(b'\rAT+IMQTTPUB="%b",%d,"%d-%d"\r' % (topic.encode(), qos, qos, number))


def recover(bench, fault, broker, client_id):
    """The line is good from here on, and the modem is connected."""
    bench.reset()
    if fault["type"] == "freeze":
        bench.control.post(f"/v1/modems/{bench.name}/power", {"action": "cycle"})
    if fault["type"] in ("freeze", "reboot"):
        bench.host.urc(r"\+CPIN: READY")
    bench.host.type(b"\rAT+IMQTTRECV=?\r")  # an answer like no other: what came before is over
    bench.host.expect(r"\A.*\r\n\+IMQTTRECV: \(1-10\)\r\n\r\nOK\r\n")
    if fault["type"] in ("freeze", "reboot"):
        connect(bench, broker, client_id)


def read_inbox(host):
    """All up to the last message."""
    payloads = []
    while "end" not in payloads:
        host.send("AT+IMQTTRECV=10")
        said = host.expect(r"\A.*?\r\nOK\r\n")[0]
        payloads += re.findall(r'\+IMQTTRECV:\d+,"[^"]*",\d+,"([^"]*)"', said.decode())
    return payloads


@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: fault["type"])
def test_nothing_that_was_promised_is_lost(
    pty_bench, start_mosquitto, start_peer, client_id, fault
):
    """Of QoS 2 as many have come as were confirmed, of QoS 1 at least so many; a module that boots
    may have sent more than it has been told of. What comes for the modem is read when it can be."""
    broker = start_mosquitto()
    peer = start_peer(broker)
    peer.subscribe("#")  # noise may have made another topic of it
    connect(pty_bench, broker, client_id)
    accounts, strikes = Accounts(pty_bench), pty_bench.events("fault")
    pty_bench.fault(**fault)
    publish_blindly(pty_bench.host, f"/up/{client_id}")
    strikes.until(what="removed" if "ttl_ms" in fault else "struck")
    for number in range(MESSAGES):
        for qos in 1, 2:
            peer.publish(f"/down/{client_id}", f"{qos}-{number}", qos)
    recover(pty_bench, fault, broker, client_id)
    peer.publish(f"/down/{client_id}", "end", 2)
    received = read_inbox(pty_bench.host)
    for number in range(MESSAGES):
        assert received.count(f"1-{number}") >= 1
        assert received.count(f"2-{number}") == 1
    pty_bench.host.send("AT+IMQTTPUB=/end,2,end")
    confirmed = accounts.confirmed("/end")
    came = []
    while (message := peer.message()).topic != "/end":
        came += [message.qos] * (not message.topic.startswith("/down"))
    assert came.count(1) >= confirmed.count(1)
    if fault["type"] in ("freeze", "reboot"):
        assert came.count(2) >= confirmed.count(2)
    else:
        assert came.count(2) == confirmed.count(2) > 0
    strikes.close()
