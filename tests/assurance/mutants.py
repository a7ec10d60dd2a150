#!/usr/bin/python3
"""Mutants of the core: one operator or constant of one line is changed, and unit tests and transcripts are
run. What they do not notice is printed.

usage: mutants.py [--seed N] [--count N] [--minutes N] [--least-percent N] [--again] FOLDER

Mutants are drawn by chance, the same for a seed. Each is one file of the core, compiled without
optimisation; the objects of all others stay. A mutant that does not compile, or whose object is the same
as before, is none. It is noticed when a test fails, or takes ten times as much of the processor. What the
quick build does not notice is tried again under the address sanitizer, as script/test runs the tests.

FOLDER/results grows: what was tried is not tried again while its file is the same. With --again, those
that survived are: after new tests.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import math
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WORKERS = 2
LEAST_S = 3  # of the processor, that a test may take
PIECES = ["whole", "random", "bytes"]  # in which a transcript's bytes come: the quick one first

# What is changed into what: between tokens of code, not in comments and strings.
OPERATORS = {
    "==": ["!="], "!=": ["=="], "<": ["<=", ">="], ">": [">=", "<="], "<=": ["<", ">"], ">=": [">", "<"],
    "&&": ["||"], "||": ["&&"], "+": ["-"], "-": ["+"], "+=": ["-="], "-=": ["+="], "++": ["--"], "--": ["++"],
    "&": ["|"], "|": ["&"], "<<": [">>"], ">>": ["<<"], "!": [""], "true": ["false"], "false": ["true"],
    "break": ["continue"], "0": ["1"], "1": ["0", "2"],
}
TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|^\s*#(?:[^\n]*\\\n)*[^\n]*|->|'
    r"(?P<word>\b\w+\b)|(?P<operator><<=|>>=|<<|>>|==|!=|<=|>=|&&|\|\||\+=|-=|\+\+|--|[-+<>&|!])",
    re.DOTALL | re.MULTILINE,
)
BODY = re.compile(r"^\{\n.*?^\}", re.DOTALL | re.MULTILINE)
SOURCES = sorted(ROOT.glob("core/**/*.c"))
COMPILE = ["gcc", "-std=gnu11", "-I.", "-Iinclude"]
QUICK = ["-O0"]
CHECKED = ["-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
CHECKED_ENVIRONMENT = {"ASAN_OPTIONS": "detect_leaks=1:quarantine_size_mb=1"}

Mutant = collections.namedtuple("Mutant", "path line column old new text id")


def mutants_of(path):
    text = path.read_text()
    bodies = [found.span() for found in BODY.finditer(text)]
    for found in TOKEN.finditer(text):
        old = found["word"] or found["operator"]
        if old not in OPERATORS or not any(begin < found.start() < end for begin, end in bodies):
            continue
        for new in OPERATORS[old]:
            changed = text[: found.start()] + new + text[found.end() :]
            made_of = hashlib.sha256(f"{path.relative_to(ROOT)}\n{changed}".encode()).hexdigest()
            yield Mutant(path, *place_in(text, found.start()), old, new, changed, made_of[:16])


def place_in(text, at):
    """Line and column, as editors count them."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


class Build:
    """Objects of the core and of the tests that look at it, made with some flags."""

    def __init__(self, folder, flags, pieces):
        self.folder, self.flags, self.pieces = folder, flags, pieces
        (folder / "objects").mkdir(parents=True, exist_ok=True)
        self.core = self.all_compiled(SOURCES)
        self.codes = {path: code_of(made) for path, made in self.core.items()}
        arena = ROOT / "examples/firmware/arena.c"
        self.player = list(self.all_compiled([*ROOT.glob("tests/transcripts/*.c"), arena]).values())
        shared = [path for path in ROOT.glob("tests/unit/*_*.c") if not path.name.startswith(("test_", "host_"))]
        self.fixtures = list(self.all_compiled([*shared, arena]).values())
        units = [path for path in ROOT.glob("tests/unit/test_*.c") if self.rooms(path) and "cloud" not in path.stem]
        self.units = {path.stem: made for path, made in self.all_compiled(units).items()}
        self.transcripts = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("tests/transcripts/**/*.at"))
                            if "wrong" not in path.parts and "parts" not in path.parts]
        self.limits = self.measured()

    @staticmethod
    def rooms(path):
        room = path.stem.split("_")[1]
        return room in ("aliyun", "at", "bytes", "device", "dialect", "modem", "mqtt", "pump", "session", "settings")

    def compile(self, source, target):
        subprocess.run([*COMPILE, *self.flags, "-w", "-c", source, "-o", target], cwd=ROOT, check=True,
                       capture_output=True)
        return target

    def all_compiled(self, paths):
        """{path: its object}"""
        names = {path: self.folder / "objects" / ("_".join(path.relative_to(ROOT).parts)[:-2] + ".o") for path in paths}
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            return dict(zip(names, pool.map(self.compile, names.keys(), names.values())))

    def linked(self, program, objects, *libraries):
        objects = [*objects, *libraries, "-lcrypto"]
        subprocess.run(["gcc", "-no-pie", *self.flags, *objects, "-o", program], check=True)
        return program

    def unit(self, name, core, work):
        return [self.linked(work / name, [self.units[name], *self.fixtures, *core], "-lcmocka", "-ljansson")]

    def tests_of(self, path):
        """Unit tests by what they look at: those of the room."""
        room = path.relative_to(ROOT / "core").parts[0]
        return sorted(name for name in self.units if name.split("_")[1] == room)

    def player_of(self, core, work):
        program = self.linked(work / "play", [*self.player, *core])
        return [[program, "--pieces", pieces, *self.transcripts] for pieces in self.pieces]

    def measured(self):
        """{name of a test: seconds of the processor that it may take}; each passes while nothing is changed."""
        core, limits = list(self.core.values()), {}
        commands = [self.unit(name, core, self.folder) for name in self.units] + self.player_of(core, self.folder)
        for command in commands:
            before = processor_s()
            subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=True)
            limits[kind_of(command)] = max(LEAST_S, math.ceil(10 * (processor_s() - before)))
        return limits

    def fails(self, command):
        limited = ["prlimit", f"--cpu={self.limits[kind_of(command)]}", *command]
        return subprocess.run(limited, cwd=ROOT, env=environment(), capture_output=True).returncode != 0

    def core_with(self, mutant, work):
        """Its objects with the mutant among them; None where it is no mutant."""
        source, target = work / mutant.path.name, work / "mutant.o"
        source.write_text(mutant.text)
        try:
            self.compile(source, target)
        except subprocess.CalledProcessError:
            return None
        if code_of(target) == self.codes[mutant.path]:
            return None
        return [target if path == mutant.path else made for path, made in self.core.items()]

    def notices(self, mutant, core, work):
        whole, *in_pieces = self.player_of(core, work)
        return (
            self.fails(whole)
            or any(self.fails(self.unit(name, core, work)) for name in self.tests_of(mutant.path))
            or any(self.fails(command) for command in in_pieces)
        )


