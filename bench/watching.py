"""Somebody who watches imqttd over its control interface: asks it, or follows what happens."""

import contextlib
import http.client
import json
import socket
import threading
import time


class _Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=60)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self._path)


def ask(path, method, what):
    """The answer, and how many ms it took to have it whole."""
    connection = _Connection(path)
    start_ns = time.monotonic_ns()
    connection.request(method, what)
    response = connection.getresponse()
    body = response.read()
    time_ms = (time.monotonic_ns() - start_ns) / 1e6
    connection.close()
    assert response.status == 200, body
    return body, time_ms


def modem_names(path):
    return [modem["name"] for modem in json.loads(ask(path, "GET", "/v1/modems")[0])["modems"]]


def _begin_events(client, path, name):
    client.connect(str(path))
    client.sendall(f"GET /v1/events?name={name} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert client.recv(12) == b"HTTP/1.1 200"


class Nobody:
    """Who does not watch has always caught up."""

    def catch_up(self):
        pass


class _Follower:
    """Reads all events of a modem as fast as they come."""

    QUIET_S = 0.006  # longer than the daemon gathers events

    def __init__(self, client):
        self._client, self._bytes = client, 0
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        room = bytearray(1 << 20)
        while (count := self._client.recv_into(room)) > 0:
            self._bytes += count

    def catch_up(self):
        """So that a machine with too few processors does not let it fall behind and be cut off."""
        before = -1
        while before != self._bytes:
            before = self._bytes
            time.sleep(self.QUIET_S)
        assert self.reader.is_alive(), "it was cut off"


@contextlib.contextmanager
def following(path, name):
    with socket.socket(socket.AF_UNIX) as client:
        _begin_events(client, path, name)
        follower = _Follower(client)
        yield follower
        client.shutdown(socket.SHUT_RDWR)
        follower.reader.join()


@contextlib.contextmanager
def deaf(path, name):
    """A client that asks for all events of a modem and then reads nothing."""
    with socket.socket(socket.AF_UNIX) as client:
        _begin_events(client, path, name)
        yield Nobody()
