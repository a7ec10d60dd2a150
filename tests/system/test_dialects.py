"""Other makers' dialects against a real Mosquitto: publish, subscribe, receive, losses and cut
connections, TLS with certificates that the host brings; and what each keeps of its own."""

import itertools
import random
import subprocess
import time

import pytest

from certificates import Authority
from cutting_proxy import CLOSES, RESETS, Cut, CuttingProxy
from modem import PROGRAM
from processes import DEADLINE_S, free_port
from scripted_server import CONNACK, CONNECT, PUBACK, PUBLISH, ScriptedServer, connack

SEED = 17
CUTS = 60


# ---- qmt -----------------------------------------------------------------------------------------


class Qmt:
    """A host of Quectel's modules, on one index."""

    def __init__(self, host, broker, client_id, index=0):
        self.host, self.broker, self.client_id, self.index = host, broker, client_id, index
        self._ids = itertools.count(1)

    def urc(self, name, pattern):
        return self.host.urc(rf"\+{name}: {self.index},{pattern}")

    def open(self):
        self.host.command(f'AT+QMTOPEN={self.index},"{self.broker.host}",{self.broker.port}')
        return self.urc("QMTOPEN", r"(-?\d+)")[0]

    def connect(self):
        assert self.open() == "0"
        self.host.command(f'AT+QMTCONN={self.index},"{self.client_id}"')
        self.urc("QMTCONN", "0,0")

    def subscribe(self, topic, qos):
        self.host.command(f'AT+QMTSUB={self.index},{next(self._ids)},"{topic}",{qos}')
        self.urc("QMTSUB", rf"\d+,0,{qos}")

    def publish(self, topic, payload, qos=1):
        """By Ctrl-Z; the message id."""
        number = next(self._ids)
        self.host.send(f'AT+QMTPUB={self.index},{number},{qos},0,"{topic}"')
        self.host.expect_bytes(b"\r\n> ")
        self.host.type(payload + b"\x1a")
        self.host.expect_bytes(b"\r\nOK\r\n")
        return number

    def close(self):
        self.host.command(f"AT+QMTCLOSE={self.index}")
        self.urc("QMTCLOSE", "0")


@pytest.fixture
def qmt(start_host, mosquitto, client_id):
    return Qmt(start_host("--dialect", "qmt"), mosquitto, client_id)


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_qmt_publishes_and_receives(qmt, peer, qos):
    topic = f"/{qmt.client_id}"
    qmt.connect()
    qmt.subscribe(topic, qos)
    peer.subscribe(topic)
    number = qmt.publish(topic, b"hello", qos)
    qmt.urc("QMTPUB", rf"{number},0")
    qmt.urc("QMTRECV", rf'\d+,"{topic}","hello"')
    assert peer.message().payload == b"hello"
    qmt.close()


def test_qmt_slots_hold_the_broker_up(qmt, peer):
    topic = f"/{qmt.client_id}"
    qmt.host.command('AT+QMTCFG="recv/mode",0,1,1')
    qmt.connect()
    qmt.subscribe(topic, 1)
    for number in range(12):
        peer.begin_publish(topic, b"%02d" % number)
    read = []
    while len(read) < 12:
        (slot,) = qmt.urc("QMTRECV", r"([0-4])")
        lines = qmt.host.command(f"AT+QMTRECV=0,{slot}") if not qmt.host.pending else None
        if lines is None:
            qmt.host.send(f"AT+QMTRECV=0,{slot}")
            lines = [qmt.host.expect(r'\r\n(\+QMTRECV: 0,\d+,"[^"]*",2,"\d\d")\r\n\r\nOK\r\n')[1].decode()]
        read.append(lines[0][-3:-1])
    assert sorted(read) == [f"{number:02}" for number in range(12)]


def test_qmt_hears_of_a_broker_that_is_gone(start_host, start_mosquitto, client_id):
    broker = start_mosquitto()
    qmt = Qmt(start_host("--dialect", "qmt"), broker, client_id)
    qmt.connect()
    broker.kill()
    qmt.urc("QMTSTAT", "1")
    assert qmt.open() == "5"


