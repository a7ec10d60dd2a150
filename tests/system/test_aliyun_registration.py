"""AT+IMQTTDYNREG against a scripted server: every way an answer can come, or not come."""

import errno
import json
import re
import struct
import time

import pytest

from aliyun import (
    PLATFORM,
    PRODUCT_KEY,
    REGISTRATION_S,
    connect_to_ports,
    fails_to_register,
    platform_host,
    register,
    registered,
    results,
)
from processes import free_port
from scripted_server import (
    CONNECT,
    PUBACK,
    PUBREC,
    ScriptedServer,
    connack,
    packet,
    publish,
    text,
)
from testcloud import PRODUCT_SECRET, VECTORS, sign

INSTANCE = "iot-060a0000.mqtt.iothub.aliyuncs.com"
TOPIC = "/ext/register"
SECRET = "8f920db5114396521af911861d60886d"
CLIENT, TOKEN = "CjM0zO9QT3qPCejlkMYv000100", "^1^1684838886568^a073eaabcf8a7f3"
CONNWL = f"{CLIENT}|authType=connwl,securemode=-2,_ss=1,ext=3,_v=sdk-c-4.1.0|"

ANSWER = {"deviceSecret": SECRET, "productKey": PRODUCT_KEY, "deviceName": "device"}
TOKEN_ANSWER = {
    "clientId": CLIENT, "productKey": PRODUCT_KEY, "deviceName": "device", "deviceToken": TOKEN,
}  # fmt: skip
RESULT = (PRODUCT_KEY, "device", SECRET)
TOKEN_RESULT = (CONNWL, f"device&{PRODUCT_KEY}", TOKEN)

# mode, topic, answer, result
MODES = [
    pytest.param(1, TOPIC, ANSWER, RESULT, id="pre-registered"),
    pytest.param(2, "/ext/regnwl", TOKEN_ANSWER, TOKEN_RESULT, id="not pre-registered"),
]


def push(payload=None, topic=TOPIC, qos=0):
    payload = ANSWER if payload is None else payload
    return publish(topic, json.dumps(payload) if isinstance(payload, dict) else payload, qos)


@pytest.fixture(scope="module")
def certificate(authority):
    names = ("localhost", "*" + PLATFORM, "*.mqtt.iothub.aliyuncs.com")
    return authority.sign("platform", ",".join(["IP:127.0.0.1", *(f"DNS:{n}" for n in names)]))


@pytest.fixture
def server(certificate):
    server = ScriptedServer(certificate)
    yield server
    server.close()


@pytest.fixture
def host(start_host, authority, server):
    """A modem whose platform is the scripted server."""
    ways = connect_to_ports((platform_host(), server.port), (INSTANCE, server.port))
    host = start_host("--tls-ca", authority.certificate, env=ways)
    host.command("AT+IMQTTMODE=1,1")
    host.command(f'AT+IMQTTADDR=localhost,{server.port},""')
    return host


@pytest.fixture
def asked(host, server):
    """The server's end of a registration of mode 1 that waits for its answer."""
    register(host)
    line = server.accept()
    line.welcome()
    return line


# ---- what the modem says


def random_number(client_id):
    return re.search(r"random=(\d+)", client_id)[1]


def connect_packet(client_id, user_name, password):
    """MQTT 3.1.1, clean session, keep-alive 60 s, no will."""
    head = text("MQTT") + bytes([4, 0xC2]) + struct.pack(">H", 60)
    return packet(CONNECT, head + text(client_id) + text(user_name) + text(password))


@pytest.mark.parametrize(
    "address, mode, vector_id",
    [(platform_host(), 1, "D1"), (platform_host(), 2, "D2"), (INSTANCE, 2, "D3")],
)
def test_connect_packet(host, server, address, mode, vector_id):
    """Byte for byte as in the vector, but for the random number and what follows from it."""
    vector = VECTORS[vector_id]
    name = vector["username"].split("&")[0]
    host.command("AT+IMQTTPARA=CLEAN,0,KEEPALIVE,60,VERSION,3.1")
    host.command(f'AT+IMQTTADDR={address},1883,""')
    host.command("AT+IMQTTLWT=will,0,gone,1")
    register(host, mode=mode, name=name)
    line = server.accept()
    assert line.server_name == address
    connect = line.connect()
    number, known = random_number(connect.client_id), random_number(vector["clientId"])
    signed = vector["signed"].replace(known, number)
    assert connect.client_id == vector["clientId"].replace(known, number)
    assert connect.password == sign(PRODUCT_SECRET, signed).upper()

    sent = connect_packet(connect.client_id, connect.user_name, connect.password)
    made = connect_packet(vector["clientId"], vector["username"], vector["password"])
    assert made.hex() == vector["connect_clean1_ka60"]
    assert connect.raw == sent and connect.user_name == vector["username"]


