"""AT+IMQTTAUTH and AT+IMQTTDYNREG: what is refused, and what a registration excludes."""

import pytest

from aliyun import PLATFORM, fails_to_register, register, registered, results
from scripted_server import ScriptedServer, connack, publish
from testcloud import PRODUCT_KEY, PRODUCT_SECRET

PUSH = publish("/ext/register", '{"deviceSecret":"s3cret"}')
RESULT = (PRODUCT_KEY, "device", "s3cret")
NOT_ALLOWED = ([], "+CME ERROR: 3")


@pytest.fixture(scope="module")
def certificate(authority):
    return authority.sign("rules", f"DNS:localhost,DNS:*{PLATFORM}")


@pytest.fixture
def server(certificate):
    server = ScriptedServer(certificate)
    yield server
    server.close()


@pytest.fixture
def host(start_host, authority, server):
    host = start_host("--tls-ca", authority.certificate)
    host.command("AT+CMEE=1")
    host.command("AT+IMQTTMODE=1,1")
    host.command(f'AT+IMQTTADDR=localhost,{server.port},""')
    return host


# ---- fields

LONGEST = "x" * 64
TOO_LONG = "x" * 65

FIELDS = [
    (("pk", "dn"), 50),
    (("pk", "dn", "ds", "more"), 50),
    (("", "dn", "ds"), 50),
    (('""', "dn", "ds"), 50),
    (("pk", '""', "ds"), 50),
    (("pk", "dn", '""'), 50),
    (("pk", "dn", ""), 50),
    ((TOO_LONG, "dn", "ds"), 24),
    (("pk", TOO_LONG, "ds"), 24),
    (("pk", "dn", TOO_LONG), 24),
    (("pk", "dn", f'"{TOO_LONG}"'), 24),
    (('"p,k"', "dn", "ds"), 25),
    (("pk", "d|n", "ds"), 25),
    (("pk", "dn", "d&s"), 25),
    (("pk", '"d\x01n"', "ds"), 25),
    (("pk", '"d\tn"', "ds"), 25),
    (("pk", "d\udcffn", "ds"), 25),
    ((TOO_LONG, "d|n", "ds"), 25),
    ((TOO_LONG, "d|n", '""'), 50),
]


def typed(command):
    """As Host.ask() wants it, bytes that are no UTF-8 included."""
    return command.encode(errors="surrogateescape") + b"\r"


def refuse(host, command, error):
    host.type(typed(command))
    host.expect(rf"\A\r\n\+CME ERROR: {error}\r\n")


@pytest.mark.parametrize("fields, error", FIELDS)
def test_bad_fields(host, fields, error):
    host.command("AT+IMQTTAUTH=pk,dn,ds")
    refuse(host, "AT+IMQTTAUTH=" + ",".join(fields), error)
    assert host.command("AT+IMQTTAUTH?") == ["+IMQTTAUTH:pk,dn,ds"]
    for type, mode in ((0, 1), (1, 1), (0, 2)):
        refuse(host, f"AT+IMQTTDYNREG={type},{mode}," + ",".join(fields), error)
    assert host.command("AT+IMQTTDYNREG?") == []


@pytest.mark.parametrize(
    "parameters, error",
    [
        ("", 50),
        ("3", 50),
        ("-1", 50),
        ("x", 50),
        ("0", 50),
        ("0,1", 50),
        ("2,1", 50),
        ("2,1,pk,dn,ps", 50),
        ("0,0,pk,dn,ps", 50),
        ("0,3,pk,dn,ps", 50),
    ],
)
def test_bad_numbers(host, parameters, error):
    refuse(host, f"AT+IMQTTDYNREG={parameters}", error)


@pytest.mark.parametrize("command", ["AT+IMQTTAUTH", "AT+IMQTTDYNREG"])
def test_there_is_no_execute_form(host, command):
    refuse(host, command, 4)


