"""Scenes of transcripts as recordings. `play` holds that each comes out exactly as it is written, so
what is written is what was said."""

import json
import pathlib
import re


def _unescape(text):
    def one(match):
        letter = match[1]
        if letter[0] == "x":
            return chr(int(letter[1:], 16))
        return {"r": "\r", "n": "\n", "t": "\t"}.get(letter, letter)

    return re.sub(r"\\(x[0-9a-fA-F]{2}|.)", one, text)


def _lines(path):
    for line in path.read_text().splitlines():
        if line.startswith("include "):
            yield from _lines(path.parent / line.split()[1])
        else:
            yield line


def _said(line):
    """(who, what) of a line of a scene; None: nobody says anything."""
    for start, who, form in (
        (">~ ", "host", "{}"), ("> ", "host", "{}\r"),
        ("<~ ", "modem", "{}"), ("< ", "modem", "\r\n{}\r\n"),
    ):
        if line.startswith(start):
            said = line[len(start):]
            if line == "< >":
                return who, "\r\n>"
            return who, form.format(_unescape(said) if "~" in start else said)
    return None


def scenes(path):
    """(title, events) of each scene of the file."""
    found, t_ms = [], 0
    for line in _lines(pathlib.Path(path)):
        if line.startswith("== "):
            found.append((line[3:], []))
            t_ms = 0
        elif line.startswith("wait "):
            t_ms += int(line.split()[1])
        elif found and (said := _said(line)):
            who, text = said
            t_ms += 1
            data = text.encode()
            found[-1][1].append(
                {"t_ms": t_ms, "modem": "m", "kind": "at", "dir": who, "hex": data.hex(), "text": ""}
            )
    return found


def write(path, events):
    head = {"imqtt_recording": 1, "version": "0", "modem": "m", "started": "2026-11-26T21:00:00Z"}
    path.write_text("".join(json.dumps(line) + "\n" for line in [head, *events]))


def session(path):
    """The events of a session as script/run prints it: what begins with AT was typed, and echoed."""
    events = []

    def say(who, text):
        data = text.encode()
        events.append({"t_ms": len(events), "modem": "m", "kind": "at", "dir": who,
                       "hex": data.hex(), "text": ""})

    for line in filter(None, pathlib.Path(path).read_text().splitlines()):
        if line.startswith("AT"):
            say("host", line + "\r")
            say("modem", line + "\r")
        else:
            say("modem", f"\r\n{line}\r\n")
    return events
