"""Brokers that ask for a client certificate: a real Mosquitto with require_certificate."""

import pytest

from certificates import Authority, self_signed
from modem import Imqttd


def private(files):
    """The key as it should be: nobody else's to read."""
    files[1].chmod(0o600)
    return files


@pytest.fixture
def clients(tmp_path):
    """The authority that the broker trusts for its clients."""
    return Authority(tmp_path, "clients")


@pytest.fixture
def client(clients):
    return private(clients.sign("meter-7", "DNS:meter-7", usage="clientAuth"))


@pytest.fixture(params=["TLSv1.2", "TLSv1.3"])
def broker(request, start_mosquitto, tmp_path, good_certificate, clients):
    settings = tmp_path / "openssl.cnf"
    settings.write_text(
        "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n"
        f"[c]\nMaxProtocol = {request.param}\n"
    )
    broker = start_mosquitto(
        f"certfile {good_certificate[0]}", f"keyfile {good_certificate[1]}",
        f"cafile {clients.certificate}", "require_certificate true",
        "use_identity_as_username true",
        environment={"OPENSSL_CONF": str(settings)},
    )
    broker.host = "localhost"
    return broker


def shows(certificate):
    return "--tls-cert", certificate[0], "--tls-key", certificate[1]


def test_the_broker_knows_who_it_is(start_host, authority, broker, client, client_id):
    host = start_host("--tls-ca", authority.certificate, *shows(client))
    for _ in range(2):  # the second session is resumed
        host.connect(broker, client_id=client_id, tls=1)
        broker.process.line(f" as {client_id} ", "u'meter-7'")
        host.command("AT+IMQTTDISCONN")
        host.urc(r"\+IMQTTCONN:-1")


def test_none_is_there(start_host, authority, broker):
    host = start_host("--tls-ca", authority.certificate)
    host.configure(broker, tls=1)
    for _ in range(2):
        stage, _, text = host.fail_to_connect()
        assert (stage, text) == ("tls", "the broker wants a client certificate")


def test_of_an_authority_that_the_broker_does_not_know(start_host, authority, broker, tmp_path):
    stranger = private(Authority(tmp_path, "other").sign("x", "DNS:x", usage="clientAuth"))
    host = start_host("--tls-ca", authority.certificate, *shows(stranger))
    host.configure(broker, tls=1)
    stage, _, text = host.fail_to_connect()
    assert stage == "tls"
    assert text == "the broker does not know the client certificate's authority"


def test_out_of_date(start_host, authority, broker, clients):
    old = private(clients.sign("old", "DNS:old", begin=-30, end=-1, usage="clientAuth"))
    host = start_host("--tls-ca", authority.certificate, *shows(old))
    host.configure(broker, tls=1)
    stage, _, text = host.fail_to_connect()
    assert (stage, text) == ("tls", "the broker says the client certificate has expired")


# ---- what is refused at the start ------------------------------------------------------------


def refused(*options):
    modem = Imqttd("--stdio", *options)
    assert modem.process.wait() == 2
    (line,) = modem.process.output
    return line


def test_a_key_of_another_certificate(client, clients):
    other = private(clients.sign("other", "DNS:other", usage="clientAuth"))
    line = refused("--tls-cert", client[0], "--tls-key", other[1])
    assert line == f"imqttd: --tls-key {other[1]}: is not the key of the certificate"


def test_a_key_that_others_can_read(client):
    client[1].chmod(0o604)
    assert f"--tls-key {client[1]}: others can read" in refused(*shows(client))


def test_a_key_that_is_not_there(client, tmp_path):
    line = refused("--tls-cert", client[0], "--tls-key", tmp_path / "none")
    assert line == f"imqttd: --tls-key {tmp_path}/none: No such file or directory"


def test_one_without_the_other(client):
    for option, file in ("--tls-cert", client[0]), ("--tls-key", client[1]):
        assert refused(option, file) == f"imqttd: {option} {file}: tls-cert and tls-key go together"


def test_no_certificate_at_all(client, tmp_path):
    rubbish = tmp_path / "rubbish"
    rubbish.write_text("no certificate\n")
    assert f"--tls-cert {rubbish}:" in refused("--tls-cert", rubbish, "--tls-key", client[1])


# ---- TLS 1.3 only ----------------------------------------------------------------------------


@pytest.mark.parametrize("broker", ["TLSv1.2"], indirect=True)
def test_a_broker_that_is_too_old(start_host, authority, broker, client):
    host = start_host("--tls-ca", authority.certificate, "--tls-min", "1.3", *shows(client))
    host.configure(broker, tls=1)
    assert host.fail_to_connect()[0] == "tls"


def test_only_the_common_name(start_host, start_mosquitto, tmp_path):
    """It is no name: a certificate needs an alternative name."""
    certificate = self_signed(tmp_path, "localhost")
    broker = start_mosquitto(f"certfile {certificate[0]}", f"keyfile {certificate[1]}")
    broker.host = "localhost"
    host = start_host("--tls-ca", certificate[0])
    host.configure(broker, tls=1)
    assert host.fail_to_connect()[:2] == ("tls", 62)
