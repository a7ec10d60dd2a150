#!/usr/bin/python3
"""The deepest stack of the core on a Cortex-M4, from what gcc says of each function's frame and calls
(-fcallgraph-info=su). Calls through pointers go to what TARGETS says; a new one is a failure, and so
are recursion and a frame of no fixed size.

usage: stack.py [--check] FOLDER      FOLDER: for objects; --check: fails above LIMITS
"""

import collections
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONFIGURATIONS = ["small", "module", "mqtt"]
LIMITS = {"small": 2304, "module": 2304, "mqtt": 1280}  # bytes
FLAGS = [
    *("-mcpu=cortex-m4", "-mthumb", "-Os", "-std=c11", "-ffreestanding", "-fcallgraph-info=su"),
    *("-I.", "-Iinclude", "-idirafter", "/usr/include"),
]
SOURCES = [*ROOT.glob("core/**/*.c"), ROOT / "examples/firmware/arena.c"]

# memcpy and its kin, and the compiler's helpers for 64-bit numbers; newlib's and libgcc's take less.
LIBRARY_BYTES = 64

# at_run_command() once more, for a preset, which ATZ types: at most once, because it may not act.
PRESET = "at_run_command of a preset"

PORT = None  # the firmware's own, whose stack comes on top
HANDLERS = re.compile(r"^(?:static )?enum imqtt_status (\w+)\(struct at_call \*\w+\)$", re.MULTILINE)
TARGETS = {
    "lease.c:resize": ["arena.c:resize"], "pump.c:keep": ["arena.c:resize"], "pump.c:drop": ["arena.c:resize"],
    "kept_session.c:count_of": ["kept_session.c:is_released", "kept_session.c:is_offered"],
    "kept_session.c:take_each": ["kept_session.c:take_released", "kept_session.c:take_offered"],
    "sign.c:put_name_and_password": PORT, "aliyun_sign_registration": PORT, "modem_random": PORT,
    "terminal_output.c:write_up_to": PORT, "modem_write_terminal": PORT,
    "link_hang_up": PORT, "link_write": PORT, "mqtt_client_connect": PORT, "mqtt_client_end": PORT,
    "records_load": PORT, "records_save": PORT,
    "session_news_pass": PORT,
    "imqtt_modem_visit_settings": PORT, "imqtt_modem_visit_subscriptions": PORT,
}


def stop(problem):
    sys.exit(f"stack.py: {problem}")


def compile_all(folder, configuration):
    chosen = f'-DIMQTT_CONFIG="imqtt/config/{configuration}.h"'

    def compile_one(source):
        target = folder / ("_".join(source.relative_to(ROOT).parts)[:-2] + ".o")
        subprocess.run(
            ["arm-none-eabi-gcc", *FLAGS, chosen, "-c", source.relative_to(ROOT), "-o", target], cwd=ROOT, check=True
        )
        return target.with_suffix(".ci").read_text()

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return "".join(pool.map(compile_one, SOURCES))


def short(title):
    """core/at/line.c:take -> line.c:take"""
    return title.rpartition("/")[2]


def graph(text):
    """{function: bytes of its frame}, {function: whom it calls}"""
    frames, calls = {}, collections.defaultdict(set)
    for title, size, kind in re.findall(r'^node: \{ title: "([^"]+)" label: "[^"]*\\n(\d+) bytes \(([^)]+)\)', text, re.M):
        if kind != "static":
            stop(f"{title} has a frame of no fixed size")
        frames[short(title)] = int(size)
    for caller, callee in re.findall(r'^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', text, re.M):
        calls[short(caller)].add(short(callee))
    frames[PRESET], calls[PRESET] = frames["at_run_command"], calls["at_run_command"]
    for caller in [name for name in frames if name.startswith("presets.c:") or name.startswith("presets_")]:
        calls[caller] = {PRESET if callee == "at_run_command" else callee for callee in calls[caller]}
    return frames, calls


