"""imqttctl against the real daemon: verbs, exit codes, trace, recordings, replay."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import time

import pytest

from control import Control
from modem import PROGRAM
from processes import Process

ROOT = pathlib.Path(__file__).parents[2]
IMQTTCTL = PROGRAM.parent / "imqttctl"
SECRET = "canary-4711"


class Bench:
    def __init__(self, daemon, folder):
        self.daemon, self.folder, self.socket = daemon, folder, folder / "control"

    def ctl(self, *words, code=0, **options):
        result = subprocess.run(
            [IMQTTCTL, "-s", self.socket, *map(str, words)],
            capture_output=True, text=True, timeout=60, **options,
        )
        assert result.returncode == code, result.stderr
        assert result.stderr.count("\n") == (code != 0)
        return result.stdout if code == 0 else result.stderr

    def follow(self, *words):
        return Process(str(IMQTTCTL), "-s", str(self.socket), *map(str, words))

    def show(self, name):
        return json.loads(self.ctl("show", name, "--json"))


@pytest.fixture
def bench(start_imqttd, tmp_path):
    daemon = start_imqttd("--pty", tmp_path / "meter", "--control", tmp_path / "control")
    daemon.ready_pty(tmp_path / "meter")
    return Bench(daemon, tmp_path)


def session(bench, port):
    host = bench.daemon.pty_host(bench.folder / "meter")
    for command in (
        "ATE0", f'AT+IMQTTUSER=meter,"{SECRET}"', f'AT+IMQTTADDR=127.0.0.1,{port},"ctl"',
        "AT+IMQTTCONN",
    ):
        host.ask(command)
    host.urc(r"\+IMQTTCONN:0")
    host.ask("AT+IMQTTSUB=/other,1")
    host.urc(r"\+IMQTTSUB:\d+,1")
    host.send("AT+IMQTTPUBEX=/ctl,1,0,5")
    host.expect(rb"\r\n>")
    host.type(b"a\r\nbc")
    host.expect(rb"\r\nOK\r\n")
    host.urc(r"\+IMQTTPUBEX:\d+,0")
    host.ask("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")
    host.close()


@pytest.fixture
def recording(bench, mosquitto):
    recorder = bench.follow("record", "meter", "/dev/stdout")
    recorder.line("imqtt_recording")
    session(bench, mosquitto.port)
    recorder.line("+IMQTTCONN:-1")
    recorder.child.send_signal(signal.SIGINT)
    assert recorder.wait() == 0
    (bench.folder / "session.jsonl").write_text("".join(line + "\n" for line in recorder.output))
    return bench.folder / "session.jsonl"


def test_what_is_changed_is_seen(bench):
    assert re.search(r"^meter +disconnected +25 +home +0 ", bench.ctl("list"), re.MULTILINE)
    bench.ctl("radio", "m*", "signal=12", "registered=denied", "sim=absent")
    assert bench.show("meter")["radio"] == {"signal": 12, "registered": "denied", "sim": "absent"}
    name = bench.ctl("fault", "add", "meter", "latency", "link=uart", "latency=300ms", "ttl=1h",
                     "when=AT+IMQTT*").strip()
    [fault] = bench.show("meter")["faults"]
    assert fault["name"] == name and fault["attributes"]["latency_ms"] == 300
    assert fault["when"] == {"command": "AT+IMQTT*"} and fault["ttl_ms"] > 3_500_000
    assert bench.ctl("fault", "list", "meter").startswith(name + " type=latency link=uart")
    bench.ctl("fault", "remove", "meter", name)
    bench.ctl("power", "meter", "off")
    assert bench.show("meter")["powered"] is False
    bench.ctl("reset")
    assert bench.show("meter")["powered"] is True
    assert "radio: \n  signal: 25\n" in bench.ctl("show", "meter")
    assert "imqtt_modems" in bench.ctl("metrics")


def test_each_failure_has_its_code_and_one_line(bench):
    assert bench.ctl("show", "none", code=1) == "imqttctl: no modem is named none\n"
    assert "it has no connection" in bench.ctl("link", "meter", "cut", code=1)
    assert "there is no configuration" in bench.ctl("reload", code=1)
    for words in (["nonsense"], ["power", "meter", "up"], ["show"], ["radio", "meter", "signal=x"],
                  ["fault", "add", "meter", "latency", "latency=10"], ["trace", "--nothing"],
                  ["fault", "add", "meter", "latency", "colour=red"]):
        bench.ctl(*words, code=2)
    gone = subprocess.run([IMQTTCTL, "-s", bench.folder / "none", "list"], capture_output=True)
    assert gone.returncode == 3


def test_a_failure_is_shown_with_its_time(bench):
    host = bench.daemon.pty_host(bench.folder / "meter")
    host.ask("AT+IMQTTADDR=127.0.0.1,1,x")
    host.ask("AT+IMQTTCONN")
    host.urc(r"\+IMQTTCONN:-1")
    shown = bench.ctl("show", "meter", env={**os.environ, "TZ": "UTC"})
    error = bench.show("meter")["last_error"]
    at = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(error["at_ms"] // 1000))
    assert f"  stage: tcp\n  code: 111\n  text: Connection refused\n  at: {at}\n" in shown


def test_a_reload_without_a_modem_is_a_failure(start_imqttd, tmp_path):
    """What could be had runs; what could not is named."""
    config = tmp_path / "imqttd.conf"
    config.write_text(f"[imqttd]\ncontrol = {tmp_path}/control\n[modem meter]\npty = {tmp_path}/meter\n")
    bench = Bench(start_imqttd("--config", config, boot_urcs=True), tmp_path)
    bench.daemon.ready_pty(tmp_path / "meter")
    assert bench.ctl("reload") == "1 unchanged, 0 changed, 0 added, 0 removed, 0 failed\n"
    text = config.read_text()
    config.write_text(text + f"[imqttd]\nstate = {tmp_path}/state\n")
    assert bench.ctl("reload").endswith(" failed\nstate changes when the program is started again\n")
    text += f"[modem two]\npty = {tmp_path}/two\n"
    config.write_text(text + f"[modem bad]\npty = {config}\n")
    why = f"cannot start: --pty {config}: exists, and is no symbolic link"
    assert bench.ctl("reload", code=1) == f"imqttctl: bad: {why}\n"
    bench.daemon.logged("reload", "1 unchanged, 0 changed, 1 new, 0 gone, 1 failed")
    assert bench.show("two")["powered"] is True


def test_each_verb_says_how_it_is_used():
    """Also where no daemon runs."""
    listed = re.findall(r"^  (\w+)( .*)?$", run_alone("help"), re.MULTILINE)
    assert len(listed) > 15
    for verb, arguments in listed:
        assert run_alone(verb, "--help").startswith(f"  {verb}{arguments}\n      ")


def run_alone(*words):
    return subprocess.run([IMQTTCTL, "-s", "/none", *words], capture_output=True, text=True,
                          check=True, timeout=60).stdout


def test_verbs_of_a_batch_end_at_the_first_that_fails(bench):
    verbs = "# quiet\nradio meter signal=3\nurc meter '+CMTI: \"SM\",1'\nshow none\nreset\n"
    assert "none" in bench.ctl("-b", code=1, input=verbs)
    assert bench.show("meter")["signal"] == 3


def test_a_trace_shows_both_sides_and_no_secret(bench, mosquitto):
    tracer = bench.follow("trace", "--pcapng", bench.folder / "uart.pcapng")
    tracer.line("tracing")
    session(bench, mosquitto.port)
    tracer.line("meter < ", "+IMQTTCONN:-1")
    tracer.child.send_signal(signal.SIGTERM)
    assert tracer.wait() == 0
    text = "\n".join(tracer.output)
    assert SECRET not in text and "mqtt out PUBLISH" in text
    # Data behind its prompt and before its result, though no line end told it.
    assert re.search(r"< \\x0d\\x0a>\n(.*\n)*?.*> a\\x0d\n(.*\n)*?.*> \\x0abc\n(.*\n)*?.*< .*OK", text)
    assert SECRET.encode() not in (bench.folder / "uart.pcapng").read_bytes()
    shown = subprocess.run(
        ["tshark", "-r", bench.folder / "uart.pcapng"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    said = [line for line in tracer.output if re.search(r"meter [<>] ", line)]
    assert len(shown) == len(said) and all("RTAC Serial" in line for line in shown)


def test_a_trace_says_that_the_daemon_has_ended(bench):
    tracer = bench.follow("trace")
    tracer.line("tracing")
    bench.daemon.signal(signal.SIGTERM)
    tracer.line(f"imqttctl: imqttd at {bench.socket} has ended")
    assert tracer.wait() == 1
    assert bench.daemon.process.wait() == 0


def test_a_recorded_session_is_replayed_and_judged(bench, recording):
    assert SECRET not in recording.read_text()
    assert bench.ctl("report", recording) == "nothing was found\n"
    bench.ctl("power", "meter", "cycle")
    assert "--secret IMQTTUSER=" in bench.ctl("replay", recording, "--fast", code=1)
    bench.ctl("power", "meter", "cycle")
    bench.ctl("replay", recording, "--secret", f"IMQTTUSER={SECRET}")
    bench.ctl("power", "meter", "cycle")
    bench.ctl("replay", recording, "--fast", "--terminal", bench.folder / "meter", "--secret",
              f"IMQTTUSER={SECRET}")


def test_the_first_difference_is_named(bench, recording):
    recording.write_text(recording.read_text().replace("0d0a4f4b0d0a", "0d0a4e4f0d0a", 1))
    bench.ctl("power", "meter", "cycle")
    problem = bench.ctl("replay", recording, "--fast", "--secret", f"IMQTTUSER={SECRET}", code=1)
    assert re.search(r"session.jsonl:\d+: recorded: NO, said: OK\n$", problem)


def test_completions_know_verbs_and_modems(bench):
    assert {"list", "trace", "report"} <= set(bench.ctl("--complete").split())
    assert bench.ctl("--complete", "power").split() == ["meter"]
    assert bench.ctl("--complete", "power", "meter").split() == ["off", "on", "cycle"]
    assert bench.ctl("--complete", "report").split() == ["@file"]
    script = bench.ctl("--completion", "bash")
    words = (f"imqttctl() {{ {IMQTTCTL} \"$@\"; }}; {script}\n"
             f"COMP_WORDS=(imqttctl -s {bench.socket} power me); COMP_CWORD=4\n"
             "_imqttctl imqttctl me 2>/dev/null; echo ${COMPREPLY[@]}")
    result = subprocess.run(["bash", "-c", words], capture_output=True, text=True, check=True)
    assert result.stdout == "meter\n"
    for shell in ("zsh", "fish"):
        file = bench.folder / shell
        file.write_text(bench.ctl("--completion", shell))
        if shutil.which(shell):
            subprocess.run([shell, "-n", file], check=True)


def test_the_manual_page_has_every_verb():
    page = (ROOT / "man/imqttctl.1").read_text()
    usage = subprocess.run([IMQTTCTL, "help"], capture_output=True, text=True, check=True).stdout
    verbs = re.findall(r"^  (\w+)", usage, re.MULTILINE)
    assert len(verbs) > 10
    assert set(re.findall(r"^\.It Cm (\w+)", page, re.MULTILINE)) == set(verbs)


def test_the_prompt_runs_verbs_and_remembers_no_secret(bench):
    env = {"HOME": str(bench.folder), "PATH": "/usr/bin:/bin", "TERM": "dumb"}
    command = f"{IMQTTCTL} -s {bench.socket}"
    lines = ["radio meter sig\t7", "type meter AT+CSQ", f"type meter 'AT+IMQTTUSER=u,\"{SECRET}\"'",
             f"type meter at+qmtconn=0,c,u,{SECRET}", f"type meter {SECRET}", "quit"]
    typed = "".join(f"{line}\n" for line in lines)
    subprocess.run(["script", "-qec", command, "/dev/null"], input=typed, text=True, env=env,
                   capture_output=True, timeout=60, check=True)
    assert bench.show("meter")["signal"] == 7
    history = (bench.folder / ".imqttctl_history").read_text()
    assert "signal=7" in history and "AT+CSQ" in history and SECRET not in history


def test_the_prompt_remembers_at_once(bench):
    """However it ends."""
    env = {"HOME": str(bench.folder), "PATH": "/usr/bin:/bin", "TERM": "dumb"}
    events = Control(bench.socket).events("?kinds=news")
    prompt = subprocess.Popen(["script", "-qec", f"{IMQTTCTL} -s {bench.socket}", "/dev/null"],
                              stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=env)
    prompt.stdin.write(b"radio meter signal=9\n")
    prompt.stdin.flush()
    events.until(what="radio")
    assert "signal=9" in (bench.folder / ".imqttctl_history").read_text()
    prompt.kill()
    prompt.wait()


@pytest.mark.parametrize("program", [PROGRAM, IMQTTCTL])
def test_a_wrong_option_says_how_it_is_used(program):
    short, long = (subprocess.run([program, option], capture_output=True, text=True)
                   for option in ("-h", "--help"))
    assert short.returncode == 0 and short.stdout == long.stdout
    wrong = subprocess.run([program, "--bogus"], capture_output=True, text=True)
    assert wrong.returncode == 2
    assert re.fullmatch(rf"{program.name}: --bogus: unknown option \(usage: .*\)\n", wrong.stderr)


def test_who_may_not_ask_is_told_whose_it_is(start_imqttd, ordinary_user, open_folder):
    start_imqttd("--pty", open_folder / "meter", "--control", open_folder / "control").ready_pty(open_folder / "meter")
    program = shutil.copy(IMQTTCTL, open_folder)
    (open_folder / "control").chmod(0o600 if ordinary_user else 0)
    asked = subprocess.run(
        [program, "-s", open_folder / "control", "list"], capture_output=True, text=True, timeout=60, **ordinary_user
    )
    owner = pathlib.Path(open_folder / "control").owner()
    told = f"imqttctl: {open_folder}/control: permission denied: it is for the user {owner}, and root\n"
    assert (asked.returncode, asked.stderr) == (3, told)


@pytest.mark.parametrize("words", [["record", "nosuch"], ["record", "meter", "-s", "/none"],
                                   ["trace", "-s", "/none", "--pcapng"]])
def test_a_file_stays_as_it_is_if_nothing_comes(bench, words):
    """A name or a socket that is mistyped costs no older recording."""
    file = bench.folder / "older"
    file.write_text("dear")
    options = words[words.index("-s"):][:2] if "-s" in words else []
    verb = [word for word in words if word not in options]
    bench.ctl(*options, *verb, file, code=3 if options else 1)
    assert file.read_text() == "dear"


@pytest.mark.parametrize("verb", [["record", "meter"], ["trace", "--pcapng"]])
def test_a_disk_that_is_full_ends_it_with_the_reason(bench, verb):
    follower = bench.follow(*verb, "/dev/full")
    if verb[0] == "trace":
        follower.line("tracing")
        bench.ctl("type", "meter", "AT")
    follower.line("/dev/full: No space left on device")
    assert follower.wait() == 1


def test_a_trace_of_nobody_says_so(bench):
    tracer = bench.follow("trace", "mter*")
    tracer.line("no modem is named mter* yet")
    tracer.line("tracing")
    assert tracer.terminate() == 0
