"""What a message costs, in units that are the same on every machine and at any time of day."""

import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench"))

import bench  # noqa: E402
from parts import instructions  # noqa: E402

# Instructions of the core. Those of a publish are what they were with one dialect, one file a modem
# and no rooms (5951f13); what was built since may not take more than the tolerance of them.
INSTRUCTIONS = {
    "publish1": 3069,
    "flood0": 2197,
    "flood1": 2480,
    "flood2": 2941,
    "deluge0": 1005,
    "deluge1": 1206,
}
TOLERANCE = 0.02

@pytest.fixture(scope="module", autouse=True)
def programs():
    subprocess.run([ROOT / "script" / "bench", "--build"], check=True)


@pytest.mark.parametrize("work", INSTRUCTIONS)
def test_the_core_takes_no_more_instructions_than_it_did(work):
    assert 0 < instructions.a_message(work) <= INSTRUCTIONS[work] * (1 + TOLERANCE)


@pytest.mark.parametrize("qos", [0, 1])
def test_another_makers_publish_costs_little_more(qos):
    """Its command has three parameters more."""
    ours, theirs = (instructions.a_message(f"{work}{qos}") for work in ("publish", "quectel"))
    assert theirs <= 1.2 * ours


def test_no_figure_of_the_page_was_typed_by_hand():
    page = bench.PAGE.read_text()
    assert bench.page_of(bench.known_results(), page) == page
