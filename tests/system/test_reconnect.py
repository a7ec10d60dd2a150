"""AT+IMQTTRECONN against a real Mosquitto that is killed and started again."""

from control import Control

FLEET = 200


def start_fleet(start_imqttd, folder, broker, count, reconnect):
    config = folder / "fleet.conf"
    config.write_text(
        f"[imqttd]\ncontrol = {folder}/control\n"
        f"[modem m%d]\ncount = {count}\npty = {folder}/m%d\nboot-urcs = no\necho = no\n"
        f'preset = AT+IMQTTADDR="{broker.host}",{broker.port},m%d\nreconnect = {reconnect}\n'
    )
    modem = start_imqttd("--config", config, boot_urcs=True)
    modem.ready_pty(folder / f"m{count - 1}")
    return modem, Control(folder / "control")


def test_a_killed_broker_comes_back(start_imqttd, start_mosquitto, start_peer, tmp_path):
    broker = start_mosquitto()
    modem, _ = start_fleet(start_imqttd, tmp_path, broker, 1, "1s..2s")
    host = modem.pty_host(tmp_path / "m0")
    host.command("AT+IMQTTCONN")
    host.urc(r"\+IMQTTCONN:0")
    host.command('AT+IMQTTSUB="/a",1')
    host.urc(r"\+IMQTTSUB:\d+,1")
    broker.kill()
    host.urc(r"\+IMQTTCONN:-1")
    assert host.command("AT+IMQTTSTATE?") == ["+IMQTTSTATE:0"]
    assert host.ask('AT+IMQTTPUB="/b",0,"x"')[1] == "ERROR"
    broker.start()
    host.urc(r"\+IMQTTCONN:0")
    broker.process.line("Received SUBSCRIBE from m0")
    broker.process.line("Sending SUBACK to m0")
    start_peer(broker).publish("/a", b"again")
    host.urc(r'\+IMQTTRCVPUB:\d+,"/a",5,"again"')
    assert host.pending == b""
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")


def test_a_fleet_does_not_come_back_at_once(start_imqttd, start_mosquitto, tmp_path):
    """The modems of one moment come back spread over 40 % of the back-off: no quarter of that
    time gets half of them. All are there again in the end."""
    broker = start_mosquitto()
    _, control = start_fleet(start_imqttd, tmp_path, broker, FLEET, "2s..4s")
    events = control.events("?kinds=news")
    for number in range(FLEET):
        control.post(f"/v1/modems/m{number}/type", {"text": "AT+IMQTTCONN"})
    for _ in range(FLEET):
        events.until(what="connected")
    broker.kill()
    broker.start()
    attempts, up = [], 0
    while up < FLEET:
        event = events.until(kind="news")
        up += event["what"] == "connected"
        if event["what"] == "connecting":
            attempts.append(event["t_ms"])
    first = sorted(attempts)[:FLEET]
    fullest = max(sum(start <= t < start + 200 for t in first) for start in first)
    assert first[-1] - first[0] > 500
    assert fullest < FLEET / 2
    events.close()
