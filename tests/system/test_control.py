"""The control interface against its document, and against people who mean it no good."""

import http.client
import json
import os
import socket
import subprocess

import pytest

from control import API, Control, check
from modem import Imqttd

TOKEN = "0123456789abcdef-token"


@pytest.fixture
def bench(start_imqttd, tmp_path):
    """Three modems from a file, one of them where a host can come."""
    (tmp_path / "token").write_text(TOKEN + "\n")
    (tmp_path / "token").chmod(0o600)
    config = tmp_path / "bench.conf"
    config.write_text(
        f"[imqttd]\ncontrol = {tmp_path}/control\ncontrol-tcp = 127.0.0.1:0\n"
        f"token-file = {tmp_path}/token\n"
        f"[defaults]\nboot-urcs = no\n"
        f"[modem meter]\npty = {tmp_path}/meter\n"
        f"[modem fleet-%d]\ncount = 2\npty = {tmp_path}/fleet%d\n"
    )
    modem = start_imqttd("--config", config, boot_urcs=True)
    host, _, port = modem.process.line("ready control-tcp").split()[-1].rpartition(":")
    modem.ready_pty(tmp_path / "fleet1")
    modem.control = Control(tmp_path / "control")
    modem.web = Control(address=(host, int(port)), token=TOKEN)
    modem.config, modem.folder = config, tmp_path
    return modem


def test_every_operation_is_as_the_document_says(bench):
    control = bench.control
    assert control.get("/v1/version")["api"] == 1
    names = [modem["name"] for modem in control.get("/v1/modems")["modems"]]
    assert names == ["fleet-0", "fleet-1", "meter"]
    assert control.get("/v1/modems?name=fleet-*&offset=1&limit=1")["total"] == 2
    control.get("/v1/modems/meter")
    assert control.ask("GET", "/v1/modems/none").code == "unknown_modem"
    changed = control.ask("PATCH", "/v1/modems/meter", {"radio": {"signal": 7, "sim": "absent"}})
    assert changed.json["radio"] == {"signal": 7, "registered": "home", "sim": "absent"}
    assert len(control.post("/v1/modems/*/power", {"action": "cycle"})["modems"]) == 3
    control.post("/v1/modems/meter/urc", {"text": "+CMTI: 1"})
    assert control.ask("POST", "/v1/modems/meter/link", {"action": "cut"}).code == "not_connected"
    control.post("/v1/modems/meter/type", {"text": "AT"})
    added = control.post("/v1/modems/meter/faults", {"type": "stall", "link": "broker"})
    assert control.get("/v1/modems/meter/faults") == {"faults": [added]}
    assert control.ask("DELETE", f"/v1/modems/meter/faults/{added['name']}").status == 200
    assert control.ask("DELETE", "/v1/modems/meter/faults/x").code == "unknown_fault"
    assert control.ask("DELETE", "/v1/modems/meter/faults").json["faults"] == []
    assert control.post("/v1/reset") == {"modems": 3}
    assert control.get("/v1/modems/meter")["radio"]["sim"] == "ready"
    assert control.post("/v1/reload")["unchanged"] == 3
    assert control.get("/v1/modems/meter/report") == {"findings": [], "judged_ms": 0}
    assert control.ask("POST", "/v1/clock", {"skip_ms": 1}).code == "real_time"
    for path in ("/", "/page.js", "/page.css"):
        assert control.ask("GET", path).status in (200, 404)
    assert {row["name"] for row in control.get("/v1/faults")["types"]} == set(
        API["components"]["schemas"]["FaultType"]["enum"]
    )
    assert control.ask("GET", "/metrics").status == 200
    streams = {("GET", "/v1/events"), ("GET", "/v1/modems/{name}/record")}
    asked = {(method, path) for method, path, _ in control.seen} | streams
    for path, operations in API["paths"].items():
        for method in operations.keys() - {"parameters"}:
            assert (method.upper(), path) in asked


