"""script/run: the examples, piped in, give what is printed beside them."""

import os
import pathlib
import pty
import re
import select
import signal
import subprocess
import time

import pytest

from control import Control
from processes import Process

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


class Person:
    """Types on script/run's terminal, and sees what comes, colours included."""

    def __init__(self, *options):
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.environ["TERM"] = "xterm"
            os.execv(ROOT / "script" / "run", ["script/run", *options])
        self.seen = ""

    def sees(self, text, within_s=60):
        """What came before it is passed over."""
        end = time.monotonic() + within_s
        while text not in self.seen:
            self._read(end)
        self.seen = self.seen.partition(text)[2]

    def _read(self, end):
        assert select.select([self.terminal], [], [], max(0, end - time.monotonic()))[0], self.seen
        came = os.read(self.terminal, 65536).decode(errors="replace")
        self.seen += came
        if "\x1b[6n" in came:  # where is the cursor?
            self.types("\x1b[1;1R")

    def sees_the_prompt(self):
        """It is there again behind what was printed: while that is, Ctrl-D is the terminal's own."""
        self.sees("Ctrl-D ends")

    def types(self, text):
        os.write(self.terminal, text.encode())

    def status(self, within_s=60):
        end = time.monotonic() + within_s
        try:
            while True:
                self._read(end)
        except OSError:
            pass  # it has closed its terminal
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_a_person_is_helped():
    person = Person()
    person.sees("help explains, Tab completes, Ctrl-D ends")
    person.types("help\r")
    person.sees("connects to the broker")
    person.types("help AT+IMQTTPUB\r")
    person.sees("AT+IMQTTPUB=<topic>,<qos>,<message>[,<retained>]")
    person.types("help pubex\r")
    person.sees("AT+IMQTTPUBEX: ")
    person.types("quit\r")
    person.sees("A command begins with AT")
    person.types("AT+IMQTTCONN\r")
    person.sees("\x1b[0;36m+IMQTTCONN:0")
    person.types("AT+NOSUCH\r")
    person.sees("\x1b[0;31mERROR")
    person.sees_the_prompt()
    person.types("\x04")
    assert person.status() == 0


def test_a_person_of_another_dialect_is_helped():
    person = Person("--dialect", "qmt")
    person.sees("help explains, Tab completes, Ctrl-D ends")
    person.types("help pubex\r")
    person.sees("AT+QMTPUBEX: see docs/dialects")
    person.types("AT+QMTOPEN?\r")
    person.sees("\x1b[0;32mOK")
    person.sees_the_prompt()
    person.types("\x04")
    assert person.status() == 0


def test_the_page_is_where_it_says():
    process = Process(ROOT / "script" / "run", "--page", start_new_session=True)
    address = process.line("The page: http://", within_s=60).split("/")[2]
    token = process.line("Its token: ").split()[-1]
    host, _, port = address.partition(":")
    control = Control(address=(host, int(port)), token=token)
    page = control.raw("GET", "/")
    assert page.status == 200 and page.headers["Content-Type"].startswith("text/html")
    events = control.events("?name=modem&kinds=news")
    control.post("/v1/modems/modem/type", {"text": "AT+IMQTTCONN"})
    events.until(what="connected")
    events.close()
    os.killpg(process.child.pid, signal.SIGINT)  # as Ctrl-C does
    assert process.wait() == 0
