"""Several clients in one modem (clients = N): each with a broker of its own, and none disturbed by what
another one's does."""

import subprocess

import pytest

from control import Control
from modem import PROGRAM
from cutting_proxy import CuttingProxy
from test_dialects import CUTS, Cmqtt, Qmt, cuts_of, exchange


@pytest.fixture
def two_brokers(mosquitto, start_mosquitto):
    return mosquitto, start_mosquitto()


@pytest.fixture
def start_bench(start_imqttd, tmp_path):
    """Starts a modem with several clients: the host on it, and the control interface."""

    def start(dialect, clients):
        config, link = tmp_path / "imqttd.conf", tmp_path / "m"
        config.write_text(f"[imqttd]\ncontrol = {tmp_path}/control\n"
                          f"[modem m]\npty = {link}\ndialect = {dialect}\nclients = {clients}\n")
        modem = start_imqttd("--config", config)
        modem.ready_pty(link)
        host = modem.pty_host(link)
        host.turn_echo_off()
        return host, Control(tmp_path / "control")

    return start


@pytest.fixture
def two_qmt(start_bench, two_brokers, client_id):
    """The same host on the same terminal, on index 0 and 1."""
    host, _ = start_bench("qmt", 2)
    return [Qmt(host, broker, f"{client_id}-{i}", i) for i, broker in enumerate(two_brokers)]


def connect_all(clients):
    for client in clients:
        client.connect()


def test_qmt_two_clients_with_brokers_of_their_own(two_qmt, two_brokers, start_peer, client_id):
    connect_all(two_qmt)
    for qmt, broker in zip(two_qmt, two_brokers, strict=True):
        topic = f"/{client_id}/{qmt.index}"
        peer = start_peer(broker)
        peer.subscribe(topic, 1)
        qmt.subscribe(topic, 1)
        number = qmt.publish(topic, b"hello")
        qmt.urc("QMTPUB", f"{number},0")
        qmt.urc("QMTRECV", rf'\d+,"{topic}","hello"')
        assert peer.message().payload == b"hello"
    for qmt in reversed(two_qmt):
        qmt.close()


def test_qmt_a_client_goes_on_beside_one_whose_broker_is_gone(two_qmt, two_brokers, client_id):
    connect_all(two_qmt)
    two_brokers[1].kill()
    two_qmt[1].urc("QMTSTAT", "1")
    topic = f"/{client_id}"
    two_qmt[0].subscribe(topic, 1)
    number = two_qmt[0].publish(topic, b"still here")
    two_qmt[0].urc("QMTPUB", f"{number},0")
    two_qmt[0].urc("QMTRECV", rf'\d+,"{topic}","still here"')
    assert two_qmt[1].open() == "5"
    two_qmt[0].close()


def test_cmqtt_both_clients_at_once(start_bench, two_brokers, start_peer, client_id):
    host, _ = start_bench("cmqtt", 2)
    clients = [Cmqtt(host, broker, f"{client_id}-{i}", i) for i, broker in enumerate(two_brokers)]
    clients[0].start()
    host.command(f'AT+CMQTTACCQ=1,"{clients[1].client_id}"')
    assert [client.open() for client in clients] == ["0", "0"]
    for client, broker in zip(clients, two_brokers, strict=True):
        peer = start_peer(broker)
        peer.subscribe(f"/{client_id}", 1)
        client.publish(f"/{client_id}", b"from %d" % client.index)
        client.urc("CMQTTPUB", "0")
        assert peer.message().payload == b"from %d" % client.index


def take_result(qmt, number):
    result = qmt.host.expect(rf"\r\n\+QMTPUB: {qmt.index},{number},(\d)\r\n")[1]
    assert result == b"0"


