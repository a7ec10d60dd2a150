"""The test cloud behaves like the platform towards stock clients: paho-mqtt and mosquitto_*."""

import itertools
import signal
import socket
import ssl
import stat
import subprocess

import pytest

from processes import DEADLINE_S
from testcloud import (
    PRODUCT_KEY,
    SCRIPT,
    VECTORS,
    Client,
    TestCloud,
    Triple,
    registration,
    token_login,
    vector_login,
)

_numbers = itertools.count(1)

REFUSED = 5
SUBSCRIBE_REFUSED = 128


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    cloud = TestCloud(tmp_path_factory.mktemp("cloud"))
    yield cloud
    assert cloud.stop() == 0


@pytest.fixture
def own_cloud(tmp_path):
    cloud = TestCloud(tmp_path / "cloud")
    yield cloud
    cloud.stop()


@pytest.fixture
def connect():
    """Connects stock clients, which are closed at the end."""
    clients = []

    def connect(*arguments, **options):
        clients.append(Client(*arguments, **options))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def device(cloud):
    """A device of the test's own."""
    return cloud.add_device(f"device{next(_numbers)}")


@pytest.fixture
def online(cloud, connect, device):
    client = connect(cloud, device.login())
    assert client.code() == 0
    return client


# ---- logging in


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("vector_id", ["T1", "T2", "T3", "T4", "T5", "T6"])
def test_vectors_log_in(cloud, connect, vector_id, tls):
    client_id, user, password = vector_login(vector_id)
    assert connect(cloud, (client_id, user, password), tls=tls).code() == 0
    assert connect(cloud, (client_id, user, password.lower()), tls=tls).code() == 0


def mosquitto(program, cloud, vector_id, *arguments, tls):
    client_id, user, password = vector_login(vector_id)
    port = ("-p", cloud.tls_port, "--cafile", cloud.ca) if tls else ("-p", cloud.port)
    return subprocess.run(
        [
            *(program, "-h", "localhost", *map(str, port)),
            *("-i", client_id, "-u", user, "-P", password, *arguments),
        ],
        capture_output=True, text=True, timeout=DEADLINE_S,
    )


@pytest.mark.parametrize("vector_id, tls", [("T1", True), ("T2", False)])
def test_mosquitto_clients_log_in(cloud, vector_id, tls):
    name, product_key = VECTORS[vector_id]["username"].split("&")
    topic = f"/{product_key}/{name}/user/test"
    sub = mosquitto("mosquitto_sub", cloud, vector_id, "-t", topic, "-E", tls=tls)
    pub = mosquitto("mosquitto_pub", cloud, vector_id, "-t", topic, "-m", "x", "-q", "1", tls=tls)
    assert (sub.returncode, pub.returncode) == (0, 0), sub.stderr + pub.stderr


@pytest.mark.parametrize(
    "text, options",
    [
        ("x", "securemode=3,signmethod=hmacsha256"),
        ("x" * 64, "_v=a,signmethod=hmacsha256,ext=3,securemode=2,_ss=1,"),
        ("with blank & more", "signmethod=hmacsha256,securemode=2"),
    ],
)
def test_any_client_id_logs_in(cloud, connect, device, text, options):
    assert connect(cloud, device.login(text, options)).code() == 0


def refuses(cloud, connect, login, reason, **options):
    code = connect(cloud, login, **options).code()
    last = [line for line in cloud.log().splitlines() if "testcloud:" in line][-1]
    assert code == REFUSED and reason in last, (code, last)


@pytest.mark.parametrize(
    "change, reason",
    [
        (lambda d: (d.login()[0], d.user, "00" * 32), "the signature is wrong"),
        (lambda d: (d.login()[0], d.user, ""), "there is no password"),
        (lambda d: (d.login()[0], d.name, "x"), "the user name is not"),
        (lambda d: ("plain", d.user, "x"), "the client id is not"),
        (lambda d: d.login("x" * 65), "the client id is not"),
        (lambda d: d.login(options="signmethod=hmacsha256"), "securemode"),
        (lambda d: d.login(options="securemode=2,signmethod=sha256"), "the signature is wrong"),
        (lambda d: Triple(d.product_key, "nobody", d.secret).login(), "the device is not known"),
        (lambda d: Triple("other", d.name, d.secret).login(), "the device is not known"),
    ],
)
def test_refused_logins(cloud, connect, device, change, reason):
    refuses(cloud, connect, change(device), reason)


def test_refused_without_a_user_name(cloud, connect):
    assert connect(cloud, ("x|securemode=2|", None, None)).code() == REFUSED


@pytest.mark.parametrize("keep_alive_s", [29, 1201])
def test_refused_keep_alive(cloud, connect, device, keep_alive_s):
    refuses(cloud, connect, device.login(), "keep-alive", keep_alive_s=keep_alive_s)


# ---- registration


