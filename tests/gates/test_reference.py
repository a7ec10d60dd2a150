"""docs/reference.md, in both languages, has every option, key and metric of the program, and no other;
the command pages have every error."""

import pathlib
import re
import subprocess

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


def part(folder, of_imqttctl):
    """The page without what it says of imqttctl, or that alone."""
    before, about, behind = re.split(r"^(## imqttctl\n.*?)(?=^## )", (folder / "reference.md").read_text(), flags=re.M | re.S)
    return about if of_imqttctl else before + behind


def marked(folder, of_imqttctl=False):
    return set(re.findall(r"`([^`]+)`", part(folder, of_imqttctl)))


def usage_of_imqttctl():
    return subprocess.run(
        [ROOT / "build" / "bin" / "imqttctl", "--help"], check=True, capture_output=True, text=True
    ).stdout


@pytest.mark.parametrize("folder", LANGUAGES, ids=("English", "Chinese"))
def test_options_are_those_of_the_program(folder):
    named = {re.match(r"--([\w-]+)", word)[1] for word in marked(folder) if word.startswith("--")}
    assert named == options()


@pytest.mark.parametrize("folder", LANGUAGES, ids=("English", "Chinese"))
def test_verbs_and_options_are_those_of_imqttctl(folder):
    usage = usage_of_imqttctl()
    verbs = re.findall(r"^  (\w+)", usage, re.MULTILINE)
    rows = re.findall(r"^\| `(\w+)", part(folder, of_imqttctl=True), re.MULTILINE)
    assert len(verbs) > 10 and rows == verbs
    options = set(re.findall(r"--([\w-]+)", usage.split("Verbs:")[0]))
    named = {re.match(r"--([\w-]+)", word)[1] for word in marked(folder, of_imqttctl=True) if word.startswith("--")}
    assert named == options


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