@pytest.mark.parametrize(
    "path, body",
    [
        ("none", {"type": "stall"}),
        ("meter", {"type": "drop", "attributes": {"share": 1.5}}),
        ("meter", {"type": "drop", "attributes": {"share": -0.1}}),
        ("meter", {"type": "drop", "attributes": {"share": "0.1"}}),
        ("meter", {"type": "stall", "toxicity": 2}),
        ("meter", {"type": "stall", "ttl_ms": -1}),
        ("meter", {"type": "stall", "ttl_ms": 0}),
        ("meter", {"type": "mute", "count": -3}),
        ("meter", {"type": "latency", "attributes": {"latency_ms": -5}}),
        ("meter", {"type": "latency", "attributes": {"latency_ms": 1e300}}),
        ("meter", {"type": "bandwidth", "attributes": {"bytes_per_s": 9, "baud": 9600}}),
        ("meter", {"type": "answer", "attributes": {"text": "OK", "error": 30}}),
        ("meter", {"type": "answer"}),
        ("meter", {"type": "cut", "link": "uart"}),
        ("meter", {"type": "drop", "link": "broker", "attributes": {"share": 0.1}}),
        ("meter", {"type": "stall", "count": 3}),
        ("meter", {"type": "stall", "stream": "sideways"}),
        ("meter", {"type": "mute", "when": {"command": ""}}),
        ("meter", {"type": "mute", "when": {"command": "A" * 129}}),
        ("meter", {"type": "urc", "attributes": {"text": "x" * 513}}),
        ("meter", {"type": "mute", "seed": -1}),
        ("meter", {"type": "mute", "name": "a/b"}),
        ("meter", {"type": "mute", "nonsense": 1}),
        ("*", {"type": "refuse", "attributes": {"stage": "lunch"}}),
    ],
    ids=str,
)
def test_a_wrong_fault_is_refused_and_nothing_is_half_applied(bench, path, body):
    answer = bench.control.ask("POST", f"/v1/modems/{path}/faults", body)
    assert answer.status in (400, 404, 422), answer.body
    assert "\n" not in answer.json["error"]["message"]
    for modem in bench.control.get("/v1/modems")["modems"]:
        assert modem["faults"] == 0
    host_answers = bench.control.ask("POST", "/v1/modems/meter/type", {"text": "AT"})
    assert host_answers.status == 200


def test_a_name_that_one_modem_has_is_taken_for_all(bench):
    bench.control.post("/v1/modems/meter/faults", {"type": "mute", "name": "mine"})
    assert bench.control.ask(
        "POST", "/v1/modems/*/faults", {"type": "mute", "name": "mine"}
    ).code == "taken"
    modems = bench.control.get("/v1/modems")["modems"]
    assert {each["name"]: each["faults"] for each in modems} == {
        "fleet-0": 0, "fleet-1": 0, "meter": 1,
    }


def test_a_fault_of_each_type_comes_back_as_it_was_asked_for(bench):
    attributes = {
        "latency": {"latency_ms": 5}, "bandwidth": {"bytes_per_s": 5}, "drop": {"share": 0.5},
        "garble": {"share": 0.25}, "insert": {"share": 0.5, "bytes": 2},
        "withhold": {"packet": "PUBACK"}, "answer": {"error": 3}, "late": {"delay_ms": 5},
        "urc": {"text": "+X", "at": "echo"}, "cut": {"after_bytes": 10, "how": "fin"},
        "refuse": {"stage": "connack", "code": 5},
    }
    types = API["components"]["schemas"]["FaultType"]["enum"]
    for kind in set(types) - {"reboot", "freeze"}:
        asked = {"type": kind, "name": kind, "attributes": attributes.get(kind, {}),
                 "when": {"command": "AT+NEVER*"}, "seed": 7}
        if kind in ("latency", "bandwidth", "slicer", "stall"):
            asked["link"] = "uart"
            del asked["when"]
        got = bench.control.ask("POST", "/v1/modems/fleet-0/faults", asked)
        assert got.status == 201, got.body
        assert got.json["seed"] == 7
        assert attributes.get(kind, {}).items() <= got.json["attributes"].items()


