"""imqttctl report: every rule finds its bad driver, and no good driver is blamed."""

import json
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree

import pytest

import transcript_events

ROOT = pathlib.Path(__file__).parents[2]
IMQTTCTL = pathlib.Path(os.environ.get("IMQTTD", ROOT / "build/bin/imqttd")).parent / "imqttctl"
RECORDINGS = sorted((ROOT / "tests/data/report").glob("*.jsonl"))
RULES = re.findall(r"^## (.*)", (ROOT / "docs/driver-report.md").read_text(), re.MULTILINE)
SCENES = [
    pytest.param(events, id=f"{path.stem}: {title}")
    for path in sorted((ROOT / "tests/transcripts").glob("driver-*.at"))
    for title, events in transcript_events.scenes(path)
]


def imqttctl(*words):
    return subprocess.run([IMQTTCTL, *map(str, words)], capture_output=True, text=True, timeout=60)


def findings(recording):
    result = imqttctl("report", recording, "--json")
    found = [each["rule"] for each in json.loads(result.stdout)["findings"]]
    assert result.returncode == (1 if found else 0), result.stderr
    return found


def rule_of(recording):
    return max((rule for rule in RULES if recording.stem.startswith(rule)), key=len, default=None)


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_a_bad_driver_is_told_what_it_did_and_a_good_one_nothing(recording):
    rule = rule_of(recording)
    assert findings(recording) == ([rule] if rule else [])


def test_every_rule_has_a_recording():
    assert {rule_of(recording) for recording in RECORDINGS} - {None} == set(RULES)


@pytest.mark.parametrize("events", SCENES)
def test_the_driver_transcripts_are_clean(events, tmp_path):
    transcript_events.write(tmp_path / "scene.jsonl", events)
    assert findings(tmp_path / "scene.jsonl") == []


@pytest.mark.parametrize("session", sorted((ROOT / "examples").glob("*.txt")),
                         ids=lambda path: path.stem)
def test_the_examples_are_clean_but_for_the_mistakes(session, tmp_path):
    transcript_events.write(tmp_path / "session.jsonl", transcript_events.session(session))
    made = ["request-before-connected"] if session.stem == "mistakes" else []
    assert findings(tmp_path / "session.jsonl") == made


@pytest.mark.parametrize("language, page", [("en", "docs/driver-report.md"),
                                            ("zh", "docs/zh/driver-report.md")])
def test_the_pages_are_made_from_the_table(language, page):
    assert imqttctl("report", "--rules", language).stdout == (ROOT / page).read_text()


def test_text_and_junit(tmp_path):
    recording = ROOT / "tests/data/report/retry-storm.jsonl"
    result = imqttctl("report", recording, "--junit", tmp_path / "junit.xml", "--lang", "zh")
    assert result.returncode == 1 and "retry-storm" in result.stdout and "重试" in result.stdout
    suite = xml.etree.ElementTree.parse(tmp_path / "junit.xml").getroot().find("testsuite")
    assert (suite.get("tests"), suite.get("failures")) == (str(len(RULES)), "1")
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == ["retry-storm"]


@pytest.mark.parametrize("recording", RECORDINGS, ids=lambda path: path.stem)
def test_junit_is_what_ci_systems_read(recording, tmp_path):
    imqttctl("report", recording, "--junit", tmp_path / "junit.xml")
    schema = ROOT / "tests/data/junit.xsd"
    valid = subprocess.run(
        ["xmllint", "--noout", "--schema", schema, tmp_path / "junit.xml"], capture_output=True
    )
    assert valid.returncode == 0, valid.stderr


@pytest.mark.parametrize(
    "change, problem",
    [
        (lambda lines: lines[1:], ":1: not a recording"),
        (lambda lines: [lines[0].replace('"imqtt_recording":1', '"imqtt_recording":2')],
         ":1: a recording of another version"),
        (lambda lines: [*lines[:3], lines[3][:40]], ":4: the recording is cut off here"),
        (lambda lines: [lines[0], lines[3], lines[1]], ":3: time goes backwards"),
        (lambda lines: [lines[0], "[]\n"], ":2: not an object"),
        (lambda lines: [lines[0], lines[1].replace('"host"', '"nobody"')], ":2: an event of kind at"),
    ],
)
def test_a_bad_recording_is_named_with_its_line(change, problem, tmp_path):
    lines = (ROOT / "tests/data/report/good.jsonl").read_text().splitlines(keepends=True)
    (tmp_path / "bad.jsonl").write_text("".join(change(lines)))
    result = imqttctl("report", tmp_path / "bad.jsonl")
    assert result.returncode == 1 and result.stdout == ""
    assert result.stderr.startswith(f"imqttctl: {tmp_path}/bad.jsonl{problem}")
    assert result.stderr.count("\n") == 1