@pytest.mark.parametrize("secure_mode", ["2", "-2"])
def test_pre_registered(cloud, connect, device, secure_mode):
    client = connect(cloud, registration(device.name, "register", secure_mode=secure_mode))
    assert client.code() == 0
    topic, answer = client.answer()
    assert topic == "/ext/register"
    assert answer.keys() == {"deviceSecret", "productKey", "deviceName"}
    assert (answer["productKey"], answer["deviceName"]) == (PRODUCT_KEY, device.name)

    refuses(cloud, connect, device.login(), "the signature is wrong")
    registered = Triple(PRODUCT_KEY, device.name, answer["deviceSecret"])
    assert connect(cloud, registered.login()).code() == 0
    assert connect(cloud, registered.login(), tls=False).code() == 0


def test_not_pre_registered(own_cloud, connect):
    client = connect(own_cloud, vector_login("D2"))
    assert client.code() == 0
    topic, answer = client.answer()
    assert topic == "/ext/regnwl"
    assert answer.keys() == {"clientId", "productKey", "deviceName", "deviceToken"}
    assert (answer["productKey"], answer["deviceName"]) == (PRODUCT_KEY, "SDK_0007")
    client.close()

    refuses(own_cloud, connect, vector_login("C1"), "the client id or the token is wrong")
    assert connect(own_cloud, token_login(answer)).code() == 0
    refuses(own_cloud, connect, vector_login("D2"), "already activated")


def test_instance_in_the_client_id(own_cloud, connect):
    client = connect(own_cloud, vector_login("D3"))
    assert client.code() == 0
    assert client.answer()[0] == "/ext/regnwl"


def test_only_the_last_registration_counts(own_cloud, connect):
    secrets = []
    for _ in range(2):
        client = connect(own_cloud, vector_login("D1"))
        assert client.code() == 0
        secrets.append(client.answer()[1]["deviceSecret"])
        client.close()
    first, last = (Triple(PRODUCT_KEY, "SDK_0004", secret) for secret in secrets)
    refuses(own_cloud, connect, first.login(), "the signature is wrong")
    assert connect(own_cloud, last.login()).code() == 0
    refuses(own_cloud, connect, vector_login("D1"), "already activated")


@pytest.mark.parametrize(
    "login, tls, reason",
    [
        (registration("SDK_0008", "regnwl"), False, "needs TLS"),
        (registration("SDK_0008", "regnwl", key="wrong"), True, "the signature is wrong"),
        (registration("SDK_0008", "register"), True, "not pre-registered"),
        (registration("SDK_0008", "regnwl", secure_mode="3"), True, "securemode"),
        (registration("SDK_0008", "regnwl", random=""), True, "random is missing"),
        (registration("SDK_0008", "regother"), True, "authType"),
    ],
)
def test_refused_registrations(cloud, connect, login, tls, reason):
    refuses(cloud, connect, login, reason, tls=tls)
    assert "SDK_0008" not in cloud.devices()


def test_a_registration_may_not_use_topics(cloud, connect, device):
    client = connect(cloud, registration(device.name, "register"))
    assert client.code() == 0
    assert client.subscribe(device.topic, "/ext/#") == [SUBSCRIBE_REFUSED] * 2


# ---- limits


def test_own_topics(online, device):
    system = f"/sys/{device.product_key}/{device.name}/thing/#"
    assert online.subscribe(device.topic, system, "/ext/#") == [1, 1, 1]
    online.publish(device.topic, "hello")
    message = online.message()
    assert (message.topic, message.payload) == (device.topic, b"hello")


def test_topics_of_others(cloud, connect, online, device):
    other = cloud.add_device(device.name + "_other")
    listener = connect(cloud, other.login())
    assert listener.code() == 0
    assert listener.subscribe(other.topic, "/ext/#") == [1, 1]
    assert listener.subscribe("#", "/+/+/user/test", device.topic) == [SUBSCRIBE_REFUSED] * 3
    online.publish(other.topic, "not for you")
    online.publish("/ext/session", "for the platform").wait_for_publish(DEADLINE_S)
    listener.publish(other.topic, "mine")
    assert listener.message().payload == b"mine"


@pytest.mark.parametrize("what", [{"qos": 2}, {"retain": True}])
def test_dropped_for_a_publish(online, device, what):
    online.publish(device.topic, "x", **what)
    assert online.is_dropped()


def test_subscribing_with_qos_2_grants_1(online, device):
    assert online.subscribe(device.topic, qos=2) == [1]


def test_payload_size(online, device):
    online.subscribe(device.topic)
    online.publish(device.topic, "x" * (256 * 1024 + 1))
    online.publish(device.topic, "x" * (256 * 1024))
    assert len(online.message().payload) == 256 * 1024


def test_topic_size(online, device):
    start = f"/{device.product_key}/{device.name}/"
    longest = start + "x" * (128 - len(start))
    deepest = start + "a/b/c/d/e"
    assert online.subscribe(longest, longest + "x", deepest, deepest + "/f") == [1, 128, 1, 128]


