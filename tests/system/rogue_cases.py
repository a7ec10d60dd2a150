"""What a rogue broker sends, and what must come of it: one row a case.

A row says at which moment of a connection the bytes come, which statements of MQTT 3.1.1 they are
the hostile twin of, and the outcome: the link ends, once and with a reason, or it goes on.
test_rogue_broker.py plays them; docs/mqtt-conformance.md names them; fuzzers begin with them:

    python3 tests/system/rogue_cases.py --write FOLDER      one file a case, the bytes alone
"""

import argparse
import pathlib

from rogue_words import (
    ACCEPTED, ANSWERS, BAD_TOPIC, BEFORE, BEFORE_3_1, BEFORE_KEPT, BEFORE_RESUMED, CONNECTED,
    CONNECTED_3_1, CONNECTED_URC, FIRST_IS_WRONG, ID_0, INBOUND, INBOUND_ID, LEFT, LENGTH_OVER,
    MISFIT, ONLY_CLIENTS, OURS, PINGRESP, PUBCOMP, PUBLISHED_URC, PUBREL, QOS1, QOS2, RELEASED,
    RESERVED, RESUMED, SECOND_CONNACK, SUBACK, SUBSCRIBING, THEN_A_SECOND, TOPIC_TOO_LONG, TYPES,
    UNKNOWN, UNSUBACK, UNSUBSCRIBING, Case, Closed, Race, Taken, answer, hexed, malformed, message,
    message_on, refused, violation,
)
from scripted_server import PUBACK, PUBREC, connack, packet, publish, text

# ---- the table -----------------------------------------------------------------------------------

FIRST = [
    Case(f"first-is-{name}", BEFORE, data, outcome, "3.2.0-1")
    for name, data, outcome in [
        ("publish", publish("a", "x"), FIRST_IS_WRONG),
        ("pingresp", packet(PINGRESP, b""), FIRST_IS_WRONG),
        ("puback", answer(PUBACK, OURS), FIRST_IS_WRONG),
        ("suback", answer(SUBACK, OURS, b"\0"), FIRST_IS_WRONG),
        ("connect", packet(0x10, text("MQTT") + hexed("04 02 00 3C 00 00")), FIRST_IS_WRONG),
        ("http", b"HTTP/1.1 400 Bad Request\r\n\r\n", FIRST_IS_WRONG),
        ("ssh", b"SSH-2.0-OpenSSH_9.2\r\n", FIRST_IS_WRONG),
        ("amqp", b"AMQP\0\0\x09\x01", FIRST_IS_WRONG),
        ("tls-alert", hexed("15 03 01 00 02 02 46"), FIRST_IS_WRONG),
        ("zeros", bytes(64), FIRST_IS_WRONG),
    ]
] + [
    Case("first-is-websocket", BEFORE, b"\x82\x04" + connack(), FIRST_IS_WRONG, "6.0.0-1 6.0.0-2"),
    Case("stream-lost-a-byte", QOS1, (answer(PUBACK, OURS) * 2)[1:], RESERVED, "7.1.1-1 7.1.2-1"),
]

# Whether CONNECT has left when CONNACK 0 comes is chance.
UNSENT = violation("CONNACK before CONNECT was sent")

