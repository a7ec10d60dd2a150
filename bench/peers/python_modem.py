#!/usr/bin/python3
"""What one would write instead of imqtt: an AT modem of pyserial and paho-mqtt, in Python.

usage: python_modem.py LINE

It knows what the benchmark types: ATE0, AT+IMQTTPARA, AT+IMQTTADDR, AT+IMQTTCONN, AT+IMQTTPUB and AT+IMQTTSUB. Prints
`ready` once it reads the line.
"""

import re
import sys
import threading

import paho.mqtt.client
import serial

PUBLISH = re.compile(rb'([^,]+),([012]),"(.*)"')


class Modem:
    def __init__(self, path):
        self.port = serial.Serial(path, 115200)
        self.writing = threading.Lock()
        self.mqtt = None
        self.address = None

    def say(self, line):
        with self.writing:
            self.port.write(b"\r\n" + line + b"\r\n")

    def run(self):
        typed = b""
        while True:
            typed += self.port.read(self.port.in_waiting or 1)
            *lines, typed = typed.split(b"\r")
            for line in lines:
                self.obey(line.strip())

    def obey(self, line):
        name, _, parameters = line.partition(b"=")
        command = self.COMMANDS.get(name.upper())
        if command is None:
            self.say(b"ERROR")
        else:
            command(self, parameters)

    def set_address(self, parameters):
        host, port, client_id = parameters.decode().split(",")
        self.address = host, int(port), client_id
        self.say(b"OK")

    def connect(self, _parameters):
        host, port, client_id = self.address
        self.mqtt = paho.mqtt.client.Client(client_id)
        self.mqtt.on_connect = lambda *_: self.say(b"+IMQTTCONN:0")
        self.mqtt.on_publish = self.on_publish
        self.mqtt.on_subscribe = self.on_subscribe
        self.mqtt.on_message = self.on_message
        self.say(b"OK")
        self.mqtt.connect(host, port, keepalive=60)
        self.mqtt.loop_start()

    def publish(self, parameters):
        topic, qos, payload = PUBLISH.fullmatch(parameters).groups()
        self.say(b"OK")
        self.mqtt.publish(topic.decode(), payload, int(qos))

    def subscribe(self, parameters):
        topic, qos = parameters.decode().split(",")
        self.say(b"OK")
        self.mqtt.subscribe(topic, int(qos))

    def on_publish(self, _client, _data, packet_id):
        self.say(b"+IMQTTPUB:%d,0" % packet_id)

    def on_subscribe(self, _client, _data, packet_id, granted):
        self.say(b"+IMQTTSUB:%d,%d" % (packet_id, granted[0]))

    def on_message(self, _client, _data, message):
        self.say(
            b'+IMQTTRCVPUB:%d,"%s",%d,"%s"'
            % (message.mid, message.topic.encode(), len(message.payload), message.payload)
        )

    COMMANDS = {
        b"ATE0": lambda self, _parameters: self.say(b"OK"),
        b"AT+IMQTTPARA": lambda self, _parameters: self.say(b"OK"),
        b"AT+IMQTTADDR": set_address,
        b"AT+IMQTTCONN": connect,
        b"AT+IMQTTPUB": publish,
        b"AT+IMQTTSUB": subscribe,
    }


modem = Modem(sys.argv[1])
print("ready", flush=True)
modem.run()
