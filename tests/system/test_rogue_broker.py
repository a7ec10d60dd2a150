"""A broker that breaks every rule: the link goes on by the protocol's rules, or ends once."""

import re

import pytest

import rogue
from modem import Imqttd
from rogue_cases import CASES
from scripted_server import ScriptedServer


@pytest.fixture(scope="module")
def imqttd(authority):
    """One daemon for all; every host's connection is a modem of its own."""
    daemon = Imqttd("--tcp", "127.0.0.1:0", "--tls-ca", authority.certificate)
    daemon.ready_tcp()
    yield daemon
    daemon.stop()


@pytest.fixture(scope="module", params=["tcp", "tls"])
def server(request, good_certificate):
    one = ScriptedServer(good_certificate if request.param == "tls" else None)
    one.tls = int(request.param == "tls")
    yield one
    one.close()


@pytest.fixture
def rogue_broker(imqttd, server):
    one = rogue.Rogue(imqttd.tcp_host(), server, server.tls)
    yield one
    one.close()


@pytest.mark.parametrize("way", rogue.WAYS, ids=lambda way: way.name)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(rogue_broker, case, way):
    rogue.play(rogue_broker, case, way)
