"""TLS peers that want all of the program's time, beside a quiet modem that is to be answered."""

import ctypes
import ctypes.util
import socket
import ssl
import threading

import pytest

from processes import DEADLINE_S
from quiet_modem import QuietModem

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


class KeyUpdates:
    """A TLS 1.3 server by libssl itself: Python's ssl sends no KeyUpdates."""

    COUNT = 200_000
    AT_A_TIME = 2000

    def __init__(self, certificate):
        self._ssl = ssl_library = ctypes.CDLL(ctypes.util.find_library("ssl"))
        self._crypto = ctypes.CDLL(ctypes.util.find_library("crypto"))
        for name in ("TLS_server_method", "SSL_CTX_new", "SSL_new"):
            getattr(ssl_library, name).restype = ctypes.c_void_p
        for name in ("BIO_s_mem", "BIO_new", "BIO_new_socket"):
            getattr(self._crypto, name).restype = ctypes.c_void_p
        self._context = ctypes.c_void_p(
            ssl_library.SSL_CTX_new(ctypes.c_void_p(ssl_library.TLS_server_method()))
        )
        pem = 1
        for use, file in (
            ("SSL_CTX_use_certificate_file", certificate[0]),
            ("SSL_CTX_use_PrivateKey_file", certificate[1]),
        ):
            assert getattr(ssl_library, use)(self._context, str(file).encode(), pem) == 1

    def attack(self, line, begun):
        line.settimeout(None)  # libssl is to wait
        connection = ctypes.c_void_p(self._ssl.SSL_new(self._context))
        self._ssl.SSL_set_fd(connection, line.fileno())
        assert self._ssl.SSL_accept(connection) == 1
        memory = ctypes.c_void_p(
            self._crypto.BIO_new(ctypes.c_void_p(self._crypto.BIO_s_mem()))
        )
        self._ssl.SSL_set0_wbio(connection, memory)
        line.settimeout(DEADLINE_S)
        begun()
        buffer = ctypes.create_string_buffer(self.AT_A_TIME * 64)
        for _ in range(self.COUNT // self.AT_A_TIME):
            for _ in range(self.AT_A_TIME):
                self._ssl.SSL_key_update(connection, 0)
                self._ssl.SSL_do_handshake(connection)
            count = self._crypto.BIO_read(memory, buffer, len(buffer))
            line.sendall(buffer.raw[:count])


def test_key_updates_of_a_trusted_server(modems, good_certificate):
    busy, quiet = modems
    flood = Flood(KeyUpdates(good_certificate).attack)
    busy.configure(flood, tls=1)
    busy.command("AT+IMQTTCONN")
    assert answers_all_the_time(quiet, flood)
    busy.urc(r"\+IMQTTCONN:-1")
