"""Connections that are cut at every byte of an exchange, while the host connects again and again.

Each test makes 400 cuts: behind every byte of every packet from CONNECT to the end of an exchange,
once for each way in which a connection can end, and then at random in the middle of exchanges.
What arrived is counted at the far end: by a subscriber of a real Mosquitto, or by the host.
"""

import collections
import concurrent.futures
import dataclasses
import itertools
import random
import threading

import pytest

from cutting_proxy import CLOSES, RESETS, SILENCES, Cut, CuttingProxy, kind_of, whole_packets
from host import FINAL
from processes import DEADLINE_S
from scripted_server import CONNACK, CONNECT, PUBACK, PUBCOMP, PUBLISH, PUBREL

CUTS = 400
MODEMS = 4  # that work at the same time
BATCH = 3  # messages at a time
LAST_OCCURRENCE = 9  # of a kind of packet before the connection is cut
SEED = 1883

EVENT = (
    r"\r\n\+IMQTT(?:CONN:(?P<state>-1|0)|PUB:(?P<id>\d+),(?P<status>[01])"
    r'|RCVPUB:\d+,"[^"]*",\d+,"(?P<payload>[^"]*)")\r\n'
)


class Loop:
    """One modem and its host, which keeps connecting it. Subclasses exchange messages."""

    rests = False  # whether a cut connection is followed by a whole one

    def __init__(self, host, proxy, name, qos, peer):
        """name: of the client, and of its topic."""
        self.host, self.proxy, self.name, self.qos, self.peer = host, proxy, name, qos, peer
        self.is_over = True
        self.packet_bytes = {}  # how long the packets of each kind are
        proxy.note = self.note
        self._numbers = itertools.count(1)

    def note(self, way, packet):
        """Is told, on the proxy's thread, of every packet that passes."""
        self.packet_bytes[kind_of(packet)] = len(packet)

    def next_payloads(self):
        return [f"m{next(self._numbers):04}" for _ in range(BATCH)]

    def run(self, cuts):
        for cut in cuts:
            self.proxy.arm(cut)
            self._connect(cut)
            self._exchange_until(cut)
            self._leave(cut.how == SILENCES)
            if self.rests:
                self.exchange_uncut()
        self.exchange_uncut()

    def _exchange_until(self, cut):
        for _ in range(2 * LAST_OCCURRENCE):
            if self.proxy.cuts and self.proxy.cuts[-1] is cut:
                return
            assert not self.is_over, f"ended before the {cut}"
            self.exchange(cut)
        raise AssertionError(f"never came to the {cut}")

    def exchange_uncut(self):
        self.proxy.arm(None)
        self._connect(None)
        self.exchange(None)
        self._leave(True)

    def is_patient(self, cut):
        """Whether the host waits for the modem's news, rather than guess that the line is dead."""
        return cut is None or cut.how != SILENCES

    def event(self, cut):
        """Waits for the next URC. None: the host lost its patience first."""
        unless = () if self.is_patient(cut) else (self.proxy.cut_signal,)
        match = self.host.expect(EVENT, unless=unless)
        if match and match["state"]:
            self.is_over = match["state"] == b"-1"
        elif match:
            self.take(match)
        return match

    def command(self, line):
        self.host.send(line)
        return self.is_accepted()

    def is_accepted(self):
        """The next final result. URCs stay where they are."""
        return self.host.expect(FINAL)[1] == b"OK"

    def _connect(self, cut):
        self.is_over = False
        self.begin()
        assert self.command("AT+IMQTTCONN")
        self.event(cut)

    def _leave(self, disconnects):
        if disconnects and not self.is_over:
            self.command("AT+IMQTTDISCONN")  # refused if the connection has ended just now
        while not self.is_over:
            self.event(None)
        self.end()

    def begin(self):
        pass

    def end(self):
        pass