CONNACKS = [
    Case("connack-before-connect", ACCEPTED, connack(),
         Race(UNSENT, Taken(urcs=(CONNECTED_URC,))), "3.1.0-1",
         again=Race(UNSENT, THEN_A_SECOND)),
    Case("publish-before-connect", ACCEPTED, publish("a", "x"), FIRST_IS_WRONG, "3.2.0-1 3.1.0-1"),
    Case("refusal-before-connect", ACCEPTED, connack(5), refused(5, "not authorized"), "3.1.4-1"),
    Case("connack-flags", BEFORE, hexed("21 02 00 00"), malformed("CONNACK with wrong flags"),
         "2.2.2-1 2.2.2-2"),
    Case("connack-short", BEFORE, hexed("20 01 00"), malformed("CONNACK of wrong length"),
         "4.8.0-1"),
    Case("connack-of-mqtt-5", BEFORE, hexed("20 03 00 00 00"),
         malformed("CONNACK of wrong length"), "4.8.0-1"),
    Case("connack-reserved-bit", BEFORE, hexed("20 02 02 00"),
         malformed("CONNACK with reserved bits set"), "4.8.0-1"),
    Case("connack-all-bits", BEFORE, hexed("20 02 FE 00"),
         malformed("CONNACK with reserved bits set"), "4.8.0-1"),
    Case("connack-code-6", BEFORE, connack(6), malformed("CONNACK with an unknown return code"),
         "3.2.2-6"),
    Case("connack-code-255", BEFORE, connack(255),
         malformed("CONNACK with an unknown return code"), "3.2.2-6"),
    Case("connack-level", BEFORE, connack(1), refused(1, "unacceptable protocol version"),
         "3.1.2-2"),
    Case("connack-client-id", BEFORE, connack(2), refused(2, "client id rejected"),
         "3.1.3-8 3.1.3-9"),
    Case("connack-unavailable", BEFORE, connack(3), refused(3, "server unavailable"), "3.1.4-4"),
    Case("refused-and-goes-on", BEFORE, connack(5) + publish("a", "x") + connack(0),
         refused(5, "not authorized"), "3.1.4-5 3.2.2-5"),
    Case("session-for-a-clean-one", BEFORE, hexed("20 02 01 00"),
         violation("CONNACK with a session, where none was kept"), "3.2.2-1 3.1.2-6 3.1.4-3"),
    Case("session-and-refusal", BEFORE_KEPT, hexed("20 02 01 05"),
         violation("CONNACK refuses, with a session present"), "3.2.2-4"),
    Case("session-never-begun", BEFORE_KEPT, hexed("20 02 01 00"),
         Taken(urcs=(CONNECTED_URC,)), "3.2.2-3",
         again=THEN_A_SECOND),
    Case("connack-then-garbage", BEFORE, connack() + hexed("F0 00"),
         Closed(RESERVED.text, (CONNECTED_URC,)), "4.8.0-1",
         again=Closed(RESERVED.text, (CONNECTED_URC,))),
    Case("connack-twice", CONNECTED, connack(), SECOND_CONNACK, "3.2.0-1"),
    Case("connack-twice-refusing", CONNECTED, connack(5), SECOND_CONNACK,
         "3.2.0-1"),
    Case("connack-reserved-3-1", BEFORE_3_1, hexed("20 02 FF 00"), Taken(urcs=(CONNECTED_URC,)),
         "7.0.0-2", again=THEN_A_SECOND),
]

TYPES_AND_FLAGS = [
    Case("type-0", CONNECTED, hexed("00 00"), RESERVED, "4.8.0-1"),
    Case("type-15", CONNECTED, hexed("F0 00"), RESERVED, "4.8.0-1"),
    Case("type-0-endless", CONNECTED, bytes(300), RESERVED, "4.8.0-1"),
    Case("type-15-endless", CONNECTED, b"\xff" * 300, LENGTH_OVER, "4.8.0-1"),
    Case("sent-connect", CONNECTED, packet(0x10, text("MQTT") + hexed("04 02 00 3C 00 00")),
         ONLY_CLIENTS, "3.1.0-2"),
    Case("sent-subscribe", CONNECTED, answer(0x82, 1, text("a") + b"\0"), ONLY_CLIENTS, "4.8.0-1"),
    Case("sent-unsubscribe", CONNECTED, answer(0xA2, 1, text("a")), ONLY_CLIENTS, "4.8.0-1"),
    Case("sent-pingreq", CONNECTED, hexed("C0 00"), ONLY_CLIENTS, "4.8.0-1"),
    Case("sent-disconnect", CONNECTED, hexed("E0 00"), ONLY_CLIENTS, "4.8.0-1"),
    Case("sent-disconnect-with-flags", CONNECTED, hexed("E1 00"), ONLY_CLIENTS, "3.14.1-1"),
    Case("flags-of-pubrel", CONNECTED, answer(0x60, 1), malformed("PUBREL with wrong flags"),
         "2.2.2-1 2.2.2-2 3.6.1-1"),
    Case("flags-of-pubrel-dup", CONNECTED, answer(0x6A, 1), malformed("PUBREL with wrong flags"),
         "2.2.2-1 2.2.2-2 3.6.1-1"),
    Case("flags-of-pubrel-dup-3-1", CONNECTED_3_1, answer(0x6A, 1),
         Taken(answer(PUBCOMP, 1)), "7.0.0-2"),
    Case("flags-of-suback", SUBSCRIBING, answer(0x91, OURS, b"\1\0"),
         malformed("SUBACK with wrong flags"), "2.2.2-1 2.2.2-2"),
    Case("flags-of-pingresp", CONNECTED, hexed("D1 00"), malformed("PINGRESP with wrong flags"),
         "2.2.2-1 2.2.2-2"),
] + [
    Case(f"flags-of-{name}", moment, answer(TYPES[name] | 0x01, OURS),
         malformed(f"{name.upper()} with wrong flags"), "2.2.2-1 2.2.2-2")
    for name, moment in [("puback", QOS1), ("pubrec", QOS2), ("pubcomp", RELEASED),
                         ("unsuback", UNSUBSCRIBING)]
]

