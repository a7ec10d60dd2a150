"""imqttd's control interface over its Unix socket, with nothing but the standard library."""

import http.client
import json
import queue
import socket
import threading


class Refused(Exception):
    """The daemon did not do it, and says why."""


class _Connection(http.client.HTTPConnection):
    def __init__(self, path, timeout):
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def request(path, method, target, body=None):
    """What was answered, from JSON."""
    connection = _Connection(path, timeout=30)
    try:
        text = None if body is None else json.dumps(body)
        connection.request(method, target, text, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = json.loads(response.read() or b"null")
    finally:
        connection.close()
    if response.status >= 300:
        raise Refused(answer["error"]["message"])
    return answer


class Events:
    """The events of one modem from now on, in a queue."""

    def __init__(self, path, name):
        self._connection = _Connection(path, timeout=None)
        self._connection.request("GET", f"/v1/events?name={name}")
        self._response = self._connection.getresponse()
        self._response.readline()  # it stands
        self._queue = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        try:
            while line := self._response.readline():
                if line.startswith(b"data: {\"t_ms\""):
                    self._queue.put(json.loads(line[6:]))
        except (OSError, ValueError, AttributeError):
            pass  # closed

    def next(self, within):
        """The next event; None: there was none in so many seconds."""
        try:
            return self._queue.get(timeout=max(within, 0))
        except queue.Empty:
            return None

    def close(self):
        self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._connection.close()
