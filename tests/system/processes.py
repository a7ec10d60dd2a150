"""Child processes whose output is awaited line by line, with a deadline."""

import itertools
import os
import pathlib
import queue
import random
import socket
import subprocess
import threading

DEADLINE_S = 30  # for anything that should come at once: the sanitizers and two cores are slow


class Process:
    """A child whose stdout and stderr, as one stream of lines, can be awaited."""

    def __init__(self, *command, **options):
        self.child = subprocess.Popen(
            command,
            stdin=options.pop("stdin", subprocess.DEVNULL),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **options,
        )
        self.output = []
        self._lines = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.child.stdout:
            text = line.decode(errors="replace").rstrip("\n")
            self.output.append(text)
            self._lines.put(text)
        self._lines.put(None)

    def line(self, *parts, within_s=DEADLINE_S):
        """The next line that has every one of parts in it; the lines before it are passed over."""
        while True:
            try:
                line = self._lines.get(timeout=within_s)
            except queue.Empty:
                line = None
            assert line is not None, f"no line with {parts}; came:\n" + "\n".join(self.output)
            if all(part in line for part in parts):
                return line

    def kill(self):
        self.child.kill()
        return self.wait()

    def terminate(self):
        self.child.terminate()
        return self.wait()

    def wait(self, within_s=DEADLINE_S):
        """Its exit status, once it has ended and all its output is here."""
        try:
            status = self.child.wait(within_s)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise AssertionError("still running; came:\n" + "\n".join(self.output)) from None
        self._reader.join(within_s)
        return status


def holdings(pid):
    """What a process holds: KiB that it alone has written to, all that is resident, what it has of
    its own and shares with nobody's files; descriptors."""
    fields = {}
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]:
        name, value, _unit = line.split()
        fields[name.rstrip(":")] = int(value)
    return {
        "private_kib": fields["Private_Dirty"],
        "resident_kib": fields["Rss"],
        "anonymous_kib": fields["Pss_Anon"],
        "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
    }


# A port that is free while its broker is down must not be another's: each of the runner's processes has
# a share of its own, and each run begins elsewhere in it.
_SHARE = 1500
_first = 20000 + _SHARE * (int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % 8)
_begin = random.randrange(_first, _first + _SHARE)
_next_port = itertools.chain(range(_begin, _first + _SHARE), range(_first, _begin))


def free_port():
    """A loopback port nobody listens on, outside the range the kernel hands out by itself."""
    for port in _next_port:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise AssertionError("no free port")