class Publishing(Loop):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.accepted = []  # payloads, a list for each connection
        self.reported = []  # packet ids with their status, a list for each connection

    def is_patient(self, cut):
        """Sometimes the host waits until TIMEOUT has ended what it asked for."""
        return super().is_patient(cut) or cut.passed_bytes == 3

    def begin(self):
        self.accepted.append([])
        self.reported.append([])

    def exchange(self, cut):
        self._publish(cut)
        while cut is None and not self._is_through():
            self._publish(cut)

    def _publish(self, cut):
        payloads = self.next_payloads()
        commands = [f"AT+IMQTTPUB={self.name},{self.qos},{payload}\r" for payload in payloads]
        self.host.type("".join(commands).encode())
        self.accepted[-1] += [payload for payload in payloads if self.is_accepted()]
        while len(self.reported[-1]) < len(self.accepted[-1]) and not self.is_over:
            if not self.event(cut):
                break

    def _is_through(self):
        """The newest message is acknowledged: so all before it are. It may have waited for them
        longer than TIMEOUT."""
        assert not self.is_over
        return self.reported[-1][-1][1] == 0

    def take(self, report):
        assert not self.is_over, "a report behind +IMQTTCONN:-1"
        self.reported[-1].append((int(report["id"]), int(report["status"])))

    def end(self):
        """One report for each message that was accepted, no more and no less."""
        ids = [packet_id for packet_id, _ in self.reported[-1]]
        assert len(set(ids)) == len(ids) == len(self.accepted[-1])

    def written(self):
        """What the modem wrote: {packet id: payload}, a dictionary for each connection."""
        return [
            {
                int.from_bytes(packet[-7:-5], "big"): packet[-5:].decode()
                for packet in whole_packets(connection.from_modem)
                if kind_of(packet) == PUBLISH
            }
            for connection in self.proxy.connections
        ]

    def acknowledged(self):
        """The payloads whose reports said 0."""
        return [
            written[packet_id]
            for written, reports in zip(self.written(), self.reported, strict=True)
            for packet_id, status in reports
            if status == 0
        ]


class Receiving(Loop):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.sent = []
        self.received = collections.Counter()
        self.restarted = set()  # payloads that were published again behind their PUBREL
        self._open = {}  # exchanges, packet id: payload, None if not known any more
        self._released = set()  # the same pairs
        self._changed = threading.Condition()

    def note(self, way, packet):
        """Mosquitto 2.0.11 has to send PUBREL again after a cut. If the connection ends before it
        has, it sends PUBLISH again, against [MQTT-4.3.3-1]: a new message for any receiver."""
        super().note(way, packet)
        with self._changed:
            if kind_of(packet) == PUBLISH:
                packet_id, payload = packet[-7:-5], packet[-5:].decode()
                if (packet_id, payload) in self._released:
                    self.restarted.add(payload)
                self._open[packet_id] = payload
            elif kind_of(packet) == PUBREL:
                payload = self._open.setdefault(packet[2:])
                self._released.add((packet[2:], payload))
            elif kind_of(packet) in (PUBACK, PUBCOMP):
                self._open.pop(packet[2:], None)
            self._changed.notify()

    def subscribe(self, start_peer, broker):
        """In the modem's name: its own commands subscribe with QoS 0 and 1 only."""
        namesake = start_peer(broker, client_id=self.name, clean=False)
        namesake.subscribe(self.name, self.qos)
        namesake.close()

    def exchange(self, cut):
        for payload in self.next_payloads():
            self.peer.publish(self.name, payload, self.qos)
            self.sent.append(payload)
        while not self.received.keys() >= set(self.sent) and not self.is_over:
            if not self.event(cut):
                break
        if cut is None:
            with self._changed:
                assert self._changed.wait_for(lambda: not self._open, DEADLINE_S)

    def take(self, message):
        self.received[message["payload"].decode()] += 1


def cuts_behind_every_byte(packet_bytes):
    """CUTS of them, in a random order that is always the same."""
    chance = random.Random(SEED)
    cuts = [
        Cut(how, kind, count)
        for kind, length in packet_bytes.items()
        if kind <= PUBCOMP  # the kinds above it are no part of an exchange
        for count in range(length + 1)
        for how in (RESETS, CLOSES, SILENCES)
    ]
    in_exchanges = [cut for cut in cuts if cut.kind not in (CONNECT, CONNACK)]
    while len(cuts) < CUTS:
        cut = chance.choice(in_exchanges)
        cuts.append(dataclasses.replace(cut, occurrence=chance.randint(2, LAST_OCCURRENCE)))
    chance.shuffle(cuts)
    return cuts


