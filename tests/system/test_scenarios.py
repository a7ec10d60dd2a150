"""imqttctl play and check, and the library of scenarios with a good host program and a bad one."""

import json
import pathlib
import re
import signal
import socket
import subprocess
import time

import pytest

from control import Control
from modem import PROGRAM

ROOT = pathlib.Path(__file__).parents[2]
CTL = PROGRAM.with_name("imqttctl")
LIBRARY = sorted((ROOT / "scenarios").glob("*.yaml"))
BENCH = ("--with-daemon", "--with-broker")

# What the naive program is found out by.
MISTAKES = {
    "broker-restarts": "types AT+IMQTTCONN",  # it does not connect again
    "late-ok": "does not type",  # it does not wait for a result
    "reboot": "AT+IMQTTADDR",  # it does not notice RDY
    "urc-at-the-prompt": "AT+IMQTTPUBEX",  # it never reads what came
    "lost-answer": "AT+IMQTTPUBIN",  # it repeats nothing
}


def play(*words, **popen):
    return subprocess.run(
        [CTL, "play", *map(str, words)], capture_output=True, text=True, timeout=150, **popen
    )


@pytest.fixture(scope="session")
def programs(tmp_path_factory):
    """The two host programs, built as the example's Makefile builds them."""
    folder = tmp_path_factory.mktemp("programs")
    for name in ("Makefile", "meter.c", "blind_meter.c"):
        (folder / name).write_bytes((ROOT / "examples/ci" / name).read_bytes())
    subprocess.run(["make", "-s", "-C", folder], check=True)
    return folder


@pytest.fixture
def write(tmp_path):
    def write(steps, head="seed: 7\ntimeout: 20s\n", name="case.yaml"):
        file = tmp_path / name
        file.write_text(f"name: {name}\nversion: 1\n{head}steps:\n{steps}")
        return file

    return write



# ---- the library -------------------------------------------------------------------------------


def test_there_are_enough_scenarios_and_they_are_good():
    assert len(LIBRARY) >= 15
    assert subprocess.run([CTL, "check", ROOT / "scenarios"]).returncode == 0


@pytest.mark.parametrize("file", LIBRARY, ids=lambda file: file.stem)
def test_a_good_host_program_passes(file, programs):
    result = play(*BENCH, file, "--", programs / "meter")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("name", MISTAKES)
def test_a_bad_one_is_found_out(name, programs):
    result = play(*BENCH, ROOT / "scenarios" / f"{name}.yaml", "--", programs / "blind_meter")
    assert result.returncode == 1, result.stdout + result.stderr
    expected = re.search("expected: (.*)", result.stdout)[1]
    assert MISTAKES[name] in expected


@pytest.mark.parametrize("page", ["scenarios.md", "zh/scenarios.md"])
def test_each_scenario_has_its_part_on_the_page(page):
    page = (ROOT / "docs" / page).read_text()
    assert re.findall(r"^### (\S+)$", page, re.MULTILINE) == [file.stem for file in LIBRARY]


# ---- the player --------------------------------------------------------------------------------

TALK = """
- type: 'AT+IMQTTADDR=broker.example.com,1883,"dev"'
- expect-answer: OK
- type: AT+IMQTTCONN
- expect-answer: '+IMQTTCONN:0'
- wait-state: {connected: true, registered: home}
- type: AT+IMQTTSUB=/down,1
- expect-answer: '+IMQTTSUB:*'
- publish: {topic: /down, payload: hello, qos: 1}
- expect-answer: '+IMQTTRCVPUB:*hello*'
- type: AT+IMQTTPUB=/up,1,there
- expect-mqtt: {topic: /up, payload: ther?, qos: 1, retained: false}
"""


def test_it_plays_the_host_and_the_other_client(write, tmp_path):
    recording, junit = tmp_path / "r.jsonl", tmp_path / "j.xml"
    result = play(*BENCH, "--junit", junit, "--record", recording, write(TALK))
    assert (result.returncode, result.stderr) == (0, "")
    head, *events = map(json.loads, recording.read_text().splitlines())
    assert (head["imqtt_recording"], head["seed"]) == (1, 7)
    assert events[0]["t_ms"] == 0 and {"at", "mqtt", "news"} <= {each["kind"] for each in events}
    check_junit(junit, failures=0)


def check_junit(file, **counts):
    schema = ROOT / "tests/data/junit.xsd"
    valid = subprocess.run(["xmllint", "--noout", "--schema", schema, file], capture_output=True)
    assert valid.returncode == 0, valid.stderr
    for name, count in counts.items():
        assert f'{name}="{count}"' in file.read_text()


