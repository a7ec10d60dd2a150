"""Mode 1 of AT+IMQTTMODE: who logs in, where, and what the platform would refuse."""

import itertools

import pytest

from aliyun import PLATFORM, connect_to_ports, platform_host, register, registered
from scripted_server import ScriptedServer, connack
from testcloud import VECTORS, Client, TestCloud, vector_login

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    cloud = TestCloud(tmp_path_factory.mktemp("cloud"))
    yield cloud
    cloud.stop()


@pytest.fixture(scope="module")
def certificate(authority):
    return authority.sign("login", f"DNS:localhost,DNS:*{PLATFORM}")


@pytest.fixture
def start_server(certificate):
    servers = []

    def start(tls):
        servers.append(ScriptedServer(certificate if tls else None))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def start_modem(start_host, authority):
    """A modem in mode 1; the hosts of these products lead to the server."""

    def start(server, tls, products=("a1m8qO1ceKE", "a1R3d3WsBI0")):
        ways = connect_to_ports(*((platform_host(product), server.port) for product in products))
        host = start_host("--tls-ca", authority.certificate, env=ways)
        host.command(f"AT+IMQTTMODE=1,{tls}")
        host.command("AT+IMQTTPARA=CLEAN,1,KEEPALIVE,60")
        host.command("AT+CMEE=1")
        return host

    return start


def authenticate(host, vector_id):
    """AT+IMQTTAUTH with the triple of a vector."""
    name, product_key = VECTORS[vector_id]["username"].split("&")
    host.command(f"AT+IMQTTAUTH={product_key},{name},{VECTORS[vector_id]['key']}")


def login_of(host, server):
    """Lets the modem log in; its CONNECT, and the name it asked for."""
    host.command("AT+IMQTTCONN")
    line = server.accept()
    connect = line.welcome()
    host.urc(r"\+IMQTTCONN:0")
    return connect, line.server_name


# ---- what goes over the wire


@pytest.mark.parametrize("vector_id, tls", [("T1", 1), ("T2", 0)])
def test_the_triple(start_modem, start_server, vector_id, tls):
    server = start_server(tls)
    host = start_modem(server, tls)
    authenticate(host, vector_id)
    connect, server_name = login_of(host, server)
    assert connect.raw.hex() == VECTORS[vector_id]["connect_clean1_ka60"]
    product_key = VECTORS[vector_id]["username"].split("&")[1]
    assert server_name == (platform_host(product_key) if tls else None)


@pytest.mark.parametrize("tls", [0, 1])
def test_the_secure_mode_follows_the_tls_flag(start_modem, start_server, tls):
    """And never the port."""
    server = start_server(tls)
    host = start_modem(server, tls)
    authenticate(host, "T1")
    host.command(f'AT+IMQTTADDR=localhost,{server.port},""')
    connect, _ = login_of(host, server)
    assert f"securemode={3 - tls}," in connect.client_id
    assert connect.password == VECTORS["T1"]["password"]  # it is not signed


@pytest.mark.parametrize("tls", [0, 1])
def test_a_token_goes_as_it_is(start_modem, start_server, tls):
    server = start_server(tls)
    host = start_modem(server, tls)
    client_id, user, password = vector_login("C1")
    authenticate(host, "T1")
    host.command(f'AT+IMQTTUSER="{user}","{password}"')
    host.command(f'AT+IMQTTADDR=localhost,{server.port},"{client_id}"')
    connect, _ = login_of(host, server)
    assert connect.raw.hex() == VECTORS["C1"]["connect_clean1_ka60"]


SIGNED, VERBATIM, REFUSED = "signed", "verbatim", "refused"


@pytest.mark.parametrize(
    "client_id, user, triple, expected",
    [
        (False, False, True, SIGNED),
        (False, True, True, SIGNED),
        (True, False, True, SIGNED),
        (True, True, True, VERBATIM),
        (True, True, False, VERBATIM),
        (False, False, False, REFUSED),
        (True, False, False, REFUSED),
        (False, True, False, REFUSED),
    ],
)
def test_precedence(start_modem, start_server, client_id, user, triple, expected):
    server = start_server(tls=0)
    host = start_modem(server, tls=0)
    host.command(f'AT+IMQTTADDR=localhost,{server.port},{"mine" if client_id else chr(34) * 2}')
    if user:
        host.command("AT+IMQTTUSER=me,secret")
    if triple:
        authenticate(host, "T2")
    if expected == REFUSED:
        assert host.ask("AT+IMQTTCONN") == ([], "+CME ERROR: 3")
        return
    connect, _ = login_of(host, server)
    sent = (connect.client_id, connect.user_name, connect.password)
    assert sent == (("mine", "me", "secret") if expected == VERBATIM else vector_login("T2"))