@pytest.mark.parametrize(
    "method, path, body, status, code",
    [
        ("POST", "/v1/modems/meter/power", "no json", 400, "bad_request"),
        ("POST", "/v1/modems/meter/power", "[1]", 400, "bad_request"),
        ("POST", "/v1/modems/meter/power", '{"action":"off","x":1}', 400, "unknown_key"),
        ("POST", "/v1/modems/meter/power", '{"action":"off","action":"on"}', 400, "bad_request"),
        ("POST", "/v1/modems/meter/power", "{}", 422, "missing"),
        ("POST", "/v1/modems/meter/power", '{"action":"up"}', 422, "bad_value"),
        ("POST", "/v1/modems/meter/power", '{"action":1}', 422, "bad_value"),
        ("POST", "/v1/modems/meter/urc", '{"text":"a\\r\\nb"}', 422, "bad_value"),
        ("POST", "/v1/modems/meter/urc", '{"text":"a\\u0000b"}', 400, "bad_request"),
        ("POST", "/v1/modems/meter/urc", "[" * 60000, 400, "bad_request"),
        ("POST", "/v1/modems/meter/urc", "x" * 65537, 413, "too_large"),
        ("PATCH", "/v1/modems/meter", '{"radio":{"signal":32}}', 422, "bad_value"),
        ("PATCH", "/v1/modems/meter", '{"radio":{"signal":"1"}}', 422, "bad_value"),
        ("PATCH", "/v1/modems/meter", '{"radio":{"band":1}}', 400, "unknown_key"),
        ("PATCH", "/v1/modems/meter", '{"radio":{}}', 422, "bad_value"),
        ("POST", "/v1/modems/meter/faults", '{"type":"none"}', 422, "bad_value"),
        ("POST", "/v1/modems/meter/faults", '{"type":"late"}', 422, "bad_value"),
        ("POST", "/v1/modems/meter/faults", "{}", 422, "missing"),
        ("GET", "/v1/modems/..%2Fmeter", None, 400, "bad_name"),
        ("GET", "/v1/modems/a%00b", None, 400, "bad_name"),
        ("GET", "/v1/modems/a%zz", None, 400, "bad_name"),
        ("GET", "/v1/modems/" + "a" * 400, None, 400, "bad_name"),
        ("GET", "/v1/modems/..", None, 404, "unknown_modem"),
        ("GET", "/v1/modems?limit=0", None, 400, "bad_request"),
        ("GET", "/v1/modems?colour=red", None, 400, "unknown_key"),
        ("GET", "/v1/events?kinds=all", None, 400, "bad_request"),
        ("GET", "/v1/nothing", None, 404, "unknown_path"),
        ("GET", "/v1/modems/", None, 404, "unknown_path"),
        ("PUT", "/v1/modems/meter", "{}", 405, "bad_method"),
    ],
)
def test_bad_input_gets_a_clear_answer(bench, method, path, body, status, code):
    answer = bench.control.raw(method, path, body)
    assert (answer.status, answer.code) == (status, code)
    check({"$ref": "#/components/schemas/Error"}, answer.json)


def test_a_method_that_a_path_does_not_know_is_told_which_it_does(bench):
    answer = bench.control.raw("PUT", "/v1/modems/meter", "{}")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, PATCH")
    answer = bench.control.raw("POST", "/v1/events", "{}")
    assert (answer.status, answer.headers["Allow"]) == (405, "GET")


