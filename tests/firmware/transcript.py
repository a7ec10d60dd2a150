"""Transcripts (tests/transcripts/README.md) on the image: what a host types must be answered byte for byte.

Scenes are played whose lines are the host's, the radio's, the time's and the power's; one with packets, or
with ports that fail, needs the machine of tests/transcripts.
"""

import dataclasses
import pathlib
import re
import time

DEADLINE_S = 60  # for the modem to take what was typed

# What firmware/image_config.h has of tests/transcripts/needs.c.
NEEDS = {"radio", "identity", "clock", "serial", "profile", "reconnect", "aliyun", "details", "news"}
# Ways to start, by what the rig calls them; ATE0 is typed unless a scene is about the echo.
STARTS = {"echo": "", "store": "store", "boot urcs": "boot", "serial line": "line"}
ESCAPES = {"r": b"\r", "n": b"\n", "t": b"\t", "\\": b"\\", '"': b'"'}
VERY_LONG = re.compile(r"\\\(\d{5}")  # takes a minute at the board's speed
OTHER_KINDS = re.compile(r"(broker|modem|net|host|memory|store|crypto|log|check): |stall |power: shut down")


@dataclasses.dataclass
class Scene:
    title: str  # with the file and the line
    lines: list = dataclasses.field(default_factory=list)
    needs: set = dataclasses.field(default_factory=set)
    starts: list = dataclasses.field(default_factory=list)

    def is_for_the_image(self):
        return (
            self.needs <= NEEDS
            and set(self.starts) <= STARTS.keys()
            and not any(OTHER_KINDS.match(line) or VERY_LONG.search(line) for line in self.lines)
        )


def names(text):
    return [name.strip() for name in text.split(",")]


def lines_of(path):
    """(number, line), with the lines of included files in their place."""
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.startswith("include "):
            yield from ((number, included) for _, included in lines_of(path.parent / line[8:]))
        elif line and not line.startswith("#"):
            yield number, line


def scenes_of(path: pathlib.Path):
    scenes, needs = [], set()
    for number, line in lines_of(path):
        kind, _, rest = line.partition(": ")
        if line.startswith("== "):
            scenes.append(Scene(f"{path.name}:{number}: {line[3:]}", needs=set(needs)))
        elif kind == "needs":
            (scenes[-1].needs if scenes else needs).update(names(rest))
        elif kind == "start":
            scenes[-1].starts += names(rest)
        elif kind != "pieces":
            scenes[-1].lines.append(line)
    return scenes


def unescaped(text):
    """As buffer_put_escaped() does it: a repeated text may have escapes of its own."""
    out, at = b"", 0
    for found in re.finditer(r"\\(?:x([0-9a-fA-F]{2})|\((\d+) ((?:\\.|[^)\\])*)\)|(.))", text):
        out += text[at : found.start()].encode()
        code, count, repeated, letter = found.groups()
        at = found.end()
        if code:
            out += bytes([int(code, 16)])
        elif count:
            out += int(count) * unescaped(repeated)
        else:
            out += ESCAPES[letter]
    return out + text[at:].encode()


class Player:
    """Plays scene behind scene on one image, from its start on: nobody else reads its host."""

    def __init__(self, image):
        self.image = image
        self.host = image.host
        self.typed = self.read = 0  # bytes, since the image's start
        self.settle()
        self.forget()

    def forget(self):
        """What the modem has said."""
        self.read += len(self.host.pending)
        self.host.pending = b""

    def settle(self):
        """Until the modem has taken all, has nothing more to say, and all that it said is here. The rig
        answers between two turns of the image's loop: one in which nothing changed was the last."""
        before, end = None, time.monotonic() + DEADLINE_S
        while True:
            assert time.monotonic() < end, f"the modem does not come to rest: {before}"
            counts = [int(word.partition("=")[2]) for word in self.image.ask_rig("counts").split()]
            taken, given, left, asked = counts
            if counts == before and (taken, left, asked) == (self.typed, 0, 0):
                break
            before = counts
        while self.read + len(self.host.pending) < given:
            self.host.wait_for_more()

    def type(self, data):
        self.host.type(data)
        self.typed += len(data)

    def begin(self, scene):
        self.image.ask_rig("erase")
        self.start(scene)
        if not {"echo", "boot urcs"} & set(scene.starts):
            self.type(b"ATE0\r")
            self.settle()
            self.forget()

    def start(self, scene):
        self.image.ask_rig("modem " + " ".join(STARTS[one] for one in scene.starts))
        self.settle()

    def expect(self, data, line):
        came = self.host.pending
        assert came.startswith(data), f"{line}\nexpected: {data!r}\ngot:      {came[:200]!r}"
        self.read += len(data)
        self.host.pending = came[len(data) :]

    def expect_nothing_more(self, line):
        assert self.host.pending == b"", f"before {line}\nthe modem said more: {self.host.pending!r}"

    def play(self, scene):
        self.begin(scene)
        typed = b""
        for line in scene.lines:
            mark, _, text = line.partition(" ")
            if mark in (">", ">~") or line[:2].upper() == "AT":
                if not typed:
                    self.expect_nothing_more(line)
                text = text if mark in (">", ">~") else line
                typed += unescaped(text) if mark == ">~" else text.encode() + b"\r"
                continue
            self._send(typed)
            typed = b""
            self._play_line(scene, line, mark, text)
        self._send(typed)
        self.expect_nothing_more("the end")

    def _send(self, typed):
        """What is typed line behind line arrives together."""
        if typed:
            self.type(typed)
            self.settle()

    def _play_line(self, scene, line, mark, text):
        if mark == "<~":
            self.expect(unescaped(text), line)
        elif mark == "<" or mark not in ("wait", "radio:", "power:"):
            text = text if mark == "<" else line
            self.expect(b"\r\n" + text.encode() + (b"" if text == ">" else b"\r\n"), line)
        else:
            self.expect_nothing_more(line)
            if mark == "wait":
                self.image.ask_rig(f"pass {text}")
            elif mark == "radio:":
                self.image.ask_rig(f"radio {text}")
            else:
                self.start(scene)
            self.settle()
