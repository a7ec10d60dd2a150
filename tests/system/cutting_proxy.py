"""A TCP proxy that follows the MQTT packets of both directions, and cuts the connection at a byte.

One modem connects to it, again and again. Before each connection the test says where that one
ends, and how.
"""

import collections
import dataclasses
import os
import selectors
import socket
import threading

from processes import DEADLINE_S
from proxy import RESET

# How a connection ends: both sides see a reset, both see its end, or neither sees anything: from
# then on what they send is swallowed.
RESETS, CLOSES, SILENCES = "resets", "closes", "silences"


@dataclasses.dataclass(frozen=True)
class Cut:
    how: str
    kind: int  # of packet: the upper half of its first byte
    passed_bytes: int  # so many bytes of the packet still pass
    occurrence: int = 1  # of that kind on this connection


def kind_of(packet):
    return packet[0] & 0xF0


def packet_end(stream, start):
    """Where the packet that starts there ends; None if its length is not all there."""
    length = 0
    for place in range(start + 1, min(start + 5, len(stream))):
        length |= (stream[place] & 0x7F) << 7 * (place - start - 1)
        if stream[place] < 0x80:
            return place + 1 + length
    return None


def whole_packets(stream):
    """Those at the beginning of a stream. What follows the last one is left out."""
    start = 0
    while (end := packet_end(stream, start)) and end <= len(stream):
        yield bytes(stream[start:end])
        start = end


class _Direction:
    """What passes one way on one connection."""

    def __init__(self, cut, note):
        self._cut = cut
        self._note = note
        self._rest = b""  # of a packet that is not all there
        self._counts = collections.Counter()

    def pass_on(self, data):
        """(how many bytes of data pass, whether the cut is right behind them)"""
        stream, start = self._rest + data, 0
        passed_before = len(self._rest)
        for packet in whole_packets(stream):
            place = self._cut_in(stream, start)
            start += len(packet)
            if place is None or place == start:
                self._note(packet)
            if place is not None:
                return place - passed_before, True
            self._counts[kind_of(packet)] += 1
        place = self._cut_in(stream, start)
        self._rest = stream[start:]
        return (len(data), False) if place is None else (place - passed_before, True)

    def _cut_in(self, stream, start):
        """Where the cut is in the packet that starts there; None if it is not, or not yet."""
        cut = self._cut
        if not cut or start == len(stream) or stream[start] & 0xF0 != cut.kind:
            return None
        place = start + cut.passed_bytes
        is_it = self._counts[cut.kind] + 1 == cut.occurrence and place <= len(stream)
        return place if is_it else None


class Connection:
    def __init__(self, modem, broker, cut, note):
        self.modem, self.broker, self.cut = modem, broker, cut
        self.from_modem = bytearray()  # also what did not pass
        self.is_silent = False
        self._ways = {
            modem: (_Direction(cut, lambda packet: note("to_broker", packet)), broker),
            broker: (_Direction(cut, lambda packet: note("to_modem", packet)), modem),
        }

    def pump(self, source):
        """Passes on what one side sent. (it goes on, the cut is now)"""
        try:
            data = source.recv(65536)
        except OSError:
            data = b""
        if source is self.modem:
            self.from_modem += data
        if not data or self.is_silent:
            return bool(data), False
        direction, target = self._ways[source]
        count, is_cut = direction.pass_on(data)
        try:
            target.sendall(data[:count])
        except OSError:
            return False, is_cut
        return True, is_cut


class CuttingProxy:
    host = "127.0.0.1"

    def __init__(self, broker, note=lambda way, packet: None):
        """note is told, on the proxy's thread, of every packet that passes whole."""
        self._broker, self.note = broker, note
        self._listener = socket.create_server((self.host, 0))
        self.port = self._listener.getsockname()[1]
        self._next_cut = None
        self.cuts = []  # those made
        self.cut_signal = os.eventfd(0, os.EFD_NONBLOCK)  # readable from a cut until the next arm()
        self.connections = []
        self._ending = os.eventfd(0)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
        self._selector.register(self._ending, selectors.EVENT_READ)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def arm(self, cut):
        """The next connection ends there; None: it does not."""
        try:
            os.eventfd_read(self.cut_signal)
        except BlockingIOError:
            pass  # the last one did not
        self._next_cut = cut

    def _serve(self):
        while True:
            for key, _ in self._selector.select():
                if key.fileobj == self._ending:
                    return
                if key.fileobj.fileno() != -1:  # not closed in this round
                    key.data(key.fileobj)

    def _accept(self, listener):
        modem, _ = listener.accept()
        broker = socket.create_connection((self._broker.host, self._broker.port))
        connection = Connection(modem, broker, self._next_cut, self.note)
        self._next_cut = None
        self.connections.append(connection)
        for side in (modem, broker):
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._selector.register(
                side, selectors.EVENT_READ, lambda source: self._pump(connection, source)
            )

    def _pump(self, connection, source):
        goes_on, is_cut = connection.pump(source)
        if is_cut:
            self._cut(connection)
        elif not goes_on and connection.is_silent:
            self._end(source)  # the other side does not hear of it
        elif not goes_on:
            self._end(connection.modem, connection.broker)

    def _cut(self, connection):
        """The signal comes first: once the modem knows, the test may arm the next cut."""
        how = connection.cut.how
        self.cuts.append(connection.cut)
        connection.is_silent = how == SILENCES
        os.eventfd_write(self.cut_signal, 1)
        if how == SILENCES:
            return
        for side in (connection.modem, connection.broker):
            if how == RESETS:
                side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self._end(side)

    def _end(self, *sides):
        for side in sides:
            self._selector.unregister(side)
            side.close()

    def close(self):
        os.eventfd_write(self._ending, 1)
        self._thread.join(DEADLINE_S)
        for key in list(self._selector.get_map().values()):
            if key.fileobj != self._ending:
                self._end(key.fileobj)
        self._selector.close()
        os.close(self._ending)
        os.close(self.cut_signal)
