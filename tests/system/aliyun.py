"""What the Alibaba Cloud tests share: where the platform is, and sessions to be played."""

import os
import re

from testcloud import PRODUCT_KEY, PRODUCT_SECRET, VECTORS

PLATFORM = ".iot-as-mqtt.cn-shanghai.aliyuncs.com"
REGISTRATION_S = 25  # within which every registration has its outcome


def platform_host(product_key=PRODUCT_KEY):
    return product_key + PLATFORM


def connect_to_ports(*pairs):
    """An environment in which host names of the platform, port 1883, lead to ports of ours."""
    ways = [f"{name}:1883=127.0.0.1:{port}" for name, port in pairs]
    return {**os.environ, "IMQTT_CONNECT_TO": ",".join(ways)}


def connect_to_cloud(cloud, tls=True):
    """The real hosts of all products that the test cloud knows."""
    products = {vector["username"].split("&")[1] for vector in VECTORS.values()}
    port = cloud.tls_port if tls else cloud.port
    return connect_to_ports(*((platform_host(product), port) for product in sorted(products)))


def register(host, type=0, mode=1, name="device", secret=PRODUCT_SECRET):
    """Begins a registration."""
    host.command(f"AT+IMQTTDYNREG={type},{mode},{PRODUCT_KEY},{name},{secret}")


def registered(host, mode=1):
    """Waits for the result of a registration: its three strings."""
    return host.urc(rf'\+IMQTTDYNREG:{mode},"([^"]+)","([^"]+)","([^"]+)"', REGISTRATION_S)


def fails_to_register(host, mode=1):
    """Waits for the URC of a failed registration, the only thing that comes; why it failed."""
    host.urc(rf'\+IMQTTDYNREG:{mode},"","",""', REGISTRATION_S)
    failure = host.failure()
    assert host.pending == b""
    assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:0"]
    return failure


def results(host):
    """AT+IMQTTDYNREG=2: the strings of mode 1, and of mode 2; None where there are none."""
    lines = host.command("AT+IMQTTDYNREG=2")
    found = [
        re.fullmatch(rf'\+IMQTTDYNREG: {mode},"(.*)","(.*)","(.*)"', line).groups()
        for mode, line in enumerate(lines, 1)
    ]
    assert len(found) == 2
    return [strings if any(strings) else None for strings in found]


class Player:
    """Plays sessions: a line that begins with AT is typed, any other must come, exactly and in its
    turn. <name> stands for what comes in its place for the first time, and from then on for that."""

    def __init__(self, host):
        self.host = host
        self.values = {}

    def play(self, session):
        for line in filter(None, map(str.strip, session.splitlines())):
            if line.startswith("AT"):
                assert self.host.pending == b""
                self.host.send(re.sub(r"<(\w+)>", lambda name: self.values[name[1]], line))
            else:
                self._await(line)

    def _await(self, line):
        pattern = ""
        for index, part in enumerate(re.split(r"<(\w+)>", line)):
            known = self.values.get(part, "") if index % 2 else part
            pattern += re.escape(known) if known or not index % 2 else rf'(?P<{part}>[^"|]+)'
        match = self.host.expect(rf"\A\r\n{pattern}\r\n")
        self.values |= {name: value.decode() for name, value in match.groupdict().items()}
