"""A TCP proxy that remembers what passed, and can hold one direction or cut the connection."""

import socket
import struct
import threading

from listener import Listener
from processes import DEADLINE_S

RESET = struct.pack("ii", 1, 0)  # SO_LINGER on, 0 s: close() sends RST


class Proxy:
    host = "127.0.0.1"

    def __init__(self, broker):
        self._broker = broker
        self.user = getattr(broker, "user", None)
        listening = socket.create_server((self.host, 0))
        self.port = listening.getsockname()[1]
        self.to_broker, self.to_modem = b"", b""
        self._changed = threading.Condition()
        self._pieces_to_pass = None  # None: all
        self._sockets, self._pumps = [], []
        self._is_cut = False
        self.connections = 0
        self._listener = Listener(listening, self._join_with_broker)

    def _join_with_broker(self, modem):
        broker = socket.create_connection((self._broker.host, self._broker.port))
        self._sockets = [modem, broker]
        self._is_cut = False
        self.connections += 1
        ways = ((modem, broker, "to_broker"), (broker, modem, "to_modem"))
        self._pumps = [threading.Thread(target=self._pump, args=way, daemon=True) for way in ways]
        for pump in self._pumps:
            pump.start()

    def _pump(self, source, target, record):
        try:
            while data := source.recv(65536):
                with self._changed:
                    setattr(self, record, getattr(self, record) + data)
                    self._changed.notify_all()
                    if record == "to_modem":
                        self._changed.wait_for(lambda: self._is_cut or self._may_pass())
                    if self._is_cut:
                        return
                target.sendall(data)
            if not self._is_cut:
                target.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def _may_pass(self):
        if self._pieces_to_pass == 0:
            return False
        if self._pieces_to_pass:
            self._pieces_to_pass -= 1
        return True

    def hold(self, after=0):
        """After so many pieces, what the broker sends stays here, until release() or cut()."""
        with self._changed:
            self._pieces_to_pass = after

    def release(self):
        with self._changed:
            self._pieces_to_pass = None
            self._changed.notify_all()

    def cut(self):
        """Both sides see a reset. What was held is lost."""
        with self._changed:
            self._is_cut = True
            self._changed.notify_all()
        for side in self._sockets:
            side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self._end(socket.SHUT_RD)
        self.release()

    def _end(self, how):
        """As with Listener: who reads a descriptor goes before it does."""
        for side in self._sockets:
            try:
                side.shutdown(how)  # wakes the thread that reads it
            except OSError:
                pass  # it has ended already
        for pump in self._pumps:
            pump.join(DEADLINE_S)
        for side in self._sockets:
            side.close()

    def wait_for(self, record, expected):
        """Waits until the bytes that passed in one direction contain those expected."""
        with self._changed:
            assert self._changed.wait_for(
                lambda: expected in getattr(self, record), DEADLINE_S
            ), f"{record}: {getattr(self, record)!r}"

    def close(self):
        self._listener.close()
        self.release()
        self._end(socket.SHUT_RDWR)
