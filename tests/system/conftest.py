"""What the system tests share: brokers, modems, hosts, peers. Nothing here sleeps."""

import itertools
import os
import pathlib
import shutil
import tempfile
import warnings

import pytest

from brokers import Aedes, Ejabberd, Mosquitto, RabbitMq
from certificates import Authority
from clock import Clock
from island import BROKER, Island
from modem import Imqttd
from peer import Peer
from processes import free_port
from proxy import Proxy


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("system")


@pytest.fixture(scope="session")
def mosquitto(folder):
    """A plain Mosquitto, shared: tests use client ids and topics of their own."""
    broker = Mosquitto(folder)
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory):
    broker = RabbitMq(tmp_path_factory.mktemp("rabbitmq"))
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def ejabberd(tmp_path_factory):
    broker = Ejabberd(tmp_path_factory.mktemp("ejabberd"))
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def aedes():
    broker = Aedes()
    yield broker
    broker.stop()


@pytest.fixture
def start_mosquitto(tmp_path):
    """Starts brokers of the test's own, to be killed or configured at will."""
    brokers = []

    def start(*lines, **options):
        brokers.append(Mosquitto(tmp_path, *lines, **options))
        return brokers[-1]

    yield start
    for broker in brokers:
        broker.kill()


@pytest.fixture(scope="session")
def authority(folder):
    return Authority(folder, "authority")


@pytest.fixture(scope="session")
def good_certificate(authority):
    return authority.sign("localhost", "DNS:localhost,IP:127.0.0.1")


@pytest.fixture
def start_imqttd():
    """Starts imqttd with options; it must end well at the end of the test."""
    modems = []

    def start(*options, **settings):
        modems.append(Imqttd(*options, **settings))
        return modems[-1]

    yield start
    for modem in modems:
        modem.stop()


_names = itertools.count(1)


@pytest.fixture
def start_host(start_imqttd, tmp_path):
    """Starts a modem on a pseudo-terminal, and the host on it, with echo off."""

    def start(*options, **settings):
        link = tmp_path / f"modem{next(_names)}"
        modem = start_imqttd("--pty", link, *options, **settings)
        modem.ready_pty(link)
        host = modem.pty_host(link)
        host.modem, host.link = modem, link
        host.turn_echo_off()
        return host

    return start


@pytest.fixture
def host(start_host):
    return start_host()


@pytest.fixture
def wall_clock(tmp_path):
    """For start_host(**wall_clock.settings): what the computer thinks the date is."""
    return Clock(tmp_path, wall_only=True)


@pytest.fixture
def time(tmp_path):
    """For start_host(**time.settings): time that passes when the test says so."""
    return Clock(tmp_path, wall_only=False)


@pytest.fixture
def client_id(request):
    """A client id, and a topic, that no other test uses."""
    return f"t{next(_names)}"


@pytest.fixture
def start_peer():
    peers = []

    def start(broker, client_id=None, **options):
        peers.append(Peer(broker, client_id or f"peer{next(_names)}", **options))
        return peers[-1]

    yield start
    for peer in peers:
        peer.close()


@pytest.fixture
def peer(mosquitto, start_peer):
    return start_peer(mosquitto)


@pytest.fixture
def proxy(mosquitto):
    """Between the modem and the shared Mosquitto."""
    between = Proxy(mosquitto)
    yield between
    between.close()


@pytest.fixture(scope="module")
def island():
    """Two computers of the module's own, where packets can be lost."""
    try:
        island = Island()
    except AssertionError as refused:
        warnings.warn(f"faults of the network are NOT TESTED on this machine: {refused}")
        pytest.skip(f"the kernel gives no network namespaces: {refused}")
    yield island
    island.close()


@pytest.fixture(scope="module")
def far_mosquitto(island, tmp_path_factory):
    """A Mosquitto on the island, at all addresses of the broker's."""
    port = free_port()
    folder = tmp_path_factory.mktemp("island")
    broker = Mosquitto(folder, f"listener {port}", port=port, within=island.broker.within)
    broker.host = BROKER
    yield broker
    broker.stop()


@pytest.fixture
def ordinary_user():
    """Arguments of Popen for somebody who may not look into everything."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


@pytest.fixture
def open_folder():
    """One that everybody can use."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="imqtt-open-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