LENGTHS = [
    Case(f"{name}-{length}", CONNECTED, packet(kind, body),
         malformed(f"{name.upper()} of wrong length"), "4.8.0-1")
    for name, kind in {**ANSWERS, "unsuback": UNSUBACK}.items()
    for length, body in [("empty", b""), ("short", b"\0"), ("long", b"\0\2\0")]
] + [
    Case("suback-short", SUBSCRIBING, answer(SUBACK, OURS), malformed("SUBACK of wrong length"),
         "3.8.4-5"),
    Case("suback-eleven-codes", SUBSCRIBING, answer(SUBACK, OURS, b"\0" * 11),
         malformed("SUBACK of wrong length"), "3.8.4-5"),
    Case("pingresp-long", CONNECTED, hexed("D0 01 00"), malformed("PINGRESP of wrong length"),
         "4.8.0-1"),
    Case("publish-empty", CONNECTED, hexed("30 00"), malformed("PUBLISH of wrong length"),
         "3.3.2-1"),
    Case("publish-length-alone", CONNECTED, hexed("30 02 00 01"),
         malformed("PUBLISH of wrong length"), "3.3.2-1"),
    Case("puback-of-256-mb", QOS1, hexed("40 FF FF FF 7F 00 02"),
         malformed("PUBACK of wrong length"), "4.8.0-1"),
    Case("suback-of-256-mb", SUBSCRIBING, hexed("90 FF FF FF 7F 00 02 01 00"),
         malformed("SUBACK of wrong length"), "4.8.0-1"),
    Case("length-of-five-bytes", CONNECTED, hexed("30 FF FF FF FF 01"), LENGTH_OVER, "4.8.0-1"),
    Case("length-of-five-bytes-zero", CONNECTED, hexed("D0 80 80 80 80 00"), LENGTH_OVER,
         "4.8.0-1"),
    Case("length-without-end", CONNECTED, b"\x30" + b"\x80" * 500, LENGTH_OVER, "4.8.0-1"),
    # 3.1.1, unlike MQTT 5, does not ask for the shortest form.
    Case("length-padded", CONNECTED, hexed("D0 80 00 30 84 80 80 00 00 01 61 78"),
         Taken(urcs=(message("a"),)), "7.0.0-2"),
    Case("length-padded-puback", QOS1, hexed("40 82 80 80 00 00 02"),
         Taken(urcs=(PUBLISHED_URC,), done=True), "7.0.0-2"),
]