def test_the_triple_is_for_mode_1(start_modem, start_server):
    server = start_server(tls=0)
    host = start_modem(server, tls=0)
    authenticate(host, "T2")
    host.command("AT+IMQTTMODE=2,0")
    assert host.ask("AT+IMQTTCONN") == ([], "+CME ERROR: 3")  # no address
    host.command(f"AT+IMQTTADDR=localhost,{server.port},mine")
    connect, _ = login_of(host, server)
    assert (connect.client_id, connect.user_name, connect.password) == ("mine", None, None)


@pytest.mark.parametrize("command", ["LWT=will,1,gone,1", "LWTBIN=will,1,676F6E65,1"])
def test_the_will_is_left_out(start_modem, start_server, command):
    server = start_server(tls=0)
    host = start_modem(server, tls=0)
    authenticate(host, "T2")
    host.command(f"AT+IMQTT{command}")
    connect, _ = login_of(host, server)
    assert connect.raw.hex() == VECTORS["T2"]["connect_clean1_ka60"]
    assert host.command("AT+IMQTTLWT?") == ["+IMQTTLWT:will,1,gone,1"]


@pytest.mark.parametrize("code", [1, 2, 3, 4, 5])
def test_a_refused_login(start_modem, start_server, code):
    server = start_server(tls=1)
    host = start_modem(server, tls=1)
    authenticate(host, "T1")
    host.command("AT+IMQTTCONN")
    line = server.accept()
    line.connect()
    line.send(connack(code))
    host.urc(r"\+IMQTTCONN:-1")
    stage, number, why = host.failure()
    assert (stage, number) == ("connack", code) and why


# ---- at the test cloud


@pytest.fixture
def start_device(cloud, start_host):
    """A modem as a device of the test's own at the test cloud."""

    def start(tls=1):
        device = cloud.add_device(f"modem{next(_numbers)}")
        host = start_host("--tls-ca", cloud.ca)
        host.device = device
        host.command("AT+CMEE=1")
        host.command(f"AT+IMQTTMODE=1,{tls}")
        port = cloud.tls_port if tls else cloud.port
        host.command(f'AT+IMQTTADDR=localhost,{port},""')
        host.command(f"AT+IMQTTAUTH={device.product_key},{device.name},{device.secret}")
        return host

    return start


@pytest.mark.parametrize("tls", [0, 1])
@pytest.mark.parametrize(
    "command",
    [
        "PUB={},2,hello",
        "PUB={},1,hello,1",
        "PUBIN={},2,AA",
        "PUBIN={},0,AA,1",
        "PUBEX={},2,0,5",
        "PUBEX={},1,1,5",
    ],
)
def test_what_the_platform_takes_none_of(start_device, command, tls):
    host = start_device(tls)
    host.connect()
    command = "AT+IMQTT" + command.format(host.device.topic)
    assert host.ask(command) == ([], "+CME ERROR: 3")
    assert host.ask(command + ",9,9") == ([], "+CME ERROR: 50")
    host.command(f"AT+IMQTTPUB={host.device.topic},1,fine")
    host.urc(r"\+IMQTTPUB:\d+,0")


def test_the_mode_of_a_connection_is_that_of_its_beginning(start_device):
    host = start_device()
    host.connect()
    host.command("AT+IMQTTMODE=2,1")
    assert host.ask(f"AT+IMQTTPUB={host.device.topic},2,x") == ([], "+CME ERROR: 3")


def test_a_wrong_secret(start_device):
    host = start_device()
    device = host.device
    host.command(f"AT+IMQTTAUTH={device.product_key},{device.name},wrong")
    assert host.fail_to_connect()[:2] == ("connack", 5)
    host.command(f"AT+IMQTTAUTH={device.product_key},{device.name},{device.secret}")
    host.connect()


def test_only_the_last_secret_is_good(start_device):
    host = start_device()
    secrets = []
    for _ in range(2):
        register(host, name=host.device.name)
        secrets.append(registered(host)[2])
    for secret in (host.device.secret, secrets[0]):
        host.command(f"AT+IMQTTAUTH={host.device.product_key},{host.device.name},{secret}")
        assert host.fail_to_connect()[:2] == ("connack", 5)
    host.command(f"AT+IMQTTAUTH={host.device.product_key},{host.device.name},{secrets[1]}")
    host.connect()


def test_a_newer_login_wins(start_device, cloud):
    host = start_device()
    host.connect()
    newer = Client(cloud, host.device.login())
    assert newer.code() == 0
    host.urc(r"\+IMQTTCONN:-1")
    assert host.failure()[0] == "peer"
    newer.close()


@pytest.mark.parametrize("clean", [0, 1])
@pytest.mark.parametrize("tls", [0, 1])
def test_messages_come_back(start_device, tls, clean):
    host = start_device(tls)
    host.command(f"AT+IMQTTPARA=CLEAN,{clean}")
    host.connect()
    host.subscribe(host.device.topic, 1)
    host.command(f"AT+IMQTTPUB={host.device.topic},1,{{\"a\":1}}")
    host.urc(r"\+IMQTTPUB:\d+,0")
    packet_id, topic, payload = host.received()
    assert packet_id > 0 and (topic, payload) == (host.device.topic, b'{"a":1}')
