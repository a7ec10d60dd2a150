"""Brokers and networks that refuse, misbehave, or say nothing."""

import select
import signal
import socket
import time

import pytest

from brokers import password_file
from listener import Listener
from processes import free_port

PROMPT_S = 5  # while a connection hangs for ten; how quick AT is shows test_hostile_peers.py


class Scripted:
    """A server that answers the first bytes of each connection with the same bytes."""

    host = "127.0.0.1"

    def __init__(self, answer):
        self._answer = answer
        listening = socket.create_server((self.host, 0))
        self.port = listening.getsockname()[1]
        self._listener = Listener(listening, self._serve)

    def _serve(self, client):
        with client:
            client.recv(65536)
            client.sendall(self._answer)
            while client.recv(65536):
                pass

    def close(self):
        self._listener.close()


class BlackHole:
    """A listener whose queue is full: the kernel drops what else comes. Nothing is answered."""

    host = "127.0.0.1"

    def __init__(self):
        self._listener = socket.socket()
        self._listener.bind((self.host, 0))
        self._listener.listen(0)
        self.port = self._listener.getsockname()[1]
        self._fillers = []
        while True:
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex((self.host, self.port))
            self._fillers.append(filler)
            if not select.select([], [filler], [], 0.5)[1]:
                return

    def close(self):
        for one in (self._listener, *self._fillers):
            one.close()


@pytest.fixture
def scripted():
    servers = []

    def start(answer):
        servers.append(Scripted(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def black_hole():
    hole = BlackHole()
    yield hole
    hole.close()


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n",
        b"\x20\x02\x02\x00",  # reserved flags in CONNACK
        b"\x20\x03\x00\x00\x00",  # CONNACK of the wrong length
        b"\x20\xff\xff\xff\xff\x7f",  # five bytes of length
        b"\x30\x04\x00\x01a!",  # PUBLISH before CONNACK
        b"\xd0\x00",  # PINGRESP before CONNACK
    ],
)
def test_a_server_that_does_not_speak_mqtt(host, scripted, answer):
    host.configure(scripted(answer))
    stage, _, text = host.fail_to_connect()
    assert stage == "peer"
    assert text


@pytest.mark.parametrize(
    "packet",
    [
        b"\x30\x03\x00\x05a",  # a topic longer than its packet
        b"\x32\x05\x00\x01a\x00\x00",  # packet id 0
        b"\x36\x05\x00\x01a\x00\x01",  # QoS 3
        b"\x20\x02\x00\x00",  # a second CONNACK
        b"\x10\x00",  # a packet only clients send
    ],
)
def test_a_malformed_packet_ends_the_connection(host, scripted, packet):
    host.command("AT+IMQTTPARA=CLEAN,1")
    host.configure(scripted(b"\x20\x02\x00\x00" + packet))
    host.command("AT+IMQTTCONN")
    host.expect(r"\A\r\n\+IMQTTCONN:0\r\n\r\n\+IMQTTCONN:-1\r\n")
    assert host.failure()[0] == "peer"


def test_nobody_listens(host):
    host.command(f"AT+IMQTTADDR=127.0.0.1,{free_port()},x")
    assert host.fail_to_connect()[:2] == ("tcp", 111)


def test_a_name_that_cannot_be(host):
    host.command("AT+IMQTTADDR=no..such..name,1883,x")
    assert host.fail_to_connect()[0] == "dns"


def test_a_server_that_only_listens(host, black_hole):
    """AT is answered while a connection hangs, and DISCONN gives the attempt up."""
    host.configure(black_hole)
    host.command("AT+IMQTTCONN")
    for _ in range(20):
        begin = time.monotonic()
        assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:0"]
        assert time.monotonic() - begin < PROMPT_S
    assert host.ask("AT+IMQTTCONN") == ([], "ERROR")
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")
    assert host.failure() == ("none", 0, "")


def test_sigterm_while_a_connection_hangs(host, black_hole):
    host.configure(black_hole)
    host.command("AT+IMQTTCONN")
    host.modem.signal(signal.SIGTERM)
    assert host.modem.process.wait() == 0


def test_a_connection_that_hangs_is_given_up(host, black_hole):
    host.configure(black_hole)
    begin = time.monotonic()
    assert host.fail_to_connect()[0] == "tcp"
    assert 9 < time.monotonic() - begin


def test_a_server_that_accepts_and_says_nothing(host, scripted):
    host.configure(scripted(b""), timeout_s=1)
    begin = time.monotonic()
    assert host.fail_to_connect()[0] == "connack"
    assert 0.9 < time.monotonic() - begin < 4.5  # the factory value is five


@pytest.mark.parametrize("user, password, works", [("me", "right", True), ("me", "wrong", False)])
def test_user_and_password(host, start_mosquitto, tmp_path, user, password, works):
    passwords = password_file(tmp_path, "me", "right")
    broker = start_mosquitto("allow_anonymous false", f"password_file {passwords}")
    host.command(f"AT+IMQTTUSER={user},{password}")
    host.configure(broker)
    if works:
        host.connect()
    else:
        assert host.fail_to_connect()[:2] == ("connack", 5)


def test_no_secret_in_the_log(start_host, mosquitto, client_id):
    host = start_host("--log", "debug")
    host.send("ATE1")
    host.expect(r"\r\nOK\r\n")
    host.send('AT+IMQTTUSER="me","hush-hush"')
    host.expect(r"\r\nOK\r\n")
    host.turn_echo_off()
    host.connect(mosquitto, client_id=client_id)
    host.modem.stop()
    log = "\n".join(host.modem.process.output)
    assert "connected" in log.lower()
    assert "hush" not in log


def test_a_request_nobody_answers(host, scripted):
    host.configure(scripted(b"\x20\x02\x00\x00"), timeout_s=1)
    host.connect()
    host.command("AT+IMQTTPUB=/a,1,x")
    host.urc(r"\+IMQTTPUB:\d+,1")
    assert host.failure()[0] == "request"
    host.command("AT+IMQTTSUB=/a,1,/b,0")
    host.urc(r"\+IMQTTSUB:\d+,128,128")
    host.command("AT+IMQTTUNSUB=/a")
    host.urc(r"\+IMQTTUNSUB:\d+,-1")
    assert host.command("AT+IMQTTUNSUB?") == ["+IMQTTUNSUB:/a,-1"]
