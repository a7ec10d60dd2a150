"""What a row of rogue_cases.py is made of: moments, outcomes, and words for packets and URCs."""

import dataclasses
import struct

from scripted_server import PUBACK, PUBLISH, PUBREC, packet, text

# ---- moments: where the connection stands when the bytes come ------------------------------------

ACCEPTED = "accepted"  # TCP or TLS is up; nothing was read
BEFORE = "before CONNACK"  # CONNECT was read; a clean session
BEFORE_3_1 = "before CONNACK, MQTT 3.1"
BEFORE_KEPT = "before CONNACK, session to be kept"
BEFORE_RESUMED = "before CONNACK, session kept"  # as RESUMED
CONNECTED = "connected"
CONNECTED_3_1 = "connected, MQTT 3.1"
QOS1 = "publish QoS 1 outstanding"  # its packet id is 2, as in the next four
QOS2 = "publish QoS 2 outstanding"  # no PUBREC yet
RELEASED = "publish QoS 2 released"  # PUBREC, PUBREL: no PUBCOMP yet
SUBSCRIBING = "subscribe outstanding"  # two topic filters
UNSUBSCRIBING = "unsubscribe outstanding"
INBOUND = "inbound QoS 2 open"  # packet id 7: no PUBREL yet
RESUMED = "kept session resumed"  # publishes 2 (QoS 1) and 3 (QoS 2) sent again, inbound 7 open
LEFT = "after DISCONNECT"

OURS, INBOUND_ID, UNKNOWN = 2, 7, 99

# ---- outcomes ------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Closed:
    """The link ends; AT+IMQTTERR? says so. What was outstanding is reported first."""

    text: str
    urcs: tuple = ()  # that come before the end
    stage: str = "peer"
    code: int = 0


@dataclasses.dataclass(frozen=True)
class Taken:
    """The link goes on: the modem sends `answer`, the host gets `urcs`."""

    answer: bytes = b""
    urcs: tuple = ()
    done: bool = False  # the request of the moment has its end


    def twice(self):
        """Of bytes that come twice: nothing remembers the first, unless it was the end."""
        return self if self.done else Taken(self.answer * 2, self.urcs * 2)


@dataclasses.dataclass(frozen=True)
class Race:
    """Which of two comes first is chance, and decides."""

    if_closed: Closed
    if_connected: object


def refused(code, why):
    return Closed(f"refused: {why}", stage="connack", code=code)


def malformed(what):
    return Closed(f"malformed packet: {what}")


def violation(what):
    return Closed(f"protocol violation: {what}")


@dataclasses.dataclass(frozen=True)
class Case:
    name: str
    moment: str
    data: bytes
    outcome: object
    breaks: str  # statements, without their MQTT-
    again: object = None  # the outcome when it is sent twice, if that differs

    def outcome_of_two(self):
        if self.again or isinstance(self.outcome, Closed):
            return self.again or self.outcome
        return self.outcome.twice()

    def statements(self):
        return [f"MQTT-{number}" for number in self.breaks.split()]


# ---- words ---------------------------------------------------------------------------------------

PUBREL, PUBCOMP, SUBACK, UNSUBACK, PINGRESP = 0x62, 0x70, 0x90, 0xB0, 0xD0


def answer(kind, packet_id, more=b""):
    return packet(kind, struct.pack(">H", packet_id) + more)


def hexed(digits):
    return bytes.fromhex(digits)


def message(topic, payload="x", packet_id=0):
    return f'+IMQTTRCVPUB:{packet_id},"{topic}",{len(payload)},"{payload}"'


def message_on(topic):
    """A PUBLISH with QoS 0 on a topic of any bytes."""
    return packet(PUBLISH, text(topic) + b"x")


SECOND_CONNACK = violation("a second CONNACK")
CONNECTED_URC = "+IMQTTCONN:0"
THEN_A_SECOND = Closed(SECOND_CONNACK.text, (CONNECTED_URC,))
PUBLISHED_URC = f"+IMQTTPUB:{OURS},0"
FIRST_IS_WRONG = violation("the first packet is not CONNACK")
BAD_TOPIC = malformed("PUBLISH with an invalid topic")
TOPIC_TOO_LONG = malformed("PUBLISH with a topic longer than itself")
ID_0 = malformed("packet id 0")
MISFIT = violation("an answer that does not fit its request")
LENGTH_OVER = malformed("a length of more than four bytes")
ONLY_CLIENTS = violation("a packet that only clients send")
RESERVED = malformed("reserved type")

ANSWERS = {"puback": PUBACK, "pubrec": PUBREC, "pubrel": PUBREL, "pubcomp": PUBCOMP}
TYPES = {**ANSWERS, "suback": SUBACK, "unsuback": UNSUBACK}
