"""An MQTT server that does what the test says, byte by byte: what no real broker can be made to do.

It runs in the test's own thread: the modem is told to connect, then the test accepts the line,
reads what came and sends what it likes. Everything is awaited with a deadline.
"""

import dataclasses
import os
import socket
import ssl
import struct

from processes import DEADLINE_S

RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s: close() sends RST

CONNECT, CONNACK, PUBLISH, PUBACK = 0x10, 0x20, 0x30, 0x40
PUBREC, PUBREL, PUBCOMP = 0x50, 0x60, 0x70
DISCONNECT = 0xE0


def text(string):
    data = string.encode() if isinstance(string, str) else string
    return struct.pack(">H", len(data)) + data


def packet(first, body):
    length, count = b"", len(body)
    while True:
        count, digit = divmod(count, 128)
        length += bytes([digit | (0x80 if count else 0)])
        if not count:
            return bytes([first]) + length + body


def connack(code=0):
    return packet(CONNACK, bytes([0, code]))


def publish(topic, payload, qos=0, packet_id=1):
    number = struct.pack(">H", packet_id) if qos else b""
    data = payload.encode() if isinstance(payload, str) else payload
    return packet(PUBLISH | qos << 1, text(topic) + number + data)


@dataclasses.dataclass
class Connect:
    """A CONNECT packet, taken apart."""

    raw: bytes
    protocol: bytes
    level: int
    clean: bool
    has_will: bool
    keep_alive_s: int
    client_id: str
    user_name: str
    password: str


def parse_connect(raw):
    body = raw[1:]
    while body[0] & 0x80:
        body = body[1:]
    body = body[1:]

    def take_text():
        nonlocal body
        count = struct.unpack(">H", body[:2])[0]
        data, body = body[2 : 2 + count], body[2 + count :]
        return data

    protocol = take_text()
    level, flags, keep_alive_s = struct.unpack(">BBH", body[:4])
    body = body[4:]
    client_id = take_text().decode()
    if flags & 0x04:
        take_text(), take_text()
    user_name = take_text().decode() if flags & 0x80 else None
    password = take_text().decode() if flags & 0x40 else None
    assert body == b""
    return Connect(
        raw, protocol, level, bool(flags & 0x02), bool(flags & 0x04), keep_alive_s,
        client_id, user_name, password,
    )


class Line:
    """The connection of one modem."""

    def __init__(self, connection, server_name):
        self._connection = connection
        self.server_name = server_name  # SNI; None without TLS

    def take(self, count):
        """Exactly so many bytes."""
        data = b""
        while len(data) < count:
            more = self._connection.recv(count - len(data))
            assert more, f"the modem closed; before that came {data!r}"
            data += more
        return data

    def packet(self):
        """The next packet, whole."""
        raw = self.take(2)
        while raw[-1] & 0x80:
            raw += self.take(1)
        count = sum((digit & 0x7F) << 7 * place for place, digit in enumerate(raw[1:]))
        return raw + self.take(count)

    def packet_or_end(self):
        """The next packet, or b"" if the modem hung up instead."""
        try:
            return self.packet()
        except (AssertionError, ConnectionError, ssl.SSLError):
            return b""

    def connect(self):
        raw = self.packet()
        assert raw[0] == CONNECT, raw
        return parse_connect(raw)

    def welcome(self):
        """Answers CONNECT with CONNACK 0; the CONNECT."""
        connect = self.connect()
        self.send(connack())
        return connect

    def send(self, data):
        self._connection.sendall(data)

    def send_under_tls(self, data):
        """Into the TCP connection, past the encryption."""
        with socket.socket(fileno=os.dup(self._connection.fileno())) as raw:
            raw.sendall(data)

    def send_each_byte(self, data):
        """Each byte in a segment, and in a TLS record, of its own."""
        for byte in data:
            self.send(bytes([byte]))

    def send_deaf(self, data):
        """Sends without reading, until nothing is taken for half a second; how much was."""
        sent = 0
        self.wait_at_most(0.5)
        try:
            while sent < len(data):
                sent += self._connection.send(data[sent : sent + 65536])
        except TimeoutError:
            pass
        self.wait_at_most(DEADLINE_S)
        return sent

    def wait_at_most(self, seconds):
        self._connection.settimeout(seconds)

    def drain(self):
        """Everything up to the end of the connection."""
        data = b""
        try:
            while more := self._connection.recv(65536):
                data += more
        except (ConnectionResetError, ssl.SSLError):
            pass
        return data

    def is_closed(self):
        """Waits for the end; whatever comes before it fails."""
        try:
            rest = self._connection.recv(1)
        except (ConnectionResetError, ssl.SSLError):
            return True
        assert rest == b"", rest
        return True

    def says_goodbye(self):
        return self.packet() == packet(DISCONNECT, b"") and self.is_closed()

    def reset(self):
        """Ends it without a word: the modem sees a reset."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._connection.close()

    def close(self):
        self._connection.close()


class ScriptedServer:
    host = "127.0.0.1"

    def __init__(self, certificate=None):
        """certificate: (file, key file); without it the line is plain TCP."""
        self._listener = socket.create_server((self.host, 0))
        self._listener.settimeout(DEADLINE_S)
        self.port = self._listener.getsockname()[1]
        self._lines = []
        self._tls = None
        self._server_name = None
        if certificate:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(*certificate)
            self._tls.sni_callback = self._take_server_name

    def _take_server_name(self, connection, name, context):
        self._server_name = name

    def accept_silently(self):
        """Takes the TCP connection, and says nothing: no TLS handshake."""
        connection, _ = self._listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(DEADLINE_S)
        return self._keep(Line(connection, None))

    def accept(self):
        """Waits for a modem, and greets it."""
        if not self._tls:
            return self.accept_silently()
        connection, _ = self._listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(DEADLINE_S)
        self._server_name = None
        connection = self._tls.wrap_socket(connection, server_side=True)
        return self._keep(Line(connection, self._server_name))

    def _keep(self, line):
        self._lines.append(line)
        return line

    def close(self):
        self._listener.close()
        for line in self._lines:
            line.close()
