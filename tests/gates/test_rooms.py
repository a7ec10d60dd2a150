"""A room of the core calls only itself, the rooms below it, and the six library functions: what its
objects leave undefined, somebody below must define."""

import pathlib
import subprocess

import pytest

import source_rules as rules
from test_core_library import MAY_CALL

ROOT = pathlib.Path(__file__).parents[2]
CORE = sorted(room for room in rules.ROOMS if room.startswith("core/") and (ROOT / room).is_dir())

# The one way up: imqtt_modem_init() takes the dialect that is there by default.
MAY_NAME = {"core/modem": {"imqtt_dialect_default"}}


@pytest.fixture(scope="module")
def symbols(tmp_path_factory):
    """{room: (defined, undefined)}, compiled without optimisation, so that nothing is left out."""
    return {room: _symbols_of(room, tmp_path_factory.mktemp("room")) for room in CORE}


def _symbols_of(room, folder):
    sources = sorted((ROOT / room).rglob("*.c"))
    flags = ["-std=c11", "-O0", f"-I{ROOT}", f"-I{ROOT}/include", "-fno-stack-protector"]
    subprocess.run(["gcc", *flags, "-c", *sources], cwd=folder, check=True)
    listed = subprocess.run(
        ["nm", "--format=posix", "--extern-only", *sorted(folder.glob("*.o"))],
        check=True, capture_output=True, text=True,
    ).stdout
    pairs = [line.split()[:2] for line in listed.splitlines() if " " in line]
    defined = {name for name, kind in pairs if kind != "U"}
    return defined, {name for name, kind in pairs if kind == "U"} - defined


def strangers(room, symbols):
    below = rules.MAY_INCLUDE[room] & symbols.keys()
    known = set().union(*(symbols[other][0] for other in below)) | MAY_NAME.get(room, set())
    return symbols[room][1] - known - MAY_CALL - {"_GLOBAL_OFFSET_TABLE_"}


@pytest.mark.parametrize("room", CORE)
def test_a_room_calls_only_what_is_below_it(room, symbols):
    assert strangers(room, symbols) == set()


def test_a_call_upwards_is_found(symbols):
    below = dict(symbols)
    below["core/bytes"] = (symbols["core/bytes"][0], {"modem_say"})
    assert strangers("core/bytes", below) == {"modem_say"}