def test_the_random_number_differs(host, server):
    numbers = set()
    for _ in range(3):
        register(host)
        line = server.accept()
        numbers.add(random_number(line.connect().client_id))
        line.close()
        fails_to_register(host)
    assert len(numbers) == 3
    assert all(int(number) < 2**32 for number in numbers)


def test_the_default_host(start_host, authority, server):
    ways = connect_to_ports((platform_host(), server.port))
    host = start_host("--tls-ca", authority.certificate, env=ways)
    host.command("AT+IMQTTMODE=2,1")  # it is the tls flag that counts
    register(host)
    line = server.accept()
    assert line.server_name == platform_host()
    line.welcome()
    line.send(push())
    assert registered(host) == RESULT


def test_an_address_is_no_server_name(host, server):
    host.command(f'AT+IMQTTADDR=127.0.0.1,{server.port},""')
    register(host)
    line = server.accept()
    assert line.server_name is None
    line.welcome()
    line.send(push())
    assert registered(host) == RESULT


# ---- how the answer comes


@pytest.mark.parametrize("mode, topic, answer, result", MODES)
@pytest.mark.parametrize("how", ["with CONNACK", "behind CONNACK", "byte by byte"])
def test_an_answer(host, server, mode, topic, answer, result, how):
    register(host, mode=mode)
    line = server.accept()
    line.connect()
    if how == "with CONNACK":
        line.send(connack() + push(answer, topic))
    elif how == "behind CONNACK":
        line.send(connack())
        line.send(push(answer, topic))
    else:
        line.send_each_byte(connack() + push(answer, topic))
    assert registered(host, mode) == result
    assert line.says_goodbye()
    assert host.failure() == ("none", 0, "")
    assert results(host) == [result if mode == 1 else None, result if mode == 2 else None]


def test_an_answer_cut_anywhere(host, server):
    """In two pieces, at each place between two bytes."""
    whole = connack() + push({"deviceSecret": "s3cret"})
    for cut in range(1, len(whole)):
        register(host)
        line = server.accept()
        line.connect()
        line.send(whole[:cut])
        line.send(whole[cut:])
        assert registered(host) == (PRODUCT_KEY, "device", "s3cret")
        assert line.says_goodbye()
        line.close()


def test_a_late_answer(host, asked):
    """While it waits the modem answers everything else."""
    for _ in range(3):
        assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:0"]
    asked.send(push())
    assert registered(host) == RESULT


@pytest.mark.parametrize("type", [0, 1])
@pytest.mark.parametrize("qos, answer", [(0, b""), (1, PUBACK), (2, PUBREC)])
def test_the_qos_of_an_answer(start_host, authority, server, tmp_path, qos, answer, type):
    host = start_host("--tls-ca", authority.certificate, "--state", tmp_path / "state")
    host.command("AT+IMQTTMODE=1,1")
    host.command(f'AT+IMQTTADDR=localhost,{server.port},""')
    register(host, type)
    line = server.accept()
    line.welcome()
    line.send(push(qos=qos))
    assert registered(host) == RESULT
    if qos:
        assert line.packet() == packet(answer, b"\x00\x01")
    assert line.says_goodbye()


@pytest.mark.parametrize(
    "payload",
    [
        json.dumps(ANSWER, indent=4),
        json.dumps(ANSWER, indent="\t").replace("\n", "\r\n"),
        json.dumps(dict(reversed(ANSWER.items()))),
        json.dumps({"code": 200, "data": {"deviceSecret": "no"}, "list": [1, {}], **ANSWER}),
        json.dumps({**ANSWER, "productKey": "another", "deviceName": "another"}),
        '{"deviceSecret":"' + "".join(f"\\u{ord(letter):04x}" for letter in SECRET) + '"}',
        '{"device\\u0053ecret":"%s","x":"\\"\\\\\\/\\b\\f\\n\\r\\t"}' % SECRET,
        json.dumps({"padding": "x" * 4000, "deviceSecret": SECRET}),
    ],
)
@pytest.mark.parametrize("topic", ["/ext/register", "/ext/regnwl"])
def test_the_form_of_an_answer(host, asked, payload, topic):
    asked.send(push(payload, topic))
    assert registered(host) == RESULT


