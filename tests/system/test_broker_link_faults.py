"""Every type of fault of the broker link, as the host sees it, over TCP and over TLS; and what was
promised when the fault is gone: QoS 1 at least once, QoS 2 exactly once, counted."""

import itertools
import select
import time

import pytest

from brokers import Mosquitto
from fault_bench import FaultBench
from processes import DEADLINE_S, free_port

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def broker(tmp_path_factory, good_certificate):
    """A plain port for the test's own client, and one with TLS."""
    plain, secure = free_port(), free_port()
    certificate, key = good_certificate
    broker = Mosquitto(
        tmp_path_factory.mktemp("broker"),
        f"listener {plain} 127.0.0.1",
        f"listener {secure} 127.0.0.1", f"certfile {certificate}", f"keyfile {key}",
        port=plain,
    )
    broker.tls_port = secure
    yield broker
    broker.stop()


class Link(FaultBench):
    """A modem at that broker, with a name and topics of its own."""

    def __init__(self, start_imqttd, folder, broker, is_tls, authority):
        super().__init__(
            start_imqttd, folder,
            settings=[f"tls-ca = {authority.certificate}", "limits = wide"],
        )
        self.is_tls = is_tls
        self.client_id = f"link{next(_numbers)}"
        self.up, self.down = f"/up/{self.client_id}", f"/down/{self.client_id}"
        port = broker.tls_port if is_tls else broker.port
        self.host.command(f"AT+IMQTTMODE=2,{int(is_tls)}")
        self.host.command("AT+IMQTTPARA=TIMEOUT,1,CLEAN,0,KEEPALIVE,5")
        self.host.command(f"AT+IMQTTADDR=localhost,{port},{self.client_id}")

    def connect(self):
        self.host.connect()
        self.host.command(f"AT+IMQTTSUB={self.down},2")
        self.host.urc(r"\+IMQTTSUB:\d+,2")


@pytest.fixture(params=["tcp", "tls"])
def link(request, start_imqttd, tmp_path, broker, authority):
    return Link(start_imqttd, tmp_path, broker, request.param == "tls", authority)


def timed_publish(link, payload, qos=1):
    began = time.monotonic()
    link.host.command(f"AT+IMQTTPUB={link.up},{qos},{payload}")
    link.host.urc(r"\+IMQTTPUB:\d+,0")
    return time.monotonic() - began


@pytest.mark.parametrize(
    "fault",
    [
        {"type": "latency", "stream": "up", "latency_ms": 150},
        {"type": "latency", "stream": "down", "latency_ms": 150, "jitter_ms": 20},
        {"type": "bandwidth", "stream": "up", "bytes_per_s": 2000},
        {"type": "slicer", "stream": "up", "bytes": 50, "delay_ms": 20},
    ],
    ids=lambda fault: f"{fault['type']}-{fault['stream']}",
)
def test_what_takes_its_time(link, fault):
    link.connect()
    link.broker_fault(**fault)
    assert timed_publish(link, "x" * 400) > 0.1
    link.reset()
    assert timed_publish(link, "x" * 400) < 0.1


@pytest.mark.parametrize("stream", ["up", "down"])
def test_a_stall_holds_until_it_is_removed(link, stream):
    link.connect()
    link.broker_fault("stall", stream=stream)
    link.host.command(f"AT+IMQTTPUB={link.up},1,held")
    assert not select.select([link.host.line], [], [], 0.2)[0]
    link.reset()
    link.host.urc(r"\+IMQTTPUB:\d+,0")


@pytest.mark.parametrize("how, code", [("rst", 104), ("fin", 0)])
def test_a_cut_comes_at_its_byte(link, how, code):
    link.connect()
    link.broker_fault("cut", how=how, after_bytes=100, stream="up")
    timed_publish(link, "short")
    link.host.command(f"AT+IMQTTPUB={link.up},1,{'x' * 100}")
    link.host.urc(r"\+IMQTTPUB:\d+,1")
    link.host.urc(r"\+IMQTTCONN:-1")
    assert link.host.failure()[:2] == ("peer", code)
    link.reset()
    link.connect()


def test_connections_are_refused_at_each_stage(link):
    stages = {"dns": -2, "tcp": 111, "connack": 5}
    if link.is_tls:
        stages["tls"] = 0
    for stage, code in stages.items():
        link.broker_fault("refuse", stage=stage)
        assert link.host.fail_to_connect()[:2] == (stage, code)
        link.reset()
    link.broker_fault("refuse", stage="connack", code=3)
    assert link.host.fail_to_connect()[:2] == ("connack", 3)
    link.reset()
    link.connect()


