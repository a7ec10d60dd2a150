"""docs/reference.md, in both languages, has every option, key and metric of the program, and no other;
the command pages have every error."""

import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parents[2]
LANGUAGES = [ROOT / "docs", ROOT / "docs" / "zh"]


def source(*parts):
    return (ROOT / "imqttd").joinpath(*parts).read_text()


def options():
    return set(re.findall(r'^    \{"([\w-]+)", (?:"|NULL)', source("options.c"), re.MULTILINE))


def keys():
    identity = (ROOT / "include" / "imqtt" / "identity.h").read_text()
    named = re.findall(r'X\(IMQTT_\w+, "(\w+)"', identity)
    found = re.findall(r'^    \{"([\w-]+)", (?:PROGRAM|MODEM|ONE),', source("config", "config_table.c"), re.MULTILINE)
    assert named and found
    return {*found, *(f"identity.{name}" for name in named)}


def metrics():
    files = [source("metrics", name) for name in ("metric_table.c", "scrape.c", "process_figures.c")]
    return set(re.findall(r'"((?:imqtt|process)_\w+)"', "\n".join(files)))


def marked(folder):
    return set(re.findall(r"`([^`]+)`", (folder / "reference.md").read_text()))


@pytest.mark.parametrize("folder", LANGUAGES, ids=("English", "Chinese"))
def test_options_are_those_of_the_program(folder):
    named = {re.match(r"--([\w-]+)", word)[1] for word in marked(folder) if word.startswith("--")}
    assert named == options()


@pytest.mark.parametrize("folder", LANGUAGES, ids=("English", "Chinese"))
def test_every_key_is_there(folder):
    named = {word.split(" ")[0] for word in marked(folder)}
    assert keys() - named == set()


@pytest.mark.parametrize("folder", LANGUAGES, ids=("English", "Chinese"))
def test_metrics_are_those_of_the_program(folder):
    assert {word for word in marked(folder) if re.match(r"(imqtt|process)_", word)} == metrics()


@pytest.mark.parametrize("folder", LANGUAGES, ids=("English", "Chinese"))
def test_every_error_is_there(folder):
    status = (ROOT / "include" / "imqtt" / "status.h").read_text()
    errors = re.findall(r'X\(IMQTT_\w+, (\d+), "([^"]+)"\)', status)
    page = (folder / "commands" / "line.md").read_text()
    assert errors
    for number, text in errors:
        assert re.search(rf"^\| {number} \| {text}", page, re.MULTILINE), number
