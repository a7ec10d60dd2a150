"""The same short round against every broker at hand."""

import paho.mqtt.client as paho
import pytest


@pytest.fixture(params=["mosquitto", "rabbitmq", "aedes", "ejabberd"])
def broker(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def peer(broker, start_peer):
    return start_peer(broker)


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_publish(host, broker, peer, client_id, qos):
    """RabbitMQ takes QoS 2 with a PUBACK."""
    peer.subscribe(client_id, qos=1)
    host.connect(broker, client_id=client_id)
    for number in range(30):
        host.command(f"AT+IMQTTPUB={client_id},{qos},{number}")
        host.urc(r"\+IMQTTPUB:\d+,0")
    assert peer.payloads(30) == [b"%d" % n for n in range(30)]


@pytest.mark.parametrize("qos", [0, 1])
def test_receive(host, broker, peer, client_id, qos):
    host.connect(broker, client_id=client_id)
    host.subscribe(client_id, qos)
    for number in range(30):
        peer.publish(client_id, f"{number}", qos=1)
    assert [host.received()[2] for _ in range(30)] == [b"%d" % n for n in range(30)]


def test_unsubscribe(host, broker, peer, client_id):
    host.connect(broker, client_id=client_id)
    host.command(f"AT+IMQTTSUB={client_id}/a,1,{client_id}/b,1")
    host.urc(r"\+IMQTTSUB:\d+,1,1")
    host.command(f"AT+IMQTTUNSUB={client_id}/a")
    host.urc(r"\+IMQTTUNSUB:\d+,0")
    peer.publish(f"{client_id}/a", "unheard")
    peer.publish(f"{client_id}/b", "heard")
    assert host.received()[1:] == (f"{client_id}/b", b"heard")


def test_retained(host, broker, start_peer, client_id):
    host.connect(broker, client_id=client_id)
    host.command(f"AT+IMQTTPUB={client_id},1,kept,1")
    host.urc(r"\+IMQTTPUB:\d+,0")
    later = start_peer(broker)
    later.subscribe(client_id, qos=1)
    assert later.message().payload == b"kept"


def test_will(host, broker, peer, client_id):
    peer.subscribe(client_id, qos=1)
    host.command(f"AT+IMQTTLWT={client_id},1,gone")
    host.connect(broker, client_id=client_id)
    host.modem.process.kill()
    assert peer.message().payload == b"gone"


def test_kept_session(host, broker, peer, client_id):
    host.connect(broker, client_id=client_id, clean=0)
    host.subscribe(client_id, 1)
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")
    for number in range(10):
        peer.publish(client_id, f"{number}", qos=1)
    host.connect()
    assert [host.received()[2] for _ in range(10)] == [b"%d" % n for n in range(10)]


@pytest.mark.parametrize("broker", ["mosquitto", "rabbitmq", "aedes"], indirect=True)
def test_the_older_protocol(host, broker, start_peer, client_id):
    """ejabberd speaks 3.1.1 and 5."""
    peer = start_peer(broker, protocol=paho.MQTTv31)
    peer.subscribe(client_id, qos=1)
    host.command("AT+IMQTTPARA=VERSION,3.1")
    host.connect(broker, client_id=client_id)
    host.command(f"AT+IMQTTPUB={client_id},1,hello")
    host.urc(r"\+IMQTTPUB:\d+,0")
    assert peer.message().payload == b"hello"


def test_the_largest_payload(host, broker, peer, client_id):
    host.connect(broker, client_id=client_id)
    host.subscribe(client_id, 1)
    payload = bytes(range(256)) * 1024
    peer.publish(client_id, payload)
    assert host.received()[2] == payload


def test_another_client_takes_the_session(host, broker, start_peer, client_id):
    host.connect(broker, client_id=client_id)
    start_peer(broker, client_id=client_id)
    host.urc(r"\+IMQTTCONN:-1")