TOPICS = [
    Case(f"topic-{name}", CONNECTED, message_on(topic), BAD_TOPIC, breaks)
    for name, topic, breaks in [
        ("with-plus", b"a/+/b", "3.3.2-2 4.7.1-1"),
        ("with-hash", b"a/#", "3.3.2-2 4.7.1-1"),
        ("with-plus-inside", b"a+b", "4.7.1-3"),
        ("with-hash-inside", b"#/a", "4.7.1-2"),
        ("with-nul", b"a\0b", "1.5.3-2 4.7.3-2"),
        ("cut-sequence", b"a\xe2\x82", "1.5.3-1"),
        ("lone-continuation", b"a\x80", "1.5.3-1"),
        ("wrong-continuation", b"\xc3\x28", "1.5.3-1"),
        ("overlong-slash", b"a\xc0\xaf", "1.5.3-1"),
        ("overlong-nul", b"a\xc0\x80", "1.5.3-1 1.5.3-2"),
        ("overlong-of-three", b"a\xe0\x80\xaf", "1.5.3-1"),
        ("surrogate", b"a\xed\xa0\x80", "1.5.3-1"),
        ("surrogate-pair", b"\xed\xa0\xbd\xed\xb8\x80", "1.5.3-1"),
        ("over-10ffff", b"\xf4\x90\x80\x80", "1.5.3-1"),
        ("of-five-byte-sequence", b"\xf8\x88\x80\x80\x80", "1.5.3-1"),
        ("ff-fe", b"\xff\xfe", "1.5.3-1"),
    ]
] + [
    Case("topic-with-feff", CONNECTED, message_on("\ufeffa"), Taken(urcs=(message("\ufeffa"),)),
         "1.5.3-3"),
    Case("topic-with-control", CONNECTED, publish("a\x01\r\nOK\r\n", "x", 1, 5),
         Taken(answer(PUBACK, 5)), "4.5.0-2"),
    Case("topic-of-65535", CONNECTED, message_on("t" * 65535),
         Taken(urcs=(message("t" * 65535),)), "4.7.3-3"),
    Case("topic-empty", CONNECTED, hexed("30 03 00 00 78"),
         malformed("PUBLISH with an empty topic"), "4.7.3-1"),
    Case("topic-longer-than-packet", CONNECTED, hexed("30 07 FF FF 41 42 43 44 45"),
         TOPIC_TOO_LONG, "3.3.2-1"),
    Case("topic-one-byte-longer", CONNECTED, hexed("30 03 00 02 61"), TOPIC_TOO_LONG, "3.3.2-1"),
    Case("topic-nobody-asked-for", CONNECTED, publish("never/subscribed", "x"),
         Taken(urcs=(message("never/subscribed"),)), "3.3.2-3 3.3.5-1 3.10.4-2 3.10.4-3"),
    Case("topic-of-the-broker", CONNECTED, publish("$SYS/broker/uptime", "1"),
         Taken(urcs=(message("$SYS/broker/uptime", "1"),)), "4.7.2-1"),
    Case("topic-with-empty-levels", CONNECTED, publish("/a//b/", "x"),
         Taken(urcs=(message("/a//b/"),)), "4.7.3-4"),
    # The head of a message that is too large to be kept is checked as any other.
    Case("large-with-hash", CONNECTED, hexed("30 E0 A7 12 00 03") + b"a/#", BAD_TOPIC,
         "3.3.2-2 1.5.3-1"),
    Case("large-with-id-0", CONNECTED, hexed("32 FF FF FF 7F 00 01 61 00 00"), ID_0, "2.3.1-1"),
]

