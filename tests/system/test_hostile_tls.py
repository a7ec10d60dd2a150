"""TLS peers that want all of the program's time, beside a quiet modem that is to be answered."""

import socket
import ssl
import subprocess
import threading
from types import SimpleNamespace

import pytest

from openssl_server import TLS_1_2, OpensslServer
from processes import DEADLINE_S, Process, free_port
from quiet_modem import QuietModem
from scripted_server import connack

HELLO_REQUESTS = b"\x16\x03\x03\x40\x00" + 4096 * b"\0\0\0\0"


@pytest.fixture
def modems(start_imqttd, authority, tmp_path):
    """One that calls the hostile peer, and a quiet one."""
    link = tmp_path / "busy"
    modem = start_imqttd(
        "--pty", link, "--tcp", "127.0.0.1:0", "--tls-ca", authority.certificate
    )
    modem.ready_pty(link)
    modem.ready_tcp()
    busy = modem.pty_host(link)
    busy.turn_echo_off()
    return busy, QuietModem(modem)


class Flood:
    """Takes one connection, and does with it what it is told, in a thread of its own."""

    host = "localhost"

    def __init__(self, attack):
        self._attack = attack
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(DEADLINE_S)
        self.port = self._listener.getsockname()[1]
        self.has_begun = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self):
        with self._listener, self._listener.accept()[0] as line:
            line.settimeout(DEADLINE_S)
            try:
                self._attack(line, self.has_begun.set)
            except (OSError, ssl.SSLError):
                pass  # the modem has hung up
            self.has_begun.set()

    def is_over(self, within_s=0.005):
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def join(self):
        assert self.is_over(within_s=4 * DEADLINE_S)


def answers_all_the_time(quiet, flood):
    assert flood.has_begun.wait(DEADLINE_S)
    while not flood.is_over():
        quiet.ask()
    flood.join()
    return quiet.is_answered(times=1)


def say_hello_for_ever(line, begun):
    line.recv(65536)
    begun()
    while True:
        line.sendall(HELLO_REQUESTS)


def test_a_handshake_without_end(modems):
    busy, quiet = modems
    flood = Flood(say_hello_for_ever)
    busy.configure(flood, tls=1)
    busy.command("AT+IMQTTCONN")
    assert answers_all_the_time(quiet, flood)
    busy.urc(r"\+IMQTTCONN:-1")
    assert busy.failure() == ("tls", 0, "the broker's TLS handshake is too long")


def test_a_handshake_that_trickles(modems):
    """Each byte is progress, and the ten seconds are over all the same."""

    def trickle(line, begun):
        line.recv(65536)
        begun()
        pace = threading.Event()
        while not pace.wait(0.05):
            line.sendall(b"\x16\x03\x03\x00\x04\0\0\0\0")

    busy, quiet = modems
    flood = Flood(trickle)
    busy.configure(flood, tls=1)
    busy.command("AT+IMQTTCONN")
    assert answers_all_the_time(quiet, flood)
    busy.urc(r"\+IMQTTCONN:-1")
    assert busy.failure() == ("tls", 0, "no end of the TLS handshake within 10 s")


AT_A_TIME = 2000


def flood_with(act, certificate, times):
    """An attack: a trusted server that does so, and nothing else, so often."""

    def attack(line, begun):
        line.settimeout(None)  # libssl is to wait
        server = OpensslServer(line, certificate)
        server.record_from_now_on()
        line.settimeout(DEADLINE_S)
        begun()
        for _ in range(times // AT_A_TIME):
            for _ in range(AT_A_TIME):
                act(server)
            line.sendall(server.recorded(AT_A_TIME * 64))

    return attack


def test_key_updates_of_a_trusted_server(modems, good_certificate):
    busy, quiet = modems
    flood = Flood(flood_with(OpensslServer.update_key, good_certificate, times=200_000))
    busy.configure(flood, tls=1)
    busy.command("AT+IMQTTCONN")
    assert answers_all_the_time(quiet, flood)
    busy.urc(r"\+IMQTTCONN:-1")


def test_records_of_one_byte(modems, good_certificate):
    """A message of 256 MB, which is not kept."""

    def say_one_byte(server):
        server.write(head.pop(0) if head else b"x")

    head = [connack(), b"\x30\xff\xff\xff\x7f\x00\x01t"]
    busy, quiet = modems
    flood = Flood(flood_with(say_one_byte, good_certificate, times=100_000))
    busy.configure(flood, tls=1)
    busy.command("AT+IMQTTCONN")
    assert answers_all_the_time(quiet, flood)
    busy.urc(r"\+IMQTTCONN:0")
    busy.urc(r"\+IMQTTCONN:-1")


def test_a_server_that_wants_to_renegotiate(modems, good_certificate):
    """It is told no."""
    said = []

    def renegotiate(line, begun):
        line.settimeout(None)
        server = OpensslServer(line, good_certificate, newest=TLS_1_2)
        server.read()
        server.write(connack())
        server.ask_to_renegotiate()
        server.read()
        said.append(server.failure())

    busy, _ = modems
    flood = Flood(renegotiate)
    busy.configure(flood, tls=1)
    busy.command("AT+IMQTTCONN")
    flood.join()
    assert said == ["no renegotiation"]


@pytest.fixture
def server_that_chooses_the_group(tmp_path):
    """Of Diffie and Hellman's exchange; it has been seen to work."""
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    subprocess.run(
        [*"openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=x -addext".split(),
         "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )
    port = free_port()
    server = Process(
        *"openssl s_server -tls1_2 -cipher kDHE -accept".split(), f"127.0.0.1:{port}",
        "-cert", certificate, "-key", key, stdin=subprocess.PIPE,
    )
    server.line("ACCEPT")
    client = Process(*"openssl s_client -tls1_2 -connect".split(), f"127.0.0.1:{port}")
    client.line("Cipher is DHE-RSA-")
    client.kill()
    yield SimpleNamespace(host="localhost", port=port, certificate=certificate)
    server.kill()


def test_a_group_that_the_broker_chooses(start_host, server_that_chooses_the_group):
    server = server_that_chooses_the_group
    host = start_host("--tls-ca", server.certificate)
    host.configure(server, tls=1)
    stage, _, text = host.fail_to_connect()
    assert stage == "tls" and "handshake failure" in text
