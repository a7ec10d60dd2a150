"""A DNS server on UDP, run by a test in another network namespace.

usage: name_server.py ADDRESS ZONE     ZONE: JSON, {"name": ["192.0.2.2", "2001:db8::2"]}

A name is answered with those of its addresses that are of the type asked for; instead of a list
there may be a number: the answer's RCODE. Names that are not in the zone get NXDOMAIN. Questions
for names that begin with "held" are answered when a line has come from stdin.
Names that begin with "lasting" are good for an hour, others for no time at all.
"""

import ipaddress
import json
import selectors
import socket
import struct
import sys

A, AAAA = 1, 28
NXDOMAIN = 3


def ttl_s(name):
    return 3600 if name.startswith("lasting") else 0


def parse(question):
    """-> (name, type, where the question ends)"""
    labels, place = [], 12
    while count := question[place]:
        labels.append(question[place + 1 : place + 1 + count].decode())
        place += 1 + count
    return ".".join(labels).lower(), int.from_bytes(question[place + 1 : place + 3], "big"), place + 5


def answer(zone, question):
    name, wanted, end = parse(question)
    found = zone.get(name, NXDOMAIN)
    code, addresses = (found, []) if isinstance(found, int) else (0, found)
    data = [
        address.packed
        for address in map(ipaddress.ip_address, addresses)
        if wanted == (A if address.version == 4 else AAAA)
    ]
    head = question[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, len(data), 0, 0)
    records = [
        struct.pack(">HHHIH", 0xC00C, wanted, 1, ttl_s(name), len(each)) + each for each in data
    ]
    return head + question[12:end] + b"".join(records)


def serve(address, zone):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((address, 53))
    selector = selectors.DefaultSelector()
    selector.register(server, selectors.EVENT_READ)
    selector.register(sys.stdin, selectors.EVENT_READ)
    held, is_holding = [], True
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            if key.fileobj is sys.stdin:
                if not sys.stdin.readline():
                    return
                is_holding = False
                while held:
                    server.sendto(*held.pop())
                continue
            question, sender = server.recvfrom(512)
            name = parse(question)[0]
            print("asked", name, flush=True)
            reply = (answer(zone, question), sender)
            if is_holding and name.startswith("held"):
                held.append(reply)
            else:
                server.sendto(*reply)


serve(sys.argv[1], json.loads(sys.argv[2]))