class Bench:
    """Both builds: the one that is quick, and the one that sees each wrong read and write."""

    def __init__(self, folder):
        self.quick = Build(folder / "quick", QUICK, PIECES)
        self.checked = Build(folder / "checked", CHECKED, PIECES[:1])

    def notices(self, mutant, work):
        """None: it is no mutant. Else whether a test fails."""
        core = self.quick.core_with(mutant, work)
        if core is None:
            return None
        if self.quick.notices(mutant, core, work):
            return True
        checked = self.checked.core_with(mutant, work)
        return checked is not None and self.checked.notices(mutant, checked, work)


def environment():
    return {**os.environ, **CHECKED_ENVIRONMENT}


def processor_s():
    """What all programs that have ended took of the processor."""
    times = os.times()
    return times.children_user + times.children_system


def kind_of(command):
    """What is run, in whatever folder."""
    return (command[0].name, *command[1:3])


def code_of(target):
    """What was made of it, without the name of its source."""
    dump = subprocess.run(["objdump", "-dr", target], capture_output=True, text=True, check=True).stdout
    return hashlib.sha256(dump.partition("Disassembly")[2].encode()).digest()


def drawn(seed):
    """Mutants in the order of chance; where another file changes, those of this one keep theirs."""
    found = [mutant for path in SOURCES for mutant in mutants_of(path)]
    return sorted(found, key=lambda mutant: hashlib.sha256(f"{seed} {mutant.id}".encode()).digest())


def shown(mutant):
    place = f"{mutant.path.relative_to(ROOT)}:{mutant.line}:{mutant.column}"
    return f"{place}: {mutant.old} -> {mutant.new or 'nothing'}"


class Results:
    """What was seen of each mutant, in a file that grows: those of files that have changed are dropped."""

    def __init__(self, path, mutants):
        self.path, self.lock, self.noticed = path, threading.Lock(), {}
        ids = {mutant.id: mutant for mutant in mutants}
        for line in path.read_text().splitlines() if path.exists() else []:
            word, id, _ = line.split(maxsplit=2)
            if id in ids:
                self.noticed[ids[id]] = word == "noticed"
        path.write_text("".join(self.line_of(mutant) for mutant in self.noticed))

    def line_of(self, mutant):
        return f"{'noticed ' if self.noticed[mutant] else 'survived'} {mutant.id} {shown(mutant)}\n"

    def add(self, mutant, noticed):
        self.noticed[mutant] = noticed
        with self.path.open("a") as log:
            log.write(self.line_of(mutant))

    def survivors(self):
        return sorted(mutant for mutant, noticed in self.noticed.items() if not noticed)


def try_all(bench, folder, mutants, results, count, until):
    """Goes on until `count` have a result; nothing else is waited for."""
    waiting = iter(mutants)

    def work(number):
        own = folder / f"worker{number}"
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir()
        while True:
            with results.lock:
                mutant = next(waiting, None)
                if mutant is None or len(results.noticed) >= count or time.monotonic() > until:
                    return
            noticed = bench.notices(mutant, own)
            with results.lock:
                is_wanted = mutant in results.noticed or len(results.noticed) < count
                if noticed is not None and is_wanted:
                    results.add(mutant, noticed)

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))


def main():
    parser = argparse.ArgumentParser(usage=__doc__.partition("usage: ")[2].partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=240)
    parser.add_argument("--least-percent", type=float, default=0)
    parser.add_argument("--again", action="store_true", help="those that `results` says survived, and no others")
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    mutants = drawn(options.seed)
    results = Results(folder / "results", mutants)
    if options.again:
        mutants, options.count = results.survivors(), math.inf
    else:
        mutants = [mutant for mutant in mutants if mutant not in results.noticed]
    try_all(Bench(folder), folder, mutants, results, options.count, time.monotonic() + 60 * options.minutes)
    print(*map(shown, results.survivors()), sep="\n")
    noticed = sum(results.noticed.values())
    percent = 100 * noticed / max(1, len(results.noticed))
    print(f"mutants: {noticed} of {len(results.noticed)} were noticed, {percent:.1f} %")
    if percent < options.least_percent:
        sys.exit(f"mutants: {options.least_percent} % are wanted")


main()
