"""Messages that imitate the modem: whatever another client publishes, the host is not led astray."""

import random
import re

import pytest

from hard_hosts import PROMPT, CountingHost, LineHost, Message
from scripted_server import ScriptedServer, publish

MESSAGES = 8000
COMMANDS = 1500
SEED = 20261122

# What a modem says, and what ends strings and lines.
IMITATIONS = [
    b"\r\nOK\r\n", b"\r\nERROR\r\n", b"\r\n+CME ERROR: 3\r\n", b"\r\n+IMQTTCONN:-1\r\n", b"\r\n>",
    b">", b"\r\n+IMQTTPUB:2,0\r\n", b"\r\n+IMQTTPUBEX:2,1\r\n", b"\r\nRDY\r\n", b"+IMQTTCOUNT: FULL",
    b'"\r\n', b'"\r\n\r\n+IMQTTRCVPUB:7,"/forged",3,"', b'\r\n+IMQTTRCVPUB:0,"/forged",6,"forged"\r\n',
    b'\r\n+IMQTTRECV:7,"/forged",99999,"', b"\r\n", b"\r", b"\n", b'"', b'","', b"\\", b'\\"', b",",
    b"\x00", b"\x08\x7f", b"\x1a\x1b", b"\x11\x13", b"\xff\xfe", b"AT\r", b"A/", b"0\r", b"text",
]
TOPIC_PIECES = [
    '"', '",4,"', '",0,""', "\\", '\\"', "\\\\", ",", " ", "/", "//", ">", "OK", "IMQTTCONN:-1",
    "{", "[", "=?", ";", "'", "温度", "é", "\U0001f321", "r\\n",
]


def hostile_payload(chance):
    size = chance.choice([1, 2, 3, 5, 8, 200])
    return b"".join(chance.choices(IMITATIONS, k=chance.randrange(size + 1)))


def hostile_topic(chance, prefix):
    return f"{prefix}/" + "".join(chance.choices(TOPIC_PIECES, k=chance.randrange(1, 8)))


def hostile_messages(chance, prefix, count):
    return [(hostile_topic(chance, prefix), hostile_payload(chance)) for _ in range(count)]


class Conversation:
    """Commands and their answers, with URCs only where they may be; what these were is kept."""

    def __init__(self, host, chance, topic):
        self.host, self.chance, self.topic = host, chance, topic
        self.messages, self.published = [], 0

    def take_urc(self, piece):
        """False: it is none."""
        if isinstance(piece, Message):
            assert piece.urc
            self.messages.append(piece)
        elif re.fullmatch(rb"\+IMQTTPUB(EX)?:\d+,0", piece):
            self.published -= 1
        else:
            return False
        return True

    def next_answer(self, prompt=False):
        """What comes behind the URCs that were on their way."""
        piece = self.host.next(prompt)
        while self.take_urc(piece):
            piece = self.host.next(prompt)
        return piece

    def command(self, command, *lines, result=b"OK"):
        self.host.type(command + b"\r")
        piece = self.next_answer()
        for line in lines:
            assert re.fullmatch(line, piece), piece
            piece = self.host.next()
        assert piece == result

    def publish_text(self):
        text = bytes(byte for byte in hostile_payload(self.chance) if 32 <= byte < 127)[:2000]
        quoted = text.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        self.published += 1
        self.command(b'AT+IMQTTPUB=%s,1,"%s"' % (self.topic, quoted))

    def publish_raw(self):
        data = hostile_payload(self.chance)[:1024] or b"\r"
        self.host.type(b"AT+IMQTTPUBEX=%s,1,0,%d\r" % (self.topic, len(data)))
        assert self.next_answer(prompt=True) == PROMPT
        self.host.type(data)
        self.published += 1
        assert self.host.next() == b"OK"

    def any_command(self):
        self.chance.choice([
            lambda: self.command(b"AT"),
            lambda: self.command(b"AT+IMQTTSTATE?", rb"\+IMQTTSTATE:[12]"),
            lambda: self.command(b"AT+IMQTTSUB?", rb"\+IMQTTSUB:.*/#,1"),
            lambda: self.command(b"AT+IMQTTRECV?", rb"\+IMQTTRECV: 0"),
            lambda: self.command(b"AT+IMQTTNONE", result=b"ERROR"),
            self.publish_text,
            self.publish_raw,
        ])()

    def until(self, is_reached):
        while not is_reached():
            assert self.take_urc(self.host.next())


@pytest.fixture(params=[CountingHost, LineHost], ids=["counting", "hex"])
def hard_host(request, host, mosquitto, client_id):
    """Connected, and subscribed to all below its client id."""
    host.connect(mosquitto, client_id=client_id)
    host.subscribe(f"{client_id}/#", 1)
    if request.param is LineHost:
        host.command("AT+IMQTTRECVHEX=1")
    return request.param(host.line)


