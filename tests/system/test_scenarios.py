"""imqttctl play and check, and the library of scenarios with a good host program and a bad one."""

import json
import pathlib
import re
import signal
import subprocess

import pytest

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
     ("--fast", "x.yaml"), ("--set", "a=b", "x.yaml"), ("x.yaml", "--", "true"), ("--junit",)],
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
