"""What ARCHITECTURE.md names is there: files, folders and functions. A drawing of a house that has been rebuilt misleads."""

import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).parents[2]
TEXT = (ROOT / "ARCHITECTURE.md").read_text()
# What "How to add" calls the reader's own.
PLACEHOLDERS = re.compile(r"^x_|NAME")


def tracked():
    told = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in told.stdout.split("\n") if name]


def words_of_the_code():
    endings = (".c", ".h", ".py", ".ts", ".tsx", ".mjs", ".txt", ".yaml", ".cmake")
    code = (ROOT / name for name in tracked() if name.endswith(endings))
    return {word for path in code if path.exists() for word in re.findall(r"\w+", path.read_text(errors="replace"))}


def test_every_name_is_in_the_code():
    names = set(re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", TEXT))
    there = words_of_the_code() | {part.split(".")[0] for name in tracked() for part in name.split("/")}
    assert len(names) > 100
    assert sorted(name for name in names if not PLACEHOLDERS.search(name) and name not in there) == []


def test_every_file_and_folder_is_there():
    paths = set(re.findall(r"`([\w./-]+(?:\.(?:c|h|py|md|mjs|yaml|5)|/))`", TEXT))
    paths |= set(re.findall(r"\]\(([\w./-]+)\)", TEXT))
    names = tracked()
    whole = {"/" + name for name in names} | {"/" + str(folder) + "/" for name in names for folder in pathlib.Path(name).parents}
    assert len(paths) > 50
    gone = [path for path in paths if not PLACEHOLDERS.search(path) and not any(name.endswith("/" + path) for name in whole)]
    assert sorted(gone) == []
