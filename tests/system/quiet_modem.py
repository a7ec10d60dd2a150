"""A modem that nobody disturbs, of a program that somebody else keeps busy: how long its AT takes.

Only what the program takes counts, not what this computer does besides, however busy it is. Two
figures are never less than that: the processor time that it used until this test had the answer;
and the time from the moment in which AT was sent to the one in which the kernel had the answer, less
that in which the program was ready to run and had no processor. The smaller one counts.
`pytest -rP` prints the worst of each test.
"""

import pathlib
import socket
import struct
import time

from modem import PROGRAM, RELEASE
from processes import DEADLINE_S

PROMISED_S = 0.1
SANITIZED = 3  # times as slow, at least, is what the sanitizers look at
LIMIT_S = PROMISED_S * (1 if PROGRAM == RELEASE else SANITIZED)

WORK_S = 0.4
ASK_MAX = 1500

SO_TIMESTAMPNS = 35  # Linux; Python 3.11 has no name for it


class QuietModem:
    def __init__(self, modem):
        self._modem = modem
        self._line = socket.create_connection(modem.tcp_address, DEADLINE_S)
        self._line.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self._asked = 0
        self._worst_s = 0.0
        self._worst_elapsed_s = 0.0
        end_s = time.monotonic() + DEADLINE_S
        while self._send(b"ATE0\r")[1] is None:
            assert time.monotonic() < end_s, "the kernel does not note when something came"

    def _waited_s(self):
        """How long the program's loop was ready to run and had no processor, so far."""
        pid = self._modem.process.child.pid
        return int(pathlib.Path(f"/proc/{pid}/task/{pid}/schedstat").read_text().split()[1]) / 1e9

    def _send(self, command):
        """When it was sent, and when its answer was here; None: the kernel does not note that yet."""
        sent_s = time.clock_gettime(time.CLOCK_REALTIME)
        self._line.sendall(command)
        said, notes = b"", []
        while not said.endswith(b"\r\nOK\r\n"):
            piece, notes, _, _ = self._line.recvmsg(4096, 256)
            assert piece, f"{command} was not answered, but {said}"
            said += piece
        if not notes:
            return sent_s, None
        seconds, nanoseconds = struct.unpack("qq", notes[0][2][:16])
        return sent_s, seconds + nanoseconds / 1e9

    def ask(self):
        """AT once."""
        waited_s, used_s = self._waited_s(), self._modem.cpu_s()
        sent_s, answered_s = self._send(b"AT\r")
        waited_s, used_s = self._waited_s() - waited_s, self._modem.cpu_s() - used_s
        elapsed_s = answered_s - sent_s
        self._worst_s = max(self._worst_s, min(used_s, elapsed_s - waited_s))
        self._worst_elapsed_s = max(self._worst_elapsed_s, elapsed_s)
        self._asked += 1

    def is_answered(self, times):
        """Asks so many times more; was every answer until now in time?"""
        for _ in range(times):
            self.ask()
        print(
            f"worst of {self._asked} AT: {self._worst_s * 1000:.1f} ms, "
            f"{self._worst_elapsed_s * 1000:.1f} ms by the clock"
        )
        return self._worst_s < LIMIT_S

    def is_answered_beside_work(self):
        """The same, until the program has worked for a while, or has found nothing to do."""
        end_s = self._modem.cpu_s() + WORK_S
        for _ in range(ASK_MAX):
            if self._modem.cpu_s() > end_s:
                break
            self.ask()
        return self.is_answered(1)

    def close(self):
        self._line.close()