def test_the_identity_is_what_a_host_is_told(bench):
    """Given or derived, also while it is switched off."""
    bench.config.write_text(bench.config.read_text() + "[defaults]\nidentity.model = BENCH-1\n")
    bench.control.post("/v1/reload")
    host = bench.pty_host(bench.folder / "meter")
    host.turn_echo_off()
    told = {key: host.command(command)[0].removeprefix("+ICCID: ") for key, command in {
        "manufacturer": "AT+CGMI", "model": "AT+CGMM", "revision": "AT+CGMR", "imei": "AT+CGSN",
        "imsi": "AT+CIMI", "iccid": "AT+ICCID"}.items()}
    assert told["model"] == "BENCH-1"
    assert bench.control.get("/v1/modems/meter")["identity"] == told
    bench.control.post("/v1/modems/meter/power", {"action": "off"})
    assert bench.control.get("/v1/modems/meter")["identity"] == told


def test_a_version_is_called_as_people_call_it(bench):
    assert bench.control.get("/v1/modems/meter")["settings"]["version"] == "3.1.1"


def test_a_report_finds_what_the_host_does_wrong(bench, mosquitto):
    """From when it is first asked for; another modem's is its own."""
    path, other = "/v1/modems/meter/report", bench.pty_host(bench.folder / "fleet0")
    assert bench.control.get(path)["findings"] == []
    bench.control.get("/v1/modems/fleet-0/report")
    host = bench.pty_host(bench.folder / "meter")
    host.send("AT+IMQTTADDR=127.0.0.1,1,m\rAT+CSQ")  # before the first has its result
    host.expect(r"OK\r\n[^$]*OK\r\n")
    other.connect(mosquitto, client_id="good")
    other.command('AT+IMQTTPUB="/a",1,"x"')
    other.urc(r"\+IMQTTPUB:\d+,0")
    findings = bench.control.get(path)["findings"]
    assert [each["rule"] for each in findings] == ["command-before-result"]
    assert bench.control.get(path)["judged_ms"] > 0
    chinese = bench.control.get(path + "?lang=zh")["findings"]
    assert chinese[0]["why"] != findings[0]["why"]
    assert bench.control.raw("GET", path + "?lang=fr").status == 400
    assert bench.control.get("/v1/modems/fleet-0/report")["findings"] == []


def test_a_report_ends_with_its_modem(bench):
    bench.control.get("/v1/modems/meter/report")
    bench.config.write_text(bench.config.read_text().replace(f"[modem meter]\npty = {bench.folder}/meter\n", ""))
    assert bench.control.post("/v1/reload")["removed"] == 1
    assert bench.control.ask("GET", "/v1/modems/meter/report").code == "unknown_modem"


def test_tcp_needs_the_token_and_the_right_host(bench):
    web = bench.web
    assert web.ask("GET", "/v1/version").status == 200
    for wrong in ("Bearer x", "Bearer " + TOKEN + "x", "Basic " + TOKEN, "Bearer"):
        answer = web.raw("GET", "/v1/version", headers={"Authorization": wrong})
        assert (answer.status, answer.code) == (401, "unauthorized")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    answer = web.raw("GET", "/v1/version", headers={"Host": "attacker.example"})
    assert (answer.status, answer.code) == (400, "wrong_host")
    assert "Set-Cookie" not in answer.headers
    assert web.raw("GET", "/", headers={"Authorization": ""}).status in (200, 404)
    assert web.raw("GET", "/metrics", headers={"Authorization": ""}).status == 401


def test_a_header_without_end_and_slow_clients_disturb_nobody(bench):
    host = bench.pty_host(bench.folder / "meter")
    slow = []
    for _ in range(1000):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(20)
        try:
            client.connect(str(bench.folder / "control"))
            client.send(b"GET /v1/ver")
        except OSError:
            client.close()
            continue
        slow.append(client)
    host.command("AT")
    for client in slow:
        client.close()
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(30)
        client.connect(str(bench.folder / "control"))
        try:
            client.sendall(b"GET / HTTP/1.1\r\nX: " + b"x" * 10_000_000)
        except OSError:
            pass
    host.command("AT")
    assert bench.control.get("/v1/version")


