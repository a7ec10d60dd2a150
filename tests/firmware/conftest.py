"""What the firmware's tests share; brokers, peers and certificates are those of the system tests."""

import itertools

import pytest

import image  # first: it leads to the other modules
from brokers import Mosquitto
from certificates import Authority
from peer import Peer

_names = itertools.count(1)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("firmware")


@pytest.fixture(scope="session")
def mosquitto(folder):
    broker = Mosquitto(folder)
    yield broker
    broker.stop()


@pytest.fixture
def start_mosquitto(tmp_path):
    """Brokers of the test's own."""
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


@pytest.fixture
def start_image(tmp_path):
    """Starts images; each must end well at the end of the test. boots=False: does not wait until it has."""
    images = []

    def start(boots=True, **options):
        own = tmp_path / f"image{len(images)}"
        own.mkdir()
        images.append(image.Image(own, **options))
        if boots:
            images[-1].ready()
        return images[-1]

    yield start
    for one in images:
        one.stop()


@pytest.fixture
def host(start_image):
    return start_image().host


@pytest.fixture
def client_id():
    """A client id, and a topic, that no other test uses."""
    return f"f{next(_names)}"


@pytest.fixture
def peer(mosquitto):
    peer = Peer(mosquitto, f"peer{next(_names)}")
    yield peer
    peer.close()
