"""longest_answer.py TERMINAL [DIALECT PORT]: types AT, one after the other; for each line on stdin it
prints the longest time that an answer has taken since the line before, in ns, and how many messages
were read meanwhile. With a dialect it connects first, to the sink on that port, which sends messages
without end."""

import os
import select
import sys
import time
import tty

TOPIC = "source/1000000000/1000"
OK = "\r\nOK\r\n"
# What is typed, and what is heard when it is done.
STEPS = {
    "imqtt": [
        ("AT+IMQTTADDR=127.0.0.1,{port},{name}", OK), ("AT+IMQTTCONN", "+IMQTTCONN:0"),
        ("AT+IMQTTSUB={topic},1", OK),
    ],
    "ica": [
        ("AT+IMQTTPARA=AUTHMODE,0", OK), ("AT+IMQTTPARA=CLIENTID,{name}", OK), ("AT+IMQTTMODE=0", OK),
        ('AT+IMQTTOPEN="127.0.0.1",{port}', OK), ("AT+IMQTTCONN", "+IMQTTSTATE:1"),
        ('AT+IMQTTSUB="{topic}",1', OK),
    ],
    "qmt": [
        ('AT+QMTOPEN=0,"127.0.0.1",{port}', "+QMTOPEN: 0,0"), ('AT+QMTCONN=0,"{name}"', "+QMTCONN: 0,0,0"),
        ('AT+QMTSUB=0,1,"{topic}",1', OK),
    ],
    "cmqtt": [
        ("AT+CMQTTSTART", "+CMQTTSTART: 0"), ('AT+CMQTTACCQ=0,"{name}"', OK),
        ('AT+CMQTTCONNECT=0,"tcp://127.0.0.1:{port}",60,1', "+CMQTTCONNECT: 0,0"),
        (f"AT+CMQTTSUB=0,{len(TOPIC)},1", ">"), ("{topic}", OK),
    ],
    "sm": [
        ('AT+SMCONF="URL","127.0.0.1",{port}', OK), ('AT+SMCONF="CLIENTID","{name}"', OK), ("AT+SMCONN", OK),
        ('AT+SMSUB="{topic}",1', OK),
    ],
    "esp": [
        ('AT+MQTTUSERCFG=0,1,"{name}","","",0,0,""', OK), ('AT+MQTTCONN=0,"127.0.0.1",{port},0', OK),
        ('AT+MQTTSUB=0,"{topic}",1', OK),
    ],
}


def ask(terminal, line, until=OK):
    """How long it took, and how many messages came with the answer."""
    start_ns = time.monotonic_ns()
    os.write(terminal, line.encode() + b"\r")
    answer = b""
    while until.encode() not in answer:
        answer += os.read(terminal, 65536)
    return time.monotonic_ns() - start_ns, answer.count(TOPIC.encode())


def connect(terminal, dialect, port):
    ask(terminal, "ATE0")
    for line, until in STEPS[dialect]:
        ask(terminal, line.format(port=port, name=f"longest-{os.getpid()}", topic=TOPIC), until)


def main():
    terminal = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
    tty.setraw(terminal)
    longest_ns, messages = ask(terminal, "AT")
    if len(sys.argv) > 2:
        connect(terminal, *sys.argv[2:])
    print("ready", flush=True)
    while True:
        if select.select([0], [], [], 0)[0]:
            if not os.read(0, 4096):
                return
            print("longest", longest_ns, messages, flush=True)
            longest_ns = messages = 0
        took_ns, came = ask(terminal, "AT")
        longest_ns, messages = max(longest_ns, took_ns), messages + came


main()