class DeafAndSlow:
    """Two that follow a modem: one reads nothing, the other a byte now and then."""

    TYPED = "AT" + "A" * 3000

    def __init__(self, bench):
        self._bench, self._host = bench, bench.pty_host(bench.folder / "fleet0")
        self.deaf, self._slow = (bench.control.events("?name=meter") for _ in range(2))

    def go_on(self):
        """Something happens in that modem, and another one answers."""
        self._bench.control.post("/v1/modems/meter/type", {"text": self.TYPED})
        self._slow.response.read(1)
        self._host.command("AT")

    def told_kib(self, turns):
        """What is typed, and its echo, in hex and as text."""
        return turns * 2 * 3 * len(self.TYPED) // 1024

    def slow_has_an_end(self):
        with pytest.raises(http.client.IncompleteRead):
            self._slow.response.read()
        return True


def test_followers_that_do_not_read_are_cut_off_and_disturb_nobody(bench):
    followers, turns = DeafAndSlow(bench), 0
    while not bench.count_logged("a client of events does not read: it was cut off"):
        followers.go_on()
        turns += 1
        assert followers.told_kib(turns) < 4096  # 1 MiB, the socket's part, and time for the log
    for _ in range(turns):
        followers.go_on()
    assert followers.slow_has_an_end()
    followers.deaf.close()
    assert bench.control.get("/v1/modems/meter")


def test_events_are_of_the_document_and_hide_secrets(bench):
    events = bench.control.events("?name=met*")
    bench.control.post("/v1/modems/fleet-0/type", {"text": "AT"})
    bench.control.post("/v1/modems/meter/type", {"text": 'AT+IMQTTUSER="u","canary"'})
    typed = events.until(kind="at", dir="host")
    assert typed["starred"] and "canary" not in json.dumps(typed)
    assert b"canary" not in bytes.fromhex(typed["hex"])
    echo = events.until(kind="at", dir="modem")
    assert echo["starred"] and echo["hex"] == typed["hex"]
    bench.control.post("/v1/modems/meter/power", {"action": "off"})
    assert events.until(kind="news", what="powered")["powered"] is False
    fault = bench.control.post("/v1/modems/meter/faults", {"type": "stall", "link": "broker"})
    assert events.until(kind="fault", what="added")["name"] == fault["name"]
    events.close()


def test_metrics_are_what_prometheus_reads(bench):
    text = bench.control.raw("GET", "/metrics").body
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert b'imqtt_modems 3\n' in text
    assert b'imqtt_faults_active{modem="meter"} 0\n' in text


def test_a_type_is_refused_while_a_host_is_there(bench):
    host = bench.pty_host(bench.folder / "meter")
    host.command("AT")
    answer = bench.control.ask("POST", "/v1/modems/meter/type", {"text": "AT"})
    assert (answer.status, answer.code) == (409, "host_connected")


def test_a_reload_touches_what_has_changed(bench):
    control = bench.control
    host = bench.pty_host(bench.folder / "meter")
    host.command("ATE0")  # a setting that a power-cycle would lose
    text = bench.config.read_text().replace("count = 2", "count = 3")
    bench.config.write_text(text + f"[modem more]\npty = {bench.folder}/more\n")
    assert control.post("/v1/reload") == {"unchanged": 3, "changed": 0, "added": 2, "removed": 0, "failed": []}
    assert control.get("/v1/modems/meter")["settings"]["echo"] == 0
    bench.config.write_text(text.replace("count = 3", "count = 1\ncmee = 1"))
    assert control.post("/v1/reload") == {"unchanged": 1, "changed": 1, "added": 0, "removed": 3, "failed": []}
    assert [modem["name"] for modem in control.get("/v1/modems")["modems"]] == ["fleet-0", "meter"]
    bench.config.write_text(text + "[modem bad]\n")
    refused = control.ask("POST", "/v1/reload")
    assert refused.status == 409
    assert refused.json["errors"][0].startswith(f"{bench.config}:")
    assert control.get("/v1/modems")["total"] == 2