@pytest.mark.parametrize(
    "packet, command, urc",
    [
        ("PUBACK", "AT+IMQTTPUB={up},1,x", r"\+IMQTTPUB:\d+,1"),
        ("PUBREC", "AT+IMQTTPUB={up},2,x", r"\+IMQTTPUB:\d+,1"),
        ("PUBCOMP", "AT+IMQTTPUB={up},2,x", r"\+IMQTTPUB:\d+,1"),
        ("SUBACK", "AT+IMQTTSUB={down}/more,1", r"\+IMQTTSUB:\d+,128"),
        ("UNSUBACK", "AT+IMQTTUNSUB={down}", r"\+IMQTTUNSUB:\d+,-1"),
        ("PINGRESP", "AT", r"\+IMQTTCONN:-1"),
    ],
)
def test_an_answer_is_withheld(link, packet, command, urc):
    link.connect()
    link.broker_fault("withhold", packet=packet)
    link.host.command(command.format(up=link.up, down=link.down))
    link.host.urc(urc)


def test_no_connack(link):
    link.broker_fault("withhold", packet="CONNACK", count=1)
    assert link.host.fail_to_connect()[0] == "connack"
    link.connect()


def test_a_message_is_withheld(link, start_peer, broker):
    peer = start_peer(broker)
    link.connect()
    link.broker_fault("withhold", packet="PUBLISH", count=1)
    peer.publish(link.down, b"withheld", qos=0)
    peer.publish(link.down, b"next", qos=0)
    assert link.host.received()[2] == b"next"


def test_a_duplicate_of_each_qos(link, start_peer, broker):
    peer = start_peer(broker)
    link.connect()
    link.broker_fault("duplicate", packet="PUBLISH")
    for qos in 0, 1, 2:
        peer.publish(link.down, b"%d" % qos, qos=qos)
    came = [link.host.received()[2] for _ in range(5)]
    assert came == [b"0", b"0", b"1", b"1", b"2"]


# ---- the same seed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        {"type": "latency", "latency_ms": 1},
        {"type": "bandwidth", "bytes_per_s": 1000000},
        {"type": "slicer", "bytes": 7, "delay_ms": 1},
        {"type": "stall"},
    ],
    ids=lambda fault: fault["type"],
)
def test_the_same_packets_are_struck_from_the_same_seed(link, fault):
    link.connect()

    def play():
        events = link.events("mqtt,fault")
        link.broker_fault(stream="up", toxicity=0.4, seed=5, **fault)
        for number in range(12):
            timed_publish(link, number, qos=0)
        link.reset()
        story = []
        while (event := events.next()).get("what") != "removed":
            story.append(event.get("packet") or event["what"])
        events.close()
        return story

    first = play()
    assert first == play()
    assert first.count("PUBLISH") == 12 and "struck" in first


@pytest.mark.parametrize("type", ["withhold", "duplicate"])
def test_the_same_messages_are_struck_from_the_same_seed(link, start_peer, broker, type):
    peer = start_peer(broker)
    link.connect()
    link.host.subscribe(f"{link.down}/0", 0)

    def play():
        link.broker_fault(type, packet="PUBLISH", toxicity=0.5, seed=5)
        for number in range(12):
            peer.publish(f"{link.down}/0", b"%d" % number)
        link.host.send(f"AT+IMQTTPUB={link.up},1,behind")  # its PUBACK comes behind them
        link.host.expect(r"\r\nOK\r\n")
        link.host.urc(r"\+IMQTTPUB:\d+,0")
        link.reset()
        peer.publish(f"{link.down}/0", b"end")
        return list(iter(lambda: link.host.received()[2], b"end"))

    first = play()
    assert first == play()
    assert len(first) not in (0, 12, 24)


@pytest.mark.parametrize("fault", [{"type": "refuse"}, {"type": "cut", "after_bytes": 0}],
                         ids=lambda fault: fault["type"])
def test_the_same_connections_are_struck_from_the_same_seed(link, fault):
    def attempt():
        link.host.command("AT+IMQTTCONN")
        (result,) = link.host.urc(r"\+IMQTTCONN:(0|-1)")
        if result == "0":
            link.host.command("AT+IMQTTDISCONN")
            link.host.urc(r"\+IMQTTCONN:-1")
        return result

    def play():
        link.broker_fault(toxicity=0.5, seed=5, **fault)
        results = [attempt() for _ in range(8)]
        link.reset()
        return results

    first = play()
    assert first == play()
    assert set(first) == {"0", "-1"}


