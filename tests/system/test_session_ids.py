"""A packet id is never used again while the broker may still hold it: a broker that took the new
message for a repetition of the old one would lose it, while the modem reports 0."""

import pytest

from proxy import Proxy


@pytest.fixture(params=["mosquitto", "aedes", "ejabberd"])
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


def leave_a_qos2_exchange_open(host, proxy, client_id):
    """The broker has the message and has answered with PUBREC, which never arrives."""
    host.connect(proxy, client_id=client_id, clean=0)
    host.subscribe(f"{client_id}/own", 1)  # aedes has no session without one
    proxy.hold()
    host.command(f"AT+IMQTTPUB={client_id},2,old")
    proxy.wait_for("to_modem", b"\x50\x02")
    proxy.cut()
    packet_id, status = host.urc(r"\+IMQTTPUB:(\d+),(\d)")
    assert status == "1"
    host.urc(r"\+IMQTTCONN:-1")
    return packet_id


def expect_new_message_to_arrive(host, proxy, peer, client_id, old_id):
    host.connect(proxy, client_id=client_id, clean=0)
    host.command(f"AT+IMQTTPUB={client_id},2,new")
    packet_id, status = host.urc(r"\+IMQTTPUB:(\d+),(\d)")
    assert (status, packet_id != old_id) == ("0", True)
    while peer.message().payload != b"new":
        pass  # the old one may come, too


def test_over_a_reboot(host, proxy, peer, client_id):
    peer.subscribe(client_id)
    old_id = leave_a_qos2_exchange_open(host, proxy, client_id)
    host.command("AT+CFUN=1,1")
    host.turn_echo_off()
    expect_new_message_to_arrive(host, proxy, peer, client_id, old_id)


def test_over_another_client_id_and_back(host, proxy, peer, client_id):
    peer.subscribe(client_id)
    old_id = leave_a_qos2_exchange_open(host, proxy, client_id)
    host.connect(proxy, client_id=f"{client_id}other", clean=0)
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")
    expect_new_message_to_arrive(host, proxy, peer, client_id, old_id)


@pytest.mark.parametrize("has_state", [True, False])
def test_over_a_power_cut(start_imqttd, tmp_path, proxy, peer, client_id, has_state):
    state = ("--state", tmp_path / "state") if has_state else ()
    peer.subscribe(client_id)

    def power_on():
        modem = start_imqttd("--pty", tmp_path / "modem", *state)
        modem.ready_pty(tmp_path / "modem")
        host = modem.pty_host(tmp_path / "modem")
        host.turn_echo_off()
        return modem, host

    modem, host = power_on()
    old_id = leave_a_qos2_exchange_open(host, proxy, client_id)
    modem.process.kill()
    _, host = power_on()
    expect_new_message_to_arrive(host, proxy, peer, client_id, old_id)
