"""Receive mode 1: messages wait in the modem until the host asks for them."""


def publish(peer, topic, *payloads):
    for payload in payloads:
        peer.publish(topic, payload)


def test_ten_fit_and_the_rest_is_dropped(host, mosquitto, peer, client_id):
    host.connect(mosquitto, client_id=client_id)
    host.command("AT+IMQTTRECVMODE=1")
    host.subscribe(client_id, 1)
    publish(peer, client_id, *(f"message {n}" for n in range(13)))
    for count in range(1, 11):
        host.expect(rf"\A\r\n\+IMQTTCOUNT: {count}\r\n")
    host.expect(r"\A\r\n\+IMQTTCOUNT: FULL\r\n")
    assert host.command("AT+IMQTTRECV?") == ["+IMQTTRECV: 10"]

    lines = host.command("AT+IMQTTRECV=4")
    assert [line.split(",", 1)[1] for line in lines] == [
        f'"{client_id}",9,"message {n}"' for n in range(4)
    ]
    assert all(line.startswith("+IMQTTRECV:") for line in lines)
    assert host.command("AT+IMQTTRECV?") == ["+IMQTTRECV: 6"]

    publish(peer, client_id, *"abcdef")
    for count in range(7, 11):
        host.expect(rf"\A\r\n\+IMQTTCOUNT: {count}\r\n")
    host.expect(r"\A\r\n\+IMQTTCOUNT: FULL\r\n")
    lines = host.command("AT+IMQTTRECV=10")
    assert [line.rsplit(",", 1)[1] for line in lines] == [
        *(f'"message {n}"' for n in range(4, 10)),
        *('"a"', '"b"', '"c"', '"d"'),
    ]
    assert host.command("AT+IMQTTRECV=1") == []


def test_what_is_buffered_outlives_the_connection(host, mosquitto, peer, client_id):
    host.connect(mosquitto, client_id=client_id)
    host.command("AT+IMQTTRECVMODE=1")
    host.subscribe(client_id, 0)
    peer.publish(client_id, "kept", qos=0)
    host.urc(r"\+IMQTTCOUNT: 1")
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")
    host.command("AT+IMQTTRECVMODE=0")
    assert host.command("AT+IMQTTRECV=10") == [f'+IMQTTRECV:0,"{client_id}",4,"kept"']
