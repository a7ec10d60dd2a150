"""What a configuration says of a modem, seen by its host: two of one daemon differ in everything."""

import subprocess
import time

import pytest

from host import PtyLine
from modem import PROGRAM


@pytest.fixture
def two(start_imqttd, mosquitto, tmp_path):
    """Modems plain and other, and a host at each."""
    secret = tmp_path / "secret"
    secret.write_text('AT+IMQTTUSER="name","canary-word"\n')
    secret.chmod(0o600)
    config = tmp_path / "two.conf"
    config.write_text(
        f"[imqttd]\nstate = {tmp_path}/state\n"
        f"[modem plain]\npty = {tmp_path}/plain\nsource-address = 127.0.0.2\n"
        f'preset = AT+IMQTTADDR="{mosquitto.host}",{mosquitto.port},plain\n'
        f"[modem other]\npty = {tmp_path}/other\nboot-urcs = no\necho = no\ncmee = 1\n"
        f"preset = AT+IMQTTPARA=TIMEOUT,60,KEEPALIVE,5\nlimits = wide\n"
        f'preset = AT+IMQTTADDR="broker.invalid",1,other\n'
        f"preset = AT+CREG=2;+CMEE=2;V1\n"
        f"preset-file = {secret}\nconnect-to = broker.invalid:1={mosquitto.host}:{mosquitto.port}\n"
        f"source-address = 127.0.0.3\nradio = signal=7 registered=roaming\nbaud = 4800\n"
    )
    modem = start_imqttd("--config", config, boot_urcs=True)
    for name in "plain", "other":
        modem.ready_pty(tmp_path / name)
    plain, other = (modem.adopt(PtyLine(str(tmp_path / name))) for name in ("plain", "other"))
    plain.urc("RDY")
    plain.urc(r"\+CPIN: READY")
    plain.turn_echo_off()
    other.urc(r"\+CREG: 5,[^\r]*")  # AT+CREG=2 of its presets is in force when it boots
    plain.modem = other.modem = modem
    return plain, other


def answer(host, command):
    return "\n".join(host.command(command))


def test_presets_are_the_factory_values(two):
    plain, other = two
    assert answer(other, "AT+CREG?").startswith("+CREG: 2,5,")
    assert answer(other, "AT+IMQTTUSER?") == '+IMQTTUSER:name,*****'
    assert answer(other, "AT+IMQTTPARA?").startswith("+IMQTTPARA:TIMEOUT,60,CLEAN,1,KEEPALIVE,5,")
    assert other.ask("AT+IMQTTPARA=TIMEOUT,61")[1] == "+CME ERROR: incorrect parameters"
    assert plain.ask("AT+IMQTTPARA=TIMEOUT,60")[1] == "ERROR"
    assert answer(plain, "AT+CREG?") == "+CREG: 0,1"
    other.command("AT+CREG=0;+CMEE=0")
    other.command("AT&F")
    assert answer(other, "AT+CMEE?") == "+CMEE: 2"
    assert answer(other, "AT+CREG?").startswith("+CREG: 2,5,")
    assert not other.modem.count_logged("canary-word")


def test_stored_settings_go_over_presets_and_atz_goes_back(two):
    _, other = two
    other.command("AT+CREG=1")
    other.command("ATZ")
    assert answer(other, "AT+CREG?").startswith("+CREG: 2,")
    other.command("AT+CREG=1")
    other.command("AT&W")
    other.command("AT+CFUN=1,1")
    other.urc(r"\+CREG: 5")
    assert answer(other, "AT+CREG?").startswith("+CREG: 1,")
    assert answer(other, "AT+IMQTTADDR?") == '+IMQTTADDR:broker.invalid,1,other'
    other.command("AT&F")
    assert answer(other, "AT+CREG?").startswith("+CREG: 2,")


def test_each_connects_from_and_to_where_it_says(two, mosquitto):
    for host, name, address in zip(two, ("plain", "other"), ("127.0.0.2", "127.0.0.3")):
        host.command("AT+IMQTTCONN")
        host.urc(r"\+IMQTTCONN:0")
        mosquitto.process.line(f"New client connected from {address}", f" as {name} ")


def test_each_has_its_radio_and_its_pace(two):
    plain, other = two
    assert answer(plain, "AT+CSQ") == "+CSQ: 25,99"
    began = time.monotonic()
    assert answer(other, "AT+CSQ") == "+CSQ: 7,99"
    answer(other, "AT&V")
    assert time.monotonic() - began > 0.1  # at 480 bytes a second


