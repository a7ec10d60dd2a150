"""ModemManager, as Debian has it, on a message bus of its own, led to one modem."""

import os
import select
import socket
import subprocess
import tty

from listener import Listener
from processes import DEADLINE_S, Process

BUS = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
NAME = "org.freedesktop.ModemManager1"


class Bridge:
    """Joins the one who calls at a Unix socket to a terminal; one caller after the other, for two who
    read from one terminal would take the answers from each other."""

    def __init__(self, path, terminal):
        self._terminal = os.open(terminal, os.O_RDWR | os.O_NOCTTY)
        tty.setraw(self._terminal)
        listening = socket.socket(socket.AF_UNIX)
        listening.bind(str(path))
        listening.listen()
        self._listener = Listener(listening, self._serve)

    def _serve(self, caller):
        with caller:
            self._join(caller)

    def _join(self, caller):
        while True:
            ready, _, _ = select.select([caller, self._terminal], [], [])
            try:
                if self._terminal in ready:
                    caller.sendall(os.read(self._terminal, 4096))
                if caller in ready:
                    data = caller.recv(4096)
                    if not data:
                        return
                    while data:
                        data = data[os.write(self._terminal, data) :]
            except OSError:  # one of the two has gone
                return

    def stop(self):
        self._listener.close()


class ModemManager:
    """It looks for terminals in /sys, where a pseudo-terminal is not: its test interface takes the
    path of a Unix socket instead, which a bridge joins to the terminal."""

    def __init__(self, folder, terminal):
        self._processes = []
        self._bridge = None
        self._socket = folder / "modem.socket"
        address = f"unix:path={folder / 'bus'}"
        self._environment = {
            **os.environ,
            "DBUS_SESSION_BUS_ADDRESS": address,
            "DBUS_SYSTEM_BUS_ADDRESS": address,
        }
        try:
            self._start_bus(folder / "bus.conf", folder / "bus", address)
            self._bridge = Bridge(self._socket, terminal)
            self._start_manager()
        except AssertionError:
            self.stop()
            raise

    def _start(self, *command):
        self._processes.append(Process(*command, env=self._environment))
        return self._processes[-1]

    def _start_bus(self, configuration, socket, address):
        configuration.write_text(BUS.format(socket=socket))
        self._start(
            "dbus-daemon", "--nofork", "--nopidfile", "--print-address=1",
            f"--config-file={configuration}",
        ).line(address)

    def _start_manager(self):
        self._manager = self._start(
            "/usr/sbin/ModemManager", "--debug", "--test-session", "--test-enable",
            "--test-no-udev", "--test-no-suspend-resume", "--test-no-qrtr",
        )
        self._manager.line("service name", "was acquired")

    def probe(self):
        """Shows it the modem, and waits until it knows it."""
        self._run(
            "dbus-send", "--session", "--print-reply", f"--dest={NAME}",
            "/org/freedesktop/ModemManager1", f"{NAME}.Test.SetProfile",
            "string:modem", "string:generic", f"array:string:{self._socket}",
        )
        self.await_state("disabled")

    def await_state(self, state):
        self._manager.line("state changed", f"-> {state})", within_s=4 * DEADLINE_S)

    def await_signal(self, percent):
        """Is asked for behind the state."""
        self._manager.line("signal quality", f"({percent}")

    def mmcli(self, *options):
        return self._run("mmcli", "--modem=0", *options)

    def facts(self):
        """What mmcli shows: {"modem.generic.state": "disabled", …}."""
        lines = self.mmcli("--output-keyvalue").splitlines()
        return {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}

    def command(self, text):
        """An AT command by way of ModemManager, without its AT; the answer without its OK."""
        answer = self.mmcli(f"--command={text}")
        return answer.partition("response: '")[2].rpartition("'")[0]

    def _run(self, *command):
        result = subprocess.run(
            command, env=self._environment, capture_output=True, text=True, timeout=4 * DEADLINE_S
        )
        assert result.returncode == 0, "\n".join(
            [f"{command}: {result.stdout}{result.stderr}", "ModemManager said:", *self._manager.output]
        )
        return result.stdout

    def stop(self):
        for process in reversed(self._processes):
            process.kill()
        if self._bridge:
            self._bridge.stop()
