"""What a firmware can leave out (imqtt/features.h): each choice compiles, and docs/firmware.md says
what it is."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
FEATURES = (ROOT / "include" / "imqtt" / "features.h").read_text()
PAGE = (ROOT / "docs" / "firmware.md").read_text()

FAMILIES = re.findall(r"^#define (IMQTT_WITH_\w+) 1$", FEATURES, re.MULTILINE)
CONFIGURATIONS = sorted(
    path.name for path in (ROOT / "include" / "imqtt" / "config").glob("*.h")
    if path.name != "kconfig.h"  # it has no values of its own: test_embedded_deliveries.py
)

CHOICES = [
    *(f"-D{family}=0" for family in FAMILIES),
    *(f'-DIMQTT_CONFIG="imqtt/config/{name}"' for name in CONFIGURATIONS),
]


def complaints(choice):
    """clang's: it sees what a choice leaves unused without generating code."""
    sources = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("core/**/*.c"))
    flags = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I.", "-Iinclude"]
    return subprocess.run(
        ["clang", *flags, choice, "-fsyntax-only", *sources],
        cwd=ROOT, capture_output=True, text=True,
    ).stderr


@pytest.mark.parametrize("choice", CHOICES)
def test_each_choice_compiles_without_warnings(choice):
    assert complaints(choice) == ""


def test_a_warning_would_be_seen():
    assert "error" in complaints("-DIMQTT_WINDOW=17")


def commands_of(family):
    """Those of the table, as they are typed behind AT."""
    table = (ROOT / "core" / "dialect" / "imqtt" / "imqtt_dialect.c").read_text()
    row = family.removeprefix("IMQTT_WITH_")
    return set(re.findall(rf'^    {row}\(\{{\.name = "([^"]+)"', table, re.MULTILINE))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_page_has_each_family_with_its_commands(family):
    cell = re.search(rf"^\| `{family}` \| (.*) \|$", PAGE, re.MULTILINE)[1]
    for name in commands_of(family):
        assert re.search(rf"(`AT|[+& ]){name.lstrip('+&')}[ `]", cell), name
    assert cell.startswith("none") == (commands_of(family) == set())


def ram_of(name):
    """IMQTT_RAM_BYTES, as a firmware of that configuration sees it."""
    return subprocess.run(
        ["gcc", f'-DIMQTT_CONFIG="imqtt/config/{name}"', "-Iinclude", "-P", "-E", "-"], cwd=ROOT,
        input='#include "imqtt/limits.h"\nIMQTT_RAM_BYTES\n', capture_output=True, text=True, check=True,
    ).stdout.split()[-1]


def test_the_page_has_each_configuration_with_the_memory_it_takes():
    rows = re.findall(r"^\| `imqtt/config/(\w+\.h)` \|.*\| ([\d,]+) \|$", PAGE, re.MULTILINE)
    assert [name for name, _ in rows] == ["small.h", "module.h", "mqtt.h"]
    assert {name for name, _ in rows} == set(CONFIGURATIONS)
    for name, ram_bytes in rows:
        assert ram_bytes.replace(",", "") == ram_of(name), name


HANDLER = re.compile(r"\.(?:set|read|test|execute) = (\w+)")


def rows_of(path):
    """The rows of a file's table of commands, each by its name, white space apart."""
    table = (ROOT / path).read_text().split("at_command table[] = {")[1].split("\n};")[0]
    found = re.split(r'\n    (?=\w*\(?\{\.name = ")', table)[1:]
    return {re.search(r'\.name = "([^"]+)"', row)[1]: re.sub(r"\s+", " ", row) for row in found}


def test_every_dialect_has_the_modules_commands_as_the_default_one_has():
    """A dialect finds them in a table of their own; the default one's are among its commands, so that
    a firmware with one dialect searches one table. Calls and short messages, which other makers' hosts set
    up first, the default one has not."""
    default = rows_of("core/dialect/imqtt/imqtt_dialect.c")
    own = {name: row for name, row in default.items() if not name.startswith("+IMQTT")}
    telephone = (ROOT / "core/dialect/module/telephone_commands.c").read_text()
    module = {
        name: row
        for name, row in rows_of("core/dialect/module/module_table.c").items()
        if not all(f"\nenum imqtt_status {each}(" in telephone for each in HANDLER.findall(row))
    }
    assert module == own
