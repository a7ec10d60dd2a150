"""Messages and bytes as the control interface and the metrics count them, with a real Mosquitto."""

import re

import pytest

from control import Control

SENT = {0: "four", 1: "one and twenty bytes.", 2: "fifteen bytes.."}


@pytest.fixture
def host(start_host, tmp_path):
    host = start_host("--control", tmp_path / "control")
    host.control = Control(tmp_path / "control")
    return host


def metric(host, name):
    """{labels beside the modem: value}"""
    text = host.control.raw("GET", "/metrics").body.decode()
    rows = re.findall(rf'^{name}{{modem="[^"]+",([^}}]+)}} (\d+)$', text, re.MULTILINE)
    return {labels: int(value) for labels, value in rows}


def counted(host):
    """(messages, bytes) that have left, which API and metrics agree about."""
    counters = host.control.get(f"/v1/modems/{host.link.name}")["counters"]
    told = counters["messages_out"], counters["bytes_out"]
    messages = metric(host, "imqtt_messages_total")
    out = sum(value for labels, value in messages.items() if 'direction="out"' in labels)
    assert told == (out, metric(host, "imqtt_message_bytes_total")['direction="out"'])
    return told


def publish(host, topic, qos, payload, status):
    host.command(f'AT+IMQTTPUB="{topic}",{qos},"{payload}"')
    host.urc(rf"\+IMQTTPUB:\d+,{status}")


def test_what_leaves_is_counted_by_its_payload(host, peer, mosquitto, client_id):
    peer.subscribe(client_id)
    host.connect(mosquitto, client_id=client_id)
    for qos, payload in SENT.items():
        publish(host, client_id, qos, payload, 0)
    host.send(f"AT+IMQTTPUBEX={client_id},2,0,1000")
    host.expect(r"\r\n>")
    host.type(b"x" * 1000)
    host.expect(r"\r\nOK\r\n")
    host.urc(r"\+IMQTTPUBEX:\d+,0")
    received = peer.payloads(4)
    assert counted(host) == (4, sum(map(len, received)))
    messages = metric(host, "imqtt_messages_total")
    assert [messages[f'direction="out",qos="{qos}"'] for qos in (0, 1, 2)] == [1, 1, 2]
    host.subscribe(client_id, 1)
    peer.publish(client_id, "seven..", qos=2)
    host.received()
    assert metric(host, "imqtt_message_bytes_total")['direction="in"'] == 7


@pytest.mark.parametrize("qos, lost", [(1, "PUBACK"), (2, "PUBREC"), (2, "PUBCOMP")])
def test_one_that_its_connection_took_along_failed_and_its_repetition_is_not_counted(
    host, peer, mosquitto, client_id, qos, lost
):
    modem = f"/v1/modems/{host.link.name}"
    peer.subscribe(client_id)
    host.connect(mosquitto, client_id=client_id, clean=0)
    publish(host, client_id, qos, "first", 0)
    fault = host.control.post(f"{modem}/faults", {"type": "withhold", "link": "broker",
                                                  "attributes": {"packet": lost}})
    host.command(f'AT+IMQTTPUB="{client_id}",{qos},"failed"')
    host.control.post(f"{modem}/link", {"action": "cut"})
    host.urc(r"\+IMQTTPUB:\d+,1")
    host.urc(r"\+IMQTTCONN:-1")
    host.control.ask("DELETE", f"{modem}/faults/{fault['name']}")
    host.connect()
    publish(host, client_id, qos, "third", 0)  # behind the repetition
    payloads = [peer.message().payload]
    while payloads[-1] != b"third":
        payloads.append(peer.message().payload)
    assert b"failed" in payloads
    assert counted(host) == (2, len("first" + "third"))
    requests = metric(host, "imqtt_requests_total")
    assert requests['kind="publish",result="done"'] == 2
    assert requests['kind="publish",result="failed"'] == 1
