"""The independent witness: a paho client that is subscribed to everything, and publishes bursts."""

import asyncio
import time

from ledger import topic_of
from peer import Peer

BURST = 64  # messages
BURST_BYTES = 1000  # each


class Collector:
    def __init__(self, broker, ledger):
        self._ledger = ledger
        self._loop = asyncio.get_running_loop()
        self._unanswered = {}  # packet id -> request
        self._peer = Peer(broker, "collector", clean=False)
        self._peer.client.reconnect_delay_set(1, 1)
        self._peer.client.on_message = self._on_message
        self._peer.client.on_publish = self._on_publish
        self._peer.subscribe(topic_of("+"), 2)

    def _on_message(self, client, data, message):
        self._loop.call_soon_threadsafe(
            self._ledger.collect, message.topic, message.payload, time.time()
        )

    def _on_publish(self, client, data, packet_id):
        self._loop.call_soon_threadsafe(self._answered, packet_id)

    def _answered(self, packet_id):
        """In the loop, and so only after publish() has entered the request."""
        self._unanswered.pop(packet_id).report(0)

    def publish(self, to, size=20):
        """One message with QoS 1 to a host."""
        request = self._ledger.begin(1, to)
        message, payload = self._ledger.write(request, size, printable=False)
        request.accepted += 1
        info = self._peer.begin_publish(topic_of(to), payload, 1)
        self._unanswered[info.mid] = request
        return message

    def publish_burst(self, to):
        for _ in range(BURST):
            self.publish(to, BURST_BYTES)

    def close(self):
        self._peer.close()
