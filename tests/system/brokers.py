"""Real brokers on free loopback ports: Mosquitto, RabbitMQ, ejabberd, aedes."""

import getpass
import os
import pathlib
import shutil
import subprocess

from processes import Process, free_port

HERE = pathlib.Path(__file__).parent


class Mosquitto:
    """One Mosquitto. `lines` are added to its configuration; listener options go to its listener.
    within: the words before its command, for one in a namespace, where it is root."""

    name = "mosquitto"
    host = "127.0.0.1"

    def __init__(self, folder, *lines, port=None, environment=None, within=()):
        self.port = port or free_port()
        self.folder = folder
        self._within = within
        self._environment = {**os.environ, **(environment or {})}
        self._configuration = folder / f"mosquitto-{self.port}.conf"
        own = [
            f"listener {self.port} {self.host}",
            f"user {'root' if within else getpass.getuser()}",
            "allow_anonymous true",
            "max_queued_messages 0",
            "log_type all",
            "log_dest stderr",
        ]
        taken = {line.split()[0] for line in lines}
        own = [line for line in own if line.split()[0] not in taken]
        self._configuration.write_text("\n".join([*own, *lines]) + "\n")
        self.start()

    def start(self):
        self.process = Process(
            *self._within, "mosquitto", "-c", str(self._configuration), env=self._environment
        )
        self.process.line("running")

    def kill(self):
        self.process.kill()

    def stop(self):
        self.process.terminate()


class RabbitMq:
    """A private RabbitMQ node with its MQTT plugin, and a private epmd, run as whoever we are."""

    name = "rabbitmq"
    host = "127.0.0.1"

    def __init__(self, folder):
        self.port, names_port = free_port(), free_port()
        self._names = Process(
            "epmd", "-port", str(names_port), "-address", "127.0.0.1", env=os.environ
        )
        (folder / "plugins").write_text("[rabbitmq_mqtt].\n")
        (folder / "rabbitmq.conf").write_text(
            "listeners.tcp = none\n"
            f"mqtt.listeners.tcp.1 = 127.0.0.1:{self.port}\n"
            "mqtt.allow_anonymous = true\n"
            "log.console = true\n"
            "log.file = false\n"
        )
        environment = {
            **os.environ,
            "HOME": str(folder),
            "ERL_EPMD_PORT": str(names_port),
            "RABBITMQ_NODENAME": f"imqtt{os.getpid()}@localhost",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }
        # Not the wrapper in /usr/sbin, which changes to another user.
        self.process = Process("/usr/lib/rabbitmq/bin/rabbitmq-server", env=environment)
        self.process.line("Server startup complete", within_s=90)

    def stop(self):
        self.process.terminate()
        self._names.terminate()


class Ejabberd:
    """A private ejabberd with nothing but mod_mqtt, run as whoever we are, with no other node."""

    name = "ejabberd"
    host = "127.0.0.1"
    user = "anybody"  # it wants a user, no matter which

    def __init__(self, folder):
        self.port = free_port()
        (folder / "ejabberd.yml").write_text(
            "hosts: [localhost]\n"
            "auth_method: [anonymous]\n"
            "anonymous_protocol: login_anon\n"
            "allow_multiple_connections: true\n"
            "listen:\n"
            f"  - {{port: {self.port}, ip: {self.host}, module: mod_mqtt}}\n"
            "modules:\n"
            "  mod_mqtt: {}\n"
        )
        environment = {
            **os.environ,
            "HOME": str(folder),
            "EJABBERD_CONFIG_PATH": str(folder / "ejabberd.yml"),
            "EJABBERD_LOG_PATH": str(folder / "ejabberd.log"),
        }
        beams = next(pathlib.Path("/usr/lib").glob("*/ejabberd-[0-9]*/ebin"))
        # Not ejabberdctl, which changes to another user.
        self.process = Process(
            "erl", "-noinput", "-pa", str(beams), "-mnesia", "dir", f'"{folder}/mnesia"',
            "-s", "ejabberd", env=environment, cwd=folder,
        )
        self.process.line("Start accepting TCP connections", "mod_mqtt", within_s=90)

    def stop(self):
        self.process.terminate()


class Aedes:
    name = "aedes"
    host = "127.0.0.1"

    def __init__(self):
        self.process = Process(shutil.which("node"), str(HERE / "aedes" / "broker.js"))
        self.port = int(self.process.line("ready").split()[1])

    def stop(self):
        self.process.kill()


def password_file(folder, user, password):
    """A password file as Mosquitto wants it."""
    file = folder / "passwords"
    subprocess.run(
        ["mosquitto_passwd", "-b", "-c", file, user, password], check=True, capture_output=True
    )
    return file
