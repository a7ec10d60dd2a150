"""docs/reliability.md and SECURITY.md name tests: they exist, and each fault, attack and claim has one."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]
RELIABILITY = (ROOT / "docs" / "reliability.md").read_text()
SECURITY = (ROOT / "SECURITY.md").read_text()
SOURCES = {
    path.name: path.read_text()
    for kind in ("*.py", "*.c", "*.at", "*.sh")
    for path in (ROOT / "tests").rglob(kind)
}
HEADERS = (
    "| fault |", "| fault or attack |", "| he tries |", "| he looks at |", "| claim |"
)


def named_tests(page):
    """(file or "", name) as they stand in the page; `::name` is of the file before it."""
    file = ""
    for match in re.finditer(r"`(?:([\w.]+\.(?:py|c|sh))|…)?::(\w+)|`(test_\w+)`", page):
        file = match[1] or file
        yield ("", match[3]) if match[3] else (file, match[2])


def fault_rows(page):
    """Every row of a table of faults, attacks or claims."""
    in_table = False
    for line in page.splitlines():
        in_table = line.startswith("|") and (in_table or line.startswith(HEADERS))
        if in_table and not line.startswith((*HEADERS, "|---")):
            yield line


@pytest.mark.parametrize("page, tests, rows", [(RELIABILITY, 100, 80), (SECURITY, 60, 40)])
def test_it_names_many(page, tests, rows):
    assert len(set(named_tests(page))) > tests
    assert len(list(fault_rows(page))) > rows


@pytest.mark.parametrize(
    "file, name", sorted({*named_tests(RELIABILITY), *named_tests(SECURITY)})
)
def test_a_named_test_exists(file, name):
    sources = [SOURCES[file]] if file else SOURCES.values()
    assert any(re.search(rf"\b{name}\(", source) for source in sources)


@pytest.mark.parametrize("row", [*fault_rows(RELIABILITY), *fault_rows(SECURITY)])
def test_each_fault_has_a_test(row):
    last = row.rstrip("| ").rsplit("|", 1)[-1]
    names = re.findall(r"`([\w./-]+?)(?:::|\[|`)", last) + re.findall(r"([\w-]+\.at)`", last)
    known = " ".join(SOURCES.values())
    assert names and all(
        pathlib.Path(name).name in SOURCES or name in known or name == "…" for name in names
    )