def handlers():
    """Of the tables of commands, by the names that gcc gives them."""
    for path in ROOT.glob("core/dialect/**/*.c"):
        for line in HANDLERS.finditer(path.read_text()):
            yield f"{path.name}:{line[1]}" if line[0].startswith("static") else line[1]


def in_use(folder):
    """Names that the objects of tables refer to: a family that was left out has its handlers in none."""
    tables = [*folder.glob("core_dialect_*_dialect.o"), *folder.glob("core_dialect_module_module_table.o")]
    told = subprocess.run(["arm-none-eabi-nm", *tables], check=True, capture_output=True, text=True).stdout
    return set(re.findall(r" U (\w+)$", told, re.MULTILINE))


def in_tables(row_text, forms):
    """Handlers of these forms, of the rows that have this text."""
    for path in ROOT.glob("core/dialect/**/*.c"):
        for row in re.findall(r"\{(\.[^{}]*)\}", path.read_text()):
            if row_text in row:
                yield from re.findall(rf"\.(?:{forms}) = (\w+)", row)


def through_pointers(caller, frames):
    known = [name for name in handlers() if name in frames and name in USED]
    if caller == "at_run_command":
        return known
    if caller == PRESET:
        acts = set(in_tables(".acts = true", "execute|set|read|test"))
        return [name for name in known if name.rpartition(":")[2] not in acts]
    if caller == "profile_view":
        reads = set(in_tables("", "read"))
        return [name for name in known if name.rpartition(":")[2] in reads]
    if caller in TARGETS:
        return TARGETS[caller] or []
    if caller.startswith(("boot.c:", "dynreg.c:", "modem_")):  # the dialect, to its host
        return [name for name in frames if re.search(r"(^|:)(ica_|qmt_)?say_(booted|session|radio|dynreg)$", name)]
    if ":" in caller or caller in ("say_session",):  # a table of the same file
        file = caller.partition(":")[0] if ":" in caller else "imqtt_urcs.c"
        return [name for name in frames if name.startswith(file) and name != caller and not calls_of(name, caller)]
    return stop(f"{caller} calls through a pointer: TARGETS does not say whom")


ALL_CALLS = {}
USED = set()


def calls_of(name, other):
    """Whether name may come to other by calls that are written out."""
    seen, open_names = set(), [name]
    while open_names:
        for called in ALL_CALLS.get(open_names.pop(), ()):
            if called == other:
                return True
            if called not in seen:
                seen.add(called)
                open_names.append(called)
    return False


def deepest(frames, calls):
    """{function: (bytes, the chain of calls)}"""
    found = {}

    def look(name, chain):
        if name in chain:
            stop("recursion: " + " -> ".join([*chain[chain.index(name):], name]))
        if name in found:
            return found[name]
        if name not in frames:
            return LIBRARY_BYTES, [name]
        called = calls[name] - {"__indirect_call"}
        if "__indirect_call" in calls[name]:
            called |= set(through_pointers(name, frames))
        below = max((look(other, [*chain, name]) for other in called), default=(0, []))
        found[name] = (frames[name] + below[0], [name, *below[1]])
        return found[name]

    return {name: look(name, []) for name in frames}


def main(options):
    folder = pathlib.Path(options[-1]).resolve()
    for configuration in CONFIGURATIONS:
        work = folder / configuration
        work.mkdir(parents=True, exist_ok=True)
        frames, calls = graph(compile_all(work, configuration))
        USED.clear()
        USED.update(in_use(work))
        ALL_CALLS.clear()
        ALL_CALLS.update(calls)
        entries = {name: found for name, found in deepest(frames, calls).items() if name.startswith("imqtt_")}
        size, chain = max(entries.values())
        print(f"{configuration}: {size} bytes and what a port takes\n    " + " -> ".join(chain))
        if "--check" in options and size > LIMITS[configuration]:
            stop(f"{configuration} may take {size} bytes of stack, {LIMITS[configuration]} are too many")


main(sys.argv[1:])
