"""docs/troubleshooting.md, in both languages: every stage of AT+IMQTTERR?, and what it really says: each text of
the modem's own, and of numbers of libraries those that they give them."""

import ctypes
import os
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PAGES = [ROOT / "docs" / "troubleshooting.md", ROOT / "docs" / "zh" / "troubleshooting.md"]
LANGUAGES = pytest.mark.parametrize("page", PAGES, ids=("English", "Chinese"))
ROW = re.compile(r"^\| `(\w+)`(?:, any|，任意| ([-\d, ]+)) \| ([^|]+) \|", re.MULTILINE)


def source(*rooms):
    files = [path for room in rooms for path in sorted((ROOT / room).rglob("*.c"))]
    return "\n".join(path.read_text() for path in files)


def rows(page):
    """(stage, its numbers, the texts) of each row."""
    for stage, numbers, texts in ROW.findall(page.read_text()):
        found = [int(number) for number in numbers.split(",") if number.strip()]
        yield stage, found, set(re.findall(r'"([^"]*)"', texts))


def texts_of(page):
    return set.union(*(texts for _, _, texts in rows(page)))


def library_texts(stage, number):
    """What those say whose number it may be."""
    told = {os.strerror(number)} if number > 0 and stage in ("tcp", "tls", "peer") else set()
    if stage == "dns":
        told.add(spoken(ctypes.CDLL(None).gai_strerror, number))
    if stage == "tls":
        told.add(spoken(ctypes.CDLL("libcrypto.so.3").X509_verify_cert_error_string, number))
    return told


def spoken(function, number):
    function.restype = ctypes.c_char_p
    return function(number).decode()


@LANGUAGES
def test_every_stage_is_there(page):
    stages = re.findall(r'X\(IMQTT_STAGE_\w+, "(\w+)"\)', (ROOT / "include/imqtt/failure.h").read_text())
    assert {stage for stage, _, _ in rows(page)} == set(stages)


def own_texts():
    """What the modem says by itself; faults say that they are faults."""
    code = source("core", "host")
    found = set(re.findall(r'\{?IMQTT_STAGE_\w+,\s*\w+,\s*"([^"]+)"', code))
    found |= set(re.findall(r'"(refused: [^"]+|no [A-Z]+ in time|not sent in time: [^"]+)"', code))
    return {text for text in found if not text.startswith("a fault: ")}


def test_own_texts_are_found():
    assert {"no CONNACK in time", "refused: not authorized", "no connection within 10 s"} <= own_texts()
    assert len(own_texts()) > 20


@LANGUAGES
def test_every_text_of_its_own_is_there(page):
    assert own_texts() - texts_of(page) == set()


@LANGUAGES
def test_no_text_is_there_that_it_does_not_say(page):
    code = source("core", "host").replace("'\"'", "")
    said = set(re.findall(r'"((?:[^"\\\n]|\\.)*)"', code)) | set(re.findall(r'\\"([^"\\]*)\\"', code))
    for stage, numbers, texts in rows(page):
        known = said.union(*(library_texts(stage, number) for number in numbers))
        whole = {text for text in texts if "…" not in text}
        assert whole - known == set(), stage


@LANGUAGES
def test_each_number_of_a_library_has_its_text(page):
    for stage, numbers, texts in rows(page):
        if stage in ("dns", "tcp", "tls", "peer"):
            for number in filter(None, numbers):
                assert library_texts(stage, number) & texts, (stage, number)
