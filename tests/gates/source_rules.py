"""Rules of the source tree, as functions of a file's path and text that return what is wrong."""

import re

# Who may include whom, by room (and so in every folder of it); a room may always include itself, the
# public headers, and in the core whatever those may that it includes. ARCHITECTURE.md has the drawing.
ROOMS = {
    "include/imqtt": set(),
    "core/bytes": set(),
    "core/at": {"core/bytes"},
    "core/mqtt": {"core/bytes"},
    "core/aliyun": {"core/bytes"},
    "core/settings": {"core/bytes"},
    "core/device": {"core/bytes"},
    "core/session": {"core/mqtt", "core/aliyun", "core/settings"},
    "core/modem": {"core/at", "core/session", "core/device"},
    "core/dialect": {"core/modem"},
    "core/pump": {"core/modem"},
    "host": set(),
    "imqttd/log": {"host"},
    "imqttd/config": {"host", "imqttd/log", "imqttd/trace", "imqttd"},
    "imqttd/trace": {"host", "driver_report", "imqttd/log", "imqttd/config", "imqttd"},
    "imqttd/metrics": {"host", "imqttd/fleet", "imqttd/trace", "imqttd"},
    "imqttd/report": {"host", "driver_report", "imqttd/trace"},
    "imqttd/fleet": {
        *("host", "imqttd/config", "imqttd/log", "imqttd/metrics", "imqttd/report"),
        *("imqttd/trace", "imqttd"),
    },
    "imqttd/control": {
        *("host", "driver_report", "imqttd/config", "imqttd/fleet", "imqttd/log"),
        *("imqttd/metrics", "imqttd/report", "imqttd/trace", "imqttd"),
    },
    "imqttd": {
        *("host", "imqttd/config", "imqttd/control", "imqttd/fleet", "imqttd/log"),
        *("imqttd/metrics", "imqttd/trace"),
    },
    # They know a modem by its control interface alone.
    "driver_report": set(),
    "control_client": set(),
    "scenario": {"control_client", "host", "imqttd"},
    "imqttctl": {"control_client", "driver_report", "scenario"},
    "firmware": {"examples"},
    "examples": set(),
    "packaging": set(),
    "testcloud": set(),
    "bench": set(),
    "tests": {
        *("core/bytes", "core/at", "core/mqtt", "core/aliyun", "core/settings", "core/device"),
        *("core/pump", "core/session", "core/modem", "core/dialect", "host", "imqttd"),
        *("imqttd/config", "imqttd/log", "imqttd/metrics", "imqttd/trace", "imqttd/fleet"),
        *("imqttd/control", "control_client", "driver_report", "scenario", "imqttctl"),
        *("examples", "testcloud"),
    },
}

# Libraries whose headers are named in quotes, as their documentation does, and folders that are on
# the path of a room's compiler.
LIBRARIES = {
    "firmware": ("lwip/", "netif/", "mbedtls/", "altcp_tls_mbedtls_mem.h"),
    "bench": ("common/",),
}


def _with_what_is_below(room):
    below = {"include/imqtt"}
    for other in ROOMS[room]:
        below |= {other} | (_with_what_is_below(other) if room.startswith("core/") else set())
    return below


MAY_INCLUDE = {room: _with_what_is_below(room) for room in ROOMS}

# What the core may take from the C library: types, and the mem functions with strlen.
CORE_HEADERS = {"stdbool.h", "stddef.h", "stdint.h", "string.h", "jsmn.h"}

FUNCTION_LINES = 40
FILE_LINES = 400


def room_of(path):
    """core/mqtt/wire/packet.c -> core/mqtt; None for a file that no rule is about."""
    rooms = [room for room in ROOMS if path.startswith(room + "/")]
    return max(rooms, key=len, default=None)


def file_of(name):
    """The file that an include names."""
    return "include/" + name if name.startswith("imqtt/") else name


def included(text):
    """(line number, bracket, name) of each include."""
    for number, line in enumerate(text.splitlines(), 1):
        if match := re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line):
            yield number, *match.groups()


def includes(path, text):
    room = room_of(path)
    if room is None:
        return [f"{path}: no rule says what {path.rpartition('/')[0]} may include"]
    return [
        f"{path}:{number}: {room} may not include {name}"
        for number, bracket, name in included(text)
        if not _may_include(room, bracket, name)
    ]


def _may_include(room, bracket, name):
    if bracket == "<":
        return not room.startswith(("core/", "include/")) or name in CORE_HEADERS
    if name.startswith(LIBRARIES.get(room, ())):
        return True
    other = room_of(file_of(name))
    return other == room or other in MAY_INCLUDE[room]


# ---- circles: a .c and its .h are one --------------------------------------------------------


def circles(texts):
    """texts: {path: text}. Units (a path without its ending) that include each other in a circle."""
    unit = {path: path.rpartition(".")[0] for path in texts}
    edges = {name: set() for name in unit.values()}
    for path, text in texts.items():
        for _, bracket, name in included(text):
            target = unit.get(file_of(name))
            if bracket == '"' and target not in (None, unit[path]):
                edges[unit[path]].add(target)
    while leaves := {name for name, targets in edges.items() if not targets & edges.keys()}:
        edges = {name: targets for name, targets in edges.items() if name not in leaves}
    roots = True
    while roots:
        used = set().union(*edges.values()) if edges else set()
        roots = edges.keys() - used
        edges = {name: targets for name, targets in edges.items() if name not in roots}
    return sorted(edges)


def twice(paths):
    """File names that two of these paths have."""
    names = [path.rpartition("/")[2] for path in paths]
    return sorted({name for name in names if names.count(name) > 1})


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
