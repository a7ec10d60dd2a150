"""examples/scale: four computers with 2,500 modems each at one broker, no id twice and every message
counted; one of them dies and is started again. Programs without the sanitizers: it is the number that
is tried here."""

import os
import pathlib
import re
import resource
import selectors
import signal
import socket
import subprocess
import time

import pytest

from brokers import Mosquitto
from island import Computer
from modem import RELEASE, Imqttd
from processes import Process

SCALE = pathlib.Path(__file__).parents[2] / "examples" / "scale"
COMPUTERS, EACH = 4, 2500
BROKER, PORT = "192.0.2.254", 1883
WITHIN_S = 240


class Host:
    """At the terminal of a modem: connects it, then publishes its number whenever it is told to."""

    def __init__(self, path, number):
        self.number, self.pending, self.awaited = number, b"", None
        self.line = socket.socket(socket.AF_UNIX)
        self.line.connect(path)
        self.line.setblocking(False)

    def say(self, command, awaited):
        self.awaited = awaited
        self.line.sendall(command.encode() + b"\r")

    def read(self):
        """True once what was awaited has come."""
        came = self.line.recv(65536)
        assert came, f"modem {self.number} has ended"
        self.pending += came
        assert b"CONN:-1" not in self.pending, f"modem {self.number}: {self.pending!r}"
        if re.search(self.awaited, self.pending) is None:
            return False
        self.pending = b""
        return True


def all_say(hosts, command, awaited):
    """Until each has its answer."""
    end, waiting = time.monotonic() + WITHIN_S, set(hosts)
    with selectors.DefaultSelector() as selector:
        for host in hosts:
            selector.register(host.line, selectors.EVENT_READ, host)
            host.say(command.format(host.number), awaited)
        while waiting:
            assert time.monotonic() < end, f"{len(waiting)} still wait"
            for key, _ in selector.select(1):
                if key.data.read():
                    waiting.discard(key.data)


class Machine:
    """A computer with its daemon, as examples/scale/fleet.conf says, and the hosts of its modems."""

    def __init__(self, network, number, folder):
        self.computer, self.first, self.folder = network.join(number), number * EACH, folder
        folder.mkdir()
        self.config = folder / "fleet.conf"
        text = (SCALE / "fleet.conf").read_text()
        assert f"count = {EACH}\n" in text and "/run/imqtt/" in text
        self.config.write_text(
            text.replace("/run/imqtt/", f"{folder}/")
            + f"preset = AT+IMQTTADDR={BROKER},{PORT},m-%d\n"
        )
        self.start()

    def start(self):
        self.daemon = Imqttd("--config", self.config, boot_urcs=True, program=RELEASE,
                             within=self.computer.within,
                             env={**os.environ, "FIRST": str(self.first)})
        last = self.first + EACH - 1
        self.daemon.process.line("ready unix", f"/m-{last}")
        numbers = range(self.first, self.first + EACH)
        self.hosts = [Host(f"{self.folder}/m-{number}", number) for number in numbers]
        all_say(self.hosts, "ATE0;+IMQTTCONN", rb"CONN:0")

    def die(self):
        self.daemon.process.kill()
        for host in self.hosts:
            host.line.close()


class Network:
    """A broker's computer with a switch in it, and others on its wires."""

    def __init__(self):
        self.broker = Computer("--user", "--map-root-user", "--mount", "--net")
        self.broker.run(*"ip link add switch type bridge".split())
        self.broker.run("ip", "address", "add", f"{BROKER}/24", "dev", "switch")
        for device in ("lo", "switch"):
            self.broker.run("ip", "link", "set", device, "up")
        self.others = []

    def join(self, number):
        other = Computer("--net", within=self.broker.within)
        self.others.append(other)
        self.broker.run("ip", "link", "add", f"wire{number}", "type", "veth", "peer", "name", "wire",
                        "netns", other.pid)
        self.broker.run("ip", "link", "set", f"wire{number}", "master", "switch", "up")
        other.run("ip", "address", "add", f"192.0.2.{number + 1}/24", "dev", "wire")
        other.run("ip", "link", "set", "wire", "up")
        return other

    def close(self):
        for computer in (*self.others, self.broker):
            computer.close()


@pytest.fixture
def network():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < COMPUTERS * EACH + 1000:
        pytest.skip(f"a process may have {hard} descriptors here; {COMPUTERS * EACH + 1000} are needed")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        network = Network()
    except AssertionError as reason:
        pytest.skip(f"no network namespaces here: {reason}")
    yield network
    network.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def broker(network, tmp_path):
    broker = Mosquitto(tmp_path, f"listener {PORT} {BROKER}", "log_type notice",
                       "log_type information", "log_type subscribe", port=PORT,
                       within=network.broker.within)
    yield broker
    broker.stop()


@pytest.fixture
def subscriber(network, broker):
    subscriber = Process(*network.broker.within, "mosquitto_sub", "-h", BROKER, "-p", str(PORT),
                         "-q", "1", "-t", "scale/#", "-v")
    broker.process.line("scale/#")
    yield subscriber
    subscriber.kill()


def published(subscriber, count):
    """The numbers in so many messages."""
    return [int(subscriber.line("scale/m-").partition(" ")[2]) for _ in range(count)]


def clients(broker):
    return [match[1] for line in broker.process.output
            if (match := re.search(r"New client connected from .* as (m-\d+) ", line))]


def test_four_computers_at_one_broker(network, broker, subscriber, tmp_path):
    machines = [Machine(network, number, tmp_path / f"machine{number}")
                for number in range(COMPUTERS)]
    everyone = [host for machine in machines for host in machine.hosts]
    numbers = list(range(COMPUTERS * EACH))
    assert sorted(clients(broker)) == sorted(f"m-{number}" for number in numbers)
    all_say(everyone, 'AT+IMQTTPUB="scale/m-{0}",1,"{0}"', rb"PUB:\d+,0")
    assert sorted(published(subscriber, len(everyone))) == numbers
    machines[1].die()
    others = [host for host in everyone if host not in machines[1].hosts]
    all_say(others, 'AT+IMQTTPUB="scale/m-{0}",1,"{0}"', rb"PUB:\d+,0")  # they do not notice
    assert len(set(published(subscriber, len(others)))) == len(others)
    machines[1].start()
    everyone = [host for machine in machines for host in machine.hosts]
    all_say(everyone, 'AT+IMQTTPUB="scale/m-{0}",1,"{0}"', rb"PUB:\d+,0")
    assert sorted(published(subscriber, len(everyone))) == numbers
    assert len(clients(broker)) == len(everyone) + EACH
    for machine in machines:
        for host in machine.hosts:
            host.line.close()
        machine.daemon.signal(signal.SIGTERM)
        assert machine.daemon.process.wait() == 0


def test_what_prometheus_is_given_is_good():
    for words in (("config", "--syntax-only", "prometheus.yml"), ("rules", "alerts.yml")):
        checked = subprocess.run(["promtool", "check", words[0], *words[1:-1], words[-1]],
                                 cwd=SCALE / "prometheus", capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout + checked.stderr
