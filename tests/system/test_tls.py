"""TLS: what is verified, which versions are spoken."""

import glob
import os
import socket
import ssl
import subprocess

import pytest

from certificates import Authority, self_signed, together
from processes import Process, free_port
from proxy import Proxy


@pytest.fixture
def start_tls(start_mosquitto, tmp_path):
    """A TLS Mosquitto with that certificate and key, of at most that version."""

    def start(certificate, newest="TLSv1.3", port=None):
        settings = tmp_path / "openssl.cnf"
        settings.write_text(
            "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n"
            f"[c]\nMaxProtocol = {newest}\n"
        )
        broker = start_mosquitto(
            f"certfile {certificate[0]}",
            f"keyfile {certificate[1]}",
            port=port,
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


def chain(folder, server, between):
    """A server's certificate with that of its authority behind it. -> (certificates, key)"""
    return together(folder / "chain.crt", server[0], between.certificate), server[1]


# Certificates that must not pass, each with the number that OpenSSL gives its fault.


def expired(authority, folder):
    return authority.sign("expired", "DNS:localhost", begin=-30, end=-1), 10


def not_yet_valid(authority, folder):
    return authority.sign("early", "DNS:localhost", begin=1), 9


def wrong_host(authority, folder):
    return authority.sign("elsewhere", "DNS:elsewhere.example,IP:127.0.0.1"), 62


def unknown_authority(authority, folder):
    return Authority(folder, "stranger").sign("strange", "DNS:localhost"), 20


def authority_of_the_same_name(authority, folder):
    return Authority(folder, authority.name).sign("double", "DNS:localhost"), 20


def signed_by_itself(authority, folder):
    return self_signed(folder, "itself", "DNS:localhost"), 18


def clients_certificate(authority, folder):
    return authority.sign("client", "DNS:localhost", usage="clientAuth"), 26


def signed_by_a_server(authority, folder):
    """Somebody with a good certificate of his own plays authority."""
    server = Authority(folder, "server", above=authority, may_sign=False)
    return chain(folder, server.sign("below", "DNS:localhost"), server), 79


BAD = [
    expired, not_yet_valid, wrong_host, unknown_authority, authority_of_the_same_name,
    signed_by_itself, clients_certificate, signed_by_a_server,
]


def refuses(host, code):
    """However often it is tried."""
    for _ in range(2):
        stage, number, text = host.fail_to_connect()
        assert (stage, number) == ("tls", code), text
        assert text


def disconnect(host):
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")


@pytest.mark.parametrize("make", BAD)
def test_a_bad_certificate(tls_host, start_tls, authority, tmp_path, make):
    certificate, code = make(authority, tmp_path)
    tls_host.configure(start_tls(certificate), tls=1)
    refuses(tls_host, code)


@pytest.mark.parametrize("make", BAD)
def test_a_bad_certificate_after_a_good_one(
    tls_host, start_tls, authority, good_certificate, tmp_path, make
):
    """What was trusted once at that address is not trusted again unseen."""
    certificate, code = make(authority, tmp_path)
    good = start_tls(good_certificate)
    tls_host.connect(good, tls=1)
    disconnect(tls_host)
    good.kill()
    start_tls(certificate, port=good.port)
    refuses(tls_host, code)


def test_a_session_is_of_one_name_only(tls_host, start_tls, authority):
    """The same server by another name, which its certificate does not have."""
    broker = start_tls(authority.sign("one-name", "DNS:localhost"))
    tls_host.connect(broker, tls=1)
    disconnect(tls_host)
    broker.host = "127.0.0.1"
    tls_host.configure(broker, tls=1)
    refuses(tls_host, 64)


@pytest.mark.parametrize("make", BAD)
def test_a_bad_certificate_passes_when_told_so(start_host, start_tls, authority, tmp_path, make):
    host = start_host("--tls-ca", authority.certificate, "--tls-insecure")
    certificate, _ = make(authority, tmp_path)
    host.connect(start_tls(certificate), tls=1)


def test_the_systems_authorities_do_not_know_ours(host, start_tls, good_certificate):
    host.configure(start_tls(good_certificate), tls=1)
    assert host.fail_to_connect()[0] == "tls"


@pytest.fixture(params=["1", "1.1"])
def old_server(request, good_certificate):
    """A server of an old TLS, which has been seen to work."""
    port = free_port()
    version = "-tls" + request.param.replace(".", "_")
    server = Process(
        *("openssl", "s_server", version, "-cipher", "ALL:@SECLEVEL=0"),
        *("-accept", f"127.0.0.1:{port}", "-cert", good_certificate[0], "-key", good_certificate[1]),
        stdin=subprocess.PIPE,  # at its end the server would stop
    )
    server.line("ACCEPT")
    client = Process(
        *("openssl", "s_client", version, "-cipher", "ALL:@SECLEVEL=0"),
        *("-connect", f"127.0.0.1:{port}"),
    )
    client.line("Protocol", f"TLSv{request.param}")
    client.kill()
    server.port = port
    yield server
    server.kill()


def test_tls_before_1_2_is_too_old(tls_host, old_server):
    tls_host.command("AT+IMQTTMODE=2,1")
    tls_host.command(f"AT+IMQTTADDR=localhost,{old_server.port},x")
    for _ in range(2):
        assert tls_host.fail_to_connect()[0] == "tls"


def test_a_broker_without_tls(tls_host, mosquitto):
    tls_host.configure(mosquitto, tls=1)
    assert tls_host.fail_to_connect()[0] == "tls"


# ---- what was taken back -----------------------------------------------------------------------

REVOKED, NO_LIST, LIST_IS_OLD, EXPIRED = 23, 3, 12, 10


@pytest.fixture
def own_authority(tmp_path):
    """One that may be made to revoke things."""
    return Authority(tmp_path, "revoker")


@pytest.fixture
def between(own_authority, tmp_path):
    """An authority that has its power from the other one."""
    return Authority(tmp_path, "between", above=own_authority)


@pytest.mark.parametrize("newest", ["TLSv1.2", "TLSv1.3"])
def test_a_revoked_certificate(start_host, start_tls, own_authority, newest):
    good, bad = (own_authority.sign(name, "DNS:localhost") for name in ("good", "bad"))
    own_authority.revoke(bad[0])
    host = start_host(
        *("--tls-ca", own_authority.certificate, "--tls-crl", own_authority.revocations())
    )
    broker = start_tls(good, newest)
    for _ in range(2):
        host.connect(broker, tls=1)
        disconnect(host)
    broker.kill()
    start_tls(bad, newest, port=broker.port)
    refuses(host, REVOKED)


def test_a_revoked_authority(start_host, start_tls, tmp_path, own_authority, between):
    broker = start_tls(chain(tmp_path, between.sign("server", "DNS:localhost"), between))

    def host_with(*lists):
        file = together(tmp_path / "lists.crl", *lists)
        host = start_host("--tls-ca", own_authority.certificate, "--tls-crl", file)
        host.configure(broker, tls=1)
        return host

    host_with(own_authority.revocations(), between.revocations()).connect()
    own_authority.revoke(between.certificate)
    refuses(host_with(own_authority.revocations(), between.revocations()), REVOKED)


def test_every_authority_needs_its_list(start_host, start_tls, tmp_path, own_authority, between):
    broker = start_tls(chain(tmp_path, between.sign("server", "DNS:localhost"), between))
    for authority in (own_authority, between):
        host = start_host(
            *("--tls-ca", own_authority.certificate, "--tls-crl", authority.revocations())
        )
        host.configure(broker, tls=1)
        refuses(host, NO_LIST)


def test_a_list_that_is_out_of_date(start_host, start_tls, own_authority):
    old = own_authority.revocations(begin=-10, end=-1)
    host = start_host("--tls-ca", own_authority.certificate, "--tls-crl", old)
    assert any("warning: tls: a revocation list" in line for line in host.modem.process.output)
    host.configure(start_tls(own_authority.sign("server", "DNS:localhost")), tls=1)
    refuses(host, LIST_IS_OLD)


# ---- time passes between two connections -------------------------------------------------------


@pytest.fixture
def start_timed_host(start_host, tmp_path):
    """As start_host; host.clock_goes(s) lets the modem's calendar jump, and no other clock."""
    (library,) = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
    shift = tmp_path / "shift"
    shift.write_text("+0")
    environment = {
        **os.environ,
        "LD_PRELOAD": library,
        "FAKETIME_TIMESTAMP_FILE": str(shift),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0",
    }

    def start(*options):
        host = start_host(*options, env=environment)
        host.clock_goes = lambda seconds: shift.write_text(f"+{seconds}")
        return host

    return start


@pytest.mark.parametrize("newest", ["TLSv1.2", "TLSv1.3"])
@pytest.mark.parametrize(
    "server_days, list_days, code",
    [
        pytest.param(1 / 24, 30, EXPIRED, id="certificate"),
        pytest.param(30, 1 / 24, LIST_IS_OLD, id="list"),
    ],
)
def test_resuming_skips_no_check(
    start_timed_host, start_tls, own_authority, newest, server_days, list_days, code
):
    """The server would resume the session for two hours; the modem does not, once a check fails."""
    certificate = own_authority.sign("server", "DNS:localhost", end=server_days)
    lists = own_authority.revocations(end=list_days)
    host = start_timed_host("--tls-ca", own_authority.certificate, "--tls-crl", lists)
    host.connect(start_tls(certificate, newest), tls=1)
    disconnect(host)
    host.connect()  # resumed, and the server hands out another ticket
    disconnect(host)
    host.clock_goes(5400)
    refuses(host, code)
    host.clock_goes(0)
    host.connect()
