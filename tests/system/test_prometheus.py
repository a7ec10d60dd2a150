"""Debian's Prometheus scrapes a running daemon, as examples/scale/prometheus shows, and is asked what
it has read."""

import json
import time
import urllib.parse
import urllib.request

import pytest
import yaml

from processes import DEADLINE_S, Process, free_port
from test_scale import SCALE

TOKEN = "0123456789abcdef-token"


@pytest.fixture
def target(start_imqttd, tmp_path):
    (tmp_path / "token").write_text(TOKEN)
    (tmp_path / "token").chmod(0o600)
    modem = start_imqttd("--pty", tmp_path / "meter", "--pty", tmp_path / "other",
                         "--control-tcp", "127.0.0.1:0", "--token-file", tmp_path / "token")
    modem.target = modem.process.line("ready control-tcp").split()[-1]
    modem.ready_pty(tmp_path / "other")
    return modem


@pytest.fixture
def prometheus(target, tmp_path):
    """A private one; only the target, the interval and the token's place are ours."""
    config = yaml.safe_load((SCALE / "prometheus" / "prometheus.yml").read_text())
    config["global"]["scrape_interval"] = "1s"
    config["rule_files"] = [str(SCALE / "prometheus" / "alerts.yml")]
    (job,) = config["scrape_configs"]
    job["authorization"]["credentials_file"] = str(tmp_path / "token")
    job["static_configs"][0]["targets"] = [target.target]
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(config))
    port = free_port()
    process = Process("prometheus", f"--config.file={tmp_path}/prometheus.yml",
                      f"--storage.tsdb.path={tmp_path}/data", f"--web.listen-address=127.0.0.1:{port}")
    process.line("Server is ready", within_s=60)
    yield f"http://127.0.0.1:{port}"
    process.terminate()


def ask(prometheus, query):
    url = f"{prometheus}/api/v1/query?query={urllib.parse.quote(query)}"
    with urllib.request.urlopen(url, timeout=DEADLINE_S) as answer:
        return json.load(answer)["data"]["result"]


def until(prometheus, query, value):
    end = time.monotonic() + 60
    while [float(each["value"][1]) for each in ask(prometheus, query)] != [value]:
        assert time.monotonic() < end, ask(prometheus, query) or ask(prometheus, "up")
        time.sleep(0.2)  # it tells nobody when it has scraped


def test_it_reads_what_happens(target, prometheus, mosquitto, tmp_path):
    until(prometheus, "up", 1)
    until(prometheus, "imqtt_modems", 2)
    host = target.pty_host(tmp_path / "meter")
    host.connect(mosquitto, client_id="scraped")
    host.command('AT+IMQTTPUB="/scraped",1,"x"')
    host.urc(r"\+IMQTTPUB:\d+,0")
    until(prometheus, 'imqtt_modems_connected{modem="meter"}', 1)
    until(prometheus, 'imqtt_messages_total{modem="meter",direction="out",qos="1"}', 1)
    until(prometheus, "sum(imqtt_acknowledgement_seconds_count)", 1)
    until(prometheus, "imqtt_build_info", 1)
    with urllib.request.urlopen(f"{prometheus}/api/v1/rules", timeout=DEADLINE_S) as answer:
        (group,) = json.load(answer)["data"]["groups"]
    written = yaml.safe_load((SCALE / "prometheus" / "alerts.yml").read_text())["groups"][0]["rules"]
    assert [rule["name"] for rule in group["rules"]] == [rule["alert"] for rule in written]
    assert len(written) >= 5
