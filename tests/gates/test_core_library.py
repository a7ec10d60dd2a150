"""libimqtt.a keeps the core's promises: what it calls, and which names it has."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
ARCHIVE = ROOT / "build" / "libimqtt.a"
MAY_CALL = {"memcpy", "memmove", "memset", "memcmp", "memchr", "strlen"}


def names(archive, *options):
    output = subprocess.run(
        ["nm", "--format=posix", *options, archive], check=True, capture_output=True, text=True
    ).stdout
    return {line.split()[0] for line in output.splitlines() if " " in line}


def called(archive):
    return names(archive, "--undefined-only") - {"_GLOBAL_OFFSET_TABLE_"}  # the linker's


def visible(archive):
    return names(archive, "--extern-only", "--defined-only")


def variables(archive):
    """Names of data that can change, visible or not: what lies in .data and .bss.

    Constant tables with pointers in them are in .data.rel.ro: only the loader writes there."""
    output = subprocess.run(
        ["objdump", "--syms", archive], check=True, capture_output=True, text=True
    ).stdout
    symbols = re.findall(r"^\S+ (.{7}) (\S+)\s+\S+\s+(?:\.hidden )?(\S+)$", output, re.MULTILINE)
    return {
        name
        for flags, section, name in symbols
        if re.fullmatch(r"\.data|\.bss|\.t(data|bss).*|\*COM\*", section) and flags[5:] != "d "
    }


def test_the_core_calls_only_the_mem_functions_and_strlen():
    assert called(ARCHIVE) - MAY_CALL == set()


def test_only_the_public_names_are_visible():
    found = visible(ARCHIVE)
    assert "imqtt_modem_init" in found
    assert {name for name in found if not name.startswith("imqtt_")} == set()


def test_every_function_of_the_header_is_there():
    header = (ROOT / "include" / "imqtt" / "modem.h").read_text()
    declared = {
        word.split("(")[0].lstrip("*")
        for line in header.splitlines()
        if not line.startswith((" *", "/*", " "))
        for word in line.split()
        if word.lstrip("*").startswith("imqtt_modem_") and "(" in word
    }
    assert len(declared) > 10
    assert declared - visible(ARCHIVE) == set()


def test_the_core_has_no_variables():
    assert variables(ARCHIVE) == set()


@pytest.fixture
def bad_object(tmp_path):
    source, built = tmp_path / "bad.c", tmp_path / "bad.o"
    source.write_text(
        "void *malloc(unsigned long);\nint counter;\nstatic int hidden = 1;\n"
        "void *helper(void);\nvoid *helper(void) { return malloc(counter + hidden++); }\n"
    )
    subprocess.run(["gcc", "-O0", "-c", source, "-o", built], check=True)
    return built


def test_these_checks_can_fail(bad_object):
    assert called(bad_object) == {"malloc"}
    assert visible(bad_object) == {"counter", "helper"}
    assert variables(bad_object) == {"counter", "hidden"}
