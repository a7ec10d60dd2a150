"""script/amalgamation: one source and one header are the whole core, and behave as it does."""

import pathlib
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wundef",
          "-Wcast-qual", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Werror"]
STRICT_CPP = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Wold-style-cast", "-Werror"]
PLAYER = [*ROOT.glob("tests/transcripts/*.c"), ROOT / "examples/firmware/arena.c", ROOT / "core/bytes/span.c"]

USER = """
#include "imqtt.h"
unsigned long modem_bytes(void) { return static_cast<unsigned long>(imqtt_modem_bytes()); }
"""


@pytest.fixture(scope="module")
def amalgamation(tmp_path_factory):
    folder = tmp_path_factory.mktemp("amalgamation")
    subprocess.run([ROOT / "script/amalgamation", folder], check=True)
    return folder


def chosen(config):
    return [f'-DIMQTT_CONFIG="imqtt/config/{config}.h"'] if config else []


@pytest.mark.parametrize("config", [None, "small", "module", "mqtt"])
@pytest.mark.parametrize("compiler, standard", [("gcc", "c11"), ("gcc", "c17"), ("clang", "c11")])
def test_two_files_are_the_core(amalgamation, tmp_path, compiler, standard, config):
    """Without another folder of the project, jsmn excepted, and without a warning."""
    subprocess.run(
        [compiler, f"-std={standard}", *STRICT, *chosen(config), "-I", amalgamation, "-fsyntax-only",
         amalgamation / "imqtt.c", amalgamation / "arena.c"], cwd=tmp_path, check=True,
    )


@pytest.mark.parametrize("config", [None, "small", "module", "mqtt"])
@pytest.mark.parametrize("standard", ["c++11", "c++17"])
def test_its_header_is_for_cpp(amalgamation, tmp_path, standard, config):
    (tmp_path / "user.cpp").write_text(USER)
    subprocess.run(
        ["g++", f"-std={standard}", *STRICT_CPP, *chosen(config), "-I", amalgamation,
         "-fsyntax-only", tmp_path / "user.cpp"], check=True,
    )


def test_a_linker_sees_names_of_ours_alone(amalgamation, tmp_path):
    """A firmware has a clock_read() and a link_write() of its own."""
    subprocess.run(["gcc", "-c", "-I", amalgamation, amalgamation / "imqtt.c"], cwd=tmp_path, check=True)
    told = subprocess.run(
        ["nm", "--defined-only", "--extern-only", "--format=posix", "imqtt.o"], cwd=tmp_path,
        capture_output=True, text=True, check=True,
    ).stdout
    names = [line.split()[0] for line in told.splitlines()]
    assert "imqtt_modem_init" in names
    assert [name for name in names if not name.startswith("imqtt_")] == []


@pytest.mark.parametrize("config", [None, "small", "module", "mqtt"])
def test_it_plays_the_transcripts(amalgamation, tmp_path, config):
    """In as much memory as the configuration says (IMQTT_RAM_BYTES)."""
    player = tmp_path / "play"
    subprocess.run(
        ["gcc", "-std=gnu11", "-O0", *chosen(config), "-I", ROOT, "-I", ROOT / "include", *PLAYER,
         amalgamation / "imqtt.c", "-I", amalgamation, "-lcrypto", "-o", player], check=True,
    )
    played = sorted(path.relative_to(ROOT) for path in ROOT.glob("tests/transcripts/*.at"))
    subprocess.run([player, *played], cwd=ROOT, check=True)
