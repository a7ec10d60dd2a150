"""A modem on a TCP terminal, and the rogue broker it is connected to: plays one case."""

import dataclasses
import re

import rogue_words as words
from aliyun import register
from rogue_words import INBOUND_ID, OURS, PUBCOMP, PUBREL, SUBACK, UNSUBACK, answer, message
from scripted_server import DISCONNECT, PUBACK, PUBLISH, PUBREC, connack, packet, publish

SESSION = b"\x20\x02\x01\x00"
AFTER = publish("after", "y")  # a valid packet, behind the others
STOPS = 100  # places at most at which a sequence sent byte by byte is asked for AT


@dataclasses.dataclass(frozen=True)
class Way:
    """How the bytes of a case are sent."""

    name: str
    split: bool = False
    twice: bool = False
    followed: bool = False

    def bytes_of(self, case):
        return case.data * (1 + self.twice) + (AFTER if self.followed else b"")


WAYS = [Way("whole"), Way("split", split=True), Way("twice", twice=True),
        Way("followed", followed=True)]


def in_a_row(urcs):
    return b"".join(f"\r\n{urc}\r\n".encode() for urc in urcs)


class Rogue:
    """The broker's end of a connection and the host's, from the beginning to a moment."""

    def __init__(self, host, server, tls):
        self.host, self.server = host, server
        self._tls = tls
        self.line = None
        host.turn_echo_off()

    def close(self):
        self.host.close()
        if self.line:
            self.line.close()

    # ---- what the host sees ----

    def expect_urcs(self, *urcs):
        """These, in this order, and nothing else until AT is answered after them."""
        self.host.expect(rb"\A" + re.escape(in_a_row(urcs)))
        self.answers_at()
        assert self.host.pending == b"", self.host.pending

    def answers_at(self):
        self.host.send("AT")
        self.host.expect(r"\r\nOK\r\n")

    # ---- what goes over the wire ----

    def expect_bytes(self, expected):
        came = self.line.take(len(expected))
        assert came == expected, f"{came.hex(' ')} is not {expected.hex(' ')}"

    def send(self, data, split=False):
        """A modem that has hung up does not take the rest."""
        self._send(self.line.send, data, split)

    def send_under_tls(self, data, split):
        self._send(self.line.send_under_tls, data, split)

    def _send(self, send, data, split):
        pieces = [data[at : at + 1] for at in range(len(data))] if split else [data]
        stop = len(pieces) // STOPS + 1
        try:
            for number, piece in enumerate(pieces):
                send(piece)
                if split and number % stop == 0:
                    self.answers_at()
        except OSError:
            pass

    # ---- moments ----

    def call(self, **settings):
        """CONNECT, if it has left, waits to be read."""
        if self.line:
            self.line.close()
        if settings:
            self.host.configure(self.server, tls=self._tls, **settings)
        self.host.command("AT+IMQTTCONN")
        self.line = self.server.accept()

    def dial(self, **settings):
        self.call(**settings)
        self.line.connect()

    def connect(self, **settings):
        self.dial(**settings)
        self.line.send(connack())
        self.expect_urcs("+IMQTTCONN:0")

    def request(self, command, first):
        """Types a command; its packet, which begins with that byte."""
        self.host.command(command)
        sent = self.line.packet()
        assert sent[0] == first, sent
        return sent

    def send_qos2(self):
        self.line.send(publish("a", "x", 2, INBOUND_ID))
        self.expect_urcs(message("a", packet_id=INBOUND_ID))
        self.expect_bytes(answer(PUBREC, INBOUND_ID))

    def keep_a_session(self):
        """Publishes 2 (QoS 1) and 3 (QoS 2) are unanswered, message 7 is open; the line is lost."""
        self.connect(clean=0)
        self.request("AT+IMQTTPUB=a,1,x", PUBLISH | 1 << 1)
        self.request("AT+IMQTTPUB=a,2,x", PUBLISH | 2 << 1)
        self.send_qos2()
        self.line.reset()
        self.expect_urcs("+IMQTTPUB:2,1", "+IMQTTPUB:3,1", "+IMQTTCONN:-1")
        self.dial()

    # ---- outcomes ----

    def publish_works(self):
        sent = self.request("AT+IMQTTPUB=probe,1,x", PUBLISH | 1 << 1)
        assert sent[2:9] == b"\0\5probe", sent
        packet_id = int.from_bytes(sent[9:11], "big")
        self.line.send(answer(PUBACK, packet_id))
        self.expect_urcs(f"+IMQTTPUB:{packet_id},0")

    def says_goodbye(self):
        self.host.command("AT+IMQTTDISCONN")
        assert self.line.says_goodbye()
        self.expect_urcs("+IMQTTCONN:-1")

    def starts_afresh(self):
        """After whatever happened the modem connects as ever, and publishes."""
        self.connect(clean=1)
        self.publish_works()
        self.says_goodbye()


# ---- moments -------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Moment:
    """begin: leads there. lost: what is reported first if the link ends there. end: what a good
    broker then sends; said: what the modem answers; reported: what the host gets."""

    begin: object
    lost: tuple = ()
    end: bytes = b""
    said: bytes = b""
    reported: tuple = ()


def _publish(rogue, qos):
    rogue.connect(clean=1)
    rogue.request(f"AT+IMQTTPUB=a,{qos},x", PUBLISH | qos << 1)


def _release(rogue):
    _publish(rogue, 2)
    rogue.line.send(answer(PUBREC, OURS))
    rogue.expect_bytes(answer(PUBREL, OURS))


