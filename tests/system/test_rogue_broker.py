"""A broker that breaks every rule: the link goes on by the protocol's rules, or ends once."""

import dataclasses
import pathlib
import re
import signal
import threading
import time

import pytest

import rogue
from brokers import Mosquitto
from modem import Imqttd
from rogue_cases import CASES
from rogue_words import (
    BEFORE, CONNECTED, OURS, PINGRESP, PUBCOMP, PUBREL, SUBACK, UNKNOWN, Closed, answer, hexed,
    message,
)
from scripted_server import DISCONNECT, PUBACK, PUBLISH, PUBREC, ScriptedServer, packet, publish


@pytest.fixture(scope="module")
def imqttd(authority):
    """One daemon for all; every host's connection is a modem of its own."""
    daemon = Imqttd("--tcp", "127.0.0.1:0", "--tls-ca", authority.certificate)
    daemon.ready_tcp()
    yield daemon
    daemon.stop()


@pytest.fixture(scope="module", params=["tcp", "tls"])
def server(request, good_certificate):
    one = ScriptedServer(good_certificate if request.param == "tls" else None)
    one.tls = int(request.param == "tls")
    yield one
    one.close()


@pytest.fixture(scope="module")
def platform(good_certificate):
    """Modems register over TLS only."""
    one = ScriptedServer(good_certificate)
    yield one
    one.close()


@pytest.fixture
def rogue_broker(imqttd, server):
    one = rogue.Rogue(imqttd.tcp_host(), server, server.tls)
    yield one
    one.close()


