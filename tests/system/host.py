"""The computer that types AT commands: pyserial on a terminal, or a TCP connection."""

import os
import re
import select
import socket
import time

import serial

from processes import DEADLINE_S

LOG_LINES = 12  # of the program, which tell why something does not come
FINAL = rb"\r\n(OK|ERROR|\+CME ERROR: [^\r]*)\r\n"


class SerialLine:
    def __init__(self, path):
        self._port = serial.Serial(path, 115200, timeout=0, write_timeout=0)

    def fileno(self):
        return self._port.fileno()

    def read(self):
        return self._port.read(65536)

    def write(self, data):
        return self._port.write(data)

    def use(self, baudrate, rtscts):
        self._port.baudrate, self._port.rtscts = baudrate, rtscts

    def close(self):
        self._port.close()


class FileLine:
    """An open file that is read and written as it is."""

    def __init__(self, file):
        self._file = file
        os.set_blocking(file, False)

    def fileno(self):
        return self._file

    def read(self):
        return os.read(self._file, 65536)

    def write(self, data):
        return os.write(self._file, data)

    def close(self):
        if self._file is not None:
            os.close(self._file)
        self._file = None


class PtyLine(FileLine):
    """A pseudo-terminal opened as a file: what waits in it is not thrown away, as pyserial does."""

    def __init__(self, path):
        super().__init__(os.open(path, os.O_RDWR | os.O_NOCTTY))


class SocketLine:
    """A socket that is connected."""

    def __init__(self, connected):
        self._socket = connected
        self._socket.setblocking(False)

    def fileno(self):
        return self._socket.fileno()

    def read(self):
        return self._socket.recv(65536)

    def write(self, data):
        return self._socket.send(data)

    def own_address(self):
        return self._socket.getsockname()

    def close(self):
        self._socket.close()


class TcpLine(SocketLine):
    def __init__(self, address, buffer_bytes=None):
        client = socket.socket()
        if buffer_bytes:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, buffer_bytes)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.connect(address)
        super().__init__(client)