def _request(rogue, command, first):
    rogue.connect(clean=1)
    rogue.request(command, first)


def _open_qos2(rogue):
    rogue.connect(clean=1)
    rogue.send_qos2()


def _resume(rogue):
    rogue.keep_a_session()
    rogue.line.send(SESSION)
    rogue.expect_urcs("+IMQTTCONN:0")
    for _ in range(2):  # the publishes
        rogue.line.packet()


def _leave(rogue):
    rogue.connect(clean=1)
    rogue.host.command("AT+IMQTTDISCONN")
    assert rogue.line.packet() == packet(DISCONNECT, b"")


def _in_3_1(begin, rogue):
    rogue.host.command("AT+IMQTTPARA=VERSION,3.1")
    begin(rogue, clean=1)


MOMENTS = {
    words.ACCEPTED: Moment(lambda rogue: rogue.call(clean=1)),
    words.BEFORE: Moment(lambda rogue: rogue.dial(clean=1)),
    words.BEFORE_3_1: Moment(lambda rogue: _in_3_1(Rogue.dial, rogue)),
    words.BEFORE_KEPT: Moment(lambda rogue: rogue.dial(clean=0)),
    words.BEFORE_RESUMED: Moment(Rogue.keep_a_session),
    words.CONNECTED: Moment(lambda rogue: rogue.connect(clean=1)),
    words.CONNECTED_3_1: Moment(lambda rogue: _in_3_1(Rogue.connect, rogue)),
    words.QOS1: Moment(
        lambda rogue: _publish(rogue, 1), lost=("+IMQTTPUB:2,1",),
        end=answer(PUBACK, OURS), reported=("+IMQTTPUB:2,0",),
    ),
    words.QOS2: Moment(
        lambda rogue: _publish(rogue, 2), lost=("+IMQTTPUB:2,1",),
        end=answer(PUBREC, OURS) + answer(PUBCOMP, OURS), said=answer(PUBREL, OURS),
        reported=("+IMQTTPUB:2,0",),
    ),
    words.RELEASED: Moment(
        _release, lost=("+IMQTTPUB:2,1",),
        end=answer(PUBCOMP, OURS), reported=("+IMQTTPUB:2,0",),
    ),
    words.SUBSCRIBING: Moment(
        lambda rogue: _request(rogue, "AT+IMQTTSUB=a,1,b,0", 0x82), lost=("+IMQTTSUB:2,128,128",),
        end=answer(SUBACK, OURS, b"\1\0"), reported=("+IMQTTSUB:2,1,0",),
    ),
    words.UNSUBSCRIBING: Moment(
        lambda rogue: _request(rogue, "AT+IMQTTUNSUB=a", 0xA2), lost=("+IMQTTUNSUB:2,-1",),
        end=answer(UNSUBACK, OURS), reported=("+IMQTTUNSUB:2,0",),
    ),
    words.INBOUND: Moment(
        _open_qos2, end=answer(PUBREL, INBOUND_ID), said=answer(PUBCOMP, INBOUND_ID)
    ),
    words.RESUMED: Moment(
        _resume, end=answer(PUBACK, 2) + answer(PUBREC, 3) + answer(PUBCOMP, 3),
        said=answer(PUBREL, 3),
    ),
    words.LEFT: Moment(_leave),
}


# ---- a case --------------------------------------------------------------------------------------


def check_closed(rogue, moment, outcome):
    rogue.expect_urcs(*outcome.urcs, *moment.lost, "+IMQTTCONN:-1")
    assert rogue.host.failure() == (outcome.stage, outcome.code, outcome.text)
    rogue.line.drain()


def check_taken(rogue, moment, outcome, followed):
    after = (message("after", "y"),) if followed else ()
    rogue.expect_urcs(*outcome.urcs, *after)
    rogue.expect_bytes(outcome.answer)
    if not outcome.done:
        rogue.line.send(moment.end)
        rogue.expect_bytes(moment.said)
        rogue.expect_urcs(*moment.reported)
    rogue.publish_works()
    rogue.says_goodbye()


def play_to_a_registration(rogue, case, way):
    """A case that ends the link, while the modem registers and not while it is connected."""
    rogue.host.command("AT+IMQTTMODE=1,1")
    rogue.host.command(f'AT+IMQTTADDR={rogue.server.host},{rogue.server.port},""')
    register(rogue.host)
    rogue.line = rogue.server.accept()
    rogue.line.connect()
    if case.moment == words.CONNECTED:
        rogue.line.send(connack())
    rogue.send(way.bytes_of(case), way.split)
    rogue.expect_urcs('+IMQTTDYNREG:1,"","",""')
    assert rogue.host.failure() == ("register", 0, case.outcome.text)
    rogue.line.drain()
    rogue.starts_afresh()


def settle(rogue, race):
    """The outcome that came."""
    first = rogue.host.expect(r"\A\r\n\+IMQTTCONN:(0|-1)\r\n")
    rogue.host.pending = first[0] + rogue.host.pending
    if first[1] == b"-1":
        return race.if_closed
    rogue.line.connect()
    return race.if_connected


def play(rogue, case, way):
    moment = MOMENTS[case.moment]
    outcome = case.outcome_of_two() if way.twice else case.outcome
    moment.begin(rogue)
    rogue.send(way.bytes_of(case), way.split)
    if isinstance(outcome, words.Race):
        outcome = settle(rogue, outcome)
    if isinstance(outcome, words.Closed):
        check_closed(rogue, moment, outcome)
    else:
        check_taken(rogue, moment, outcome, way.followed)
    rogue.starts_afresh()