@pytest.mark.parametrize(
    "secret, shown", [('a"b\\c/d', 'a\\"b\\\\c/d'), ("geheim ä", "geheim ä"), ("x" * 64, "x" * 64)]
)
def test_an_unusual_secret(host, asked, secret, shown):
    asked.send(push({"deviceSecret": secret}))
    host.urc(re.escape(f'+IMQTTDYNREG:1,"{PRODUCT_KEY}","device","{shown}"'))


# ---- what is no answer

NO_ANSWERS = {
    "another topic": push(topic="/ext/other"),
    "a longer topic": push(topic=TOPIC + "/x"),
    "nothing": push(b""),
    "no JSON": push("hello"),
    "not closed": push('{"deviceSecret":"early"'),
    "no object": push('["deviceSecret","early"]'),
    "another key": push({"devicesecret": "early"}),
    "the other mode's": push(TOKEN_ANSWER, "/ext/regnwl"),
    "empty": push({"deviceSecret": ""}),
    "a number": push('{"deviceSecret":12345}'),
    "null": push('{"deviceSecret":null}'),
    "too long": push({"deviceSecret": "x" * 65}),
    "nested": push({"data": {"deviceSecret": "early"}}),
    "a line end in it": push({"deviceSecret": "early\r\n+IMQTTCONN:0"}),
    "not UTF-8": push(b'{"deviceSecret":"early\xff"}'),
    "over 4 KiB": push({"padding": "x" * 4096, "deviceSecret": "early"}),
    "200 KB of garbage": push(bytes(range(256)) * 800),
    "garbage of QoS 1": push(b"\xff" * 100, qos=1),
    "over 256 KiB": push(b"x" * 262_145, qos=1),
}


@pytest.mark.parametrize("what", NO_ANSWERS)
def test_what_is_passed_over(host, asked, what):
    no_answer = NO_ANSWERS[what]
    asked.send(no_answer)
    asked.send(push())
    assert registered(host) == RESULT
    if no_answer[0] & 0x02:
        assert asked.packet() == packet(PUBACK, b"\x00\x01")
    assert asked.says_goodbye()


@pytest.mark.parametrize(
    "payload",
    [
        {**TOKEN_ANSWER, "clientId": ""},
        {**TOKEN_ANSWER, "clientId": "x" * 65},
        {**TOKEN_ANSWER, "deviceToken": "x" * 129},
        {key: value for key, value in TOKEN_ANSWER.items() if key != "clientId"},
        {key: value for key, value in TOKEN_ANSWER.items() if key != "deviceToken"},
        ANSWER,
    ],
)
def test_a_token_needs_both(host, server, payload):
    register(host, mode=2)
    line = server.accept()
    line.welcome()
    line.send(push(payload, "/ext/regnwl"))
    longest = {"clientId": "c" * 64, "deviceToken": "t" * 128}
    line.send(push(longest, "/ext/regnwl"))
    client_id, user_name, password = registered(host, 2)
    assert client_id == CONNWL.replace(CLIENT, "c" * 64)
    assert (user_name, password) == (f"device&{PRODUCT_KEY}", "t" * 128)


# ---- failures

REFUSALS = {
    1: "refused: unacceptable protocol version",
    2: "refused: a field is missing, or not over TLS",
    3: "refused: the service is unavailable",
    4: "refused: the signature is wrong",
    5: "refused: not allowed, or already activated",
}


@pytest.mark.parametrize("mode", [1, 2])
@pytest.mark.parametrize("code", REFUSALS)
def test_refused(host, server, code, mode):
    register(host, mode=mode)
    line = server.accept()
    line.connect()
    line.send(connack(code))
    assert fails_to_register(host, mode) == ("register", code, REFUSALS[code])
    assert line.is_closed()


NO_TIME = "connected, but no answer came"


def close_at_once(server):
    server.accept_silently().close()


def close_after_greeting(server):
    server.accept().close()


