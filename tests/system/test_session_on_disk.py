"""keep-session = disk: QoS 2 is exactly once, although the program is killed in the middle of it."""

import subprocess

import pytest

from modem import PROGRAM
from peer import Peer
from proxy import Proxy

PUBREC, PUBCOMP = 0x50, 0x70


@pytest.fixture(params=["mosquitto", "ejabberd"])
def broker(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def proxy(broker):
    between = Proxy(broker)
    yield between
    between.close()


@pytest.fixture
def peer(broker, start_peer):
    return start_peer(broker)


@pytest.fixture
def power_on(start_imqttd, tmp_path):
    """Starts the program again, as often as asked, on one terminal and one folder."""

    def start():
        modem = start_imqttd(
            "--pty", tmp_path / "modem", "--state", tmp_path / "state", "--keep-session", "disk"
        )
        modem.ready_pty(tmp_path / "modem")
        host = modem.pty_host(tmp_path / "modem")
        host.turn_echo_off()
        return modem, host

    return start


def kill(modem):
    modem.process.kill()
    modem.process.wait()


def publish(host, topic, payload):
    """Reported 0: the broker has it."""
    host.command(f"AT+IMQTTPUB={topic},2,{payload}")
    host.urc(r"\+IMQTTPUB:\d+,0")


@pytest.mark.parametrize("answer", [PUBREC, PUBCOMP], ids=["PUBREC", "PUBCOMP"])
def test_published_once(power_on, proxy, peer, client_id, answer):
    """The broker's answer is on its way when the program is killed."""
    topic = f"{client_id}/up"
    peer.subscribe(topic)
    modem, host = power_on()
    host.connect(proxy, client_id=client_id, clean=0)
    proxy.hold(after=0 if answer == PUBREC else 1)
    host.command(f"AT+IMQTTPUB={topic},2,once")
    proxy.wait_for("to_modem", bytes([answer, 2]))
    kill(modem)
    proxy.release()
    _, host = power_on()
    host.connect(proxy, client_id=client_id, clean=0)
    publish(host, topic, "last")
    assert peer.payloads(2) == [b"once", b"last"]


def test_published_once_though_killed_at_once(power_on, proxy, peer, client_id):
    """Killed as soon as OK is read, again and again: what was reported comes once and in order, and
    the other messages at most once."""
    topic = f"{client_id}/up"
    peer.subscribe(topic)
    for number in range(8):
        modem, host = power_on()
        host.connect(proxy, client_id=client_id, clean=0)
        publish(host, topic, f"reported {number}")
        host.command(f"AT+IMQTTPUB={topic},2,killed {number}")
        kill(modem)
    _, host = power_on()
    host.connect(proxy, client_id=client_id, clean=0)
    publish(host, topic, "last")
    came = [peer.message().payload.decode()]
    while came[-1] != "last":
        came.append(peer.message().payload.decode())
    assert [each for each in came if each[0] == "r"] == [f"reported {n}" for n in range(8)]
    assert len(set(came)) == len(came), came


@pytest.mark.parametrize("last", [PUBREC, PUBCOMP], ids=["behind PUBREC", "behind PUBCOMP"])
def test_received_once(power_on, broker, proxy, peer, client_id, last):
    """Killed behind one of its answers, which the broker may not have read. The host can subscribe
    with QoS 1 at most; the session's QoS 2 comes from another client."""
    before = Peer(broker, client_id, clean=False)
    before.subscribe(client_id, 2)
    before.close()
    modem, host = power_on()
    host.connect(proxy, client_id=client_id, clean=0)
    if last == PUBREC:
        proxy.hold(after=1)  # PUBLISH; PUBREL does not arrive
    peer.publish(client_id, "once", 2)
    assert host.received()[2] == b"once"
    proxy.wait_for("to_broker", bytes([last, 2]))
    kill(modem)
    proxy.release()
    _, host = power_on()
    host.connect(proxy, client_id=client_id, clean=0)
    peer.publish(client_id, "last", 2)
    assert host.received()[2] == b"last"


def test_subscriptions_are_still_known(power_on, proxy, peer, client_id):
    modem, host = power_on()
    host.connect(proxy, client_id=client_id, clean=0)
    host.subscribe(client_id, 1)
    publish(host, "elsewhere", "stored with what came before")
    kill(modem)
    _, host = power_on()
    assert host.command("AT+IMQTTSUB?") == [f"+IMQTTSUB:{client_id},1"]
    host.connect(proxy, client_id=client_id, clean=0)
    peer.publish(client_id, "still", 1)
    assert host.received()[2] == b"still"


def test_without_a_folder_it_does_not_start(tmp_path):
    command = [PROGRAM, "--pty", tmp_path / "modem", "--keep-session", "disk"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 2
    assert "keep-session = disk needs state" in result.stderr