def test_qmt_opens_what_is_not_there(start_host, mosquitto, client_id):
    qmt = Qmt(start_host("--dialect", "qmt"), mosquitto, client_id)
    qmt.host.command(f'AT+QMTOPEN=0,"127.0.0.1",{free_port()}')
    qmt.urc("QMTOPEN", "5")


def cuts_of(count):
    chance = random.Random(SEED)
    for _ in range(count):
        kind = chance.choice([CONNECT, CONNACK, PUBLISH, PUBACK])
        yield Cut(chance.choice([RESETS, CLOSES]), kind, chance.randrange(4))


def exchange(qmt, topic, payload):
    """Publishes once; whether the host was told that it arrived, or None: it did not come so far."""
    qmt.host.command(f'AT+QMTOPEN=0,"{qmt.broker.host}",{qmt.broker.port}')
    if qmt.urc("QMTOPEN", r"(-?\d+)")[0] != "0":
        return None
    if qmt.host.ask(f'AT+QMTCONN=0,"{qmt.client_id}"')[1] != "OK":
        return None
    ended = qmt.host.expect(r"\r\n\+QMT(CONN: 0,0,0|CONN: 0,2|STAT: 0,\d)\r\n")[1]
    if ended != b"CONN: 0,0,0":
        return None
    qmt.host.pending = qmt.host.pending.replace(b"\r\n+QMTSTAT: 0,1\r\n", b"")
    number = next(qmt._ids)
    qmt.host.send(f'AT+QMTPUB=0,{number},1,0,"{topic}","{payload}"')
    answer = qmt.host.expect(r"\r\n(OK|ERROR)\r\n")[1]
    if answer != b"OK":
        return None
    result = qmt.host.expect(rf"\r\n\+QMTPUB: 0,{number},(\d)\r\n")[1]
    return result == b"0"


def test_qmt_counts_are_exact_over_cut_connections(start_host, mosquitto, start_peer, client_id):
    proxy = CuttingProxy(mosquitto)
    topic = f"/{client_id}"
    peer = start_peer(mosquitto)
    peer.subscribe(topic, 1)
    qmt = Qmt(start_host("--dialect", "qmt"), proxy, client_id)
    told = set()
    try:
        for number, cut in enumerate([*cuts_of(CUTS), None]):
            proxy.arm(cut)
            payload = f"m{number:03}"
            if exchange(qmt, topic, payload):
                told.add(payload.encode())
            qmt.host.pending = b""
            qmt.host.send("AT+QMTDISC=0")
            qmt.host.expect(r"\r\n(OK\r\n.*?\+QMTDISC: 0,(0|-1)|ERROR)\r\n")
            qmt.host.pending = b""
        peer.publish(topic, b"last")
        came = []
        while not came or came[-1] != b"last":
            came.append(peer.message().payload)
    finally:
        proxy.close()
    assert f"m{CUTS:03}".encode() in told
    assert told <= set(came)
    assert all(came.count(payload) == 1 for payload in came)


# ---- certificates --------------------------------------------------------------------------------


@pytest.fixture
def clients(tmp_path):
    return Authority(tmp_path, "clients")


@pytest.fixture
def broker(start_mosquitto, good_certificate, clients):
    broker = start_mosquitto(
        f"certfile {good_certificate[0]}", f"keyfile {good_certificate[1]}",
        f"cafile {clients.certificate}", "require_certificate true",
        "use_identity_as_username true",
    )
    broker.host = "localhost"
    return broker


@pytest.fixture
def reconnects(tmp_path):
    """The options of a modem that makes a lost connection again."""
    configuration = tmp_path / "reconnects.conf"
    configuration.write_text("[defaults]\nreconnect = 1s..1s\n")
    return "--config", configuration


def shows_its_certificate_again(broker, client_id, user):
    """Also to a connection that the modem makes again by itself."""
    broker.process.line(f" as {client_id} ", f"u'{user}'")
    broker.kill()
    broker.start()
    # Each attempt that fails has a line as well: they do not end by themselves.
    deadline = time.monotonic() + DEADLINE_S
    while f" as {client_id} " not in (line := broker.process.line("")) or f"u'{user}'" not in line:
        assert time.monotonic() < deadline, line