def test_a_failure_shows_what_was_expected_what_came_and_the_traffic(write, tmp_path):
    many = "- type: AT\n- expect-answer: OK\n" * 16
    junit = tmp_path / "j.xml"
    file = write(many + "- type: 'AT+CSQ'\n- expect-answer: {text: '<&>\"*', within: 200ms}\n")
    result = play(*BENCH, "--junit", junit, file)
    assert result.returncode == 1
    assert f"{file}:39:3: expect-answer: failed" in result.stdout
    assert "expected: the modem says <&>\"* within 200 ms" in result.stdout
    assert "came:     OK, as the last line" in result.stdout
    assert len(re.findall(r"^ +\d+\.\d{3} ", result.stdout, re.MULTILINE)) == 20
    check_junit(junit, failures=1, errors=0)


def test_its_time_runs_out(write, tmp_path):
    junit = tmp_path / "j.xml"
    file = write("- delay: 30s\n", head="timeout: 300ms\n")
    assert play(*BENCH, "--junit", junit, file).returncode == 42
    check_junit(junit, failures=0, errors=1)


@pytest.mark.parametrize(
    "step",
    [
        "- expect-at: {command: AT, within: 100ms}",
        "- wait-state: {connected: true, within: 100ms}",
        "- wait-state: {signal: 9, within: 100ms}",
        "- expect-mqtt: {topic: /a, within: 100ms}",
        "- link: cut",
        "- publish: {topic: '/a/#'}",
    ],
)
def test_what_does_not_come_true_fails(write, step):
    result = play(*BENCH, write(step + "\n"))
    assert result.returncode == 1, result.stdout
    assert "came:" in result.stdout


def test_actions_are_seen(write):
    steps = """
- type: AT
- expect-answer: OK
- radio: {signal: 9, registered: denied}
- wait-state: {signal: 9, registered: denied}
- reset: all
- wait-state: {registered: home}
- urc: 'HELLO'
- expect-answer: HELLO
- power: 'off'
- wait-state: {powered: false}
- power: 'on'
- wait-state: {powered: true}
"""
    result = play(*BENCH, write(steps))
    assert result.returncode == 0, result.stdout


def test_the_host_program_may_not_crash(write):
    result = play(*BENCH, write("- delay: 10s\n"), "--", "sh", "-c", "kill -SEGV $$")
    assert result.returncode == 1
    assert f"the host program was ended by signal {int(signal.SIGSEGV)}" in result.stdout


def test_its_terminal_is_in_the_environment(write):
    program = 'exec 3<>"$IMQTT_PTY"; stty raw -echo <&3; printf "AT+HERE\\r" >&3; read line <&3'
    result = play(*BENCH, write("- expect-at: AT+HERE\n"), "--", "sh", "-c", program)
    assert result.returncode == 0, result.stdout


def test_nothing_is_left_behind(write, tmp_path):
    folder = tmp_path / "tmp"
    folder.mkdir()
    play(*BENCH, write("- delay: 1ms\n"), env={"TMPDIR": str(folder), "PATH": "/usr/sbin:/usr/bin"})
    assert list(folder.iterdir()) == []


