#!/usr/bin/python3
"""MISRA C:2012 over core/, as the daemon has it, with every family, by cppcheck's addon: how often each rule
is broken, and where first. A rule that docs/misra.md does not have is a failure.

usage: misra.py FOLDER     FOLDER: for what each file came to, which is kept while no source changes
"""

import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "misra.md"
FILE_S = 900
FOUND = re.compile(r"^(core|include)/([^:\n]+):(\d+) (misra-c2012-([\d.]+))$", re.MULTILINE)
ROW = re.compile(r"^\| ([\d., ]+) \|", re.MULTILINE)


def look_at(path, folder):
    """What cppcheck says of one file, told before or now."""
    said = folder / (str(path).replace("/", "_") + ".txt")
    newest = max(other.stat().st_mtime for other in [*ROOT.glob("core/**/*.[ch]"), *ROOT.glob("include/**/*.h")])
    if not said.exists() or said.stat().st_mtime < newest:
        done = subprocess.run(
            ["cppcheck", "--quiet", "--std=c11", "--addon=misra", "--enable=style", "--suppress=missingInclude",
             "-UIMQTT_CONFIG", "--max-configs=1", f"--cppcheck-build-dir={folder}", "-I.", "-Iinclude",
             "--template={file}:{line} {id}", path],
            cwd=ROOT, capture_output=True, text=True, timeout=FILE_S, check=True,
        )
        said.write_text(done.stderr)
    return said.read_text()


def violations(folder):
    """{rule: places}; what stands in a header is counted once."""
    paths = sorted(path.relative_to(ROOT) for path in ROOT.glob("core/**/*.c"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        texts = pool.map(lambda path: look_at(path, folder), paths)
        places = {(match[5], match[1] + "/" + match[2], match[3]) for text in texts for match in FOUND.finditer(text)}
    rules = {}
    for rule, path, line in sorted(places):
        rules.setdefault(rule, []).append(f"{path}:{line}")
    return rules


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    rules = violations(folder)
    for rule, places in rules.items():
        print(f"{rule:6} {len(places):5}  {places[0]}")
    known = {rule for row in ROW.findall(PAGE.read_text()) for rule in re.findall(r"\d+\.\d+", row)}
    unknown = rules.keys() - known
    if unknown:
        sys.exit(f"docs/misra.md does not have {', '.join(sorted(unknown))}")


main(pathlib.Path(sys.argv[1]).resolve())