@pytest.mark.parametrize("field", ["x", LONGEST, "with blank", 'a\\"b', "größer"])
def test_good_fields(host, field):
    quoted = f'"{field}"'
    host.command(f"AT+IMQTTAUTH={quoted},{quoted},{quoted}")
    (line,) = host.command("AT+IMQTTAUTH?")
    host.command("AT+IMQTTAUTH=" + line.partition(":")[2])  # what is read can be typed
    assert host.command("AT+IMQTTAUTH?") == [line]


def test_what_was_asked_is_read_back(host, server):
    host.command("AT+IMQTTDYNREG=0,2,pk,dn,ps")
    assert host.command("AT+IMQTTDYNREG?") == ["+IMQTTDYNREG:0,2,pk,dn,ps"]
    refuse(host, "AT+IMQTTDYNREG=0,1,another,dn,ps", 3)
    assert host.command("AT+IMQTTDYNREG?") == ["+IMQTTDYNREG:0,2,pk,dn,ps"]
    server.accept().close()
    fails_to_register(host, 2)
    assert host.command("AT+IMQTTDYNREG?") == ["+IMQTTDYNREG:0,2,pk,dn,ps"]


# ---- when it can begin


def refused(host, **what):
    asked = {"type": 0, "mode": 1, **what}
    command = "AT+IMQTTDYNREG={type},{mode},pk,dn,ps".format(**asked)
    assert host.ask(command) == NOT_ALLOWED
    refuse(host, command + "|", 25)  # parameters are looked at first


@pytest.mark.parametrize("mode", [1, 2])
@pytest.mark.parametrize("connection_mode", [1, 2])
def test_not_over_plain_tcp(host, connection_mode, mode):
    host.command(f"AT+IMQTTMODE={connection_mode},0")
    refused(host, mode=mode)


def test_not_while_connected_or_connecting(host, server):
    host.command("AT+IMQTTAUTH=pk,dn,ds")
    host.command("AT+IMQTTCONN")
    refused(host)
    server.accept().welcome()
    host.urc(r"\+IMQTTCONN:0")
    refused(host)
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")
    register(host)
    line = server.accept()
    line.welcome()
    line.send(PUSH)
    assert registered(host) == RESULT


def test_not_without_the_network(host):
    host.command("AT+CFUN=4")
    assert host.ask("AT+IMQTTDYNREG=0,1,pk,dn,ps") == ([], "+CME ERROR: 30")


def test_type_1_needs_a_place_to_store(host):
    """Told before the platform gives a secret that would be lost."""
    assert host.ask("AT+IMQTTDYNREG=1,1,pk,dn,ps") == ([], "+CME ERROR: 4")
    assert host.command("AT+IMQTTDYNREG?") == []


# ---- while it runs


def before_tls(server):
    return server.accept_silently()


def before_connack(server):
    line = server.accept()
    line.connect()
    return line


def before_the_answer(server):
    line = server.accept()
    line.welcome()
    return line


STAGES = [before_tls, before_connack, before_the_answer]


@pytest.mark.parametrize("reach", STAGES)
def test_what_it_excludes(host, server, reach):
    host.command("AT+IMQTTAUTH=pk,dn,ds")
    register(host)
    line = reach(server)
    for command in (
        "AT+IMQTTDYNREG=0,1,pk,dn,ps",
        "AT+IMQTTDYNREG=0,2,pk,dn,ps",
        "AT+IMQTTCONN",
        "AT+IMQTTPUB=/a,0,x",
        "AT+IMQTTPUBIN=/a,0,AA",
        "AT+IMQTTPUBEX=/a,0,0,1",
        "AT+IMQTTSUB=/a,0",
        "AT+IMQTTUNSUB=/a",
    ):
        assert host.ask(command) == NOT_ALLOWED, command
    assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:0"]
    assert results(host) == [None, None]
    line.close()
    fails_to_register(host)


