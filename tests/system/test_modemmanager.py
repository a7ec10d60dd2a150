"""ModemManager itself takes imqtt for a modem: it probes it, enables it, and passes commands on."""

import pytest

from modem_manager import ModemManager


@pytest.fixture
def manager(start_imqttd, tmp_path):
    link = tmp_path / "modem"
    imqttd = start_imqttd("--pty", link, "--identity", "imei=490154203237518", boot_urcs=True)
    imqttd.ready_pty(link)
    manager = ModemManager(tmp_path, link)
    yield manager
    manager.stop()


def test_from_probing_to_the_first_message(manager, mosquitto, peer, client_id):
    manager.probe()
    facts = manager.facts()
    assert facts["modem.generic.manufacturer"] == "imqtt"
    assert facts["modem.generic.model"] == "IMQTT-LTE"
    assert facts["modem.3gpp.imei"] == "490154203237518"

    manager.mmcli("--enable")
    manager.await_state("registered")
    manager.await_signal(80)
    facts = manager.facts()
    assert facts["modem.generic.access-technologies.value[1]"] == "lte"
    assert facts["modem.3gpp.operator-code"] == "00101"
    assert facts["modem.3gpp.registration-state"] == "home"

    peer.subscribe(client_id)
    manager.command(f"+IMQTTADDR={mosquitto.host},{mosquitto.port},{client_id}")
    manager.command("+IMQTTCONN")
    mosquitto.process.line("New client connected", client_id)
    manager.command(f"+IMQTTPUB={client_id},1,hello")
    assert peer.message().payload == b"hello"

    manager.mmcli("--disable")
    manager.await_state("disabled")
