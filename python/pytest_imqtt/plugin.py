"""The fixtures, options and the mark."""

import pathlib
import re
import select
import subprocess
import time

import pytest

from . import modem as modems
from .programs import Broker, Daemon, find


def pytest_addoption(parser):
    group = parser.getgroup("imqtt")
    group.addoption("--imqtt-seed", type=int, help="the seed of faults that have none of their own")
    group.addoption("--imqtt-record", metavar="DIR", help="keep recordings of failed tests here")


def pytest_configure(config):
    config.addinivalue_line(
        "markers", 'imqtt_scenario("file.yaml"): this scenario plays beside the test, and fails it'
    )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    outcome = yield
    report = outcome.get_result()
    item.stash.setdefault(_FAILED, False)
    item.stash[_FAILED] |= report.failed


_FAILED = pytest.StashKey()


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    """A private Mosquitto."""
    broker = Broker(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.end()


@pytest.fixture(scope="session")
def imqtt(broker):
    """A private daemon, whose modem finds the broker behind every address."""
    daemon = Daemon(broker)
    yield daemon
    daemon.end()


@pytest.fixture
def _imqtt_recording(request, imqtt, tmp_path):
    folder = request.config.getoption("--imqtt-record")
    if folder is None:
        yield
        return
    name = re.sub(r"[^\w.-]", "_", request.node.name)
    file = pathlib.Path(folder).absolute() / f"{name}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    recorder = subprocess.Popen(
        [find("imqttctl"), "-s", imqtt.socket, "record", imqtt.name, file], stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 30
    while not (file.exists() and file.stat().st_size) and time.monotonic() < deadline:
        select.select([], [], [], 0.005)  # its first line says that it listens
    yield
    recorder.terminate()
    recorder.wait(10)
    if not request.node.stash.get(_FAILED, False):
        file.unlink(missing_ok=True)


@pytest.fixture
def modem(request, imqtt, _imqtt_recording):
    """A modem that has just been switched on."""
    modem = modems.begin(imqtt, request.config.getoption("--imqtt-seed"))
    mark = request.node.get_closest_marker("imqtt_scenario")
    playing = None
    if mark is not None:
        playing = modem.begin_scenario(pathlib.Path(request.node.path).parent / mark.args[0])
    yield modem
    try:
        if playing is not None:
            modem.end_scenario(playing)
    except AssertionError:
        request.node.stash[_FAILED] = True
        raise
    finally:
        modem.end()


@pytest.fixture(autouse=True)
def _imqtt_scenario(request):
    """The mark alone is enough."""
    if request.node.get_closest_marker("imqtt_scenario") is not None:
        request.getfixturevalue("modem")
