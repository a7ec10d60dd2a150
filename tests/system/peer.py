"""Another MQTT client, paho-mqtt, on the other side of the broker."""

import queue
import threading

import paho.mqtt.client as paho

from processes import DEADLINE_S


class Peer:
    def __init__(self, broker, client_id="peer", clean=True, protocol=paho.MQTTv311):
        self.messages = queue.Queue()
        self._subscribed = threading.Event()
        connected = threading.Event()
        self.client = paho.Client(client_id, clean_session=clean, protocol=protocol)
        self.client.on_message = lambda client, data, message: self.messages.put(message)
        self.client.on_connect = lambda *ignored: connected.set()
        self.client.on_subscribe = lambda *ignored: self._subscribed.set()
        self.client.max_inflight_messages_set(20)
        if user := getattr(broker, "user", None):
            self.client.username_pw_set(user, user)
        self.client.connect(broker.host, broker.port)
        self.client.loop_start()
        assert connected.wait(DEADLINE_S)

    def subscribe(self, topic, qos=2):
        self._subscribed.clear()
        self.client.subscribe(topic, qos)
        assert self._subscribed.wait(DEADLINE_S)

    def publish(self, topic, payload, qos=1, retain=False):
        """Returns once the broker has it."""
        self.begin_publish(topic, payload, qos, retain).wait_for_publish(DEADLINE_S)

    def begin_publish(self, topic, payload, qos=1, retain=False):
        return self.client.publish(topic, payload, qos, retain)

    def message(self, within_s=DEADLINE_S):
        return self.messages.get(timeout=within_s)

    def payloads(self, count):
        return [self.message().payload for _ in range(count)]

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()
