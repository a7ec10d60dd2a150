"""docs/firmware.md is carried out as it is read: its files are written and its lines run, one after the
other, in a folder that has the project as imqtt/; each modem that comes of them answers."""

import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "firmware.md").read_text()
BLOCK = re.compile(r"^<!-- (file|run) ([\w./-]+) -->\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)

FENCES = re.compile(r"^```\w+$", re.MULTILINE)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "imqtt").symlink_to(ROOT)
    return tmp_path


def carried_out(folder, text):
    """What the lines printed."""
    done = subprocess.run(
        ["sh", "-eu", "-c", text], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, text + done.stdout + done.stderr
    return done.stdout


def test_the_page_is_carried_out(folder):
    blocks = BLOCK.findall(PAGE)
    for name, text in [block[1:] for block in blocks if block[0] == "file"]:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    answers = {name: carried_out(folder, text) for kind, name, text in blocks if kind == "run"}
    assert list(answers) == ["example", "folder", "installed", "pkg-config", "two-files", "cortex-m", "own-commands"]
    for name in ("example", "folder", "installed", "pkg-config", "two-files"):
        assert answers[name].endswith("\nOK\n"), name
    assert answers["own-commands"].endswith("\n+XLED: 1\n\nOK\nAT+XMEASURE\n+XMEASURE: 21.5\n\nOK\n")
    assert re.search(r"^ *\d+\s+0\s+0\s.*imqtt\.o$", answers["cortex-m"], re.MULTILINE)  # no variables


def test_no_block_of_the_page_is_left_out():
    assert len(FENCES.findall(PAGE)) == len(BLOCK.findall(PAGE)) > 10
