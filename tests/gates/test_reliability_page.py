"""docs/reliability.md names tests: they exist, and each fault has one."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reliability.md").read_text()
SOURCES = {
    path.name: path.read_text()
    for kind in ("*.py", "*.c", "*.at", "*.sh")
    for path in (ROOT / "tests").rglob(kind)
}
HEADERS = ("| fault |", "| fault or attack |")


def named_tests():
    """(file or "", name) as they stand in the page; `::name` is of the file before it."""
    file = ""
    for match in re.finditer(r"`(?:([\w.]+\.(?:py|c|sh))|…)?::(\w+)|`(test_\w+)`", PAGE):
        file = match[1] or file
        yield ("", match[3]) if match[3] else (file, match[2])


def fault_rows():
    """Every row of a table of faults."""
    in_table = False
    for line in PAGE.splitlines():
        in_table = line.startswith("|") and (in_table or line.startswith(HEADERS))
        if in_table and not line.startswith((*HEADERS, "|---")):
            yield line


def test_it_names_many():
    assert len(set(named_tests())) > 100
    assert len(list(fault_rows())) > 80


@pytest.mark.parametrize("file, name", sorted(set(named_tests())))
def test_a_named_test_exists(file, name):
    sources = [SOURCES[file]] if file else SOURCES.values()
    assert any(re.search(rf"\b{name}\(", source) for source in sources)


@pytest.mark.parametrize("row", fault_rows())
def test_each_fault_has_a_test(row):
    last = row.rstrip("| ").rsplit("|", 1)[-1]
    names = re.findall(r"`([\w./-]+?)(?:::|\[|`)", last) + re.findall(r"(\w+\.at)`", last)
    known = " ".join(SOURCES.values())
    assert names and all(
        pathlib.Path(name).name in SOURCES or name in known or name == "…" for name in names
    )