def upload(host, name, path):
    data = path.read_bytes()
    host.send(f'AT+QFUPL="{name}",{len(data)}')
    host.expect_bytes(b"\r\nCONNECT\r\n")
    host.type(data)
    host.expect(rf"\r\n\+QFUPL: {len(data)},[0-9a-f]+\r\n\r\nOK\r\n")


def test_qmt_brings_its_certificates(start_host, reconnects, authority, broker, clients, client_id):
    host = start_host("--dialect", "qmt", *reconnects)
    certificate, key = clients.sign("meter-7", "DNS:meter-7", usage="clientAuth")
    upload(host, "ca.pem", authority.certificate)
    upload(host, "UFS:cert.pem", certificate)
    upload(host, "key.pem", key)
    for line in ('"seclevel",1,2', '"cacert",1,"ca.pem"', '"clientcert",1,"UFS:cert.pem"',
                 '"clientkey",1,"key.pem"'):
        host.command(f"AT+QSSLCFG={line}")
    host.command('AT+QMTCFG="ssl",0,1,1')
    Qmt(host, broker, client_id).connect()
    shows_its_certificate_again(broker, client_id, "meter-7")


def test_qmt_does_not_trust_another_authority(start_host, broker, clients, client_id):
    host = start_host("--dialect", "qmt")
    upload(host, "ca.pem", clients.certificate)
    host.command('AT+QSSLCFG="seclevel",0,1')
    host.command('AT+QSSLCFG="cacert",0,"ca.pem"')
    host.command('AT+QMTCFG="ssl",0,1,0')
    assert Qmt(host, broker, client_id).open() == "-1"


def test_lines_of_a_qmt_script_follow_each_other(mosquitto, client_id):
    """Also behind QMTOPEN, where nothing is done and nothing is connected."""
    script = (f'ATE0\nAT+QMTOPEN=0,"127.0.0.1",{mosquitto.port}\nAT+QMTCONN=0,"{client_id}"\n'
              'AT+QMTDISC=0\n')
    done = subprocess.run([PROGRAM, "--stdio", "--no-boot-urc", "--dialect", "qmt"], input=script,
                          capture_output=True, text=True, timeout=DEADLINE_S)
    said = [line for line in done.stdout.replace("\r", "\n").split("\n") if line]
    assert said == ["ATE0", "OK", "OK", "+QMTOPEN: 0,0", "OK", "+QMTCONN: 0,0,0", "OK", "+QMTDISC: 0,0"]
    assert done.returncode == 0


def write(host, kind, name, data):
    host.send(f'AT+IMQTTCERT=0,{kind},"{name}",{len(data)}')
    host.expect_bytes(b"\r\n>")
    host.type(data)


def test_imqtt_brings_its_certificates(start_host, reconnects, authority, broker, clients, client_id):
    host = start_host(*reconnects)
    certificate, key = clients.sign("meter-8", "DNS:meter-8", usage="clientAuth")
    files = authority.certificate, certificate, key
    for kind, path in enumerate(files):
        write(host, kind, f"file{kind}", path.read_bytes())
        host.expect(rf'\r\n\+IMQTTCERT:{kind},"file{kind}",\d+,[0-9A-F]{{64}}\r\n\r\nOK\r\n')
    host.command('AT+IMQTTTLS=1,"file0","file1","file2"')
    host.connect(broker, client_id=client_id, tls=1)
    shows_its_certificate_again(broker, client_id, "meter-8")


