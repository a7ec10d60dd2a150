"""What the tests of the page share: a real imqttd, a real Mosquitto, a host, and a real browser."""

import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "system"))

from brokers import Mosquitto  # noqa: E402
from chromium import Browser  # noqa: E402
from control import Control  # noqa: E402
from modem import Imqttd  # noqa: E402
from peer import Peer  # noqa: E402
from processes import free_port  # noqa: E402

TOKEN = "a token for the tests of the page"


class Bench:
    """imqttd with the page, and a modem called meter; others as the test says."""

    def __init__(self, folder, more=""):
        self.folder, self.token, self.port = folder, TOKEN, free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self._more = more
        (folder / "token").write_text(TOKEN + "\n")
        (folder / "token").chmod(0o600)
        self.link = folder / "meter"
        self.start()

    def start(self):
        config = self.folder / "bench.conf"
        config.write_text(
            f"[imqttd]\ncontrol-tcp = 127.0.0.1:{self.port}\ntoken-file = {self.folder}/token\n"
            f"[defaults]\nboot-urcs = no\n[modem meter]\npty = {self.link}\n"
            + self._more.format(folder=self.folder)
        )
        self.modem = Imqttd("--config", config, boot_urcs=True)
        self.modem.process.line("ready control-tcp")
        self.modem.ready_pty(self.link)
        self.control = Control(address=("127.0.0.1", self.port), token=TOKEN)

    def host(self):
        """The host on meter's terminal, with echo off."""
        host = self.modem.pty_host(self.link)
        host.turn_echo_off()
        return host

    def stop(self):
        self.modem.stop()


@pytest.fixture(scope="session")
def mosquitto(tmp_path_factory):
    broker = Mosquitto(tmp_path_factory.mktemp("page"))
    yield broker
    broker.stop()


@pytest.fixture
def start_bench(tmp_path):
    benches = []

    def start(more=""):
        benches.append(Bench(tmp_path, more))
        return benches[-1]

    yield start
    for bench in benches:
        bench.stop()


@pytest.fixture
def bench(start_bench):
    return start_bench()


@pytest.fixture
def start_browser():
    """Starts browsers; pages that complained fail the test."""
    browsers = []

    def start(**options):
        browsers.append(Browser(**options))
        return browsers[-1]

    yield start
    complaints = [complaint for browser in browsers for complaint in browser.complaints()]
    for browser in browsers:
        browser.close()
    assert complaints == []


@pytest.fixture
def browser(start_browser):
    return start_browser()


@pytest.fixture
def peer(mosquitto):
    peer = Peer(mosquitto, "the cloud")
    yield peer
    peer.close()


@pytest.fixture
def meter(bench, browser):
    """The page on the modem called meter, and its host."""
    bench.page = browser
    bench.uart = bench.host()
    browser.open(bench, "meter")
    return bench