def test_a_reload_says_which_modems_cannot_be_had(bench):
    """One that is new, and one whose terminal is another now; each is tried again by the next reload."""
    (bench.folder / "file").write_text("")
    why = f"cannot start: --pty {bench.folder}/file: exists, and is no symbolic link"
    text = bench.config.read_text()
    taken = text + f"[modem more]\npty = {bench.folder}/file\n"
    for bad, names in (
        (taken, ["more"]),
        (taken, ["more"]),
        (text.replace("/meter\n", "/file\n"), ["meter"]),
    ):
        bench.config.write_text(bad)
        done = bench.control.post("/v1/reload")
        assert done["failed"] == [{"name": name, "why": why} for name in names]
        assert done["changed"] == done["added"] == done["removed"] == 0
    bench.config.write_text(text)
    assert bench.control.post("/v1/reload") == {
        "unchanged": 2, "changed": 0, "added": 1, "removed": 0, "failed": [],
    }


def test_a_reload_names_what_waits_for_the_next_start(bench):
    """As long as it waits; a key that is as it was at the start does not."""
    text = bench.config.read_text()
    changed = text.replace("control-tcp = 127.0.0.1:0", "control-tcp = [::1]:0\nallow-remote = yes")
    for _ in range(2):
        bench.config.write_text(changed + f"[imqttd]\ntrace = {bench.folder}/trace\n")
        done = bench.control.post("/v1/reload")
        assert done["wait_for_start"] == ["control-tcp", "trace", "allow-remote"]
        bench.logged("reload", "control-tcp changes when the program is started again")
    bench.config.write_text(text)
    assert "wait_for_start" not in bench.control.post("/v1/reload")


def test_metrics_that_were_off_at_the_start_wait_for_the_next(start_imqttd, tmp_path):
    config, meter = tmp_path / "bench.conf", f"[modem meter]\npty = {tmp_path}/meter\n"
    config.write_text(f"[imqttd]\ncontrol = {tmp_path}/control\nmetrics = no\n{meter}")
    start_imqttd("--config", config, boot_urcs=True).ready_pty(tmp_path / "meter")
    control = Control(tmp_path / "control")
    config.write_text(config.read_text().replace("metrics = no", "metrics = yes"))
    assert control.post("/v1/reload")["wait_for_start"] == ["metrics"]
    answer = control.ask("GET", "/metrics")
    assert (answer.status, answer.code) == (404, "no_metrics")
    assert control.get("/v1/modems")["total"] == 1


def test_metrics_are_held_back_at_once(bench):
    text = bench.config.read_text()
    bench.config.write_text(text + "[imqttd]\nmetrics = no\n")
    bench.control.post("/v1/reload")
    assert bench.control.ask("GET", "/metrics").code == "no_metrics"
    bench.config.write_text(text)
    assert "wait_for_start" not in bench.control.post("/v1/reload")
    assert bench.control.ask("GET", "/metrics").status == 200


def test_a_reload_names_a_file_whose_name_is_no_utf_8(bench):
    bench.config.write_bytes(bench.config.read_bytes() + b"[modem more]\npty = /none/\xff\n")
    assert bench.control.post("/v1/reload")["failed"][0]["name"] == "more"
    bench.config.write_bytes(bench.config.read_bytes() + b"\xff = 1\n")
    assert bench.control.ask("POST", "/v1/reload").json["errors"]