def test_an_interrupt_ends_it_and_what_it_started(write, tmp_path):
    folder = tmp_path / "tmp"
    folder.mkdir()
    child = subprocess.Popen(
        [CTL, "play", *BENCH, write("- type: AT\n- expect-answer: OK\n- delay: 19s\n"),
         "--", "sh", "-c", "echo begun >&2; exec sleep 60"],
        env={"TMPDIR": str(folder), "PATH": "/usr/sbin:/usr/bin:/bin"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )
    assert child.stderr.readline() == "begun\n"
    child.send_signal(signal.SIGINT)
    assert child.wait(20) == 1
    assert list(folder.iterdir()) == []


# ---- on a daemon that runs already -------------------------------------------------------------


def test_its_faults_end_with_it(write, tmp_path, start_imqttd):
    control = tmp_path / "control"
    modem = start_imqttd("--pty", tmp_path / "meter", "--control", control)
    modem.ready_pty(tmp_path / "meter")
    file = write("- fault: {type: stall, link: broker}\n- wait-state: {powered: true}\n")
    result = subprocess.run([CTL, "-s", control, "play", file], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    shown = subprocess.run(
        [CTL, "-s", control, "fault", "list", "meter"], capture_output=True, text=True
    )
    assert (shown.returncode, "stall" in shown.stdout) == (0, False)


def test_faults_have_the_scenarios_seed(write, tmp_path):
    def seeds(*options):
        recording = tmp_path / "r.jsonl"
        play(*BENCH, *options, "--record", recording, file)
        return json.loads(recording.read_text().splitlines()[0])["seed"]

    file = write("- fault: {type: stall, link: broker}\n- type: AT\n- expect-answer: OK\n")
    assert (seeds(), seeds("--seed", "9")) == (7, 9)


# ---- virtual time ------------------------------------------------------------------------------

HOURS = """
- type: 'AT+IMQTTADDR=broker.example.com,1883,"fast"'
- expect-answer: OK
- type: AT+IMQTTPARA=TIMEOUT,3,CLEAN,1,KEEPALIVE,60,VERSION,3.1.1
- expect-answer: OK
- type: AT+IMQTTCONN
- expect-answer: '+IMQTTCONN:0'
- delay: 10m
- wait-state: {connected: true}
- type: AT+IMQTTPUB=/fast,1,still there
- expect-mqtt: {topic: /fast, payload: still there}
- type: AT+IMQTTPUBEX=/fast,1,0,5
- expect-answer: {text: '*ERROR*', within: 15s}
- fault: {type: late, delay: 5m, when: {command: AT+CSQ}}
- type: AT+CSQ
- expect-answer: {text: OK, within: 6m}
- fault: {type: stall, link: broker, ttl: 1h}
- expect-answer: {text: '+IMQTTCONN:-1', within: 70s}
- expect-not: {command: AT, for: 1h}
- wait-state: {connected: false}
"""


def test_hours_pass_in_seconds(write, tmp_path):
    """Keep-alives that are answered, a prompt nobody serves, a late OK, a link that swallows all."""
    recording = tmp_path / "r.jsonl"
    file = write(HOURS, head="timeout: 3h\n")
    began = time.monotonic()
    result = play(*BENCH, "--fast", "--record", recording, file)
    assert result.returncode == 0, result.stdout + result.stderr
    assert time.monotonic() - began < 60
    events = [json.loads(line) for line in recording.read_text().splitlines()[1:]]
    answered = [each for each in events if each.get("packet") == "PINGRESP"]
    assert len(answered) >= 9
    (lost,) = [each["t_ms"] for each in events if each.get("what") == "lost"]
    (stalled,) = [each["t_ms"] for each in events
                  if (each.get("what"), each.get("type")) == ("added", "stall")]
    assert 6_000 <= lost - stalled <= 70_000
    assert events[-1]["t_ms"] > 4_000_000


def test_what_fast_waits_for_in_vain_still_fails(write):
    result = play(*BENCH, "--fast", write("- expect-answer: {text: never, within: 1h}\n",
                                          head="timeout: 2h\n"))
    assert result.returncode == 1
    result = play(*BENCH, "--fast", write("- delay: 2h\n", head="timeout: 1h\n"))
    assert result.returncode == 42


def test_a_real_broker_is_waited_for_in_real_time(tmp_path, start_imqttd):
    """One that takes the connection and says nothing: no time is skipped, unless a fault may hold
    its answer."""
    control = Control(tmp_path / "control")
    config = tmp_path / "virtual.conf"
    config.write_text(f"[imqttd]\ncontrol = {tmp_path}/control\nvirtual-time = yes\n"
                      f"[modem m]\npty = {tmp_path}/m\nboot-urcs = no\n")
    start_imqttd("--config", config).ready_pty(tmp_path / "m")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        idle = control.post("/v1/clock", {"skip_ms": 3600000})
        assert idle == {"skipped_ms": 3600000, "awaits_broker": False}
        events = control.events("?name=m&kinds=mqtt,news")
        for line in f"AT+IMQTTADDR=127.0.0.1,{port},c", "AT+IMQTTCONN":
            control.post("/v1/modems/m/type", {"text": line})
        events.until(kind="mqtt", packet="CONNECT")
        awaited = control.post("/v1/clock", {"skip_ms": 3600000})
        assert awaited == {"skipped_ms": 0, "awaits_broker": True}
        control.post("/v1/modems/m/faults", {"type": "stall", "link": "broker"})
        skipped = control.post("/v1/clock", {"skip_ms": 3600000})
        assert 0 < skipped["skipped_ms"] <= 3000 and not skipped["awaits_broker"]
        assert events.until(kind="news", what="refused")["stage"] == "connack"
        events.close()
    for body in {"skip_ms": -1}, {"skip_ms": 86400001}, {"skip_ms": "1"}, {}:
        assert control.ask("POST", "/v1/clock", body).status == 422


# ---- bad input ---------------------------------------------------------------------------------


def test_wrong_files_are_told_and_nothing_is_played(write, tmp_path):
    good, bad = write("- delay: 1ms\n"), write("- sleep: 1s\n", name="bad.yaml")
    for verb in ("check", "play"):
        result = subprocess.run([CTL, verb, good, bad], capture_output=True, text=True)
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr == f"{bad}:6:3: there is no step sleep\n"


@pytest.mark.parametrize(
    "words",
    [(), ("--with-broker", "x.yaml"), ("--seed", "-1", "x.yaml"), ("--nonsense", "1", "x.yaml"),
     ("--fast", "x.yaml"), ("--with-daemon", "--fast", "x.yaml", "--", "true"), ("--set", "a=b", "x.yaml"), ("x.yaml", "--", "true"), ("--junit",)],
)
def test_wrong_usage(words):
    result = play(*words)
    assert result.returncode == 2
    assert result.stderr.count("\n") == 1


def test_no_daemon(write, tmp_path):
    result = subprocess.run(
        [CTL, "-s", tmp_path / "none", "play", write("- delay: 1ms\n")], capture_output=True
    )
    assert result.returncode == 3