# ---- what was promised ---------------------------------------------------------------------------

MESSAGES = 4  # of each QoS, both ways
PASSING = [  # each is over, or is removed, before the accounts are made
    {"type": "latency", "latency_ms": 30, "jitter_ms": 20},
    {"type": "bandwidth", "bytes_per_s": 2000},
    {"type": "slicer", "bytes": 3, "delay_ms": 1},
    {"type": "stall", "ttl_ms": 1500},
    {"type": "stall", "stream": "down", "ttl_ms": 1500},
    {"type": "cut", "after_bytes": 150, "how": "rst", "count": 1},
    {"type": "cut", "after_bytes": 60, "how": "fin", "stream": "down", "count": 1},
    {"type": "refuse", "stage": "tcp", "count": 2},
    {"type": "refuse", "stage": "connack", "count": 2},
    {"type": "duplicate"},
    *({"type": "withhold", "packet": packet}
      for packet in ("CONNACK", "PUBACK", "PUBREC", "PUBREL", "PUBCOMP", "PUBLISH")),
]


class Driver:
    """A host that reads line by line, sends each message once, and connects again when it must."""

    def __init__(self, link):
        self.link, self.host = link, link.host
        self.is_connected = True
        self.received = []

    def _take(self, line):
        if line.startswith("+IMQTTCONN:"):
            self.is_connected = line != "+IMQTTCONN:-1"
        elif line.startswith("+IMQTTRCVPUB:"):
            self.received.append(line.rsplit('"', 2)[1])

    def wait(self, is_true):
        """Reads lines until it is true of one."""
        end = time.monotonic() + 2 * DEADLINE_S
        while True:
            line, found, rest = self.host.pending.partition(b"\r\n")
            if not found:
                assert time.monotonic() < end
                self.host.wait_for_more()
                continue
            self.host.pending = rest
            self._take(line.decode())
            if is_true(line.decode()):
                return line.decode()

    def command(self, command):
        self.host.send(command)
        return self.wait(lambda line: line in ("OK", "ERROR"))

    def connect(self):
        while not self.is_connected:
            if self.command("AT+IMQTTCONN") == "OK":
                self.wait(lambda line: line.startswith("+IMQTTCONN:"))

    def publish(self, payload, qos):
        while self.command(f"AT+IMQTTPUB={self.link.up},{qos},{payload}") != "OK":
            self.connect()
        self.wait(lambda line: line.startswith("+IMQTTPUB:"))


def is_over(fault):
    return "ttl_ms" in fault or "count" in fault


@pytest.mark.parametrize("fault", PASSING, ids=lambda fault: "-".join(
    str(fault[key]) for key in ("type", "stream", "stage", "packet", "how") if key in fault))
def test_nothing_that_was_promised_is_lost(link, start_peer, broker, fault):
    peer = start_peer(broker)
    peer.subscribe(link.up)
    link.connect()
    driver = Driver(link)
    link.broker_fault(**fault)
    if fault["type"] == "refuse" or fault.get("packet") == "CONNACK":
        link.cut()
        driver.is_connected = False
    for number in range(MESSAGES):
        for qos in 1, 2:
            peer.publish(link.down, f"{qos}-{number}", qos)
            if fault.get("packet") != "CONNACK":
                driver.publish(f"{qos}-{number}", qos)
    link.reset()
    if not is_over(fault) and driver.is_connected:  # what was withheld comes on the next connection
        link.control.post(f"/v1/modems/{link.name}/link", {"action": "cut"})
        driver.wait(lambda line: line == "+IMQTTCONN:-1")
    driver.connect()
    if fault.get("packet") == "CONNACK":
        for number, qos in itertools.product(range(MESSAGES), (1, 2)):
            driver.publish(f"{qos}-{number}", qos)
    driver.publish("end", 2)
    peer.publish(link.down, "end", 2)
    while "end" not in driver.received:
        driver.wait(lambda line: line.startswith("+IMQTTRCVPUB:"))
    sent = list(iter(lambda: peer.message().payload.decode(), "end"))
    for came in sent, driver.received:
        for number in range(MESSAGES):
            assert came.count(f"1-{number}") >= 1, came
            assert came.count(f"2-{number}") == 1, came
