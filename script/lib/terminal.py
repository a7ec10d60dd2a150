"""A modem's terminal for a person: Tab completes what AT+CLAC lists, the line below shows a command's
parameters, what comes by itself is coloured, and `help` explains. Python's prompt_toolkit does the
editing: readline and rlwrap cannot print while something is typed, nor show a hint.

usage: terminal.py PTY HISTORY-FILE        docs/commands, beside the scripts, is where help comes from
"""

import os
import pathlib
import re
import select
import sys
import threading
import tty

from prompt_toolkit import PromptSession, print_formatted_text
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.history import FileHistory
from prompt_toolkit.patch_stdout import patch_stdout

PAGES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "commands"
FINAL = re.compile(r"OK|ERROR|\+CME ERROR: .*")
SECRET = re.compile(r"IMQTT(USER|AUTH|DYNREG)\s*=", re.IGNORECASE)
ANSWER_S = 5

HELP = """Type AT commands; Ctrl-D ends. The modem answers OK or ERROR; what a command has begun, and
every message, comes later on a line of its own, in colour.

  AT+IMQTTCONN                          connects to the broker
  AT+IMQTTSUB=/hello,1                  subscribes
  AT+IMQTTPUB=/hello,1,"good morning"   publishes
  AT+IMQTTERR?                          why something failed
  AT+CMEE=2                             errors in words instead of ERROR

Tab completes commands; `help AT+IMQTTPUB` says what one does and takes; docs/commands has all.
"""

OTHER_HELP = """Type AT commands; Ctrl-D ends. This modem speaks another dialect than imqtt's own: docs/dialects
tells its commands. Tab completes them, and AT+CLAC lists them.
"""


def descriptions():
    """{command: what it does}, and {command: [how it is typed]}, from the pages."""
    rows = re.findall(r"^\| \[`(AT[^`]+)`\]\(([\w.-]+).*\| ([^|]+) \|$", (PAGES / "index.md").read_text(), re.MULTILINE)
    text = "\n".join(page.read_text() for page in sorted(PAGES.glob("*.md")))
    forms = {}
    for form in re.findall(r"`(AT[+&\w]+=?[<\[][^`]*)`", text):
        name = re.match(r"AT[+&\w]+", form)[0]
        if form not in forms.setdefault(name, []):
            forms[name].append(form)
    return {name: (what, page) for name, page, what in rows}, forms


class Line:
    """The modem's terminal: one thread reads what comes, line by line."""

    def __init__(self, path):
        self._file = os.open(path, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._file)
        self._pending = b""
        self.is_answering = self.takes_data = self.has_ended = False

    def ask(self, command):
        """What one command answers, before there is a person."""
        os.write(self._file, command.encode() + b"\r")
        lines = []
        while not lines or not FINAL.fullmatch(lines[-1]):
            if not select.select([self._file], [], [], ANSWER_S)[0]:
                sys.exit("script/run: the modem does not answer")
            lines += self._lines(os.read(self._file, 65536))
        return lines[:-1]

    def _lines(self, came):
        *whole, self._pending = (self._pending + came).split(b"\n")
        texts = [line.decode(errors="replace").strip("\r") for line in whole]
        return [text for text in texts if text]

    def type(self, text):
        if self.takes_data:
            os.write(self._file, text.encode())
            return
        self.is_answering = True
        os.write(self._file, text.encode() + b"\r")

    def show(self):
        try:
            while came := os.read(self._file, 65536):
                for line in self._lines(came):
                    self._show_line(line)
                if self._pending.strip() == b">":
                    self.takes_data, self._pending = True, b""
                    print_formatted_text("> (so many bytes, without a line end)")
        except OSError:
            pass  # the modem's program has ended
        self.has_ended = True

    def _show_line(self, line):
        colour = "" if self.is_answering else "ansicyan"
        if self.is_answering and FINAL.fullmatch(line):
            self.is_answering = self.takes_data = False
            colour = "ansigreen" if line == "OK" else "ansired"
        print_formatted_text(FormattedText([(colour, line)]))


class Commands(Completer):
    def __init__(self, names):
        self._names = names

    def get_completions(self, document, event):
        typed = document.text_before_cursor
        word = typed.rpartition(" ")[2] if typed.lower().startswith("help ") else typed
        for name in self._names:
            if word and name.startswith(word.upper()):
                yield Completion(name, start_position=-len(word))


class History(FileHistory):
    def store_string(self, string):
        if not SECRET.search(string):
            super().store_string(string)


class Help:
    """What is said of the commands of this modem, which may speak another dialect than the pages tell of."""

    def __init__(self, names):
        self._what, self._forms = descriptions()
        self._names = names
        self._text = HELP if "AT+IMQTTCONN" in names else OTHER_HELP

    def _explain(self, word):
        """One command, or all that have the word in their names."""
        if word in self._what:
            text, page = self._what[word]
            return [f"{word}: {text}", *(f"  {form}" for form in self._forms.get(word, [])), f"  docs/commands/{page}"]
        found = [f"{name}: {self._what[name][0] if name in self._what else 'see docs/dialects'}"
                 for name in self._names if word in name]
        return found or [f"There is no {word}: AT+CLAC lists what there is."]

    def hint(self, typed):
        """What stands below the line."""
        name = re.match(r"\s*(AT[+&]?\w*)?", typed.upper())[1]
        if name in self._forms:
            return "  ".join(self._forms[name])
        return f"{name}: {self._what[name][0]}" if name in self._what else "help explains, Tab completes, Ctrl-D ends"

    def answers(self, text):
        """Help is the terminal's own; all else is the modem's, which says nothing to what is no command."""
        words = text.split()
        if words and words[0].lower() in ("help", "?"):
            print("\n".join(self._explain(words[1].upper())) + "\n" if len(words) > 1 else self._text, end="")
            return True
        if words and words[0][:2].upper() not in ("AT", "A/"):
            print("A command begins with AT; help explains, Ctrl-D ends.")
        return False


def main(path, history):
    line = Line(path)
    line.ask("ATE0")
    names = sorted(line.ask("AT+CLAC"))
    about = Help(names)
    session = PromptSession(
        completer=Commands(["help", *names]), history=History(history),
        bottom_toolbar=lambda: about.hint(session.default_buffer.text),
    )
    threading.Thread(target=line.show, daemon=True).start()
    with patch_stdout(raw=True):
        while not line.has_ended:
            try:
                text = session.prompt("")
            except (EOFError, KeyboardInterrupt):
                return
            if line.takes_data or not about.answers(text):
                line.type(text)


main(*sys.argv[1:])