def close_after_connect(server):
    line = server.accept()
    line.connect()
    line.close()


def close_before_the_answer(server):
    line = server.accept()
    line.welcome()
    line.close()


def close_within_the_answer(server):
    line = server.accept()
    line.welcome()
    line.send(push()[:-1])
    line.close()


def reset_before_the_answer(server):
    line = server.accept()
    line.welcome()
    line.reset()


def answer_before_connack(server):
    line = server.accept()
    line.connect()
    line.send(push())


def two_connacks(server):
    line = server.accept()
    line.connect()
    line.send(connack() * 2)


def garbage_instead_of_connack(server):
    line = server.accept()
    line.connect()
    line.send(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def garbage_instead_of_the_answer(server):
    line = server.accept()
    line.welcome()
    line.send(b"\xff" * 200_000)


@pytest.mark.parametrize("mode", [1, 2])
@pytest.mark.parametrize(
    "act",
    [
        close_at_once,
        close_after_greeting,
        close_after_connect,
        close_before_the_answer,
        close_within_the_answer,
        reset_before_the_answer,
        answer_before_connack,
        two_connacks,
        garbage_instead_of_connack,
        garbage_instead_of_the_answer,
    ],
)
def test_cut_off(host, server, act, mode):
    register(host, mode=mode)
    try:
        act(server)
    except OSError:
        pass  # the modem has closed meanwhile
    stage, _, why = fails_to_register(host, mode)
    assert stage == "register" and why
    assert results(host) == [None, None]


def stay_silent_before_tls(server):
    return server.accept_silently()


def stay_silent_before_connack(server):
    line = server.accept()
    line.connect()
    return line


def stay_silent_before_the_answer(server):
    line = server.accept()
    line.welcome()
    return line


@pytest.mark.parametrize(
    "act, why, least_s",
    [
        (stay_silent_before_tls, "no end of the TLS handshake within 10 s", 9.9),
        (stay_silent_before_connack, "no CONNACK in time", 5),
        (stay_silent_before_the_answer, NO_TIME, 5),
    ],
)
def test_silence(host, server, act, why, least_s):
    begun = time.monotonic()
    register(host)
    line = act(server)
    assert fails_to_register(host) == ("register", 0, why)
    assert least_s <= time.monotonic() - begun < REGISTRATION_S
    if act == stay_silent_before_the_answer:
        assert line.says_goodbye()


def test_a_stream_of_no_answers(host, asked):
    """It does not put the deadline off."""
    begun = time.monotonic()
    asked.send(push("{}", qos=1))
    while asked.packet()[0] == PUBACK:
        assert time.monotonic() - begun < REGISTRATION_S
        asked.send(push("{}", qos=1))
    assert fails_to_register(host) == ("register", 0, NO_TIME)


def test_nobody_there(host):
    host.command(f'AT+IMQTTADDR=127.0.0.1,{free_port()},""')
    register(host)
    stage, code, why = fails_to_register(host)
    assert (stage, code, why.lower()) == ("register", errno.ECONNREFUSED, "connection refused")


def test_no_such_host(host):
    host.command('AT+IMQTTADDR=nowhere.invalid,1883,""')
    register(host)
    stage, code, why = fails_to_register(host)
    assert stage == "register" and code != 0 and why


def test_another_certificate(start_host, server):
    host = start_host()
    host.command("AT+IMQTTMODE=1,1")
    host.command(f'AT+IMQTTADDR=localhost,{server.port},""')
    register(host)
    with pytest.raises(OSError):
        server.accept()
    stage, _, why = fails_to_register(host)
    assert stage == "register" and "certificate" in why


def test_after_each_failure_the_next_may_succeed(host, server):
    """And what was kept stays until then."""
    register(host)
    line = server.accept()
    line.welcome()
    line.send(push({"deviceSecret": "first"}))
    assert registered(host)[2] == "first"
    for act in (close_at_once, close_before_the_answer, garbage_instead_of_connack):
        register(host)
        act(server)
        fails_to_register(host)
        assert results(host) == [(PRODUCT_KEY, "device", "first"), None]
    register(host)
    line = server.accept()
    line.welcome()
    line.send(push({"deviceSecret": "second"}))
    assert registered(host)[2] == "second"
    assert results(host) == [(PRODUCT_KEY, "device", "second"), None]
