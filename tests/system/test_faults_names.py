"""Name servers that are slow, fail, or put IPv6 first: a real one, and the C library's resolver."""

import json
import pathlib
import signal
import socket
import subprocess
import sys

import pytest

from island import BROKER, BROKER_IPV6, MODEM, MODEM_IPV6, OTHER_IPV6, OTHERS
from processes import Process

PROGRAM = pathlib.Path(__file__).with_name("name_server.py")

DEAD = OTHERS[0]  # no name server, and no answer
SERVFAIL, REFUSED = 2, 5

ZONE = {
    "broker.test": [BROKER],
    "held.test": [BROKER],
    "both.test": [BROKER, BROKER_IPV6],
    "lasting.test": [BROKER],
    "six.test": [BROKER_IPV6],
    "lost-six.test": [BROKER, OTHER_IPV6],
    "empty.test": [],
    "servfail.test": SERVFAIL,
    "refused.test": REFUSED,
}


class NameServer:
    def __init__(self, island):
        self._process = Process(
            *(*island.broker.within, sys.executable, str(PROGRAM), BROKER, json.dumps(ZONE)),
            stdin=subprocess.PIPE,
        )
        self._process.line("ready")

    def is_asked(self, name):
        self._process.line("asked", name)

    def count_asked(self, name):
        return self._process.output.count(f"asked {name}")

    def release(self):
        """Answers the questions for held names, and those to come."""
        self._process.child.stdin.write(b"\n")
        self._process.child.stdin.flush()

    def close(self):
        self._process.kill()


@pytest.fixture
def names(island):
    server = NameServer(island)
    yield server
    server.close()


@pytest.fixture(scope="module", autouse=True)
def dead_name_server(island):
    island.fault("lost", DEAD)


@pytest.fixture
def call(far_mosquitto, client_id):
    """Tells a modem to connect to a name."""

    def call(host, name):
        host.command(f"AT+IMQTTADDR={name},{far_mosquitto.port},{client_id}")
        host.command("AT+IMQTTCONN")

    return call


@pytest.fixture
def start_named_host(start_host, island, names, tmp_path):
    """Starts a modem that asks these name servers."""

    def start(*servers, options="timeout:5", more=()):
        configuration, order = tmp_path / "resolv.conf", tmp_path / "nsswitch.conf"
        lines = [f"nameserver {server}\n" for server in servers]
        configuration.write_text("".join([*lines, f"options {options}\n"]))
        order.write_text("hosts: files dns\n")
        inside = (
            f"mount --bind {configuration} $(readlink -f /etc/resolv.conf)"
            f' && mount --bind {order} /etc/nsswitch.conf && exec "$@"'
        )
        return start_host(
            *more,
            within=[*island.modem.within, "unshare", "--mount", "sh", "-c", inside, "-"]
        )

    return start


@pytest.fixture
def host(start_named_host):
    return start_named_host(BROKER)


def test_a_slow_name_server_blocks_nothing(host, names, call):
    call(host, "held.test")
    names.is_asked("held.test")
    assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:0"]
    assert host.ask("AT+IMQTTCONN") == ([], "ERROR")
    names.release()
    host.urc(r"\+IMQTTCONN:0")


def test_an_answer_that_comes_after_the_host_has_given_up(host, names, call):
    call(host, "held.test")
    names.is_asked("held.test")
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")
    assert host.failure() == ("none", 0, "")
    call(host, "both.test")
    host.urc(r"\+IMQTTCONN:0")
    names.release()
    assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:2"]


def test_sigterm_while_a_name_is_looked_up(host, names, call):
    call(host, "held.test")
    names.is_asked("held.test")
    host.modem.signal(signal.SIGTERM)
    assert host.modem.process.wait() == 0


@pytest.mark.parametrize(
    "name, code",
    [
        ("unknown.test", socket.EAI_NONAME),
        ("empty.test", socket.EAI_NODATA),
        ("servfail.test", socket.EAI_AGAIN),
        ("refused.test", socket.EAI_AGAIN),
    ],
)
def test_a_name_that_is_not_found(host, call, name, code):
    call(host, name)
    host.urc(r"\+IMQTTCONN:-1")
    assert host.failure()[:2] == ("dns", code)


def test_a_name_server_that_is_silent(start_named_host, call):
    """Given up after 10 s; an address needs no name server."""
    host = start_named_host(DEAD)
    call(host, "broker.test")
    assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:0"]
    host.urc(r"\+IMQTTCONN:-1")
    assert host.failure()[:2] == ("dns", 0)
    call(host, BROKER)
    host.urc(r"\+IMQTTCONN:0")


def test_names_that_nobody_waits_for_hold_nobody(host, names, call):
    """3,000 lookups that are given up at once; the name server answers none of them."""
    for number in range(3000):
        host.command(f"AT+IMQTTADDR=held{number}.test,1883,x")
        host.command("AT+IMQTTCONN")
        host.command("AT+IMQTTDISCONN")
        host.urc(r"\+IMQTTCONN:-1")
    call(host, "both.test")
    host.urc(r"\+IMQTTCONN:0")


def test_sixteen_silent_names_hold_nobody(start_named_host, names, call, tmp_path):
    links = [tmp_path / f"silent{number}" for number in range(16)]
    host = start_named_host(BROKER, more=[word for link in links for word in ("--pty", link)])
    for number, link in enumerate(links):
        other = host.modem.pty_host(link)
        other.turn_echo_off()
        call(other, f"held{number}.test")
    names.is_asked("held15.test")
    call(host, "both.test")
    host.urc(r"\+IMQTTCONN:0")


def test_a_name_is_kept_as_long_as_its_server_says(host, names, call):
    """One that is good for an hour is asked for once, one that is good for 0 s each time."""
    for name, times in ("lasting.test", 1), ("both.test", 2):
        for _ in range(2):
            call(host, name)
            host.urc(r"\+IMQTTCONN:0")
            host.command("AT+IMQTTDISCONN")
            host.urc(r"\+IMQTTCONN:-1")
        for _ in range(2 * times):  # A and AAAA
            names.is_asked(name)
    call(host, "broker.test")
    names.is_asked("broker.test")  # all that was asked before is noted by then
    assert names.count_asked("lasting.test") == 2
    assert names.count_asked("both.test") == 4


def test_a_second_name_server_helps_out(start_named_host, call):
    host = start_named_host(DEAD, BROKER, options="timeout:1")
    call(host, "broker.test")
    host.urc(r"\+IMQTTCONN:0")


def is_connected_from(far_mosquitto, address, client_id):
    far_mosquitto.process.line(f"New client connected from {address}:", f" as {client_id} ")


@pytest.mark.parametrize("name", ["both.test", "six.test"])
def test_ipv6_comes_first(host, call, far_mosquitto, client_id, name):
    call(host, name)
    host.urc(r"\+IMQTTCONN:0")
    is_connected_from(far_mosquitto, MODEM_IPV6, client_id)


def test_ipv6_that_leads_nowhere_costs_a_moment(host, island, call, far_mosquitto, client_id):
    island.fault("lost_ipv6", OTHER_IPV6)
    lost_before = island.broker.lost_packets()
    call(host, "lost-six.test")
    host.urc(r"\+IMQTTCONN:0")
    is_connected_from(far_mosquitto, MODEM, client_id)
    assert island.broker.lost_packets() > lost_before, "IPv6 was not tried"
    island.mend(OTHER_IPV6)
