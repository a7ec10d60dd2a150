"""A modem as a test sees it."""

import fnmatch
import subprocess
import time

from .control import Events, Refused, request
from .programs import find

_ATTRIBUTES_ABOVE = ("name", "link", "stream", "toxicity", "seed", "ttl_ms", "count")


class Modem:
    def __init__(self, daemon, seed=None):
        self.name, self.path, self.socket = daemon.name, daemon.path, daemon.socket
        self._daemon, self._seed = daemon, seed
        self._events = Events(self.socket, self.name)
        self._typed = []  # lines that were not looked at yet
        self.lines = []  # all of the traffic, for failures

    def _ask(self, method, behind="", body=None):
        return self._daemon.request(method, f"/v1/modems/{self.name}{behind}", body)

    def state(self):
        return self._ask("GET")

    def fault(self, type, when=None, **keys):
        """fault("latency", link="uart", stream="down", latency_ms=300); what the daemon made of it."""
        body = {key: keys.pop(key) for key in _ATTRIBUTES_ABOVE if key in keys}
        if self._seed is not None:
            body.setdefault("seed", self._seed)
        if when is not None:
            body["when"] = {"command": when}
        return self._ask("POST", "/faults", {"type": type, "attributes": keys, **body})

    def remove_faults(self):
        self._ask("DELETE", "/faults")

    def radio(self, **radio):
        return self._ask("PATCH", "", {"radio": radio})["radio"]

    def power(self, action):
        return self._ask("POST", "/power", {"action": action})

    def link(self, action):
        return self._ask("POST", "/link", {"action": action})

    def urc(self, text):
        return self._ask("POST", "/urc", {"text": text})

    def type(self, text):
        return self._ask("POST", "/type", {"text": text})

    def report(self):
        """What the host did wrong so far."""
        return self._ask("GET", "/report")["findings"]

    def _note(self, event):
        if event is None or event["kind"] != "at":
            return
        text = bytes.fromhex(event["hex"]).decode("utf-8", "replace").strip("\r\n")
        if text:
            self.lines.append(f"{'>' if event['dir'] == 'host' else '<'} {text}")
            if event["dir"] == "host":
                self._typed.append(text)

    def _find(self, glob):
        for at, line in enumerate(self._typed):
            if fnmatch.fnmatchcase(line.upper(), glob.upper().replace("[", "[[]")):
                del self._typed[: at + 1]
                return line
        return None

    def _watch(self, glob, seconds):
        deadline = time.monotonic() + seconds
        while (found := self._find(glob)) is None and time.monotonic() < deadline:
            self._note(self._events.next(deadline - time.monotonic()))
        return found

    def expect_at(self, glob, within=30):
        """The host types such a line, now or since the last one that was expected."""
        found = self._watch(glob, within)
        if found is None:
            traffic = "\n".join(self.lines[-20:])
            raise AssertionError(f"no {glob} within {within} s; the last lines:\n{traffic}")
        return found

    def expect_not(self, glob, seconds):
        """The host does not type such a line from now on, for so long."""
        while (event := self._events.next(0)) is not None:
            self._note(event)
        self._typed.clear()
        found = self._watch(glob, seconds)
        assert found is None, f"the host typed {found}"

    def play(self, file, *options):
        """A scenario, to its end."""
        result = self.begin_scenario(file, *options)
        self.end_scenario(result)

    def begin_scenario(self, file, *options):
        words = [find("imqttctl"), "-s", self.socket, "play", "--modem", self.name]
        if self._seed is not None:
            words += ["--seed", str(self._seed)]
        process = subprocess.Popen(
            [*words, *options, str(file)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        line = process.stdout.readline()  # "playing …": from here on nothing escapes it
        if not line.startswith("playing"):
            raise AssertionError(line + process.communicate()[0])
        return process

    @staticmethod
    def end_scenario(process):
        text, _ = process.communicate()
        assert process.returncode == 0, text

    def end(self):
        try:
            request(self.socket, "POST", "/v1/reset")
        finally:
            self._events.close()


def begin(daemon, seed):
    """A modem that has just been switched on."""
    request(daemon.socket, "POST", "/v1/reset")
    modem = Modem(daemon, seed)
    modem.power("cycle")
    return modem


__all__ = ["Modem", "Refused", "begin"]