def test_subscription_count(online, device):
    filters = [f"{device.topic}/{number}" for number in range(101)]
    assert online.subscribe(*filters) == [1] * 100 + [SUBSCRIBE_REFUSED]


@pytest.mark.parametrize("first_tls, second_tls", [(True, True), (True, False), (False, True)])
def test_a_newer_login_wins(cloud, connect, device, first_tls, second_tls):
    for text in ("same", "other"):
        older = connect(cloud, device.login("same"), tls=first_tls)
        assert older.code() == 0
        newer = connect(cloud, device.login(text), tls=second_tls)
        assert newer.code() == 0
        assert older.is_dropped()
        newer.subscribe(device.topic)
        newer.publish(device.topic, "still here")
        assert newer.message().payload == b"still here"
        newer.close()


# ---- the program


def test_what_it_leaves_outlives_it(own_cloud, connect):
    client = connect(own_cloud, vector_login("D2"))
    assert client.code() == 0
    answer = client.answer()[1]
    client.close()
    assert connect(own_cloud, vector_login("T1")).code() == 0
    certificate = own_cloud.ca.read_bytes()

    assert own_cloud.stop() == 0
    own_cloud.start()
    assert own_cloud.ca.read_bytes() == certificate
    assert connect(own_cloud, token_login(answer)).code() == 0
    refuses(own_cloud, connect, vector_login("D1"), "already activated")


def test_its_own_devices_file(tmp_path, connect):
    (tmp_path / "devices").write_text(f"# mine\ndevice {PRODUCT_KEY} SDK_0004 new secret s\n")
    cloud = TestCloud(tmp_path)
    assert connect(cloud, Triple(PRODUCT_KEY, "SDK_0004", "s").login()).code() == 0
    assert cloud.devices() == f"# mine\ndevice {PRODUCT_KEY} SDK_0004 active secret s\n"
    cloud.stop()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_broker_ends_with_it(own_cloud, how):
    with socket.create_connection((own_cloud.host, own_cloud.port), DEADLINE_S) as line:
        own_cloud.await_service()  # which takes connections in their order
        own_cloud.process.child.send_signal(how)
        try:
            assert line.recv(1) == b""
        except ConnectionResetError:
            assert how == signal.SIGKILL
    assert own_cloud.process.wait() == (0 if how != signal.SIGKILL else -signal.SIGKILL)


def test_it_tells_how_to_reach_it(own_cloud):
    own_cloud.stop()
    told = "\n".join(own_cloud.process.output)
    assert f"AT+IMQTTADDR=localhost,{own_cloud.tls_port}," in told
    assert f"--tls-ca {own_cloud.ca}" in told


def test_secrets_are_for_the_owner_only(own_cloud, connect):
    client = connect(own_cloud, vector_login("D1"))
    assert client.code() == 0
    secret = client.answer()[1]["deviceSecret"]
    assert connect(own_cloud, Triple(PRODUCT_KEY, "SDK_0004", secret).login()).code() == 0
    own_cloud.stop()
    assert stat.S_IMODE(own_cloud.folder.stat().st_mode) == 0o700
    for path in own_cloud.folder.iterdir():
        if path.name not in ("ca.crt",):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    told = own_cloud.log() + "\n".join(own_cloud.process.output)
    keys = {vector["key"] for vector in VECTORS.values()} - {None, "secret"}
    assert secret in own_cloud.devices()
    assert [word for word in [secret, *keys] if word in told] == []


@pytest.mark.parametrize(
    "name",
    ["localhost", "127.0.0.1", "a1m8qO1ceKE.iot-as-mqtt.cn-shanghai.aliyuncs.com",
     "iot-060a0000.mqtt.iothub.aliyuncs.com"],
)
def test_certificate_names(cloud, name):
    context = ssl.create_default_context(cafile=cloud.ca)
    with socket.create_connection((cloud.host, cloud.tls_port), DEADLINE_S) as line:
        context.wrap_socket(line, server_hostname=name).close()


def test_certificate_of_nobody_else(cloud):
    context = ssl.create_default_context(cafile=cloud.ca)
    with socket.create_connection((cloud.host, cloud.tls_port), DEADLINE_S) as line:
        with pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(line, server_hostname="example.org")


def test_a_port_that_is_taken(cloud, tmp_path):
    other = subprocess.run(
        [SCRIPT, str(cloud.port), str(cloud.tls_port), tmp_path / "other"],
        capture_output=True, text=True, timeout=300,
    )
    assert other.returncode == 1
    assert "ready" not in other.stdout
    assert "Address already in use" in other.stderr


@pytest.mark.parametrize("arguments", [[], ["1883", "8883"], ["1", "2", "3", "4", "5"]])
def test_wrong_usage(arguments):
    wrong = subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, timeout=DEADLINE_S)
    assert wrong.returncode == 2
    assert "usage: script/testcloud PORT TLS_PORT DIR" in wrong.stderr
