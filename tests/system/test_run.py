"""script/run: the examples, piped in, give what is printed beside them."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "examples").glob("*.at"))


def masked(session):
    """Packet ids that the broker chose, in both kinds of message lines."""
    return re.sub(r"(\+IMQTT(RCVPUB|RECV):)[1-9]\d*,\"", r'\1N,"', session)


def run(session):
    return subprocess.run(
        [ROOT / "script" / "run"], input=session, capture_output=True, text=True, timeout=120
    )


def test_there_are_examples():
    assert (ROOT / "examples" / "manual-standard.at") in EXAMPLES


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example(example):
    expected = example.with_suffix(".txt").read_text()
    result = run(example.read_text())
    # What is printed has the line ends of a modem; the file beside it those of a text.
    printed = result.stdout.replace("\r\n", "\n")
    assert masked(printed) == masked(expected)
    assert (result.returncode, result.stderr) == (0, "")


def test_the_modem_is_set_to_the_private_broker():
    result = run("AT+IMQTTCONN\nAT+IMQTTSTATE?\n")
    assert "+IMQTTCONN:0" in result.stdout
    assert "+IMQTTSTATE:2" in result.stdout
