"""Who takes part: imqttd on its terminals, and its peers. Each is opened for one run at a time."""

import contextlib
import dataclasses
import os
import subprocess
import time
import tty

from lab import PEERS, TOPIC, Process, Program, cpu_ns, holdings, running


@dataclasses.dataclass(frozen=True)
class Sample:
    """What one run showed."""

    messages_per_s: float
    cpu_us: float  # of the contestant, a message

    @classmethod
    def of(cls, count, time_ns, used_ns):
        return cls(count / time_ns * 1e9, used_ns / count / 1e3)


@dataclasses.dataclass(frozen=True)
class Seat:
    """Somebody who has sat down and waits for the start."""

    worker: Program  # is told what to do
    pid: int  # of whom is measured
    empty: dict  # what that process held before it had a client or a modem


class Conversing:
    """One who is told what to do as common/work.h says."""

    def publish(self, lab, broker, qos, count):
        with self.session(lab, broker.port) as seat:
            seat.worker.ask("connect", "connected")
            before_ns = cpu_ns(seat.pid)
            (time_ns,) = seat.worker.ask(f"publish {qos} {count} {TOPIC}", "published")
            return Sample.of(count, time_ns, cpu_ns(seat.pid) - before_ns)

    def receive(self, lab, broker, qos, count):
        topic = broker.topic(count)
        with self.session(lab, broker.port) as seat:
            seat.worker.ask("connect", "connected")
            before_ns = cpu_ns(seat.pid)
            seat.worker.ask(f"receive {qos} {count} {topic}", "subscribed")
            with broker.publishing(lab, qos, count, topic):
                (time_ns,) = seat.worker.numbers("received")
            return Sample.of(count, time_ns, cpu_ns(seat.pid) - before_ns)


class Client(Conversing):
    """A program that is an MQTT client itself, or many."""

    def __init__(self, name, program):
        self.name, self._program = name, program

    @contextlib.contextmanager
    def session(self, lab, port, clients=1):
        many = [clients] if clients > 1 else []
        with lab.program(self._program, port, *many) as worker:
            yield Seat(worker, worker.pid, holdings(worker.pid))


class TcpModem(Conversing):
    name = "imqttd, TCP terminal"

    @contextlib.contextmanager
    def session(self, lab, port, modems=1, tls_ca=None):
        daemon_tls, host_tls = (["--tls-ca", tls_ca], ["tls"]) if tls_ca else ([], [])
        with lab.imqttd("--tcp", "127.0.0.1:0", *daemon_tls) as (daemon, address):
            empty = holdings(daemon.pid)
            terminal = "tcp:" + address.rpartition(":")[2]
            with lab.program("modem_client", terminal, port, modems, *host_tls) as worker:
                yield Seat(worker, daemon.pid, empty)


class PtyModem(Conversing):
    name = "imqttd, PTY"

    @contextlib.contextmanager
    def session(self, lab, port):
        with lab.imqttd("--pty", lab.path("pty")) as (daemon, path):
            empty = holdings(daemon.pid)
            with lab.program("modem_client", path, port) as worker:
                yield Seat(worker, daemon.pid, empty)


class PythonModem(Conversing):
    name = "Python modem, PTY"

    @contextlib.contextmanager
    def session(self, lab, port):
        host_side, modem_side = os.openpty()
        tty.setraw(modem_side)
        modem = Process("/usr/bin/python3", str(PEERS / "python_modem.py"), os.ttyname(modem_side))
        with running(modem, modem.kill):
            modem.line("ready")
            empty = holdings(modem.child.pid)
            with lab.program(
                "modem_client", f"fd:{host_side}", port, pass_fds=[host_side]
            ) as worker:
                yield Seat(worker, modem.child.pid, empty)
        os.close(host_side)
        os.close(modem_side)


def wait_for(child):
    """Waits for a program's end; its processor time."""
    _pid, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, f"{child.args}: status {child.returncode}"
    return round((usage.ru_utime + usage.ru_stime) * 1e9)


class MosquittoPub:
    """mosquitto_pub, with a message a line on its stdin."""

    name = "mosquitto_pub"

    def publish(self, lab, broker, qos, count):
        lines = lab.path("lines")
        client_id = f"pub-{lines.name}"
        lines.write_bytes(b"%064d\n" % 0 * count)
        command = f"mosquitto_pub -l -p {broker.port} -i {client_id} -q {qos} -t {TOPIC}"
        with lines.open() as stdin:
            start_ns = time.monotonic_ns()
            used_ns = wait_for(subprocess.Popen(command.split(), stdin=stdin))
        broker.wait_until_gone(client_id)
        return Sample.of(count, time.monotonic_ns() - start_ns, used_ns)


class MosquittoSub:
    """mosquitto_sub, writing topic and payload of each message into a pipe."""

    name = "mosquitto_sub"

    def receive(self, lab, broker, qos, count):
        topic, client_id = broker.topic(count), lab.path("sub").name
        command = f"mosquitto_sub -v -C {count} -p {broker.port} -i {client_id} -q {qos} -t {topic}"
        child = subprocess.Popen(command.split(), stdout=subprocess.PIPE)
        broker.wait_for_subscription(client_id)
        with broker.publishing(lab, qos, count, topic):
            time_ns, lines = self._drain(child.stdout.fileno())
            used_ns = wait_for(child)
        assert lines == count
        return Sample.of(count, time_ns, used_ns)

    @staticmethod
    def _drain(pipe):
        """From the first output to the end, and how many lines came."""
        data = os.read(pipe, 65536)
        start_ns, lines = time.monotonic_ns(), data.count(b"\n")
        while data := os.read(pipe, 65536):
            lines += data.count(b"\n")
        return time.monotonic_ns() - start_ns, lines


IMQTT = [TcpModem(), PtyModem()]
LIBRARIES = [Client("libmosquitto", "libmosquitto_client"), Client("Paho C", "paho_client")]
LIMIT = Client("bare socket (limit)", "socket_client")
PYTHON = PythonModem()
PUBLISHERS = [*IMQTT, MosquittoPub(), *LIBRARIES, LIMIT]
SUBSCRIBERS = [*IMQTT, MosquittoSub(), *LIBRARIES, LIMIT]