@pytest.mark.parametrize(
    "preset, why",
    [
        ("AT+IMQTTPARA=TIMEOUT,4", "the modem refuses it: incorrect parameters"),
        ("AT+IMQTTCONN", "a preset may only set something"),
        ("AT+CFUN=1,1", "a preset may only set something"),
        ("AT&W", "a preset may only set something"),
        ("AT+CSQ", "a preset may only set something"),
        ("AT+CREG?", "a preset may only set something"),
        ("ATD112", "the modem refuses it: operation not supported"),
    ],
)
def test_what_only_acts_or_asks_is_no_preset(tmp_path, preset, why):
    config = tmp_path / "wrong.conf"
    config.write_text(f"[modem m]\nstdio =\npreset = {preset}\n")
    checked = subprocess.run(
        [PROGRAM, "--check-config", "--config", config], capture_output=True, text=True
    )
    assert checked.returncode == 2
    assert f"wrong.conf:3: preset {preset}: {why}" in checked.stderr


def test_reconnect_is_the_factory_value(start_imqttd, tmp_path):
    config = tmp_path / "again.conf"
    config.write_text(f"[modem m]\npty = {tmp_path}/m\nboot-urcs = no\necho = no\nreconnect = 2s..30s\n")
    modem = start_imqttd("--config", config, boot_urcs=True)
    modem.ready_pty(tmp_path / "m")
    host = modem.adopt(PtyLine(str(tmp_path / "m")))
    host.command("AT+IMQTTRECONN=0")
    host.command("AT&F")
    assert answer(host, "ATE0;+IMQTTRECONN?") == "+IMQTTRECONN:1,2,30"


def test_each_file_that_it_names_is_looked_at(tmp_path):
    """By --check-config, each where it stands; and --print-config does not need them."""
    (tmp_path / "open").write_text("0123456789abcdef")
    (tmp_path / "open").chmod(0o644)
    config = tmp_path / "files.conf"
    config.write_text(
        f"[imqttd]\ncontrol-tcp = 0.0.0.0:0\ntoken-file = {tmp_path}/open\n"
        f"[modem a]\nstdio =\ntls-ca = {tmp_path}/none\n"
        f"[modem b]\ntcp = 192.0.2.1:0\ntls-crl = {tmp_path}/open\n"
        f"[modem c]\npty = {tmp_path}/c\ntls-cert = {tmp_path}/open\ntls-key = {tmp_path}/open\n"
    )
    options = "--config", config
    checked = subprocess.run([PROGRAM, "--check-config", *options], capture_output=True, text=True)
    assert checked.returncode == 2
    assert [line.removeprefix(f"{tmp_path}/files.conf:") for line in checked.stderr.splitlines()] == [
        "2: control-tcp = 0.0.0.0:0: not a loopback address: needs --allow-remote",
        f"3: token-file = {tmp_path}/open: others can read it: chmod 600",
        f"6: tls-ca = {tmp_path}/none: No such file or directory",
        "8: tcp = 192.0.2.1:0: not a loopback address: needs --allow-remote",
        f"9: tls-crl = {tmp_path}/open: no start line",
        f"12: tls-cert = {tmp_path}/open: no start line",
    ]
    assert subprocess.run([PROGRAM, "--print-config", *options], capture_output=True).returncode == 0


def test_what_is_printed_has_the_options_and_is_a_configuration(tmp_path):
    config, again = tmp_path / "bench.conf", tmp_path / "again.conf"
    config.write_text(
        f"[imqttd]\nlog = error\ncontrol = {tmp_path}/control\n[defaults]\ncmee = 2\n"
        f"[modem a]\npty = {tmp_path}/a\ntls-min = 1.3\npreset = ATE0\n"
    )

    def printed(*options):
        return subprocess.run([PROGRAM, "--print-config", *options], capture_output=True, text=True,
                              check=True).stdout

    again.write_text(printed("--config", config, "--log", "debug", "--control", "none", "--tls-min",
                             "1.2", "--identity", "model=X", "--pty", tmp_path / "b"))
    assert again.read_text().endswith(
        "log = debug\ncontrol = none\n\n[defaults]\ncmee = 2\ntls-min = 1.2\nidentity.model = X\n"
        f"\n[modem a]\npty = {tmp_path}/a\npreset = ATE0\n\n[modem b]\npty = {tmp_path}/b\n")
    assert sorted(printed("--config", again).split("\n")) == sorted(again.read_text().split("\n"))