@pytest.fixture
def start_loops(start_imqttd, start_peer, mosquitto, tmp_path, client_id):
    """Starts a modem with several terminals, a host on each, and a proxy for each."""
    proxies = []

    def start(kind, qos, clean):
        links = [tmp_path / f"loop{number}" for number in range(MODEMS)]
        modem = start_imqttd(*(word for link in links for word in ("--pty", link)))
        peer = start_peer(mosquitto)
        loops = []
        for number, link in enumerate(links):
            modem.ready_pty(link)
            host = modem.pty_host(link)
            host.turn_echo_off()
            proxies.append(CuttingProxy(mosquitto))
            name = f"{client_id}/{number}"
            host.configure(proxies[-1], name, clean, timeout_s=1)
            loops.append(kind(host, proxies[-1], name, qos, peer))
        return loops

    yield start
    for proxy in proxies:
        proxy.close()


def run(loops):
    """Makes the cuts, all modems at the same time."""
    for loop in loops:
        loop.exchange_uncut()
    cuts = cuts_behind_every_byte(loops[0].packet_bytes)
    shares = [cuts[number::MODEMS] for number in range(MODEMS)]
    with concurrent.futures.ThreadPoolExecutor(MODEMS) as pool:
        list(pool.map(lambda loop, share: loop.run(share), loops, shares))
    made = [cut for loop in loops for cut in loop.proxy.cuts]
    assert sorted(made, key=str) == sorted(cuts, key=str)


@pytest.fixture
def far_end(mosquitto, start_peer, client_id):
    """Subscribes to what the modems publish; what has arrived when they are done."""
    subscriber, marker = start_peer(mosquitto), start_peer(mosquitto)
    subscriber.subscribe(f"{client_id}/+")

    def arrived():
        """How often, by topic and payload. The marker comes behind all that the broker has."""
        marker.publish(f"{client_id}/end", "end", qos=2)
        found = collections.Counter()
        while (message := subscriber.message()).payload != b"end":
            found[message.topic, message.payload.decode()] += 1
        return found

    return arrived


def tell(loops, messages, copies):
    """For the report of pytest -rP."""
    cuts = sum(len(loop.proxy.cuts) for loop in loops)
    print(f"{cuts} cuts, {messages} messages, {copies} arrived, {copies - messages} more than once")


@pytest.mark.parametrize("qos", [1, 2])
def test_a_kept_session_delivers_all_that_was_accepted(start_loops, far_end, qos):
    loops = start_loops(Publishing, qos, clean=0)
    run(loops)
    arrived = far_end()
    accepted = [(loop.name, payload) for loop in loops for payload in sum(loop.accepted, [])]
    assert set(arrived) == set(accepted)
    if qos == 2:
        assert set(arrived.values()) == {1}
    tell(loops, len(accepted), arrived.total())


@pytest.mark.parametrize("qos", [1, 2])
def test_a_clean_session_sends_nothing_again(start_loops, far_end, qos):
    """What was reported 1 may have arrived, once. It is written on no later connection."""
    loops = start_loops(Publishing, qos, clean=1)
    run(loops)
    arrived = far_end()
    assert set(arrived.values()) == {1}
    for loop in loops:
        for written, accepted in zip(loop.written(), loop.accepted, strict=True):
            assert set(written.values()) <= set(accepted)
        assert {(loop.name, payload) for payload in loop.acknowledged()} <= set(arrived)
    accepted = sum(len(payloads) for loop in loops for payloads in loop.accepted)
    lost = sum(status for loop in loops for reports in loop.reported for _, status in reports)
    print(f"{accepted} messages, {lost} reported 1, {arrived.total()} arrived")
    tell(loops, arrived.total(), arrived.total())


@pytest.mark.parametrize("qos, rests", [(1, False), (2, False), (2, True)])
def test_a_kept_session_receives_all_that_was_sent(start_loops, start_peer, mosquitto, qos, rests):
    """With a rest after each cut, Mosquitto keeps to the protocol, and QoS 2 is exactly once."""
    loops = start_loops(Receiving, qos, clean=0)
    for loop in loops:
        loop.rests = rests
        loop.subscribe(start_peer, mosquitto)
    run(loops)
    for loop in loops:
        assert set(loop.received) == set(loop.sent)
        twice = {payload for payload, times in loop.received.items() if times > 1}
        if qos == 2:
            assert twice <= loop.restarted
        if rests:
            assert loop.restarted == set()
    messages = sum(len(loop.sent) for loop in loops)
    tell(loops, messages, sum(loop.received.total() for loop in loops))
