"""What survives: results of AT+IMQTTDYNREG, and of the settings only what AT&W stores. And what
must not be seen anywhere: secrets."""

import contextlib
import itertools
import re
import signal
import sqlite3

import pytest

from aliyun import (
    PLATFORM,
    connect_to_cloud,
    connect_to_ports,
    fails_to_register,
    platform_host,
    register,
    registered,
    results,
)
from eavesdropper import assert_private, assert_unseen
from scripted_server import ScriptedServer, connack, publish
from testcloud import PRODUCT_KEY, PRODUCT_SECRET, TestCloud

_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    cloud = TestCloud(tmp_path_factory.mktemp("cloud"))
    yield cloud
    cloud.stop()


@pytest.fixture(scope="module")
def certificate(authority):
    return authority.sign("stored", f"DNS:localhost,DNS:*{PLATFORM}")


@pytest.fixture
def server(certificate):
    server = ScriptedServer(certificate)
    yield server
    server.close()


@pytest.fixture
def power_on(start_imqttd, tmp_path):
    """Starts a modem on always the same terminal, with always the same state."""

    def power_on(*options, name="modem", **settings):
        link = tmp_path / name
        modem = start_imqttd(
            "--pty", link, "--state", tmp_path / "state", "--log", "debug", *options, **settings
        )
        modem.ready_pty(link)
        host = modem.pty_host(link)
        host.modem = modem
        host.send("ATE0")
        host.expect(r"\r\nOK\r\n")
        host.pending = b""
        return host

    return power_on


@pytest.fixture
def power_on_at(power_on, cloud):
    """The same, at the test cloud."""

    def power_on_at_cloud(**settings):
        host = power_on("--tls-ca", cloud.ca, env=connect_to_cloud(cloud), **settings)
        host.command("AT+IMQTTMODE=1,1")
        return host

    return power_on_at_cloud


@pytest.fixture
def power_on_scripted(power_on, authority, server):
    """The same, at the scripted server."""

    def power_on_scripted(*options, **settings):
        ways = connect_to_ports((platform_host(), server.port))
        host = power_on("--tls-ca", authority.certificate, *options, env=ways, **settings)
        host.command("AT+IMQTTMODE=1,1")
        return host

    return power_on_scripted


def free_name(cloud):
    """A device that is entered in the console, and was never registered."""
    return cloud.add_device(f"stored{next(_numbers)}").name


def power_off(host):
    """As the mains does."""
    host.modem.signal(signal.SIGKILL)
    host.modem.process.wait()


# ---- results


@pytest.mark.parametrize("repetition", range(3))
@pytest.mark.parametrize("mode", [1, 2])
def test_a_stored_result_survives(power_on_at, cloud, mode, repetition):
    host = power_on_at()
    register(host, 1, mode, free_name(cloud))
    result = registered(host, mode)
    power_off(host)

    host = power_on_at()
    assert results(host) == [result if mode == 1 else None, result if mode == 2 else None]
    if mode == 1:
        host.command("AT+IMQTTAUTH={},{},{}".format(*result))
    else:
        client_id, user, password = result
        host.command(f'AT+IMQTTUSER="{user}","{password}"')
        host.command(f'AT+IMQTTADDR={platform_host()},1883,"{client_id}"')
    host.connect()


def test_the_results_of_both_modes_survive(power_on_at, cloud):
    host = power_on_at()
    found = []
    for mode in (1, 2):
        register(host, 1, mode, free_name(cloud))
        found.append(registered(host, mode))
    power_off(host)
    assert results(power_on_at()) == found


def test_type_0_covers_until_power_off(power_on_at, cloud):
    host = power_on_at()
    name = free_name(cloud)
    register(host, 1, 1, name)
    stored = registered(host)
    register(host, 0, 1, name)
    covering = registered(host)
    assert covering != stored
    assert results(host) == [covering, None]
    power_off(host)
    host = power_on_at()
    assert results(host) == [stored, None]
    register(host, 0, 1, name)
    registered(host)
    host.send("AT+CFUN=1,1")
    host.expect(r"\r\nOK\r\n")
    host.send("ATE0")
    host.expect(r"\r\nOK\r\n")
    host.pending = b""
    assert results(host) == [stored, None]


def test_a_later_result_replaces_the_stored_one(power_on_at, cloud):
    host = power_on_at()
    name = free_name(cloud)
    for _ in range(2):
        register(host, 1, 1, name)
        last = registered(host)
    power_off(host)
    assert results(power_on_at()) == [last, None]


@pytest.mark.parametrize("type", [0, 1])
def test_a_failure_leaves_what_was_stored(power_on_scripted, server, type):
    host = power_on_scripted()
    register(host, 1)
    line = server.accept()
    line.welcome()
    line.send(publish("/ext/register", '{"deviceSecret":"first"}'))
    first = registered(host)
    register(host, type)
    line = server.accept()
    line.connect()
    line.send(connack(5))
    assert fails_to_register(host)[:2] == ("register", 5)
    assert results(host) == [first, None]
    power_off(host)
    assert results(power_on_scripted()) == [first, None]


def test_a_result_that_cannot_be_stored(power_on_at, cloud, tmp_path):
    """Another program keeps the database locked: no secret is reported that would be lost."""
    host = power_on_at()
    name = free_name(cloud)
    register(host, 1, 1, name)
    stored = registered(host)
    with contextlib.closing(sqlite3.connect(tmp_path / "state" / "imqtt.db")) as database:
        database.execute("BEGIN IMMEDIATE")
        register(host, 1, 1, name)
        assert fails_to_register(host) == ("register", 0, "the result could not be stored")
    assert results(host) == [stored, None]
    register(host, 1, 1, name)
    last = registered(host)
    power_off(host)
    assert results(power_on_at()) == [last, None]


