"""The benchmark's own tests: /usr/bin/python3 -m pytest bench, after script/bench --build."""

import json
import pathlib
import subprocess

import pytest

import bench
import contestants
import lab
import stages
from parts import system_calls

ROOT = pathlib.Path(__file__).parents[1]

# System calls a message under flood, over a TCP terminal; how many fit in one turn varies.
SYSTEM_CALLS = {
    ("publish", 0): 0.1,
    ("publish", 1): 0.4,
    ("publish", 2): 0.6,
    ("receive", 0): 0.1,
    ("receive", 1): 0.1,
}



@pytest.mark.parametrize("work, qos", SYSTEM_CALLS)
def test_a_flood_takes_few_system_calls(work, qos):
    with lab.open_lab(lab.QUICK) as laboratory, laboratory.sink() as port:
        calls = system_calls.calls_a_message(
            laboratory, contestants.TcpModem(), stages.Sink(port), work, qos
        )
    assert 0 < calls <= SYSTEM_CALLS[work, qos]


def test_the_benchmark_works(tmp_path):
    """With a few messages, and not for the figures; but for the parts that other tests run."""
    samples = tmp_path / "samples.json"
    parts = [part for part in bench.PARTS if part not in ("instructions", "firmware")]
    subprocess.run([ROOT / "script" / "bench", "--smoke", "--json", samples, *parts], check=True)
    assert set(json.loads(samples.read_text())) == set(parts)
