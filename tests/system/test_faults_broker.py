"""Brokers that are killed, stopped, refuse, close in the middle of a packet, or take a rival."""

import errno
import json
import pathlib
import select
import signal

import pytest

from cutting_proxy import SILENCES, Cut, CuttingProxy, kind_of
from processes import DEADLINE_S
from proxy import Proxy
from scripted_server import PUBACK, ScriptedServer, connack, publish

BURST = 40
WINDOW = 16  # publishes that the modem has unanswered at a time


@pytest.fixture
def scripted():
    server = ScriptedServer()
    yield server
    server.close()


# ---- killed -----------------------------------------------------------------------------------


def start_listener(start_peer, broker, client_id):
    listener = start_peer(broker, f"{client_id} listener", clean=False)
    listener.subscribe(client_id)
    return listener


@pytest.mark.parametrize(
    "remembers, qos, answers, arriving",
    [
        (True, 1, [b"\x40"], [b"once", b"once", b"next"]),
        (True, 2, [b"\x50"], [b"once", b"next"]),
        (True, 2, [b"\x50", b"\x70"], [b"once", b"next"]),
        (False, 1, [b"\x40"], [b"once", b"next"]),
        (False, 2, [b"\x50"], [b"once", b"next"]),
        # It had taken the message, and has forgotten it: the host was told 1.
        (False, 2, [b"\x50", b"\x70"], [b"next"]),
    ],
)
def test_a_broker_killed_before_its_answer_arrives(
    host, start_mosquitto, start_peer, tmp_path, client_id, remembers, qos, answers, arriving
):
    """The last of the answers is on its way when the broker dies."""
    saves = ("persistence true", "autosave_on_changes true", "autosave_interval 1")
    broker = start_mosquitto(
        f"persistence_location {tmp_path}/", *(saves if remembers else ["persistence false"])
    )
    between = Proxy(broker)
    start_listener(start_peer, broker, client_id).close()
    host.connect(between, client_id=client_id, clean=0)
    between.hold(after=len(answers) - 1)
    host.command(f"AT+IMQTTPUB={client_id},{qos},once")
    between.wait_for("to_modem", answers[-1] + b"\x02\x00")
    start_peer(broker).publish("witness", "the broker has saved what came before")
    broker.kill()
    between.cut()
    host.expect(r"\A\r\n\+IMQTTPUB:\d+,1\r\n\r\n\+IMQTTCONN:-1\r\n")
    broker.start()
    listener = start_listener(start_peer, broker, client_id)
    host.connect()
    host.command(f"AT+IMQTTPUB={client_id},{qos},next")
    host.urc(r"\+IMQTTPUB:\d+,0")
    assert listener.payloads(len(arriving)) == arriving
    between.close()


def type_burst(host, topic):
    """Many publishes at once; all are accepted."""
    host.type(b"".join(b"AT+IMQTTPUB=%s,1,%02d\r" % (topic.encode(), n) for n in range(BURST)))
    for _ in range(BURST):
        host.expect(r"\r\nOK\r\n")


def test_a_broker_killed_among_many_messages(host, start_mosquitto, start_peer, client_id):
    """0 for those whose PUBACK came, 1 for the others, which arrive when it is back."""
    broker, acknowledged, passed = start_mosquitto(), [], 11

    def note(way, packet):
        if kind_of(packet) == PUBACK:
            acknowledged.append(int.from_bytes(packet[2:], "big"))

    between = CuttingProxy(broker, note)
    between.arm(Cut(SILENCES, PUBACK, passed_bytes=0, occurrence=passed + 1))
    host.connect(between, client_id=client_id, clean=0)
    type_burst(host, client_id)
    assert select.select([between.cut_signal], [], [], DEADLINE_S)[0]
    broker.kill()
    reports = dict(host.urc(r"\+IMQTTPUB:(\d+),(\d)") for _ in range(BURST))
    assert len(reports) == BURST
    assert [int(packet_id) for packet_id in reports if reports[packet_id] == "0"] == acknowledged
    assert len(acknowledged) == passed
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")
    broker.start()
    listener = start_listener(start_peer, broker, client_id)
    host.connect()
    assert listener.payloads(BURST - passed) == [b"%02d" % n for n in range(passed, BURST)]
    between.close()


# ---- silent -----------------------------------------------------------------------------------


def test_a_broker_that_is_stopped(host, start_mosquitto, client_id):
    """The kernel takes the connection for it; CONNACK does not come."""
    broker = start_mosquitto()
    broker.process.child.send_signal(signal.SIGSTOP)
    host.configure(broker, client_id=client_id)
    assert host.fail_to_connect()[0] == "connack"
    broker.process.child.send_signal(signal.SIGCONT)
    host.connect()