class Host:
    """Sends bytes and waits for answers. What came and was not yet asked for stays in `pending`."""

    def __init__(self, line, log=()):
        """log: what the modem's program says besides, told when something does not come."""
        self.line = line
        self.pending = b""
        self._log = log

    def close(self):
        self.line.close()

    def type(self, data, within_s=DEADLINE_S):
        """Sends raw bytes; reads meanwhile, so that neither side can block the other."""
        end = time.monotonic() + within_s
        while data:
            self._wait(end, writing=True)
            readable, writable, _ = select.select([self.line], [self.line], [], 0)
            if readable:
                self._read()
            if writable:
                data = data[self._write_some(data):]

    def type_deaf(self, data):
        """Sends without reading, until nothing is taken for half a second; how much was."""
        sent = 0
        while sent < len(data) and select.select([], [self.line], [], 0.5)[1]:
            sent += self._write_some(data[sent : sent + 2048])
        return sent

    def _write_some(self, data):
        try:
            return self.line.write(data[:2048])
        except (BlockingIOError, serial.SerialTimeoutException):
            return 0

    def wait_for_more(self):
        """Waits until something is pending that was not before."""
        self._wait(time.monotonic() + DEADLINE_S)
        self._read()

    def _read(self):
        data = self.line.read()
        assert data, "the modem's side is closed"
        self.pending += data

    def _wait(self, end, writing=False, unless=()):
        """unless: descriptors; true if one of them is readable."""
        left = end - time.monotonic()
        readable, writable, _ = (
            select.select([self.line, *unless], [self.line] if writing else [], [], left)
            if left > 0
            else ([], [], [])
        )
        assert readable or writable, self._told(f"nothing more came; pending: {self.pending[-2000:]!r}")
        return any(one in readable for one in unless)

    def _told(self, what):
        return "\n".join([what, *list(self._log)[-LOG_LINES:]])

    def send(self, command):
        self.type(command.encode() + b"\r")

    def expect(self, pattern, within_s=DEADLINE_S, unless=()):
        """Waits until the regular expression is in what came, and takes just that out.
        None if it has not come when one of the descriptors `unless` is readable."""
        if isinstance(pattern, str):
            pattern = pattern.encode()
        expression = re.compile(pattern, re.DOTALL)
        end = time.monotonic() + within_s
        while not (match := expression.search(self.pending)):
            if self._wait(end, unless=unless):
                return None
            self._read()
        self.pending = self.pending[: match.start()] + self.pending[match.end():]
        return match

    def expect_bytes(self, exact, within_s=DEADLINE_S):
        return self.expect(re.escape(exact), within_s)

    def expect_all(self, exact, count, within_s=DEADLINE_S):
        """Waits until those bytes came count times, and takes all that is there."""
        end = time.monotonic() + within_s
        counted = found = 0
        while (found := found + self.pending.count(exact, counted)) < count:
            counted = max(0, len(self.pending) - len(exact) + 1)
            self._wait(end)
            self._read()
        taken, self.pending = self.pending, b""
        return taken

    def urc(self, pattern, within_s=DEADLINE_S):
        """Waits for a URC that the pattern describes wholly; its groups, as text."""
        match = self.expect(rf"\r\n{pattern}\r\n", within_s)
        return tuple(group.decode() for group in match.groups())

    def ask(self, command):
        """Sends a command; (information lines, final result). Nothing may be pending before."""
        assert self.pending == b"", f"came before {command}: {self.pending!r}"
        self.send(command)
        match = self.expect(rb"\A(.*?)" + FINAL)
        lines = re.findall(rb"\r\n(.*?)\r\n", match[1], re.DOTALL)
        return [line.decode() for line in lines], match[2].decode()

    def command(self, command):
        """Sends a command that must be answered OK; its information lines."""
        lines, result = self.ask(command)
        assert result == "OK", self._told(f"{command}: {result}")
        return lines

    # What most tests begin with.

    def turn_echo_off(self):
        self.send("ATE0")
        self.expect(r"\r\nOK\r\n")
        self.pending = b""

    def configure(self, broker, client_id="modem", clean=1, tls=0, timeout_s=3):
        self.command(f"AT+IMQTTMODE=2,{tls}")
        self.command(f"AT+IMQTTPARA=TIMEOUT,{timeout_s},CLEAN,{clean}")
        if user := getattr(broker, "user", None):
            self.command(f"AT+IMQTTUSER={user},{user}")
        self.command(f"AT+IMQTTADDR={broker.host},{broker.port},{client_id}")

    def connect(self, broker=None, **settings):
        if broker:
            self.configure(broker, **settings)
        self.command("AT+IMQTTCONN")
        self.urc(r"\+IMQTTCONN:0")

    def fail_to_connect(self):
        """Tries to connect, which must fail; (stage, code, text) of AT+IMQTTERR?."""
        self.command("AT+IMQTTCONN")
        self.urc(r"\+IMQTTCONN:-1")
        return self.failure()

    def failure(self):
        (line,) = self.command("AT+IMQTTERR?")
        stage, code, text = re.fullmatch(r'\+IMQTTERR:(\w+),(-?\d+),"(.*)"', line).groups()
        return stage, int(code), text

    def subscribe(self, topic, qos):
        self.command(f"AT+IMQTTSUB={topic},{qos}")
        self.urc(rf"\+IMQTTSUB:\d+,{qos}")

    def received(self, within_s=DEADLINE_S):
        """The next message of receive mode 0: (packet id, topic, payload)."""
        head = self.expect(r'\r\n\+IMQTTRCVPUB:(\d+),"([^"]*)",(\d+),"', within_s)
        body = self._take(head.start(), int(head[3]) + 3, within_s)
        assert body.endswith(b'"\r\n')
        return int(head[1]), head[2].decode(), body[:-3]

    def _take(self, start, count, within_s):
        end = time.monotonic() + within_s
        while len(self.pending) < start + count:
            self._wait(end)
            self._read()
        taken = self.pending[start : start + count]
        self.pending = self.pending[:start] + self.pending[start + count :]
        return taken