@pytest.mark.parametrize("bad", ["token", "certificate"])
def test_a_reload_with_a_bad_file_changes_nothing(bench, bad):
    """Neither that one nor what else is new."""
    text = bench.config.read_text() + f"[modem more]\npty = {bench.folder}/more\n"
    if bad == "token":
        (bench.folder / "token").write_text("short")
        why = f":4: token-file = {bench.folder}/token: the token has fewer than 16 bytes"
    else:
        text += f"tls-ca = {bench.folder}/none\n"
        why = f":14: tls-ca = {bench.folder}/none: No such file or directory"
    bench.config.write_text(text)
    refused = bench.control.ask("POST", "/v1/reload")
    assert (refused.status, refused.json["errors"]) == (409, [f"{bench.config}{why}"])
    assert bench.control.get("/v1/modems")["total"] == 3
    assert bench.web.ask("GET", "/v1/version").status == 200


def test_a_living_control_socket_is_not_replaced(bench, tmp_path):
    other = Imqttd("--stdio", "--control", bench.folder / "control", stdin=subprocess.DEVNULL)
    assert other.process.wait() == 2
    assert other.count_logged(f"in use by the process {bench.process.child.pid}") == 1
    assert bench.control.get("/v1/version")
    assert os.stat(bench.folder / "control").st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "options, why",
    [
        (("--control", "/tmp/" + "x" * 120), "107 bytes"),
        (("--control-tcp", "127.0.0.1:0"), "token-file"),
        (("--control-tcp", "0.0.0.0:0", "--token-file", "TOKEN"), "--allow-remote"),
        (("--control-tcp", "127.0.0.1:0", "--token-file", "OPEN"), "others can read it"),
        (("--check-config",), "--check-config needs --config"),
    ],
)
def test_what_cannot_be_had_is_named(tmp_path, options, why):
    for name, mode in (("TOKEN", 0o600), ("OPEN", 0o644)):
        (tmp_path / name).write_text(TOKEN)
        (tmp_path / name).chmod(mode)
    options = [tmp_path / each if each in ("TOKEN", "OPEN") else each for each in options]
    modem = Imqttd("--stdio", *options, stdin=subprocess.DEVNULL)
    assert modem.process.wait() == 2
    assert any(why in line for line in modem.process.output)


def names_of(control, query):
    """They come in portions of a hundred."""
    listed = control.get(f"/v1/modems{query}")
    return [modem["name"] for modem in listed["modems"]]


def test_a_thousand_modems_from_a_file(start_imqttd, tmp_path):
    config = tmp_path / "fleet.conf"
    config.write_text(
        f"[imqttd]\ncontrol = {tmp_path}/control\nmetrics-per-modem = no\n"
        f"[modem m-%d]\ncount = 1000\npty = {tmp_path}/m%d\n"
    )
    modem = start_imqttd("--config", config, boot_urcs=True)
    modem.ready_pty(tmp_path / "m999")
    control = Control(tmp_path / "control")
    assert names_of(control, "") == sorted(f"m-{number}" for number in range(1000))
    assert names_of(control, "?offset=150&limit=300") == names_of(control, "")[150:450]
    assert names_of(control, "?name=m-99?") == [f"m-{number}" for number in range(990, 1000)]
    assert names_of(control, "?name=no*") == []
    before_kib = modem.resident_kib()
    events = control.events("?name=m-*")
    assert modem.resident_kib() - before_kib < 6144  # a quiet one costs next to nothing
    control.post("/v1/modems/m-999/type", {"text": "AT"})
    assert events.until(kind="at", dir="host")["modem"] == "m-999"
    events.close()
    config.write_text(config.read_text() + f"[modem one]\npty = {tmp_path}/one\n")
    assert control.post("/v1/reload") == {
        "unchanged": 1000, "changed": 0, "added": 1, "removed": 0, "failed": [],
    }
    assert b"imqtt_modems 1001\n" in control.raw("GET", "/metrics").body


