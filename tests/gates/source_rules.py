"""Rules of the source tree, as functions of a file's path and text that return what is wrong."""

import re

# Who may include whom, by folder; a folder may always include itself and the C library.
MAY_INCLUDE = {
    "include/imqtt": {"imqtt"},
    "include/imqtt/config": {"imqtt/config"},
    "core/bytes": {"imqtt"},
    "core/at": {"imqtt", "core/bytes"},
    "core/mqtt": {"imqtt", "core/bytes", "core/mqtt/wire"},
    "core/mqtt/wire": {"imqtt", "core/bytes"},
    "core/aliyun": {"imqtt", "core/bytes"},
    "core/modem": {"imqtt", "core/bytes", "core/at", "core/mqtt", "core/aliyun"},
    "core/commands": {
        *("imqtt", "core/bytes", "core/at", "core/mqtt", "core/aliyun", "core/modem"),
    },
    "host": {"imqtt"},
    "imqttd": {"imqtt", "host"},
}

# What the core may take from the C library: types, and the mem functions with strlen.
CORE_HEADERS = {"stdbool.h", "stddef.h", "stdint.h", "string.h", "jsmn.h"}

FUNCTION_LINES = 60
FILE_LINES = 400


def room_of(path):
    """core/at/line.c -> core/at; None for a file that no rule is about."""
    folder = path.rpartition("/")[0]
    return folder if folder in MAY_INCLUDE else None


def includes(path, text):
    room = room_of(path)
    if room is None:
        return [f"{path}: no rule says what {path.rpartition('/')[0]} may include"]
    wrong = []
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
        if match and not _may_include(room, *match.groups()):
            wrong.append(f"{path}:{number}: {room} may not include {match[2]}")
    return wrong


def _may_include(room, bracket, name):
    if bracket == "<":
        return not room.startswith(("core/", "include/")) or name in CORE_HEADERS
    folder = name.rpartition("/")[0]
    return folder == room or folder in MAY_INCLUDE[room]


def lengths(path, text):
    """Functions begin with `{` and end with `}` in the first column: clang-format sees to it."""
    lines = text.splitlines()
    wrong = []
    if len(lines) > FILE_LINES:
        wrong.append(f"{path}: {len(lines)} lines, {FILE_LINES} at most")
    begin = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            begin = number
        if line == "}" and begin:
            if number - begin - 1 > FUNCTION_LINES:
                wrong.append(
                    f"{path}:{begin}: function of {number - begin - 1} lines,"
                    f" {FUNCTION_LINES} at most"
                )
            begin = None
    return wrong


# Halves, so that this file does not match itself.
_FOREIGN = re.compile(
    "|".join(["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "BEGIN [A-Z ]*PRIV" + "ATE KEY"])
)


def foreign(path, text):
    """Paths of somebody's machine, and private keys, have no place in the project."""
    return [
        f"{path}:{number}: {match[0]}"
        for number, line in enumerate(text.splitlines(), 1)
        if (match := _FOREIGN.search(line))
    ]