MESSAGES = [
    Case("qos-3", CONNECTED, hexed("36 06 00 01 61 00 01 78"), malformed("PUBLISH with QoS 3"),
         "3.3.1-4"),
    Case("qos-3-dup", CONNECTED, hexed("3F 06 00 01 61 00 01 78"),
         malformed("PUBLISH with QoS 3"), "3.3.1-4"),
    Case("dup-with-qos-0", CONNECTED, hexed("38 04 00 01 61 78"),
         malformed("PUBLISH with QoS 0 and DUP"), "3.3.1-2 4.3.1-1"),
    Case("qos-0-with-an-id", CONNECTED, publish("a", b"\0\5x"),
         Taken(urcs=(message("a", "\0\5x"),)), "2.3.1-5"),
    Case("qos-1-id-0", CONNECTED, publish("a", "x", 1, 0), ID_0, "2.3.1-1"),
    Case("qos-2-id-0", CONNECTED, publish("a", "x", 2, 0), ID_0, "2.3.1-1"),
    Case("qos-1-without-id", CONNECTED, hexed("32 03 00 01 61"), TOPIC_TOO_LONG, "2.3.1-1"),
    Case("qos-1-with-half-an-id", CONNECTED, hexed("32 04 00 01 61 00"), TOPIC_TOO_LONG,
         "2.3.1-1"),
    Case("qos-1-dup-at-first", CONNECTED, hexed("3A 06 00 01 61 00 05 78"),
         Taken(answer(PUBACK, 5), (message("a", packet_id=5),)), "3.3.1-3 4.3.2-2"),
    Case("qos-1-with-our-id", QOS1, publish("a", "x", 1, OURS),
         Taken(answer(PUBACK, OURS), (message("a", packet_id=OURS),)), "2.3.1-4"),
    Case("qos-1-id-in-use", INBOUND, publish("b", "y", 1, INBOUND_ID),
         Taken(answer(PUBACK, INBOUND_ID), (message("b", "y", INBOUND_ID),)), "2.3.1-4"),
    Case("qos-2-id-in-use", INBOUND, publish("b", "another", 2, INBOUND_ID),
         Taken(answer(PUBREC, INBOUND_ID)), "2.3.1-4 4.3.3-2"),
    Case("qos-2-again", INBOUND, hexed("3C 06 00 01 61 00 07 78"),
         Taken(answer(PUBREC, INBOUND_ID)), "4.3.3-2"),
    Case("qos-2-new-after-pubrel", INBOUND,
         answer(PUBREL, INBOUND_ID) + publish("b", "y", 2, INBOUND_ID),
         Taken(answer(PUBCOMP, INBOUND_ID) + answer(PUBREC, INBOUND_ID),
               (message("b", "y", INBOUND_ID),)), "4.3.3-2",
         again=Taken((answer(PUBCOMP, INBOUND_ID) + answer(PUBREC, INBOUND_ID)) * 2,
                     (message("b", "y", INBOUND_ID),) * 2)),
    Case("qos-2-without-end", CONNECTED,
         b"".join(publish("a", "", 2, number) for number in range(1, 1026)),
         Closed("too many QoS 2 messages without PUBREL",
                tuple(message("a", "", number) for number in range(1, 1025))), "4.8.0-2"),
    Case("retained-and-empty", CONNECTED, hexed("31 03 00 01 61"),
         Taken(urcs=(message("a", ""),)), "3.3.1-8 3.3.1-9 3.3.1-10 3.3.1-11"),
]

TO_NOBODY = [
    Case(f"{name}-id-0", CONNECTED, answer(kind, 0, b"\0" if name == "suback" else b""), ID_0,
         "2.3.1-6" if name in ANSWERS else "2.3.1-7")
    for name, kind in TYPES.items()
] + [
    Case(f"{name}-to-nothing", CONNECTED, answer(TYPES[name], UNKNOWN, codes), Taken(said), breaks)
    for name, codes, said, breaks in [
        ("puback", b"", b"", "4.3.2-1"),
        ("pubrec", b"", answer(PUBREL, UNKNOWN), "4.3.3-1"),
        ("pubrel", b"", answer(PUBCOMP, UNKNOWN), "4.3.3-2"),
        ("pubcomp", b"", b"", "4.3.3-1"),
        ("suback", b"\0", b"", "3.8.4-2"),
        ("unsuback", b"", b"", "3.10.4-4"),
    ]
] + [
    Case("pingresp-unasked", CONNECTED, packet(PINGRESP, b""), Taken(), "3.12.4-1"),
    Case("pingresp-flood", CONNECTED, packet(PINGRESP, b"") * 500, Taken(), "3.12.4-1"),
]

