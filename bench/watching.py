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


class Nobody:
    """Who does not watch has always caught up."""

    def catch_up(self, messages):
        pass


class _Follower:
    """Reads all events of a modem as fast as they come."""

    PUBLISHED = b'"what":"published"'
    WITHIN_S = 60

    def __init__(self, events):
        self._events, self._published, self._progress = events, 0, threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        with contextlib.suppress(http.client.IncompleteRead):  # it ends when we hang up
            self._count()

    def _count(self):
        rest = b""
        while piece := self._events.read1(1 << 20):
            piece = rest + piece
            rest = piece[1 - len(self.PUBLISHED):]  # the word may be split, and never stands in it
            with self._progress:
                self._published += piece.count(self.PUBLISHED)
                self._progress.notify()

    def catch_up(self, messages):
        """Waits for the events of so many more messages, for who falls behind is cut off."""
        with self._progress:
            there = self._progress.wait_for(lambda: self._published >= messages, self.WITHIN_S)
            assert there, "the events did not come: it was cut off"
            self._published -= messages


@contextlib.contextmanager
def following(path, name):
    connection = _Connection(path)
    connection.request("GET", f"/v1/events?name={name}")
    events = connection.getresponse()
    assert events.status == 200
    follower = _Follower(events)
    yield follower
    connection.sock.shutdown(socket.SHUT_RDWR)
    follower.reader.join()
    connection.close()


@contextlib.contextmanager
def following_idle(path, name):
    """The same for a modem of which no events are to be waited for."""
    with following(path, name):
        yield Nobody()


@contextlib.contextmanager
def deaf(path, name):
    """A client that asks for all events of a modem and then reads nothing."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(f"GET /v1/events?name={name} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        assert client.recv(12) == b"HTTP/1.1 200"
        yield client


@contextlib.contextmanager
def slow(path, name):
    """One that reads a byte a second."""
    over = threading.Event()
    with deaf(path, name) as client:
        def read():
            while not over.wait(1):
                client.recv(1)

        reader = threading.Thread(target=read)
        reader.start()
        yield client
        over.set()
        reader.join()
