"""What imqttd tells systemd (sd_notify(3)), on a socket as systemd has one."""

import contextlib
import fcntl
import os
import pty
import re
import signal
import socket
import subprocess
import tty

import pytest

from control import Control
from modem import PROGRAM, Imqttd
from processes import DEADLINE_S


class Listener:
    """What systemd hears. Text that was passed over is gone."""

    def __init__(self, address):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.settimeout(DEADLINE_S)
        self.socket.bind(address)

    def next(self):
        return self.socket.recv(4096).decode()

    def await_state(self, pattern):
        while not (match := re.fullmatch(pattern, self.next())):
            pass
        return match

    def next_but_the_watchdog(self):
        while (state := self.next()) == "WATCHDOG=1":
            pass
        return state


@pytest.fixture
def start(start_imqttd, tmp_path):
    """A program with a configuration, and who listens to it."""
    listeners = []

    def start(path=None, **variables):
        path = path or str(tmp_path / "notify")
        config = tmp_path / "imqttd.conf"
        config.write_text(f"[modem one]\npty = {tmp_path}/one\n")
        listener = Listener(path.replace("@", "\0", 1))
        listeners.append(listener.socket)
        environment = os.environ | {"NOTIFY_SOCKET": path} | variables
        modem = start_imqttd("--config", config, "--log", "info", env=environment)
        modem.config = config
        return modem, listener

    yield start
    for each in listeners:
        each.close()


def test_ready_comes_behind_the_terminals(start, tmp_path):
    modem, systemd = start()
    assert systemd.next() == "READY=1"
    assert os.path.exists(tmp_path / "one")
    modem.signal(signal.SIGTERM)
    assert systemd.next() == "STOPPING=1"
    assert modem.process.wait() == 0


def test_a_name_in_no_file_system(start):
    modem, systemd = start(f"@imqtt-test-{os.getpid()}")
    assert systemd.next() == "READY=1"


def test_a_hangup_reloads(start, tmp_path):
    modem, systemd = start()
    modem.ready_pty(tmp_path / "one")
    systemd.await_state("READY=1")
    modem.config.write_text(modem.config.read_text() + f"[modem two]\npty = {tmp_path}/two\n")
    modem.signal(signal.SIGHUP)
    assert re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=\d+", systemd.next())
    modem.ready_pty(tmp_path / "two")
    modem.logged("reload", "1 unchanged, 0 changed, 1 new, 0 gone, 0 failed")
    assert systemd.next() == "READY=1"


def test_a_bad_configuration_leaves_it_running(start, tmp_path):
    modem, systemd = start()
    systemd.await_state("READY=1")
    modem.config.write_text("[modem bad]\n")
    modem.signal(signal.SIGHUP)
    systemd.await_state(r"RELOADING=1\n.*")
    assert systemd.next() == "READY=1"
    modem.logged("reload", "imqttd.conf:1")
    host = modem.pty_host(tmp_path / "one")
    host.command("AT")


def test_the_watchdog_is_fed_while_the_loop_turns(start):
    modem, systemd = start(WATCHDOG_USEC="200000")
    systemd.await_state("READY=1")
    for _ in range(3):
        assert systemd.next() == "WATCHDOG=1"
    modem.signal(signal.SIGTERM)
    assert systemd.next_but_the_watchdog() == "STOPPING=1"
    assert modem.process.wait() == 0  # a second SIGTERM would end it at once


def test_the_watchdog_of_another_process_is_not_fed(start):
    modem, systemd = start(WATCHDOG_USEC="2000", WATCHDOG_PID="1")
    assert systemd.next() == "READY=1"
    modem.signal(signal.SIGHUP)
    systemd.await_state(r"RELOADING=1\n.*")
    assert systemd.next() == "READY=1"


def test_what_cannot_start_is_never_ready(tmp_path):
    path = str(tmp_path / "notify")
    systemd = Listener(path)
    with contextlib.closing(systemd.socket):
        environment = os.environ | {"NOTIFY_SOCKET": path}
        modem = Imqttd("--pty", tmp_path / "nowhere" / "one", env=environment)
        assert modem.process.wait() == 2
        systemd.socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            systemd.next()


def test_a_changed_serial_port_is_taken_again(start):
    """Its modem ends first: the port is its own until then."""
    near, far = pty.openpty()
    tty.setraw(far)
    device = os.ttyname(far)
    modem, systemd = start()
    systemd.await_state("READY=1")
    modem.config.write_text(f"[modem wire]\nserial = {device},9600\n")
    modem.signal(signal.SIGHUP)
    modem.logged(f"serial {device}", "open, 9600 baud")
    modem.config.write_text(f"[modem wire]\nserial = {device},19200\n")
    modem.signal(signal.SIGHUP)
    modem.logged(f"serial {device}", "open, 19200 baud")
    for descriptor in (near, far):
        os.close(descriptor)


def test_a_pty_may_go_to_another_modem(start, tmp_path):
    modem, systemd = start()
    modem.ready_pty(tmp_path / "one")
    modem.config.write_text(f"[modem other]\npty = {tmp_path}/one\n")
    modem.signal(signal.SIGHUP)
    modem.ready_pty(tmp_path / "one")
    modem.pty_host(tmp_path / "one").command("AT")


def test_no_modem_waits_for_who_started_it(tmp_path):
    """He may read no line of those that say which terminals are ready, or all of them later."""
    config, count = tmp_path / "fleet.conf", 60
    config.write_text(f"[imqttd]\ncontrol = {tmp_path}/control\n"
                      f"[modem fleet-%d]\ncount = {count}\npty = {tmp_path}/{'x' * 100}-%d\n")
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    service = Listener(str(tmp_path / "notify"))
    program = subprocess.Popen([PROGRAM, "--config", config], stdout=writer,
                               env={**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify")})
    os.close(writer)
    with contextlib.ExitStack() as after:
        after.callback(program.kill)
        service.await_state("READY=1.*")
        assert Control(tmp_path / "control").get("/v1/modems")["total"] == count
        said = b""
        while said.count(b"\n") < count:
            said += os.read(reader, 4096)
        assert all(line.startswith(b"ready pty ") for line in said.splitlines())
        program.terminate()
        assert program.wait(DEADLINE_S) == 0
    os.close(reader)