def test_configuring_does_not_disturb_it(host, server):
    register(host)
    line = server.accept()
    line.connect()
    host.command("AT+IMQTTMODE=2,0,1")
    host.command("AT+IMQTTPARA=TIMEOUT,1,CLEAN,0")
    host.command('AT+IMQTTADDR=127.0.0.1,1,"other"')
    host.command("AT+IMQTTAUTH=pk,dn,ds")
    host.command("AT&F")
    host.send("ATE0")
    host.expect(r"\r\nOK\r\n")
    host.pending = b""
    line.send(connack() + PUSH)
    assert registered(host) == RESULT
    assert results(host)[0] == RESULT


@pytest.mark.parametrize("reach", STAGES)
def test_disconn_gives_it_up(host, server, reach):
    register(host)
    line = reach(server)
    host.command("AT+IMQTTDISCONN")
    assert fails_to_register(host) == ("none", 0, "")
    if reach != before_tls:
        assert line.says_goodbye()
    line.close()
    assert host.ask("AT+IMQTTDISCONN") == NOT_ALLOWED
    register(host)
    line = before_the_answer(server)
    line.send(PUSH)
    assert registered(host) == RESULT


@pytest.mark.parametrize("reach", STAGES)
def test_switching_the_radio_off_ends_it(host, server, reach):
    register(host)
    reach(server)
    host.command("AT+CFUN=4")
    stage, _, why = fails_to_register(host)
    assert stage == "register" and "off" in why


def test_a_reboot_forgets_it(host, server):
    register(host)
    line = before_the_answer(server)
    host.send("AT+CFUN=1,1")
    host.expect(r"OK\r\n")
    assert line.is_closed()
    host.send("ATE0")
    host.expect(r"\r\nOK\r\n")
    host.pending = b""
    assert results(host) == [None, None]


def test_it_leaves_no_trace_in_the_next_connection(host, server):
    """Subscriptions, packet ids, keep-alive: as if there had been none."""
    register(host)
    line = before_the_answer(server)
    line.send(publish("/ext/register", "{}", qos=2, packet_id=7))
    line.packet()
    line.send(PUSH)
    registered(host)
    host.command("AT+IMQTTAUTH=pk,dn,ds")
    host.command("AT+IMQTTCONN")
    line = before_the_answer(server)
    host.urc(r"\+IMQTTCONN:0")
    assert host.command("AT+IMQTTSUB?") == []
    host.command("AT+IMQTTPUB=/a,1,x")
    assert line.packet() == publish("/a", "x", qos=1, packet_id=2)
    line.send(publish("/b", "y", qos=2, packet_id=7))
    assert host.received() == (7, "/b", b"y")


def test_a_host_that_listens_to_nothing(host, server):
    """The registration goes on all the same; its outcome waits for its turn."""
    register(host)
    line = server.accept()
    assert host.type_deaf(b"AT\r" * 20_000) < 60_000
    line.welcome()
    line.send(PUSH)
    assert line.says_goodbye()
    assert registered(host) == RESULT


def test_many_modems_at_once(start_imqttd, authority, server):
    modem = start_imqttd("--tcp", "127.0.0.1:0", "--tls-ca", authority.certificate)
    modem.ready_tcp()
    hosts = [modem.tcp_host() for _ in range(20)]
    for number, host in enumerate(hosts):
        host.send("ATE0")
        host.expect(r"\r\nOK\r\n")
        host.pending = b""
        host.command("AT+IMQTTMODE=1,1")
        host.command(f'AT+IMQTTADDR=localhost,{server.port},""')
        register(host, name=f"device{number}")
    for _ in hosts:
        line = server.accept()
        connect = line.welcome()
        name = connect.user_name.split("&")[0]
        line.send(publish("/ext/register", f'{{"deviceSecret":"secret of {name}"}}'))
    for number, host in enumerate(hosts):
        name = f"device{number}"
        assert registered(host) == (PRODUCT_KEY, name, f"secret of {name}")
    assert PRODUCT_SECRET not in "\n".join(modem.process.output)