TO_PUBLISHES = [
    Case(f"qos-1-answered-by-{name}", QOS1, data, MISFIT, breaks)
    for name, data, breaks in [
        ("pubrec", answer(PUBREC, OURS), "4.3.2-1 3.3.4-1"),
        ("pubcomp", answer(PUBCOMP, OURS), "4.3.2-1 3.3.4-1"),
        ("suback", answer(SUBACK, OURS, b"\1"), "3.8.4-2"),
        ("unsuback", answer(UNSUBACK, OURS), "3.10.4-4"),
    ]
] + [
    Case("puback-of-another", QOS1, answer(PUBACK, OURS + 1), Taken(), "2.3.1-6"),
    Case("puback-twice", QOS1, answer(PUBACK, OURS) * 2,
         Taken(urcs=(PUBLISHED_URC,), done=True), "2.3.1-3"),
    Case("pubrel-with-our-id", QOS1, answer(PUBREL, OURS), Taken(answer(PUBCOMP, OURS)),
         "2.3.1-6"),
    Case("qos-2-answered-by-pubcomp", QOS2, answer(PUBCOMP, OURS), MISFIT, "4.3.3-1 4.6.0-4"),
    Case("qos-2-answered-by-suback", QOS2, answer(SUBACK, OURS, b"\2"), MISFIT, "3.8.4-2"),
    # RabbitMQ does it, and has taken the message.
    Case("qos-2-answered-by-puback", QOS2, answer(PUBACK, OURS),
         Taken(urcs=(PUBLISHED_URC,), done=True), "4.3.3-1 3.3.4-1"),
    Case("qos-2-puback-then-pubrec", QOS2, answer(PUBACK, OURS) + answer(PUBREC, OURS),
         Taken(answer(PUBREL, OURS), (PUBLISHED_URC,), done=True), "4.3.3-1",
         again=Taken(answer(PUBREL, OURS) * 2, (PUBLISHED_URC,), done=True)),
    Case("pubrec-twice", QOS2, answer(PUBREC, OURS) * 2, Taken(answer(PUBREL, OURS) * 2),
         "4.3.3-1"),
    Case("pubcomp-twice", QOS2, answer(PUBREC, OURS) + answer(PUBCOMP, OURS) * 2,
         Taken(answer(PUBREL, OURS), (PUBLISHED_URC,), done=True), "4.3.3-1",
         again=Taken(answer(PUBREL, OURS) * 2, (PUBLISHED_URC,), done=True)),
    Case("pubrec-after-pubrel", RELEASED, answer(PUBREC, OURS), Taken(answer(PUBREL, OURS)),
         "4.3.3-1"),
    Case("puback-after-pubrel", RELEASED, answer(PUBACK, OURS), MISFIT, "4.3.3-1"),
]

TO_SUBSCRIPTIONS = [
    Case("suback-one-code-too-few", SUBSCRIBING, answer(SUBACK, OURS, b"\1"), MISFIT, "3.8.4-5"),
    Case("suback-one-code-too-many", SUBSCRIBING, answer(SUBACK, OURS, b"\1\0\0"), MISFIT,
         "3.8.4-5 3.8.4-4"),
    Case("suback-code-3", SUBSCRIBING, answer(SUBACK, OURS, b"\3\0"),
         malformed("SUBACK with an unknown code"), "3.9.3-2"),
    Case("suback-code-127", SUBSCRIBING, answer(SUBACK, OURS, b"\0\x7f"),
         malformed("SUBACK with an unknown code"), "3.9.3-2"),
    Case("suback-code-255", SUBSCRIBING, answer(SUBACK, OURS, b"\xff\0"),
         malformed("SUBACK with an unknown code"), "3.9.3-2"),
    Case("suback-of-another", SUBSCRIBING, answer(SUBACK, OURS + 1, b"\1\0"), Taken(),
         "2.3.1-7 3.8.4-1"),
    Case("suback-refuses-all", SUBSCRIBING, answer(SUBACK, OURS, b"\x80\x80"),
         Taken(urcs=(f"+IMQTTSUB:{OURS},128,128",), done=True), "3.8.3-2 3.9.3-1"),
    Case("suback-grants-more", SUBSCRIBING, answer(SUBACK, OURS, b"\2\2"),
         Taken(urcs=(f"+IMQTTSUB:{OURS},2,2",), done=True), "3.8.4-6"),
    Case("suback-twice", SUBSCRIBING, answer(SUBACK, OURS, b"\1\0") * 2,
         Taken(urcs=(f"+IMQTTSUB:{OURS},1,0",), done=True), "3.8.4-2"),
    Case("subscribe-answered-by-unsuback", SUBSCRIBING, answer(UNSUBACK, OURS), MISFIT, "3.8.4-1"),
    Case("subscribe-answered-by-puback", SUBSCRIBING, answer(PUBACK, OURS), MISFIT, "3.8.4-1"),
    Case("subscribe-answered-by-pubrec", SUBSCRIBING, answer(PUBREC, OURS), MISFIT, "3.8.4-1"),
    Case("unsubscribe-answered-by-suback", UNSUBSCRIBING, answer(SUBACK, OURS, b"\0"), MISFIT,
         "3.10.4-4"),
    Case("unsubscribe-answered-by-puback", UNSUBSCRIBING, answer(PUBACK, OURS), MISFIT,
         "3.10.4-4"),
    Case("unsuback-of-another", UNSUBSCRIBING, answer(UNSUBACK, OURS + 1), Taken(),
         "2.3.1-7 3.10.4-5"),
    Case("unsuback-with-a-code", UNSUBSCRIBING, answer(UNSUBACK, OURS, b"\0"),
         malformed("UNSUBACK of wrong length"), "3.10.4-6"),
    Case("unsuback-twice", UNSUBSCRIBING, answer(UNSUBACK, OURS) * 2,
         Taken(urcs=(f"+IMQTTUNSUB:{OURS},0",), done=True), "3.10.4-4"),
]

