"""The test cloud, and devices on it: paho-mqtt with the client ids and signatures of the platform."""

import hashlib
import hmac
import json
import os
import pathlib
import queue
import socket
import ssl

import paho.mqtt.client as paho

from processes import DEADLINE_S, Process, free_port

ROOT = pathlib.Path(__file__).parents[2]
SCRIPT = ROOT / "script" / "testcloud"
PLUGIN = ROOT / "build" / "lib" / "imqtt_testcloud.so"
VECTORS = {
    vector["id"]: vector
    for vector in json.loads((ROOT / "tests" / "data" / "aliyun_vectors.json").read_text())
}
PRODUCT_KEY, PRODUCT_SECRET = "a1m8qO1ceKE", "VPCTjT8dGTXr5Jpg"
START_S = 300  # the first start may build the plugin


class TestCloud:
    __test__ = False
    host = "127.0.0.1"
    environment = dict(os.environ)

    def __init__(self, folder):
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        self.ca = folder / "ca.crt"
        self.start()

    def start(self):
        arguments = (str(self.port), str(self.tls_port), str(self.folder))
        self.process = Process(str(SCRIPT), *arguments, env=self.environment)
        self.process.line("ready", within_s=START_S)
        self.await_service()
        self.environment.setdefault("IMQTT_TESTCLOUD_PLUGIN", str(PLUGIN))  # it is built now

    def await_service(self):
        """It says that it runs a moment before it does, and forgets a signal that comes between."""
        with socket.create_connection((self.host, self.port), DEADLINE_S) as line:
            line.sendall(b"\0\0")  # no packet of MQTT: it hangs up
            try:
                assert line.recv(1) == b""
            except ConnectionResetError:
                pass

    def stop(self):
        """SIGTERM; its exit status."""
        return self.process.terminate()

    def log(self):
        return (self.folder / "log").read_text()

    def devices(self):
        return (self.folder / "devices").read_text()

    def add_device(self, name, secret="0123456789abcdef", product_key=PRODUCT_KEY):
        with (self.folder / "devices").open("a") as file:
            file.write(f"device {product_key} {name} new secret {secret}\n")
        return Triple(product_key, name, secret)


def sign(key, text, method="hmacsha256"):
    return hmac.new(key.encode(), text.encode(), getattr(hashlib, method[4:])).hexdigest()


class Triple:
    """A device that knows its secret: what it says in CONNECT."""

    def __init__(self, product_key, name, secret):
        self.product_key, self.name, self.secret = product_key, name, secret
        self.user = f"{name}&{product_key}"
        self.topic = f"/{product_key}/{name}/user/test"

    def login(self, text=None, options="securemode=2,signmethod=hmacsha256"):
        text = text or f"{self.product_key}.{self.name}"
        signed = f"clientId{text}deviceName{self.name}productKey{self.product_key}"
        return f"{text}|{options}|", self.user, sign(self.secret, signed)


def registration(name, kind, random="12345", secure_mode="2", text="any", key=PRODUCT_SECRET):
    """A registration's CONNECT; kind: register or regnwl."""
    options = f"signmethod=hmacsha256,random={random},securemode={secure_mode},authType={kind}"
    signed = f"deviceName{name}productKey{PRODUCT_KEY}random{random}"
    return f"{text}|{options}|", f"{name}&{PRODUCT_KEY}", sign(key, signed)


def token_login(answer):
    """CONNECT with what a registration without pre-registration gave."""
    client_id = f"{answer['clientId']}|authType=connwl,securemode=-2,_ss=1,ext=3,_v=sdk-c-4.1.0|"
    return client_id, f"{answer['deviceName']}&{answer['productKey']}", answer["deviceToken"]


def vector_login(vector_id):
    vector = VECTORS[vector_id]
    return vector["clientId"], vector["username"], vector["password"]


class Client:
    """One connection of a stock client. What happens is awaited with the functions below."""

    def __init__(self, cloud, login, tls=True, keep_alive_s=60):
        client_id, user, password = login
        self._connected, self._gone = queue.Queue(), queue.Queue()
        self._messages, self._granted = queue.Queue(), queue.Queue()
        self.client = paho.Client(client_id, reconnect_on_failure=False)
        self.client.username_pw_set(user, password)
        if tls:
            self.client.tls_set_context(ssl.create_default_context(cafile=cloud.ca))
        self.client.on_connect = lambda client, data, flags, code: self._connected.put(code)
        self.client.on_disconnect = lambda client, data, code: self._gone.put(code)
        self.client.on_message = lambda client, data, message: self._messages.put(message)
        self.client.on_subscribe = lambda client, data, mid, granted: self._granted.put(granted)
        self.client.connect(cloud.host, cloud.tls_port if tls else cloud.port, keep_alive_s)
        self.client.loop_start()

    def code(self):
        """CONNACK's return code."""
        return self._connected.get(timeout=DEADLINE_S)

    def is_dropped(self):
        """Waits for the broker to end the connection."""
        return self._gone.get(timeout=DEADLINE_S) != 0

    def message(self):
        return self._messages.get(timeout=DEADLINE_S)

    def answer(self):
        """What a registration is answered with: (topic, JSON)."""
        message = self.message()
        return message.topic, json.loads(message.payload)

    def subscribe(self, *filters, qos=1):
        """The granted QoS of each."""
        self.client.subscribe([(topic, qos) for topic in filters])
        return list(self._granted.get(timeout=DEADLINE_S))

    def publish(self, topic, payload, qos=1, retain=False):
        return self.client.publish(topic, payload, qos, retain)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()
