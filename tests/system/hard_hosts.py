"""Hosts that believe nothing: each takes the modem's output apart piece by piece, and fails at the
first byte that cannot stand there."""

import re
import time
from typing import NamedTuple

from host import Host
from processes import DEADLINE_S

PROMPT = b">"

LINE = re.compile(rb"\r\n([ -~]+)\r\n")
MESSAGE = re.compile(
    rb'\r\n\+IMQTT(RCVPUB|RECV):(\d+),"((?:[^"\\\x00-\x08\n-\x1f\x7f]|\\["\\])*)",(\d+),"', re.DOTALL
)
HEX_MESSAGE = re.compile(
    r'\+IMQTT(RCVPUB|RECV):(\d+),"((?:[0-9A-F]{2})*)",(\d+),"((?:[0-9A-F]{2})*)"'.encode()
)


class Message(NamedTuple):
    urc: bool
    packet_id: int
    topic: bytes
    payload: bytes


class HardHost(Host):
    """_piece() of each kind of host: the first piece of what is pending and its length, or None if
    it is not all there."""

    def next(self, prompt=False, within_s=DEADLINE_S):
        """The next piece: a Message, a line's text, or the prompt if one is due."""
        end = time.monotonic() + within_s
        while not (found := self._prompt() if prompt and self._is_prompt() else self._piece()):
            self._wait(end)
            self._read()
        piece, count = found
        self.pending = self.pending[count:]
        return piece

    def _is_prompt(self):
        return self.pending.startswith(b"\r\n>")

    def _prompt(self):
        return PROMPT, len(b"\r\n>")

    def _line(self):
        match = LINE.match(self.pending)
        if match:
            return match[1], match.end()
        assert re.fullmatch(rb"(\r(\n([ -~]+\r?)?)?)?", self.pending), self.pending[:200]
        return None


class CountingHost(HardHost):
    """Reads raw payloads by their length, and looks at nothing in them."""

    def _piece(self):
        head = MESSAGE.match(self.pending)
        if not head:
            return None if self._may_become_a_message() else self._line()
        count = head.end() + int(head[4]) + len(b'"\r\n')
        if len(self.pending) < count:
            return None
        assert self.pending[count - 3 : count] == b'"\r\n', self.pending[: count + 100]
        topic = re.sub(rb"\\(.)", rb"\1", head[3])
        payload = self.pending[head.end() : count - 3]
        return Message(head[1] == b"RCVPUB", int(head[2]), topic, payload), count

    def _may_become_a_message(self):
        """A topic need not be ASCII, and its end may not be here yet."""
        start = re.match(rb'\r\n\+IMQTT(RCVPUB|RECV):\d+,"', self.pending)
        return start and b"\r\n" not in self.pending[2:]


class LineHost(HardHost):
    """Splits at line ends, and cannot count: it reads messages as hex."""

    def _piece(self):
        found = self._line()
        match = HEX_MESSAGE.fullmatch(found[0]) if found else None
        if not match:
            return found
        topic, payload = (bytes.fromhex(match[i].decode()) for i in (3, 5))
        assert len(payload) == int(match[4])
        return Message(match[1] == b"RCVPUB", int(match[2]), topic, payload), found[1]
