"""TLS of the image: good and bad certificates, the clock, entropy; and Aliyun at the test cloud."""

import datetime

import pytest

from certificates import Authority, self_signed
from image import GATEWAY, At
from testcloud import TestCloud

MISMATCH, EXPIRED, NOT_TRUSTED, FUTURE, USAGE = 0x04, 0x01, 0x08, 0x200, 0x1000
NAME = "broker.example"


def set_clock(host):
    now = datetime.datetime.now(datetime.timezone.utc)
    host.command(f'AT+CCLK="{now:%y/%m/%d,%H:%M:%S}+00"')


@pytest.fixture
def start_tls(start_mosquitto):
    def start(certificate, *lines):
        return start_mosquitto(f"certfile {certificate[0]}", f"keyfile {certificate[1]}", *lines)

    return start


@pytest.fixture
def tls_host(start_image, authority):
    """Trusts the authority, knows the time, and the broker's name."""
    image = start_image(ca=authority.certificate)
    image.name(NAME)
    set_clock(image.host)
    return image.host


@pytest.mark.parametrize("host_name", [NAME, GATEWAY])
def test_a_good_certificate(tls_host, start_tls, authority, client_id, host_name):
    broker = start_tls(authority.sign("good", f"DNS:{NAME},IP:{GATEWAY}"))
    tls_host.connect(At(broker, host_name), client_id=client_id, tls=1)
    tls_host.subscribe(client_id, 1)
    for number in range(20):
        payload = b"%02d" % number + b"x" * 998
        tls_host.send(f"AT+IMQTTPUBEX={client_id},1,0,{len(payload)}")
        tls_host.expect(r"\r\n>")
        tls_host.type(payload)
        tls_host.urc(r"\+IMQTTPUBEX:\d+,0")
        assert tls_host.received()[2] == payload


def test_rsa_with_4096_bits(tls_host, start_tls, authority, client_id, monkeypatch):
    monkeypatch.setattr("certificates.KEY", ["-newkey", "rsa:4096", "-nodes"])
    broker = start_tls(authority.sign("rsa", f"DNS:{NAME}"))
    tls_host.connect(At(broker, NAME), client_id=client_id, tls=1)


# Certificates that must not pass, each with the flag that Mbed TLS gives its fault.


def expired(authority, folder):
    return authority.sign("expired", f"DNS:{NAME}", begin=-30, end=-1), EXPIRED


def not_yet_valid(authority, folder):
    return authority.sign("early", f"DNS:{NAME}", begin=1), FUTURE


def another_name(authority, folder):
    return authority.sign("elsewhere", "DNS:elsewhere.example"), MISMATCH


def unknown_authority(authority, folder):
    return Authority(folder, "stranger").sign("strange", f"DNS:{NAME}"), NOT_TRUSTED


def authority_of_the_same_name(authority, folder):
    return Authority(folder, authority.name).sign("double", f"DNS:{NAME}"), NOT_TRUSTED


def signed_by_itself(authority, folder):
    return self_signed(folder, "itself", f"DNS:{NAME}"), NOT_TRUSTED


def clients_certificate(authority, folder):
    return authority.sign("client", f"DNS:{NAME}", usage="clientAuth"), USAGE


BAD = [
    *(expired, not_yet_valid, another_name, unknown_authority, authority_of_the_same_name),
    *(signed_by_itself, clients_certificate),
]


@pytest.mark.parametrize("make", BAD)
def test_a_bad_certificate(tls_host, start_tls, authority, tmp_path, make):
    certificate, flag = make(authority, tmp_path)
    tls_host.configure(At(start_tls(certificate), NAME), tls=1)
    for _ in range(2):
        stage, flags, text = tls_host.fail_to_connect()
        assert stage == "tls" and flags & flag and "certificate" in text


def test_the_certificate_of_another_address(tls_host, start_tls, authority):
    broker = start_tls(authority.sign("address", f"DNS:{GATEWAY},IP:10.0.2.3"))
    tls_host.configure(At(broker), tls=1)
    assert tls_host.fail_to_connect() == ("tls", MISMATCH, "certificate is for another name")


def test_a_broker_without_tls(tls_host, mosquitto):
    tls_host.configure(At(mosquitto, NAME), tls=1)
    assert tls_host.fail_to_connect()[0] == "tls"


def test_a_clock_that_was_never_set_says_so(start_image, start_tls, authority, client_id):
    image = start_image(ca=authority.certificate)
    broker = At(start_tls(authority.sign("timed", f"IP:{GATEWAY}")))
    image.host.configure(broker, client_id=client_id, tls=1)
    stage, flags, text = image.host.fail_to_connect()
    assert stage == "tls" and flags & FUTURE
    assert text == "the clock was never set (AT+CCLK): certificate is not yet valid"
    set_clock(image.host)
    image.host.connect()


def test_without_entropy_there_is_no_tls(start_image, start_tls, authority):
    host = start_image(ca=authority.certificate, seed=False).host
    host.configure(At(start_tls(authority.sign("unseeded", f"IP:{GATEWAY}"))), tls=1)
    assert host.fail_to_connect() == ("tls", 0, "no entropy: the factory gave no seed")


def test_without_authorities_there_is_no_tls(host, start_tls, authority):
    host.configure(At(start_tls(authority.sign("untrusted", f"IP:{GATEWAY}"))), tls=1)
    text = "the factory gave no certificates to trust"
    assert host.fail_to_connect() == ("tls", 0, text)


# ---- Aliyun


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    cloud = TestCloud(tmp_path_factory.mktemp("cloud"))
    yield cloud
    cloud.stop()


@pytest.mark.parametrize("tls", [0, 1])
def test_a_device_at_the_test_cloud(start_image, cloud, tls):
    image = start_image(ca=cloud.ca)
    host, device = image.host, cloud.add_device(f"firmware{tls}")
    image.name("localhost")
    set_clock(host)
    host.command(f"AT+IMQTTMODE=1,{tls}")
    port = cloud.tls_port if tls else cloud.port
    host.command(f'AT+IMQTTADDR=localhost,{port},""')
    host.command(f"AT+IMQTTAUTH={device.product_key},{device.name},{device.secret}")
    host.connect()
    host.subscribe(device.topic, 1)
    host.command(f"AT+IMQTTPUB={device.topic},1,fine")
    host.urc(r"\+IMQTTPUB:\d+,0")
    assert host.received()[1:] == (device.topic, b"fine")
    host.command(f"AT+IMQTTAUTH={device.product_key},{device.name},wrong")
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")
    assert host.fail_to_connect()[0] == "connack"
