"""TLS: what is verified, which versions are spoken."""

import socket
import ssl
import subprocess

import pytest

from certificates import Authority, self_signed
from processes import Process, free_port
from proxy import Proxy


@pytest.fixture
def start_tls(start_mosquitto, tmp_path):
    """A TLS Mosquitto with that certificate and key, of at most that version."""

    def start(certificate, newest="TLSv1.3"):
        settings = tmp_path / "openssl.cnf"
        settings.write_text(
            "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n"
            f"[c]\nMaxProtocol = {newest}\n"
        )
        broker = start_mosquitto(
            f"certfile {certificate[0]}",
            f"keyfile {certificate[1]}",
            environment={"OPENSSL_CONF": str(settings)},
        )
        broker.host = "localhost"
        return broker

    return start


@pytest.fixture
def tls_host(start_host, authority):
    return start_host("--tls-ca", authority.certificate)


def version_of(broker, authority):
    context = ssl.create_default_context(cafile=authority.certificate)
    with socket.create_connection((broker.host, broker.port)) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as secure:
            return secure.version()


@pytest.mark.parametrize("newest", ["TLSv1.2", "TLSv1.3"])
@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_a_good_certificate(
    tls_host, start_tls, authority, good_certificate, client_id, newest, name
):
    broker = start_tls(good_certificate, newest)
    assert version_of(broker, authority) == newest
    broker.host = name
    tls_host.connect(broker, client_id=client_id, tls=1)
    tls_host.subscribe(client_id, 1)
    for number in range(3):
        tls_host.command(f"AT+IMQTTPUB={client_id},2,{number}")
        tls_host.urc(r"\+IMQTTPUB:\d+,0")
        assert tls_host.received()[2] == b"%d" % number
    tls_host.command("AT+IMQTTDISCONN")
    tls_host.urc(r"\+IMQTTCONN:-1")
    tls_host.connect()  # the session is resumed, and works


@pytest.mark.parametrize("newest", ["TLSv1.2", "TLSv1.3"])
def test_a_session_is_resumed(tls_host, start_tls, good_certificate, newest):
    """The second time the server sends no certificate."""
    broker = start_tls(good_certificate, newest)
    proxy = Proxy(broker)
    tls_host.configure(proxy, tls=1)
    handshakes = []
    for _ in range(2):
        before = len(proxy.to_modem)
        tls_host.connect()
        handshakes.append(len(proxy.to_modem) - before)
        tls_host.command("AT+IMQTTDISCONN")
        tls_host.urc(r"\+IMQTTCONN:-1")
    proxy.close()
    assert handshakes[1] < handshakes[0] - 300


def test_kilobytes_both_ways(tls_host, start_tls, good_certificate, client_id):
    tls_host.connect(start_tls(good_certificate), client_id=client_id, tls=1)
    tls_host.subscribe(client_id, 1)
    for number in range(20):
        tls_host.send(f"AT+IMQTTPUBEX={client_id},1,0,1024")
        tls_host.expect(r"\r\n>")
        tls_host.type(bytes([number]) * 1024)
        tls_host.expect(r"\r\nOK\r\n")
    for number in range(20):
        assert tls_host.received()[2] == bytes([number]) * 1024
        tls_host.urc(r"\+IMQTTPUBEX:\d+,0")


def expired(authority, folder):
    return authority.sign("expired", "DNS:localhost", days=-1)


def wrong_host(authority, folder):
    return authority.sign("elsewhere", "DNS:elsewhere.example")


def unknown_authority(authority, folder):
    return Authority(folder, "stranger").sign("strange", "DNS:localhost")


def signed_by_itself(authority, folder):
    return self_signed(folder, "itself", "DNS:localhost")


BAD = [expired, wrong_host, unknown_authority, signed_by_itself]


@pytest.mark.parametrize("make", BAD)
def test_a_bad_certificate(tls_host, start_tls, authority, tmp_path, make):
    broker = start_tls(make(authority, tmp_path))
    tls_host.configure(broker, tls=1)
    for _ in range(2):  # a first failure must not make the second try trust more
        stage, code, text = tls_host.fail_to_connect()
        assert stage == "tls"
        assert code != 0
        assert text


@pytest.mark.parametrize("make", BAD)
def test_a_bad_certificate_passes_when_told_so(start_host, start_tls, authority, tmp_path, make):
    host = start_host("--tls-ca", authority.certificate, "--tls-insecure")
    host.connect(start_tls(make(authority, tmp_path)), tls=1)


def test_the_systems_authorities_do_not_know_ours(host, start_tls, good_certificate):
    host.configure(start_tls(good_certificate), tls=1)
    assert host.fail_to_connect()[0] == "tls"


@pytest.fixture
def old_server(good_certificate):
    """A server of TLS 1.1, which has been seen to work."""
    port = free_port()
    server = Process(
        *"openssl s_server -tls1_1 -cipher ALL:@SECLEVEL=0".split(),
        *("-accept", f"127.0.0.1:{port}", "-cert", good_certificate[0], "-key", good_certificate[1]),
        stdin=subprocess.PIPE,  # at its end the server would stop
    )
    server.line("ACCEPT")
    client = Process(
        *"openssl s_client -tls1_1 -cipher ALL:@SECLEVEL=0".split(),
        *("-connect", f"127.0.0.1:{port}"),
    )
    client.line("Protocol", "TLSv1.1")
    client.kill()
    server.port = port
    yield server
    server.kill()


def test_tls_1_1_is_too_old(tls_host, old_server):
    tls_host.command("AT+IMQTTMODE=2,1")
    tls_host.command(f"AT+IMQTTADDR=localhost,{old_server.port},x")
    assert tls_host.fail_to_connect()[0] == "tls"


def test_a_broker_without_tls(tls_host, mosquitto):
    tls_host.configure(mosquitto, tls=1)
    assert tls_host.fail_to_connect()[0] == "tls"
