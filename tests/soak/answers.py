"""What a modem says, cut into its parts. A byte that fits nowhere is an error, never skipped."""

import dataclasses
import re

_PART = re.compile(
    rb"\r\n(?:"
    rb"(?P<prompt>>)"
    rb"|(?P<final>OK|ERROR)\r\n"
    rb'|\+IMQTTRCVPUB:\d+,"(?P<topic>[^"]*)",(?P<length>\d+),"'
    rb"|\+IMQTT(?P<report>CONN|PUB|PUBEX|SUB):(?P<fields>[-\d,]+)\r\n)"
)
_LONGEST_HEAD_BYTES = 256
_MESSAGE_END = b'"\r\n'


class Garbled(Exception):
    """The modem said what no modem says."""


@dataclasses.dataclass
class Part:
    """kind: prompt, final, message, or the name of a report; text and numbers as it has them."""

    kind: str
    text: str = ""
    numbers: tuple = ()
    payload: bytes = b""


class Answers:
    """Takes bytes as they come, gives parts."""

    def __init__(self):
        self._bytes = b""

    def feed(self, data):
        self._bytes += data
        while part := self._next():
            yield part

    def _next(self):
        match = _PART.match(self._bytes)
        if not match:
            self._check_the_beginning()
            return None
        if match["length"]:
            return self._message(match)
        self._bytes = self._bytes[match.end():]
        if match["prompt"]:
            return Part("prompt")
        if match["final"]:
            return Part("final", match["final"].decode())
        return Part(match["report"].decode(), numbers=tuple(map(int, match["fields"].split(b","))))

    def _message(self, match):
        end = match.end() + int(match["length"])
        whole = end + len(_MESSAGE_END)
        if len(self._bytes) < whole:
            return None
        if self._bytes[end:whole] != _MESSAGE_END:
            raise Garbled(f"a message's end: {self._bytes[:whole]!r}")
        payload, self._bytes = self._bytes[match.end():end], self._bytes[whole:]
        return Part("message", match["topic"].decode(), payload=payload)

    def _check_the_beginning(self):
        """What is there must be the beginning of a part that is not whole yet."""
        head = self._bytes[:_LONGEST_HEAD_BYTES]
        if not b"\r\n".startswith(head[:2]) or b"\r\n" in head[2:] or (
            len(head) == _LONGEST_HEAD_BYTES
        ):
            raise Garbled(repr(head))