def test_what_is_no_certificate_is_refused(start_host, clients):
    host = start_host()
    host.command("AT+CMEE=1")
    _, key = clients.sign("meter-9", "DNS:meter-9", usage="clientAuth")
    write(host, 0, "ca", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    host.expect_bytes(b"\r\n+CME ERROR: 25\r\n")
    write(host, 0, "ca", key.read_bytes())
    host.expect_bytes(b"\r\n+CME ERROR: 25\r\n")
    assert host.command("AT+IMQTTCERT=1") == []


def test_fingerprints_are_those_of_openssl(start_host, authority):
    import hashlib
    import ssl

    host = start_host()
    pem = authority.certificate.read_text()
    write(host, 0, "ca", pem.encode())
    shown = host.expect(r'\+IMQTTCERT:0,"ca",\d+,([0-9A-F]{64})\r\n\r\nOK\r\n')[1].decode()
    der = ssl.PEM_cert_to_DER_cert(pem[pem.index("-----BEGIN"):])
    assert shown == hashlib.sha256(der).hexdigest().upper()


# ---- ica -----------------------------------------------------------------------------------------


class Ica:
    def __init__(self, host, broker, client_id):
        self.host, self.client_id = host, client_id
        host.command(f'AT+IMQTTPARA=AUTHMODE,0,CLIENTID,"{client_id}",CLEAN,1')
        host.command(f'AT+IMQTTOPEN="{broker.host}",{broker.port}')

    def connect(self):
        self.host.command("AT+IMQTTCONN")
        self.host.urc(r"\+IMQTTSTATE:1")


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_ica_publishes_and_receives(start_host, mosquitto, client_id, qos):
    ica = Ica(start_host("--dialect", "ica"), mosquitto, client_id)
    ica.connect()
    ica.host.command(f'AT+IMQTTSUB="/{client_id}",{qos}')
    ica.host.urc(rf"\+IMQTTSUB:\d+,{qos}")
    ica.host.command(f'AT+IMQTTPUB="/{client_id}",{qos},"hello"')
    ica.host.urc(r"\+IMQTTPUB:\d+,0")
    ica.host.urc(rf'\+IMQTTRCVPUB:\d+,"/{client_id}",5,"hello"')
    ica.host.command("AT+IMQTTDISCONN")
    ica.host.urc(r"\+IMQTTSTATE:0")


def test_ica_notices_a_loss(start_host, start_mosquitto, client_id):
    broker = start_mosquitto()
    ica = Ica(start_host("--dialect", "ica"), broker, client_id)
    ica.connect()
    broker.kill()
    ica.host.urc(r"\+IMQTTSTATE:0")
    assert ica.host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:0"]


# ---- cmqtt ---------------------------------------------------------------------------------------


class Cmqtt:
    """A host of SIMCom's SIM7600 and A7670, on one of their two clients."""

    def __init__(self, host, broker, client_id, index=0, tls=0):
        self.host, self.broker, self.client_id, self.index = host, broker, client_id, index
        self.tls = tls

    def urc(self, name, pattern):
        return self.host.urc(rf"\+{name}: {self.index},{pattern}")

    def start(self):
        self.host.command("AT+CMQTTSTART")
        self.host.urc(r"\+CMQTTSTART: 0")
        self.host.command(f'AT+CMQTTACCQ={self.index},"{self.client_id}",{self.tls}')

    def open(self):
        """The error of CONNECT."""
        url = f"tcp://{self.broker.host}:{self.broker.port}"
        self.host.command(f'AT+CMQTTCONNECT={self.index},"{url}",60,1')
        return self.urc("CMQTTCONNECT", r"(\d+)")[0]

    def connect(self):
        self.start()
        assert self.open() == "0"

    def give(self, command, data):
        """Behind the prompt."""
        self.host.send(command)
        self.host.expect_bytes(b"\r\n>")
        self.host.type(data)
        self.host.expect_bytes(b"\r\nOK\r\n")

    def subscribe(self, topic, qos):
        self.give(f"AT+CMQTTSUB={self.index},{len(topic)},{qos}", topic.encode())
        self.urc("CMQTTSUB", "0")

    def publish(self, topic, payload, qos=1):
        self.give(f"AT+CMQTTTOPIC={self.index},{len(topic)}", topic.encode())
        self.give(f"AT+CMQTTPAYLOAD={self.index},{len(payload)}", payload)
        self.host.command(f"AT+CMQTTPUB={self.index},{qos},60")

    def expect_message(self, topic, payload):
        parts = [payload[i:i + 1500] for i in range(0, len(payload), 1500)]
        frame = b"\r\n+CMQTTRXSTART: 0,%d,%d" % (len(topic), len(payload))
        frame += b"\r\n+CMQTTRXTOPIC: 0,%d\r\n%s" % (len(topic), topic.encode())
        for part in parts:
            frame += b"\r\n+CMQTTRXPAYLOAD: 0,%d\r\n%s" % (len(part), part)
        self.host.expect_bytes(frame + b"\r\n+CMQTTRXEND: 0\r\n")

    def stop(self):
        self.host.command(f"AT+CMQTTDISC={self.index},60")
        self.urc("CMQTTDISC", "0")
        self.host.command(f"AT+CMQTTREL={self.index}")
        assert self.host.command("AT+CMQTTSTOP") == ["+CMQTTSTOP: 0"]


@pytest.fixture
def cmqtt(start_host, mosquitto, client_id):
    return Cmqtt(start_host("--dialect", "cmqtt"), mosquitto, client_id)


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_cmqtt_publishes_and_receives(cmqtt, peer, qos):
    topic = f"/{cmqtt.client_id}"
    cmqtt.connect()
    peer.subscribe(topic)
    cmqtt.publish(topic, b"hello", qos)
    cmqtt.urc("CMQTTPUB", "0")
    assert peer.message().payload == b"hello"
    cmqtt.subscribe(topic, qos)
    peer.publish(topic, b"x" * 3001)
    cmqtt.expect_message(topic, b"x" * 3001)
    cmqtt.stop()


def test_cmqtt_hears_of_a_broker_that_is_gone(start_host, start_mosquitto, client_id):
    broker = start_mosquitto()
    cmqtt = Cmqtt(start_host("--dialect", "cmqtt"), broker, client_id)
    cmqtt.connect()
    broker.kill()
    cmqtt.urc("CMQTTCONNLOST", "[12]")
    assert cmqtt.open() == "3"


def test_cmqtt_brings_its_certificates(start_host, reconnects, authority, broker, clients, client_id):
    host = start_host("--dialect", "cmqtt", *reconnects)
    cmqtt = Cmqtt(host, broker, client_id, tls=1)
    certificate, key = clients.sign("meter-7", "DNS:meter-7", usage="clientAuth")
    files = {"cacert": authority.certificate, "clientcert": certificate, "clientkey": key}
    for name, path in files.items():
        data = path.read_bytes()
        cmqtt.give(f'AT+CCERTDOWN="{name}.pem",{len(data)}', data)
        host.command(f'AT+CSSLCFG="{name}",0,"{name}.pem"')
    host.command('AT+CSSLCFG="authmode",0,2')
    cmqtt.connect()
    shows_its_certificate_again(broker, client_id, "meter-7")


def test_cmqtt_does_not_trust_another_authority(start_host, broker, clients, client_id):
    cmqtt = Cmqtt(start_host("--dialect", "cmqtt"), broker, client_id, tls=1)
    data = clients.certificate.read_bytes()
    cmqtt.give(f'AT+CCERTDOWN="other.pem",{len(data)}', data)
    cmqtt.host.command('AT+CSSLCFG="cacert",0,"other.pem"')
    cmqtt.host.command('AT+CSSLCFG="authmode",0,1')
    cmqtt.start()
    assert cmqtt.open() == "32"


def cmqtt_exchange(cmqtt, topic, payload):
    """Publishes once; whether the host was told that it arrived."""
    cmqtt.host.command(
        f'AT+CMQTTCONNECT=0,"tcp://{cmqtt.broker.host}:{cmqtt.broker.port}",60,1')
    if cmqtt.urc("CMQTTCONNECT", r"(\d+)")[0] != "0":
        return False
    for command, data in ("TOPIC", topic.encode()), ("PAYLOAD", payload):
        cmqtt.host.send(f"AT+CMQTT{command}=0,{len(data)}")
        if cmqtt.host.expect(r"\r\n(>|ERROR\r\n)")[1] != b">":
            return False
        cmqtt.host.type(data)
        if cmqtt.host.expect(r"\r\n(OK|ERROR)\r\n")[1] != b"OK":
            return False
    cmqtt.host.send("AT+CMQTTPUB=0,1,60")
    if cmqtt.host.expect(r"\r\n(OK|ERROR)\r\n")[1] != b"OK":
        return False
    return cmqtt.urc("CMQTTPUB", r"(\d+)")[0] == "0"


def test_cmqtt_counts_are_exact_over_cut_connections(start_host, mosquitto, start_peer, client_id):
    proxy = CuttingProxy(mosquitto)
    topic = f"/{client_id}"
    peer = start_peer(mosquitto)
    peer.subscribe(topic, 1)
    cmqtt = Cmqtt(start_host("--dialect", "cmqtt"), proxy, client_id)
    cmqtt.start()
    told = set()
    try:
        for number, cut in enumerate([*cuts_of(CUTS), None]):
            proxy.arm(cut)
            payload = b"m%03d" % number
            if cmqtt_exchange(cmqtt, topic, payload):
                told.add(payload)
            cmqtt.host.send("AT+CMQTTDISC=0,60")
            cmqtt.host.expect(r"\r\n(OK\r\n.*?\+CMQTTDISC: 0,0|ERROR)\r\n")
            cmqtt.host.pending = b""
        peer.publish(topic, b"last")
        came = []
        while not came or came[-1] != b"last":
            came.append(peer.message().payload)
    finally:
        proxy.close()
    assert b"m%03d" % CUTS in told
    assert told <= set(came)
    assert all(came.count(payload) == 1 for payload in came)
# ---- esp -----------------------------------------------------------------------------------------


class Esp:
    """A host of ESP-AT: information lines and URCs are bare."""

    def __init__(self, host, broker, client_id, scheme=1):
        self.host, self.broker, self.topic = host, broker, f"/{client_id}"
        host.command(f'AT+MQTTUSERCFG=0,{scheme},"{client_id}","","",0,0,""')

    def connect(self, reconnects=0):
        self.host.send(f'AT+MQTTCONN=0,"{self.broker.host}",{self.broker.port},{reconnects}')
        self.host.expect(r"\+MQTTCONNECTED:0,[^\r]*\r\n\r\nOK\r\n")

    def fail_to_connect(self):
        self.host.send(f'AT+MQTTCONN=0,"{self.broker.host}",{self.broker.port},0')
        self.host.expect_bytes(b"+MQTTDISCONNECTED:0\r\n\r\nERROR\r\n")

    def publish_raw(self, payload, qos):
        self.host.send(f'AT+MQTTPUBRAW=0,"{self.topic}",{len(payload)},{qos},0')
        self.host.expect_bytes(b"\r\nOK\r\n>")
        self.host.type(payload)
        self.host.expect_bytes(b"+MQTTPUB:OK\r\n")

    def expect_message(self, payload):
        head = f'+MQTTSUBRECV:0,"{self.topic}",{len(payload)},'
        self.host.expect_bytes(head.encode() + payload + b"\r\n")


@pytest.fixture
def esp(start_host, mosquitto, client_id):
    return Esp(start_host("--dialect", "esp"), mosquitto, client_id)


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_esp_publishes_and_receives(esp, peer, qos):
    esp.connect()
    esp.host.command(f'AT+MQTTSUB=0,"{esp.topic}",{qos}')
    peer.subscribe(esp.topic)
    esp.publish_raw(b"\x1a\r\n\x00", qos)
    esp.expect_message(b"\x1a\r\n\x00")
    esp.host.command(f'AT+MQTTPUB=0,"{esp.topic}","a\\,b",{qos},0')
    esp.expect_message(b"a,b")
    assert [peer.message().payload for _ in range(2)] == [b"\x1a\r\n\x00", b"a,b"]
    esp.host.command("AT+MQTTCLEAN=0")
    esp.host.expect_bytes(b"+MQTTDISCONNECTED:0\r\n")


def test_esp_makes_a_lost_connection_again(start_host, start_mosquitto, client_id):
    broker = start_mosquitto()
    esp = Esp(start_host("--dialect", "esp"), broker, client_id)
    esp.connect(reconnects=1)
    broker.kill()
    esp.host.expect_bytes(b"+MQTTDISCONNECTED:0\r\n")
    broker.start()
    esp.host.expect(r"\+MQTTCONNECTED:0,1,[^\r]*,1\r\n")


def test_esp_says_busy_while_it_connects(start_host, client_id):
    server = ScriptedServer()
    esp = Esp(start_host("--dialect", "esp"), server, client_id)
    esp.host.send(f'AT+MQTTCONN=0,"{server.host}",{server.port},0')
    line = server.accept()
    line.connect()
    esp.host.send("AT")
    esp.host.expect_bytes(b"busy p...\r\n")
    line.send(connack())
    esp.host.expect(r"\+MQTTCONNECTED:0,1,[^\r]*\r\n\r\nOK\r\n")
    assert esp.host.command("AT") == []
    server.close()


def flash(host, partition, data):
    host.command(f'AT+SYSFLASH=0,"{partition}"')
    host.send(f'AT+SYSFLASH=1,"{partition}",0,{len(data)}')
    host.expect_bytes(b"\r\nOK\r\n>")
    host.type(data)
    host.expect_bytes(b"\r\nOK\r\n")


def packed(kind, pem):
    """Espressif's container with one item."""
    item = bytes([kind, 0]) + len(pem).to_bytes(2, "little") + pem
    item += b"\xff" * (-len(pem) % 4)
    return b"\xf1\xf1\x01\x00" + len(item).to_bytes(4, "little") + item


def test_esp_brings_its_certificates(start_host, authority, broker, clients, client_id):
    host = start_host("--dialect", "esp")
    certificate, key = clients.sign("meter-6", "DNS:meter-6", usage="clientAuth")
    flash(host, "mqtt_ca", packed(1, authority.certificate.read_bytes()))
    flash(host, "mqtt_cert", packed(2, certificate.read_bytes() + b"\0"))
    flash(host, "mqtt_key", key.read_bytes())
    Esp(host, broker, client_id, scheme=5).connect(reconnects=1)
    shows_its_certificate_again(broker, client_id, "meter-6")


def test_esp_does_not_trust_another_authority(start_host, broker, clients, client_id):
    host = start_host("--dialect", "esp")
    flash(host, "mqtt_ca", clients.certificate.read_bytes())
    Esp(host, broker, client_id, scheme=3).fail_to_connect()


def test_esp_on_a_cable_tells_its_address(start_imqttd, tmp_path):
    configuration = tmp_path / "imqttd.conf"
    configuration.write_text(
        f"[modem m]\npty = {tmp_path}/m\ndialect = esp\nesp-boot = eth\n"
    )
    daemon = start_imqttd("--config", configuration, boot_urcs=True)
    daemon.ready_pty(tmp_path / "m")
    host = daemon.pty_host(tmp_path / "m")
    host.send("AT+RST")
    host.expect(r"\r\nOK\r\n\r\nready\r\n\+ETH_GOT_IP:[\d.]+\r\n")


# ---- sm ------------------------------------------------------------------------------------------


class Sm:
    """A host of SIMCom's SIM7000 and SIM7080: a command ends with what became of it."""

    def __init__(self, host, broker, client_id):
        self.host, self.broker, self.client_id = host, broker, client_id

    def configure(self):
        self.host.command(f'AT+SMCONF="URL","{self.broker.host}","{self.broker.port}"')
        self.host.command(f'AT+SMCONF="CLIENTID","{self.client_id}"')

    def connect(self):
        self.configure()
        self.host.command("AT+SMCONN")

    def try_to_publish(self, topic, payload, qos=1):
        """OK, or ERROR."""
        self.host.send(f'AT+SMPUB="{topic}",{len(payload)},{qos},0')
        if self.host.expect(r"\r\n(> |ERROR\r\n)")[1] != b"> ":
            return "ERROR"
        self.host.type(payload)
        return self.host.expect(r"\r\n(OK|ERROR)\r\n")[1].decode()

    def write_file(self, name, path):
        data = path.read_bytes()
        self.host.send(f'AT+CFSWFILE=3,"{name}",0,{len(data)},10000')
        self.host.expect_bytes(b"\r\nDOWNLOAD\r\n")
        self.host.type(data)
        self.host.expect_bytes(b"\r\nOK\r\n")


@pytest.fixture
def sm(start_host, mosquitto, client_id):
    return Sm(start_host("--dialect", "sm"), mosquitto, client_id)


@pytest.mark.parametrize("qos", [0, 1, 2])
def test_sm_publishes_and_receives(sm, peer, qos):
    topic = f"/{sm.client_id}"
    sm.connect()
    assert sm.host.command("AT+SMSTATE?") == ["+SMSTATE: 1"]
    peer.subscribe(topic)
    assert sm.try_to_publish(topic, b"hello", qos) == "OK"
    assert peer.message().payload == b"hello"
    sm.host.command(f'AT+SMSUB="{topic}",{qos}')
    peer.publish(topic, b"to you")
    sm.host.urc(rf'\+SMSUB: "{topic}","to you"')
    sm.host.command(f'AT+SMUNSUB="{topic}"')
    sm.host.command("AT+SMDISC")
    assert sm.host.command("AT+SMSTATE?") == ["+SMSTATE: 0"]


def test_sm_hears_of_a_broker_that_is_gone(start_host, start_mosquitto, client_id):
    broker = start_mosquitto()
    sm = Sm(start_host("--dialect", "sm"), broker, client_id)
    sm.connect()
    broker.kill()
    sm.host.urc(r"\+SMSTATE: 0")
    assert sm.host.ask("AT+SMCONN")[1] == "ERROR"


def test_sm_brings_its_certificates(start_host, reconnects, authority, broker, clients, client_id):
    sm = Sm(start_host("--dialect", "sm", *reconnects), broker, client_id)
    certificate, key = clients.sign("meter-7", "DNS:meter-7", usage="clientAuth")
    assert sm.host.ask('AT+CSSLCFG="convert",2,"ca.pem"')[1] == "ERROR"
    sm.host.command("AT+CFSINIT")
    sm.write_file("ca.pem", authority.certificate)
    sm.write_file("cert.pem", certificate)
    sm.write_file("key.pem", key)
    sm.host.command("AT+CFSTERM")
    sm.host.command('AT+CSSLCFG="convert",2,"ca.pem"')
    sm.host.command('AT+CSSLCFG="convert",1,"cert.pem","key.pem"')
    sm.host.command('AT+SMSSL=1,"ca.pem","cert.pem"')
    sm.connect()
    shows_its_certificate_again(broker, client_id, "meter-7")


def test_sm_does_not_trust_another_authority(start_host, broker, clients, client_id):
    sm = Sm(start_host("--dialect", "sm"), broker, client_id)
    sm.host.command("AT+CFSINIT")
    sm.write_file("other.pem", clients.certificate)
    sm.host.command('AT+SMSSL=1,"other.pem",""')
    sm.configure()
    assert sm.host.ask("AT+SMCONN")[1] == "ERROR"


def test_sm_counts_are_exact_over_cut_connections(start_host, mosquitto, start_peer, client_id):
    proxy = CuttingProxy(mosquitto)
    topic = f"/{client_id}"
    peer = start_peer(mosquitto)
    peer.subscribe(topic, 1)
    sm = Sm(start_host("--dialect", "sm"), proxy, client_id)
    sm.configure()
    told = set()
    try:
        for number, cut in enumerate([*cuts_of(CUTS), None]):
            proxy.arm(cut)
            payload = b"m%03d" % number
            sm.host.send("AT+SMCONN")
            if sm.host.expect(r"\r\n(OK|ERROR)\r\n")[1] == b"OK":
                if sm.try_to_publish(topic, payload) == "OK":
                    told.add(payload)
            sm.host.send("AT+SMDISC")
            sm.host.expect(r"\r\n(OK|ERROR)\r\n")
            sm.host.pending = b""
        peer.publish(topic, b"last")
        came = []
        while not came or came[-1] != b"last":
            came.append(peer.message().payload)
    finally:
        proxy.close()
    assert b"m%03d" % CUTS in told
    assert told <= set(came)
    assert all(came.count(payload) == 1 for payload in came)


# ---- what a dialect keeps ------------------------------------------------------------------------


def test_stored_settings_of_another_dialect_are_not_loaded_and_stay(start_host, tmp_path):
    state = "--state", tmp_path / "state"

    def started(*dialect):
        host = start_host("--pty", tmp_path / "same", *state, *dialect)
        return host, host.modem.pty_host(tmp_path / "same")

    first, host = started()
    host.turn_echo_off()
    host.command("AT+IMQTTUSER=me,secret")
    host.command("AT&W")
    first.modem.stop()
    second, host = started("--dialect", "ica")
    host.turn_echo_off()
    (line,) = host.command("AT+IMQTTPARA?")
    assert ',USER,"",' in line
    host.command('AT+IMQTTPARA=USER,"other"')
    host.command("AT&W")
    second.modem.stop()
    _, host = started()
    host.turn_echo_off()
    assert host.command("AT+IMQTTUSER?") == ["+IMQTTUSER:me,*****"]