def test_a_folder_of_another_user_is_named(tmp_path):
    """Whoever may not write there is told so, and why."""
    if os.geteuid() != 0:
        pytest.skip("only root can run it as somebody else")
    (tmp_path / "mine").mkdir(mode=0o700)
    tmp_path.chmod(0o755)
    modem = Imqttd("--stdio", "--control", tmp_path / "mine" / "control", stdin=subprocess.DEVNULL,
                   within=("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"))
    assert modem.process.wait() == 2
    assert modem.count_logged("--control", "mine/control: Permission denied") == 1


def test_the_socket_of_a_running_daemon_is_for_its_user_alone(bench):
    if os.geteuid() != 0:
        pytest.skip("only root can run it as somebody else")
    asked = subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "curl", "--silent",
         "--show-error", "--unix-socket", bench.folder / "control", "http://localhost/v1/version"],
        capture_output=True, text=True,
    )
    assert asked.returncode != 0 and asked.stdout == ""


@pytest.mark.parametrize("moment", ["data", "registration", "handshake"])
def test_a_reload_in_the_middle_of_something_leaves_it_alone(bench, moment):
    """Of modems that stay as they are: a PUBEX goes on, a registration, a TLS handshake as well."""
    host = bench.pty_host(bench.folder / "meter")
    host.turn_echo_off()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        if moment == "data":
            host.command(f"AT+IMQTTADDR=127.0.0.1,{port},m")
            host.command("AT+IMQTTCONN")
            broker, _ = silent.accept()
            broker.recv(4096)
            broker.sendall(b"\x20\x02\x00\x00")
            host.urc(r"\+IMQTTCONN:0")
            host.send("AT+IMQTTPUBEX=/a,1,0,10")
            host.expect(rb"\r\n>")
            host.type(b"01234")
        elif moment == "registration":
            host.command("AT+IMQTTMODE=2,1")
            host.command(f"AT+IMQTTADDR=127.0.0.1,{port},m")
            host.command('AT+IMQTTDYNREG=0,1,a1m8qO1ceKE,device,0123456789abcdef')
        else:
            host.command("AT+IMQTTMODE=2,1")
            host.command(f"AT+IMQTTADDR=127.0.0.1,{port},m")
            host.command("AT+IMQTTCONN")
            broker, _ = silent.accept()
            assert broker.recv(4096)[:1] == b"\x16"
        bench.config.write_text(bench.config.read_text().replace("count = 2", "count = 2\ncmee = 1"))
        assert bench.control.post("/v1/reload") == {
            "unchanged": 1, "changed": 2, "added": 0, "removed": 0, "failed": [],
        }
        if moment == "data":
            host.type(b"56789")
            host.expect(rb"\r\nOK\r\n")
            assert broker.recv(4096).endswith(b"0123456789")
        elif moment == "registration":
            host.urc(r'\+IMQTTDYNREG:1,"","",""', 60)
        else:
            broker.close()
            host.urc(r"\+IMQTTCONN:-1")


def test_a_reload_that_changes_a_modem_in_the_middle_of_data_cycles_it(bench):
    host = bench.pty_host(bench.folder / "meter")
    host.turn_echo_off()
    with socket.create_server(("127.0.0.1", 0)) as server:
        host.command(f"AT+IMQTTADDR=127.0.0.1,{server.getsockname()[1]},m")
        host.command("AT+IMQTTCONN")
        broker, _ = server.accept()
        broker.recv(4096)
        broker.sendall(b"\x20\x02\x00\x00")
        host.urc(r"\+IMQTTCONN:0")
        host.send("AT+IMQTTPUBEX=/a,1,0,10")
        host.expect(rb"\r\n>")
        host.type(b"01234")
        bench.config.write_text(bench.config.read_text().replace("[modem meter]", "[modem meter]\ncmee = 1"))
        assert bench.control.post("/v1/reload")["changed"] == 1
        with pytest.raises(ConnectionResetError):  # cut, and nothing half is published
            broker.recv(4096)
        host.send("AT")
        host.expect(rb"\r\nOK\r\n")
        assert bench.control.get("/v1/modems/meter")["connected"] is False
