"""The programs behind the fixtures: imqttd and Mosquitto, private and ended with the session."""

import getpass
import os
import pathlib
import select
import shutil
import socket
import subprocess
import tempfile
import time

from .control import request


def find(name):
    """$IMQTTD, $IMQTTCTL, or the one on the path."""
    found = os.environ.get(name.upper()) or shutil.which(name)
    if not found:
        raise FileNotFoundError(f"{name} is not on the path, and ${name.upper()} is not set")
    return str(pathlib.Path(found).absolute())


def _end(process):
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Broker:
    host = "127.0.0.1"

    def __init__(self, folder):
        self.port, self.tls_port = self._free_port(), self._free_port()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "2", "-subj", "/CN=pytest-imqtt",
             "-keyout", "key.pem", "-out", "certificate.pem"],
            cwd=folder, check=True, capture_output=True,
        )
        configuration = folder / "mosquitto.conf"
        configuration.write_text(
            f"allow_anonymous true\nuser {getpass.getuser()}\nlog_dest none\n"
            f"listener {self.port} {self.host}\nlistener {self.tls_port} {self.host}\n"
            f"certfile {folder}/certificate.pem\nkeyfile {folder}/key.pem\n"
        )
        program = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")
        self._process = subprocess.Popen(
            [program, "-c", configuration], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._await()

    def _free_port(self):
        with socket.socket() as free:
            free.bind((self.host, 0))
            return free.getsockname()[1]

    def _await(self):
        deadline = time.monotonic() + 30
        while self._process.poll() is None and time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex((self.host, self.port)) == 0:
                    return
            select.select([], [], [], 0.005)
        raise RuntimeError("mosquitto does not start")

    def end(self):
        _end(self._process)


class Daemon:
    """One imqttd; its modem's terminal is the same for every test."""

    def __init__(self, broker, name="modem"):
        # Not pytest's own folder: a socket's path has 107 bytes at most.
        self._folder = tempfile.TemporaryDirectory(prefix="imqtt-")
        folder = pathlib.Path(self._folder.name)
        self.name, self.path = name, str(folder / "modem")
        self.socket = str(folder / "control")
        configuration = folder / "imqttd.conf"
        configuration.write_text(
            f"[imqttd]\ncontrol = {self.socket}\nlog = error\n"
            f"[modem {name}]\npty = {self.path}\ntls-insecure = yes\n"
            f"connect-to = *:8883={broker.host}:{broker.tls_port}\n"
            f"connect-to = *={broker.host}:{broker.port}\n"
        )
        self._process = subprocess.Popen(
            [find("imqttd"), "--config", configuration], stdout=subprocess.PIPE, text=True
        )
        if not self._process.stdout.readline().startswith("ready pty"):
            raise RuntimeError("imqttd does not start")

    def request(self, method, target, body=None):
        return request(self.socket, method, target, body)

    def end(self):
        _end(self._process)
        self._process.stdout.close()
        self._folder.cleanup()
        if self._process.returncode != 0:
            raise RuntimeError(f"imqttd ended with status {self._process.returncode}")
