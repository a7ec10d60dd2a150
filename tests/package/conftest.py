"""script/test-package says where the packages are and where a bare Debian lies."""

import os
import pathlib
import sys
import tempfile

import pytest

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "system"))

from brokers import Mosquitto  # noqa: E402
from system import System  # noqa: E402

BASE = pathlib.Path(os.environ["IMQTT_ROOT"])


def packages_of(folder):
    """{name: file}"""
    found = {path.name.split("_")[0]: path for path in pathlib.Path(folder).glob("*.deb")}
    assert {"imqtt", "libimqtt-dev", "imqtt-testcloud", "python3-pytest-imqtt"} <= set(found)
    return found


@pytest.fixture(scope="session")
def packages():
    return packages_of(os.environ["IMQTT_PACKAGES"])


@pytest.fixture(scope="session")
def older():
    return packages_of(os.environ["IMQTT_OLDER_PACKAGES"])


@pytest.fixture
def make_system():
    made = []
    with tempfile.TemporaryDirectory(prefix="imqtt-system-") as folder:
        def make(**options):
            own = pathlib.Path(folder) / str(len(made))
            own.mkdir()
            made.append(System(own, BASE, **options))
            return made[-1]

        yield make
        for system in made:
            system.end()


@pytest.fixture
def system(make_system):
    return make_system()


@pytest.fixture
def broker(tmp_path):
    started = Mosquitto(tmp_path)
    yield started
    started.stop()