def test_what_waited_too_long_in_a_clean_session_is_never_sent(host, proxy, peer, client_id):
    """The broker answers nothing for a while, so that half of the messages wait for the others."""
    peer.subscribe(client_id)
    host.connect(proxy, client_id=client_id, clean=1)
    proxy.hold()
    type_burst(host, client_id)
    for _ in range(BURST):
        host.urc(r"\+IMQTTPUB:\d+,1")
    proxy.release()
    host.command(f"AT+IMQTTPUB={client_id},1,next")
    host.urc(r"\+IMQTTPUB:\d+,0")
    assert peer.payloads(WINDOW + 1) == [*(b"%02d" % n for n in range(WINDOW)), b"next"]


# ---- refusing ---------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [1, 2, 3, 4, 5])
def test_connack_refuses(host, scripted, client_id, code):
    host.configure(scripted, client_id=client_id)
    for answer in (code, 0):
        host.command("AT+IMQTTCONN")
        line = scripted.accept()
        line.connect()
        line.send(connack(answer))
        host.urc(rf"\+IMQTTCONN:{-1 if answer else 0}")
        assert host.failure()[:2] == (("connack", code) if answer else ("none", 0))


def test_a_client_id_that_is_refused(host, start_mosquitto):
    broker = start_mosquitto("allow_zero_length_clientid false")
    host.configure(broker, client_id='""')
    assert host.fail_to_connect()[:2] == ("connack", 2)


@pytest.fixture
def strict_mosquitto(start_mosquitto, tmp_path):
    """Refuses subscriptions below closed/."""
    (plugin,) = pathlib.Path("/usr/lib").glob("*/mosquitto_dynamic_security.so")
    rules = [
        {"acltype": "subscribePattern", "topic": "closed/#", "allow": False, "priority": 1},
        {"acltype": "subscribePattern", "topic": "#", "allow": True, "priority": 0},
    ]
    configuration = tmp_path / "rights.json"
    configuration.write_text(
        json.dumps(
            {
                "defaultACLAccess": dict.fromkeys(
                    ("publishClientSend", "publishClientReceive", "subscribe", "unsubscribe"), True
                ),
                "groups": [{"groupname": "all", "roles": [{"rolename": "strict"}], "clients": []}],
                "anonymousGroup": "all",
                "roles": [{"rolename": "strict", "acls": rules}],
                "clients": [],
            }
        )
    )
    return start_mosquitto(f"plugin {plugin}", f"plugin_opt_config_file {configuration}")


def test_suback_refuses(host, strict_mosquitto, start_peer, client_id):
    """One topic of two: the other one is subscribed."""
    host.connect(strict_mosquitto, client_id=client_id)
    host.command("AT+IMQTTSUB=closed/a,1,open/a,1")
    host.urc(r"\+IMQTTSUB:\d+,128,1")
    assert host.command("AT+IMQTTSUB?") == ["+IMQTTSUB:open/a,1"]
    peer = start_peer(strict_mosquitto)
    peer.publish("closed/a", "unheard")
    peer.publish("open/a", "heard")
    assert host.received()[1:] == ("open/a", b"heard")


# ---- closing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["close", "reset"])
def test_a_connection_closed_in_the_middle_of_a_packet(host, scripted, client_id, how):
    """Behind each byte of a CONNACK and a PUBLISH. Half a message is no message."""
    host.configure(scripted, client_id=client_id)
    packets = connack() + publish("a", "half", qos=1)
    whole = len(connack())
    for count in range(len(packets)):
        host.command("AT+IMQTTCONN")
        line = scripted.accept()
        line.connect()
        line.send(packets[:count])
        if count >= whole:
            host.urc(r"\+IMQTTCONN:0")
        getattr(line, how)()
        host.expect(r"\A\r\n\+IMQTTCONN:-1\r\n")
        assert host.failure()[:2] == ("peer", errno.ECONNRESET if how == "reset" else 0)
    assert host.command("AT") == []


def test_two_modems_with_one_client_id(start_host, mosquitto, client_id):
    """They take the session from each other. Each is told once, each time."""
    rivals = start_host(), start_host()
    for host in rivals:
        host.configure(mosquitto, client_id=client_id, clean=0)
    rivals[1].connect()
    for _ in range(10):
        for winner, loser in (rivals, rivals[::-1]):
            winner.connect()
            loser.expect(r"\A\r\n\+IMQTTCONN:-1\r\n")
            assert loser.failure()[0] == "peer"
