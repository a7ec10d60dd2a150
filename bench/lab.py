"""The laboratory: the programs that take part are started, told what to do, and looked at here."""

import contextlib
import ctypes
import dataclasses
import itertools
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "system"))  # its brokers, certificates and processes

from brokers import Mosquitto  # noqa: E402
from processes import Process, holdings  # noqa: E402

BUILD = pathlib.Path(os.environ.get("IMQTT_BUILD", ROOT / "build"))
IMQTTD = BUILD / "bin" / "imqttd"
PROGRAMS = BUILD / "bench"
PEERS = ROOT / "bench" / "peers"

TOPIC = "bench/telemetry"
WITHIN_S = 120  # for anything that a program of the benchmark is told to do


@dataclasses.dataclass(frozen=True)
class Effort:
    """How much is done: what a full run does, times scale, so often."""

    name: str
    rounds: int
    scale: float

    def of(self, amount, at_least=1):
        return max(at_least, round(amount * self.scale))


FULL = Effort("full", rounds=5, scale=1.0)
QUICK = Effort("quick", rounds=2, scale=0.2)
SMOKE = Effort("smoke", rounds=1, scale=0.002)


def cpu_ns(pid):
    """Processor time of all threads of a process so far."""
    clock = ctypes.c_int()
    error = ctypes.CDLL(None).clock_getcpuclockid(pid, ctypes.byref(clock))
    assert error == 0, os.strerror(error)
    return time.clock_gettime_ns(clock.value)


def kernel_kib():
    """The kernel's own memory of the whole machine: slabs, and what sockets hold."""
    meminfo = pathlib.Path("/proc/meminfo").read_text()
    slab = int(meminfo.partition("Slab:")[2].split()[0])
    sockstat = pathlib.Path("/proc/net/sockstat").read_text().splitlines()
    pages = sum(int(line.split()[-1]) for line in sockstat if line.startswith("TCP:"))
    return slab + pages * resource.getpagesize() // 1024


def allow_descriptors():
    """As many as the machine lets us have; how many that is."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = int(pathlib.Path("/proc/sys/fs/nr_open").read_text())
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


class Program(Process):
    """A child that is told what to do, a line at a time, and ends when its stdin does."""

    def __init__(self, *command, **options):
        super().__init__(*map(str, command), stdin=subprocess.PIPE, **options)

    @property
    def pid(self):
        return self.child.pid

    def tell(self, line):
        self.child.stdin.write(f"{line}\n".encode())
        self.child.stdin.flush()

    def numbers(self, word):
        """Those of the next line that begins with the word."""
        return [int(field) for field in self.line(word, within_s=WITHIN_S).split()[1:]]

    def ask(self, line, word):
        self.tell(line)
        return self.numbers(word)

    def end(self):
        self.child.stdin.close()
        status = self.wait(WITHIN_S)
        assert status == 0, f"{self.child.args}: status {status}:\n" + "\n".join(self.output)


@contextlib.contextmanager
def running(process, end):
    """Ends it well, or kills it when something went wrong."""
    try:
        yield process
        end()
    except BaseException:
        process.kill()
        raise


class Lab:
    """One run of the benchmark: its effort, a folder of its own, and programs to start in it."""

    def __init__(self, effort, folder):
        self.effort = effort
        self.folder = pathlib.Path(folder)
        self.descriptors = allow_descriptors()
        self._names = itertools.count(1)

    def path(self, kind):
        """A new name in the folder."""
        return self.folder / f"{kind}{next(self._names)}"

    @contextlib.contextmanager
    def program(self, name, *arguments, **options):
        """One of the benchmark's own programs, once it is ready."""
        with self.command(PROGRAMS / name, *arguments, **options) as program:
            program.line("ready")
            yield program

    @contextlib.contextmanager
    def command(self, *command, **options):
        program = Program(*command, **options)
        with running(program, program.end):
            yield program

    @contextlib.contextmanager
    def imqttd(self, *options, **process):
        """The daemon, and the address its terminal has when it is ready."""
        daemon = Program(IMQTTD, "--no-boot-urc", *options, **process)
        with running(daemon, lambda: self._terminate(daemon)):
            yield daemon, daemon.line("ready").split()[-1]

    @staticmethod
    def _terminate(daemon):
        status = daemon.terminate()
        assert status == 0, f"imqttd: status {status}:\n" + "\n".join(daemon.output)

    @contextlib.contextmanager
    def sink(self):
        """A broker that costs next to nothing; its port."""
        with self.command(PROGRAMS / "sink") as sink:
            yield sink.numbers("ready")[0]

    @contextlib.contextmanager
    def mosquitto(self, *lines):
        """A real Mosquitto that says who comes and goes, and loses nothing."""
        broker = Mosquitto(
            self.folder, "log_type information", "log_type notice", "log_type subscribe", *lines
        )
        with running(broker.process, broker.stop):
            yield broker


@contextlib.contextmanager
def open_lab(effort):
    with tempfile.TemporaryDirectory(prefix="imqtt-bench.") as folder:
        yield Lab(effort, folder)