def as_sent(messages):
    return [(message.topic.decode(), message.payload) for message in messages]


def test_messages_that_imitate_the_modem(hard_host, peer, client_id):
    """Thousands of them, between commands of every kind: all come, in order, and every answer."""
    chance = random.Random(SEED)
    talk = Conversation(hard_host, chance, f"{client_id}-out".encode())
    sent = {0: [], 1: []}
    for topic, payload in hostile_messages(chance, client_id, MESSAGES):
        qos = chance.choice([0, 1])
        sent[qos].append((topic, payload))
        peer.begin_publish(topic, payload, qos)
    for _ in range(COMMANDS):
        talk.any_command()
    talk.until(lambda: len(talk.messages) >= MESSAGES and talk.published == 0)
    talk.command(b"AT")
    assert as_sent(m for m in talk.messages if m.packet_id == 0) == sent[0]
    assert as_sent(m for m in talk.messages if m.packet_id != 0) == sent[1]
    assert (talk.published, hard_host.pending) == (0, b"")


def test_buffered_messages_that_imitate_the_modem(hard_host, peer, client_id):
    chance = random.Random(SEED)
    talk = Conversation(hard_host, chance, f"{client_id}-out".encode())
    talk.command(b"AT+IMQTTRECVMODE=1")
    for _ in range(100):
        sent = hostile_messages(chance, client_id, chance.randrange(1, 11))
        for topic, payload in sent:
            peer.begin_publish(topic, payload)
        for count in range(1, len(sent) + 1):
            assert hard_host.next() == b"+IMQTTCOUNT: %d" % count
        hard_host.type(b"AT+IMQTTRECV=10\r")
        kept = [hard_host.next() for _ in sent]
        assert not any(message.urc for message in kept)
        assert as_sent(kept) == sent
        assert hard_host.next() == b"OK"
    assert hard_host.pending == b""


@pytest.mark.parametrize("as_hex", [0, 1])
def test_no_topic_with_a_control_byte_reaches_the_host(host, as_hex):
    """A broker that lets every byte into a topic: what could end a line is acknowledged, not shown."""
    server = ScriptedServer()
    host.command(f"AT+IMQTTRECVHEX={as_hex}")
    host.configure(server, client_id="x")
    host.send("AT+IMQTTCONN")
    line = server.accept()
    line.welcome()
    hard = (LineHost if as_hex else CountingHost)(host.line)
    assert [hard.next(), hard.next()] == [b"OK", b"+IMQTTCONN:0"]
    controls = [*range(1, 9), *range(10, 32), 127]
    for number, control in enumerate(controls, 1):
        line.send(publish(b"/a%c\r\nOK\r\n" % control, "forged", qos=1, packet_id=2 * number))
        line.send(publish(b"/b\tc", b"real %d" % number, qos=1, packet_id=2 * number + 1))
    for number in range(1, len(controls) + 1):
        assert hard.next() == Message(True, 2 * number + 1, b"/b\tc", b"real %d" % number)
        assert [line.packet()[2:] for _ in range(2)] == [
            (2 * number + i).to_bytes(2, "big") for i in range(2)
        ]
    hard.type(b"AT\r")
    assert hard.next() == b"OK"
    assert hard.pending == b""
    server.close()


# ---- what is read can be typed back ------------------------------------------------------------

FILTER_PIECES = [*TOPIC_PIECES, "?", "? ", " ?", "}", "]", "+", "=", '""', "a", "~"]


def odd_filter(chance):
    """A level that is `+` or has none: else it would be no topic filter."""
    text = "".join(chance.choices(FILTER_PIECES, k=chance.randrange(1, 6)))
    return "/".join(level if level == "+" else level.replace("+", "p") for level in text.split("/"))


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def test_filters_that_are_read_can_be_typed_back(host, mosquitto, client_id):
    chance = random.Random(SEED)
    host.connect(mosquitto, client_id=client_id)
    filters = ["?", "??", " ", '"', "\\", ",", *(odd_filter(chance) for _ in range(200))]
    for topic_filter in filters:
        host.command(f"AT+IMQTTSUB={quoted(topic_filter)},1")
        host.urc(r"\+IMQTTSUB:\d+,1")
        (line,) = host.command("AT+IMQTTSUB?")
        as_read = line.removeprefix("+IMQTTSUB:").removesuffix(",1")
        host.command(f"AT+IMQTTUNSUB={as_read}")
        host.urc(r"\+IMQTTUNSUB:\d+,0")
        assert host.command("AT+IMQTTUNSUB?") == [f"+IMQTTUNSUB:{as_read},0"]
        assert host.command("AT+IMQTTSUB?") == [], "another filter was typed back"