def test_qmt_counts_are_exact_beside_cut_connections(two_brokers, start_bench, start_peer, client_id):
    """The connections of client 0 are cut; client 1 publishes meanwhile, and loses nothing."""
    proxy = CuttingProxy(two_brokers[0])
    topic = f"/{client_id}"
    peers = [start_peer(broker) for broker in two_brokers]
    for peer in peers:
        peer.subscribe(topic, 1)
    host, _ = start_bench("qmt", 2)
    cut_one, whole = Qmt(host, proxy, client_id, 0), Qmt(host, two_brokers[1], f"{client_id}-1", 1)
    whole.connect()
    told, sent = set(), []
    try:
        for number, cut in enumerate([*list(cuts_of(CUTS))[:20], None]):
            proxy.arm(cut)
            if exchange(cut_one, topic, f"m{number:03}"):
                told.add(b"m%03d" % number)
            host.pending = b""
            host.send("AT+QMTDISC=0")
            host.expect(r"\r\n(OK\r\n.*?\+QMTDISC: 0,(0|-1)|ERROR)\r\n")
            host.pending = b""
            take_result(whole, whole.publish(topic, b"w%03d" % number))
            sent.append(b"w%03d" % number)
    finally:
        proxy.close()
    for peer, broker in zip(peers, two_brokers, strict=True):
        start_peer(broker).publish(topic, b"last")
    came = [all_up_to_last(peer) for peer in peers]
    assert told <= set(came[0]) and all(came[0].count(payload) == 1 for payload in came[0])
    assert came[1] == [*sent, b"last"]


def all_up_to_last(peer):
    came = []
    while not came or came[-1] != b"last":
        came.append(peer.message().payload)
    return came


# ---- what is seen of them --------------------------------------------------------------------------


def test_the_control_interface_shows_each_client(start_bench, two_brokers, client_id):
    host, control = start_bench("qmt", 3)
    qmt = Qmt(host, two_brokers[1], f"{client_id}-2", 2)
    qmt.connect()
    qmt.subscribe("/only/here", 1)
    state = control.get("/v1/modems/m")
    assert state["connected"] and state["connection"] is None
    first, second, third = state["clients"]
    assert [each["client"] for each in state["clients"]] == [0, 1, 2]
    assert first["connection"] is None and second["connection"] is None
    assert third["connection"]["broker"] == f"{qmt.broker.host}:{qmt.broker.port}"
    assert third["connection"]["client_id"] == f"{client_id}-2"
    assert third["subscriptions"] == [{"filter": "/only/here", "qos": 1}]
    two_brokers[1].kill()
    qmt.urc("QMTSTAT", "1")
    third = control.get("/v1/modems/m")["clients"][2]
    assert third["connection"] is None and third["last_error"]["stage"] == "peer"


def test_a_cut_of_the_link_cuts_all(start_bench, two_brokers, client_id):
    host, control = start_bench("qmt", 3)
    clients = [Qmt(host, broker, f"{client_id}-{i}", i) for i, broker in enumerate(two_brokers)]
    connect_all(clients)
    control.post("/v1/modems/m/link", {"action": "cut"})
    host.expect(r"\+QMTSTAT: \d,1\r\n")
    host.expect(r"\+QMTSTAT: \d,1\r\n")


# ---- what is wrong ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lines, problem", [
    (["clients = 2"], "the dialect has 1"),
    (["dialect = cmqtt", "clients = 3"], "the dialect has 2"),
    (["dialect = qmt", "clients = 7"], "clients"),
    (["dialect = qmt", "clients = 0"], "clients"),
    (["dialect = qmt", "clients = 2", "reconnect = 1s..60s"], "one client"),
])
def test_clients_that_cannot_be_are_refused(tmp_path, lines, problem):
    config = tmp_path / "imqttd.conf"
    config.write_text("\n".join(["[modem m]", f"pty = {tmp_path}/m", *lines, ""]))
    result = subprocess.run([PROGRAM, "--check-config", "--config", config], capture_output=True, text=True, timeout=30)
    assert result.returncode == 2 and problem in result.stderr