@pytest.mark.parametrize("way", rogue.WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(rogue_broker, case, way):
    rogue.play(rogue_broker, case, way)


ENDS_A_REGISTRATION = [
    case for case in CASES
    if case.moment in (BEFORE, CONNECTED)
    and isinstance(case.outcome, Closed) and case.outcome.stage == "peer"
]


@pytest.mark.parametrize("way", rogue.WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("case", ENDS_A_REGISTRATION, ids=lambda case: case.name)
def test_case_to_a_registration(imqttd, platform, case, way):
    broker = rogue.Rogue(imqttd.tcp_host(), platform, tls=1)
    rogue.play_to_a_registration(broker, case, way)
    broker.close()


# ---- more than fits ------------------------------------------------------------------------------

LARGEST = 268_435_455
MB = 1 << 20
GROWTH_KIB = 2048
ANNOUNCED = b"\x32\xff\xff\xff\x7f\x00\x01a\x00\x09"  # QoS 1, packet id 9
HEAD = len(b"\x00\x01a\x00\x09")


def test_256_mb_are_drained_not_kept(rogue_broker, imqttd):
    """AT is answered all the while; the message is acknowledged, and the link goes on."""
    rogue_broker.connect(clean=1)
    before_kib = most_kib = imqttd.resident_kib()
    rogue_broker.line.send(ANNOUNCED)
    left, piece = LARGEST - HEAD, bytes(MB)
    while left:
        rogue_broker.line.send(piece[:left])
        left -= len(piece[:left])
        rogue_broker.answers_at()
        most_kib = max(most_kib, imqttd.resident_kib())
    rogue_broker.expect_bytes(answer(PUBACK, 9))
    assert rogue_broker.host.failure()[0] == "peer"
    assert most_kib - before_kib < GROWTH_KIB
    rogue_broker.publish_works()
    rogue_broker.says_goodbye()


@pytest.mark.parametrize(
    "head", [ANNOUNCED[:5], ANNOUNCED[:-1], ANNOUNCED], ids=["length", "half a head", "head"]
)
def test_256_mb_that_never_come(rogue_broker, imqttd, head):
    """A request waits in vain meanwhile, and is reported; the host can leave."""
    rogue_broker.connect(clean=1)
    before_kib = imqttd.resident_kib()
    rogue_broker.send(head + b"\x01" * 500, split=True)
    rogue_broker.request("AT+IMQTTPUB=a,1,x", PUBLISH | 1 << 1)
    rogue_broker.expect_urcs("+IMQTTPUB:2,1")
    assert imqttd.resident_kib() - before_kib < GROWTH_KIB
    rogue_broker.says_goodbye()


MANY = 20_000


@dataclasses.dataclass(frozen=True)
class Flood:
    name: str
    packet: bytes
    answer: bytes = b""
    urc: str = ""


FLOODS = [
    Flood("pingresp", packet(PINGRESP, b"")),
    Flood("puback", answer(PUBACK, UNKNOWN)),
    Flood("suback", answer(SUBACK, UNKNOWN, b"\0")),
    Flood("pubrec", answer(PUBREC, UNKNOWN), answer(PUBREL, UNKNOWN)),
    Flood("pubrel", answer(PUBREL, UNKNOWN), answer(PUBCOMP, UNKNOWN)),
    Flood("qos-0", publish("a", ""), urc=message("a", "")),
    Flood("qos-1", publish("a", "", 1, 5), answer(PUBACK, 5), message("a", "", 5)),
    Flood("qos-2", publish("a", "", 2, 5) + answer(PUBREL, 5),
          answer(PUBREC, 5) + answer(PUBCOMP, 5), message("a", "", 5)),
]


def answers_in(stream):
    return [stream[at : at + 4] for at in range(0, len(stream), 4)]


@pytest.mark.parametrize("flood", FLOODS, ids=lambda flood: flood.name)
def test_flood(rogue_broker, imqttd, flood):
    """The smallest packets, as fast as they go: each has its URC, and its answer behind that."""
    rogue_broker.connect(clean=1)
    before_kib = imqttd.resident_kib()
    rogue_broker.line.send(flood.packet * MANY)
    rogue_broker.answers_at()
    if flood.urc:
        urcs = rogue_broker.host.expect_all(flood.urc.encode(), MANY)
        assert urcs.count(b"+IMQTT") == MANY
    if flood.answer:
        expected = flood.answer * MANY
        said = rogue_broker.line.take(len(expected))
        assert sorted(answers_in(said)) == sorted(answers_in(expected))
    assert imqttd.resident_kib() - before_kib < GROWTH_KIB
    rogue_broker.publish_works()
    rogue_broker.says_goodbye()


def test_a_broker_that_asks_and_never_listens(imqttd):
    """It is not read from any more, and nothing grows; when it listens, all goes on."""
    server = ScriptedServer()
    broker = rogue.Rogue(imqttd.tcp_host(), server, tls=0)
    broker.connect(clean=1)
    before_kib = imqttd.resident_kib()
    asked = answer(PUBREL, UNKNOWN) * (64 * MB // 4)
    taken = broker.line.send_deaf(asked)
    assert taken < len(asked), "the modem listens to whoever does not"
    broker.answers_at()
    assert imqttd.resident_kib() - before_kib < GROWTH_KIB
    whole = taken // 4
    assert broker.line.take(whole * 4) == answer(PUBCOMP, UNKNOWN) * whole
    broker.line.send(answer(PUBREL, UNKNOWN)[taken % 4 :])
    broker.expect_bytes(answer(PUBCOMP, UNKNOWN))
    broker.publish_works()
    broker.says_goodbye()
    broker.close()
    server.close()


def test_what_came_before_a_violation_waits_for_the_host(imqttd):
    """Megabytes, and then garbage, to a host that does not read: it misses nothing."""
    server = ScriptedServer()
    broker = rogue.Rogue(imqttd.tcp_host(buffer_bytes=65536), server, tls=0)
    broker.connect(clean=1)
    one = publish("a", "y" * 8192)
    count = 2 * 16 * MB // len(one)
    stream = one * count + hexed("F0 00")
    taken = broker.line.send_deaf(stream)
    assert taken < len(stream), "the modem reads on for a host that does not"
    rest = threading.Thread(target=broker.send, args=(stream[taken:],))
    rest.start()
    for _ in range(count):
        assert broker.host.received() == (0, "a", b"y" * 8192)
    rest.join()
    broker.expect_urcs("+IMQTTCONN:-1")
    assert broker.host.failure() == ("peer", 0, "malformed packet: reserved type")
    broker.close()
    server.close()


# ---- under TLS -----------------------------------------------------------------------------------

UNDER_TLS = {
    "mqtt without tls": publish("a", "x"),
    "a record of garbage": hexed("17 03 03 00 20") + bytes(range(32)),
    "a record that is too long": hexed("17 03 03 FF FF") + bytes(65535),
    "a fatal alert in the clear": hexed("15 03 03 00 02 02 28"),
    "a hello in the middle": hexed("16 03 03 00 04 00 00 00 00"),
    "zeros": bytes(1000),
}


@pytest.mark.parametrize("split", [False, True], ids=["whole", "split"])
@pytest.mark.parametrize("name", UNDER_TLS)
def test_under_tls(imqttd, platform, name, split):
    broker = rogue.Rogue(imqttd.tcp_host(), platform, tls=1)
    broker.connect(clean=1)
    broker.send_under_tls(UNDER_TLS[name], split)
    broker.expect_urcs("+IMQTTCONN:-1")
    assert broker.host.failure()[0] == "tls"
    broker.starts_afresh()
    broker.close()


# ---- silence -------------------------------------------------------------------------------------

KEEP_ALIVE_S, TIMEOUT_S, GRACE_S = 60, 1, 5  # the shortest there is; M2.2
PINGREQ_AT_S = KEEP_ALIVE_S * 0.9
PINGREQ, GOODBYE = packet(0xC0, b""), packet(DISCONNECT, b"")


@dataclasses.dataclass(frozen=True)
class Silence:
    name: str
    begins_with: bytes = b""
    to_pingreq: bytes = b""
    ends: bool = True


SILENCES = [
    Silence("says nothing"),
    Silence("stops in a packet", begins_with=hexed("30 05 00")),
    Silence("announces 256 MB", begins_with=ANNOUNCED),
    Silence("half a PINGRESP", to_pingreq=b"\xd0"),
    Silence("messages, but no PINGRESP", to_pingreq=publish("a", "x") * 3),
    Silence("PINGRESP", to_pingreq=packet(PINGRESP, b""), ends=False),
]


class SilentBroker(rogue.Rogue):
    """Answers in a thread of its own, or does not: the tests before may take as long as they do."""

    def __init__(self, imqttd, silence, tls, certificate):
        super().__init__(imqttd.tcp_host(), ScriptedServer(certificate if tls else None), tls)
        self.silence = silence
        self.host.command(f"AT+IMQTTPARA=KEEPALIVE,{KEEP_ALIVE_S}")
        self.connect(clean=1, timeout_s=TIMEOUT_S)
        self.line.send(silence.begins_with)
        self.line.wait_at_most(None)
        self.began, self.pings_at = time.monotonic(), []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while (packet := self.line.packet_or_end()) not in (b"", GOODBYE):
            if packet == PINGREQ:
                self.pings_at.append(time.monotonic() - self.began)
                self.line.send(self.silence.to_pingreq)
            else:
                self.line.send(answer(PUBACK, OURS))

    def is_given_up(self):
        self.host.expect(r"\r\n\+IMQTTCONN:-1\r\n", within_s=2 * KEEP_ALIVE_S)
        assert time.monotonic() - self.began > PINGREQ_AT_S + TIMEOUT_S + GRACE_S - 1
        heard = [message("a")] * self.silence.to_pingreq.count(b"x")
        assert self.host.pending == rogue.in_a_row(heard)
        self.host.pending = b""
        assert self.host.failure() == ("keepalive", 0, "no PINGRESP in time")
        self._thread.join()
        (ping_at,) = self.pings_at
        assert KEEP_ALIVE_S > ping_at > PINGREQ_AT_S - 1

    def is_kept(self):
        assert self.host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:2"]
        self.host.command("AT+IMQTTPUB=a,1,x")
        self.expect_urcs(f"+IMQTTPUB:{OURS},0")
        assert KEEP_ALIVE_S > self.pings_at[0] > PINGREQ_AT_S - 1


@pytest.fixture(scope="module", autouse=True)
def silent(imqttd, good_certificate):
    """They take over a minute to be noticed: they begin before all else, and are asked last."""
    brokers = [
        SilentBroker(imqttd, silence, tls, good_certificate)
        for silence in SILENCES for tls in (0, 1)
    ]
    yield brokers
    for broker in brokers:
        broker.close()
        broker.server.close()


@pytest.fixture(scope="module", autouse=True)
def mosquitto_that_stops(imqttd, tmp_path_factory):
    """A real broker, stopped while a modem is connected; another one goes on, with its modem."""
    brokers = [Mosquitto(tmp_path_factory.mktemp("silent")) for _ in range(2)]
    for broker in brokers:
        broker.modem = imqttd.tcp_host()
        broker.modem.turn_echo_off()
        broker.modem.command(f"AT+IMQTTPARA=KEEPALIVE,{KEEP_ALIVE_S}")
        broker.modem.connect(broker, client_id="silent", timeout_s=TIMEOUT_S)
    brokers[0].process.child.send_signal(signal.SIGSTOP)
    yield brokers
    for broker in brokers:
        broker.kill()


def test_keep_alive_with_a_real_broker(mosquitto_that_stops):
    stopped, goes_on = mosquitto_that_stops
    goes_on.process.line("Received PINGREQ from silent", within_s=2 * KEEP_ALIVE_S)
    stopped.modem.urc(r"\+IMQTTCONN:-1", within_s=2 * KEEP_ALIVE_S)
    assert stopped.modem.failure() == ("keepalive", 0, "no PINGRESP in time")
    assert goes_on.modem.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:2"]
    goes_on.modem.command("AT+IMQTTPUB=a,1,x")
    goes_on.modem.urc(r"\+IMQTTPUB:\d+,0")


def test_silence(silent):
    for broker in silent:
        broker.answers_at()
    for broker in silent:
        if broker.silence.ends:
            broker.is_given_up()
    for broker in silent:
        if not broker.silence.ends:
            broker.is_kept()


# ---- the page ------------------------------------------------------------------------------------

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "mqtt-conformance.md"


def twins_of_page():
    """(statement, hostile twin), one for each name in the last column"""
    rows = re.findall(r"^\| (MQTT-\S+) \|.*\| ([^|]*) \|$", PAGE.read_text(), re.MULTILINE)
    assert len(rows) > 100
    return {(statement, name) for statement, cell in rows for name in re.findall("`(.+?)`", cell)}


def test_the_page_names_the_cases_of_the_table():
    tests = {(statement, name) for statement, name in twins_of_page() if name in globals()}
    of_table = {(statement, case.name) for case in CASES for statement in case.statements()}
    assert {name for _, name in tests} == {"test_silence", "test_256_mb_that_never_come"}
    assert twins_of_page() - tests == of_table


def test_names_are_used_once():
    assert len({case.name for case in CASES}) == len(CASES)