def test_modems_have_results_of_their_own(power_on_at, cloud):
    first, second = power_on_at(), power_on_at(name="another")
    register(first, 1, 1, free_name(cloud))
    result = registered(first)
    assert results(second) == [None, None]
    power_off(first)
    power_off(second)
    assert results(power_on_at()) == [result, None]
    assert results(power_on_at(name="another")) == [None, None]


def test_a_result_while_settings_are_stored(power_on_scripted, server):
    """Both want the store at the same time."""
    host = power_on_scripted()
    register(host, 1)
    line = server.accept()
    line.connect()
    host.send("AT&W;&W;&W;&W;&W;&W;&W;&W")
    line.send(connack() + publish("/ext/register", '{"deviceSecret":"s3cret"}'))
    host.expect(r"\r\nOK\r\n")
    result = registered(host)
    power_off(host)
    assert results(power_on_scripted()) == [result, None]


@pytest.mark.parametrize("settings", ["AT&F", "ATZ"])
def test_settings_come_and_go_without_the_result(power_on_at, cloud, settings):
    host = power_on_at()
    register(host, 1, 1, free_name(cloud))
    result = registered(host)
    host.send(settings)
    host.expect(r"\r\nOK\r\n")
    host.send("ATE0")
    host.expect(r"\r\nOK\r\n")
    host.pending = b""
    assert results(host) == [result, None]
    assert host.command("AT+IMQTTDYNREG?") == []  # what was asked is a setting


# ---- settings


def test_what_is_stored_by_command(power_on_at, cloud):
    host = power_on_at()
    device = cloud.add_device(f"stored{next(_numbers)}")
    host.command(f"AT+IMQTTAUTH={device.product_key},{device.name},{device.secret}")
    register(host, 0, 1, device.name)
    registered(host)
    power_off(host)
    host = power_on_at()
    assert host.command("AT+IMQTTAUTH?") == host.command("AT+IMQTTDYNREG?") == []

    auth = f"{device.product_key},{device.name},{device.secret}"
    asked = f"0,1,{PRODUCT_KEY},{device.name},{PRODUCT_SECRET}"
    host.command(f"AT+IMQTTAUTH={auth}")
    host.command(f"AT+IMQTTDYNREG={asked}")
    registered(host)
    host.command("AT&W")
    power_off(host)
    host = power_on_at()
    assert host.command("AT+IMQTTAUTH?") == [f"+IMQTTAUTH:{auth}"]
    assert host.command("AT+IMQTTDYNREG?") == [f"+IMQTTDYNREG:{asked}"]
    assert results(host) == [None, None]


# ---- secrets


def test_the_files_are_for_their_owner_only(power_on_at, cloud, tmp_path):
    host = power_on_at()
    register(host, 1, 1, free_name(cloud))
    secret = registered(host)[2]
    host.command("AT&W")
    assert_private(tmp_path / "state")
    kept = b"".join(path.read_bytes() for path in (tmp_path / "state").rglob("*"))
    assert secret.encode() in kept  # this is where it is, so this is what to look after
    power_off(host)
    assert_private(tmp_path / "state")


def test_secrets_of_a_registration_are_unseen(power_on_scripted, server, tmp_path):
    host = power_on_scripted("--trace", tmp_path / "trace")
    secrets = [PRODUCT_SECRET]
    for type, mode in itertools.product((0, 1), (1, 2)):
        register(host, type, mode)
        line = server.accept()
        secrets.append(line.welcome().password)
        values = [f"DeviceSecret{type}{mode}", f"Token{type}{mode}"]
        secrets += values
        answer = '{{"deviceSecret":"{0}","clientId":"c","deviceToken":"{1}"}}'.format(*values)
        line.send(publish("/ext/register", "{" + answer))  # broken: it is passed over
        line.send(publish("/ext/register", answer))
        registered(host, mode)
        host.command("AT+IMQTTDYNREG=2")
        host.command("AT+IMQTTDYNREG?")
    register(host, 0, 1, secret="AnotherSecret")
    line = server.accept()
    secrets += ["AnotherSecret", line.connect().password]
    line.send(connack(4))
    fails_to_register(host)
    assert_unseen(host.modem, secrets)
    host.modem.stop()
    traced = (tmp_path / "trace").read_bytes()
    assert traced.count(b"+IMQTTDYNREG:") > 4 and traced.count(b'"starred":true') > 4
    assert not any(secret.encode() in traced or secret.encode().hex().encode() in traced
                   for secret in secrets)


def test_secrets_of_a_login_are_unseen(power_on_scripted, server):
    host = power_on_scripted()
    secrets = ["TheDeviceSecret", "ThePassword"]
    host.command(f"AT+IMQTTAUTH={PRODUCT_KEY},device,TheDeviceSecret")
    for code in (0, 4):
        host.command("AT+IMQTTCONN")
        line = server.accept()
        secrets.append(line.connect().password)
        line.send(connack(code))
        host.urc(r"\+IMQTTCONN:" + ("0" if code == 0 else "-1"))
        host.command("AT+IMQTTERR?")
        if code == 0:
            host.command("AT+IMQTTDISCONN")
            host.urc(r"\+IMQTTCONN:-1")
    host.command("AT+IMQTTUSER=me,ThePassword")
    host.command("AT&W")
    host.command("AT+IMQTTAUTH?")
    shown = "\n".join(host.command("AT&V") + host.command("AT+IMQTTUSER?"))
    assert not re.search("TheDeviceSecret|ThePassword", shown)
    assert_unseen(host.modem, secrets)
    host.modem.stop()
    assert not re.search("|".join(secrets), "\n".join(host.modem.process.output))
