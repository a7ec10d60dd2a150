"""The Chinese pages say what the English ones say, as far as a program can see: the same pages, sections,
tables, code and sessions. Nobody reads both beside each other at each change; this does."""

import pathlib
import re

import pytest

DOCS = pathlib.Path(__file__).parents[2] / "docs"
GENERATED = re.compile(r"<!-- begin (\w+) -->.*?<!-- end \1 -->", re.DOTALL)
FENCED = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)


ENGLISH_ALONE = {"mqtt-conformance.md", "assurance.md", "misra.md", "performance.md"}


def pages(folder):
    return {page.relative_to(folder).as_posix() for page in folder.rglob("*.md")}


def english_pages():
    """But for those that need no other language: evidence clause by clause, measurements, and decisions."""
    return {page for page in pages(DOCS) - ENGLISH_ALONE if not page.startswith(("zh/", "decisions/"))}


TRANSLATED = sorted(english_pages() & pages(DOCS / "zh"))
# Each mended fault adds a row to it: those come to the English page first.
FOLLOWS = "reliability.md"
AT_ONCE = [page for page in TRANSLATED if page != FOLLOWS]


def text_of(page):
    return (DOCS / page).read_text(), (DOCS / "zh" / page).read_text()


def sessions(text):
    """What the tests play: without remarks, which are prose."""
    return [re.sub(r"^#.*\n", "", block, flags=re.MULTILINE) for block in FENCED.findall(text)]


def code(text):
    """Commands, options, keys, file names: whatever a page marks as code. A rule book may be asked for in the
    reader's language."""
    marked = re.findall(r"`([^`]+)`", FENCED.sub("", text))
    return {re.sub(r"\s+", " ", each).removesuffix(" zh") for each in marked}


def errors(text):
    """The numbers of each table, as they stand in its first column."""
    return re.findall(r"^\| (\d+) \|", text, re.MULTILINE)


def numbers(text):
    """But for tables that a script makes, and holds to what is measured."""
    text = GENERATED.sub("", FENCED.sub("", text))
    found = re.findall(r"(?<![\w.])\d[\d,.]*\d|(?<![\w.])\d", text)
    return {number.replace(",", "") for number in found}


def shape(text):
    prose = FENCED.sub("", text)
    return re.findall(r"^(#+) |^(\|)", prose, re.MULTILINE)


def test_both_languages_have_the_same_pages():
    assert pages(DOCS / "zh") == english_pages()


@pytest.mark.parametrize("page", AT_ONCE)
@pytest.mark.parametrize("part", [shape, sessions, code, errors], ids=lambda part: part.__name__)
def test_both_languages_have_the_same(part, page):
    english, chinese = map(part, text_of(page))
    assert chinese == english


@pytest.mark.parametrize("page", AT_ONCE)
def test_every_number_is_in_both_languages(page):
    """Chinese has more of them: where English says "two"."""
    english, chinese = map(numbers, text_of(page))
    assert english - chinese == set()


def test_the_page_that_follows_says_nothing_that_the_english_one_does_not():
    english, chinese = text_of(FOLLOWS)
    assert re.findall(r"^#+ ", chinese, re.MULTILINE) == re.findall(r"^#+ ", english, re.MULTILINE)
    assert code(chinese) - code(english) == set()


@pytest.mark.parametrize("page", TRANSLATED)
def test_a_link_leads_to_a_page_of_its_language(page):
    here = (DOCS / "zh" / page).parent
    for link in re.findall(r"\]\(([^)\s#]+\.md)", (DOCS / "zh" / page).read_text()):
        target = (here / link).resolve()
        assert target.is_file(), link
        known = target.relative_to(DOCS).as_posix() if target.is_relative_to(DOCS) else ""
        assert known not in TRANSLATED, f"{link} leads to the English page"


def arrows(folder):
    """The diagrams without what stands at their arrows, but for what is typed and read."""
    words = re.compile(r'label="(?!(?:AT|\+|OK)[^ ]*"\])(?:[^"\\]|\\.)*"')
    return {path.name: words.sub("", path.read_text()) for path in (folder / "diagrams").glob("*.msc")}


def test_both_languages_have_the_same_diagrams():
    assert arrows(DOCS / "zh") == arrows(DOCS)