SESSIONS = [
    Case("pubrel-twice", INBOUND, answer(PUBREL, INBOUND_ID) * 2,
         Taken(answer(PUBCOMP, INBOUND_ID) * 2), "4.3.3-2"),
    Case("pubrel-of-another", INBOUND, answer(PUBREL, INBOUND_ID + 1),
         Taken(answer(PUBCOMP, INBOUND_ID + 1)), "4.3.3-2 2.3.1-6"),
    Case("pubrec-to-its-own", INBOUND, answer(PUBREC, INBOUND_ID),
         Taken(answer(PUBREL, INBOUND_ID)), "4.3.3-1"),
    Case("pubcomp-to-its-own", INBOUND, answer(PUBCOMP, INBOUND_ID), Taken(), "4.3.3-1"),
    Case("resumed-misfit", RESUMED, answer(PUBREC, OURS), MISFIT, "4.4.0-1"),
    Case("resumed-pubcomp-first", RESUMED, answer(PUBCOMP, OURS + 1), MISFIT, "4.4.0-1"),
    Case("resumed-puback-twice", RESUMED, answer(PUBACK, OURS) * 2, Taken(), "4.4.0-1"),
    Case("resumed-qos-2-answered-by-puback", RESUMED, answer(PUBACK, OURS + 1), Taken(), "4.4.0-1"),
    Case("resumed-out-of-order", RESUMED, answer(PUBREC, OURS + 1), Taken(answer(PUBREL, OURS + 1)),
         "4.6.0-2 4.6.0-3"),
    Case("resumed-qos-2-again", RESUMED, hexed("3C 06 00 01 61 00 07 78"),
         Taken(answer(PUBREC, INBOUND_ID)), "4.1.0-1 3.1.2-4"),
    Case("resumed-qos-2-as-new", RESUMED, publish("a", "x", 2, INBOUND_ID),
         Taken(answer(PUBREC, INBOUND_ID)), "4.1.0-1 3.3.1-1"),
    Case("resumed-answer-first", BEFORE_RESUMED, answer(PUBACK, OURS), FIRST_IS_WRONG, "3.2.0-1"),
    Case("resumed-refused", BEFORE_RESUMED, connack(3), refused(3, "server unavailable"),
         "3.2.2-5"),
    Case("resumed-forgotten", BEFORE_RESUMED, connack(),
         Taken(hexed("3A 06 00 01 61 00 02 78 3C 06 00 01 61 00 03 78"), (CONNECTED_URC,)),
         "3.2.2-2 4.1.0-2",
         again=THEN_A_SECOND),
    Case("left-publish", LEFT, publish("a", "x", 1, 5), Closed("", stage="none"), "3.14.4-2"),
    Case("left-garbage", LEFT, hexed("F0 00"), Closed("", stage="none"), "3.14.4-1"),
    Case("left-connack", LEFT, connack(), Closed("", stage="none"), "3.14.4-1"),
]

CASES = [
    *FIRST, *CONNACKS, *TYPES_AND_FLAGS, *LENGTHS, *TOPICS, *MESSAGES, *TO_NOBODY, *TO_PUBLISHES,
    *TO_SUBSCRIPTIONS, *SESSIONS,
]


def main():
    parser = argparse.ArgumentParser(description="Writes the bytes of each case into a file.")
    parser.add_argument("--write", metavar="FOLDER", type=pathlib.Path, required=True)
    folder = parser.parse_args().write
    folder.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        (folder / case.name).write_bytes(case.data)


if __name__ == "__main__":
    main()
