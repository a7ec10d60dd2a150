#!/usr/bin/python3
"""Mutants of the core: one operator or constant of one line is changed, and unit tests and transcripts are
run. What they do not notice is printed.

usage: mutants.py [--seed N] [--count N] [--minutes N] [--least-percent N] [--again] FOLDER

Mutants are drawn by chance, the same for a seed. Each is one file of the core, compiled without
optimisation; the objects of all others stay, and the tests find the core as a shared library. A mutant that does not compile, or whose object is the same
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
LONG = "receive.at"  # its messages of 256 KiB, byte by byte, take longer than all the others

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
COMPILE = ["gcc", "-std=gnu11", "-fPIC", "-I.", "-Iinclude"]
LIBRARY = "libcore.so"
QUICK = ["-O0"]
CHECKED = ["-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
SANITIZERS = "detect_leaks=1:quarantine_size_mb=1"

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
        self.library_of(self.core.values(), folder)
        arena = ROOT / "examples/firmware/arena.c"
        player = self.all_compiled([*ROOT.glob("tests/transcripts/*.c"), arena]).values()
        shared = [path for path in ROOT.glob("tests/unit/*_*.c") if not path.name.startswith(("test_", "host_"))]
        fixtures = self.all_compiled([*shared, arena]).values()
        units = [path for path in ROOT.glob("tests/unit/test_*.c") if self.rooms(path) and "cloud" not in path.stem]
        self.units = {path.stem: [self.linked(path.stem, [made, *fixtures], "-lcmocka", "-ljansson")]
                      for path, made in self.all_compiled(units).items()}
        program = self.linked("play", player)
        transcripts = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("tests/transcripts/**/*.at"))
                       if "wrong" not in path.parts and "parts" not in path.parts]
        short = [path for path in transcripts if not path.endswith(LONG)]
        self.players = [[program, "--pieces", piece, *(short if piece == "bytes" else transcripts)] for piece in pieces]
        self.limits = {kind_of(command): self.limit_of(command) for command in [*self.units.values(), *self.players]}

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

    def library_of(self, core, work):
        named = ["-shared", f"-Wl,-soname,{LIBRARY}"]
        subprocess.run(["gcc", *named, *self.flags, *core, "-o", work / LIBRARY], check=True)

    def linked(self, name, objects, *libraries):
        """A program; which core it has is said when it runs."""
        program = self.folder / name
        objects = [*objects, self.folder / LIBRARY, *libraries, "-lcrypto"]
        subprocess.run(["gcc", *self.flags, *objects, "-o", program], check=True)
        return program

    def tests_of(self, path):
        """Unit tests by what they look at: those of the room, and those of the whole modem."""
        rooms = (path.relative_to(ROOT / "core").parts[0], "modem", "pump")
        return sorted(name for name in self.units if name.split("_")[1] in rooms)

    def limit_of(self, command):
        """Seconds of the processor that it may take. It passes while nothing is changed."""
        before = processor_s()
        subprocess.run(command, cwd=ROOT, env=environment(self.folder), capture_output=True, check=True)
        return max(LEAST_S, math.ceil(10 * (processor_s() - before)))

    def fails(self, command, work):
        limited = ["prlimit", f"--cpu={self.limits[kind_of(command)]}", *command]
        return subprocess.run(limited, cwd=ROOT, env=environment(work), capture_output=True).returncode != 0

    def makes(self, mutant, work):
        """Its library, with the others' objects; false where it is no mutant."""
        source, target = work / mutant.path.name, work / "mutant.o"
        source.write_text(mutant.text)
        try:
            self.compile(source, target)
        except subprocess.CalledProcessError:
            return False
        if code_of(target) == self.codes[mutant.path]:
            return False
        self.library_of([target if path == mutant.path else made for path, made in self.core.items()], work)
        return True

    def notices(self, mutant, work):
        whole, *in_pieces = self.players
        commands = [whole, *(self.units[name] for name in self.tests_of(mutant.path)), *in_pieces]
        return any(self.fails(command, work) for command in commands)


class Bench:
    """Both builds: the one that is quick, and the one that sees each wrong read and write."""

    def __init__(self, folder):
        self.quick = Build(folder / "quick", QUICK, PIECES)
        self.checked = Build(folder / "checked", CHECKED, PIECES[:1])

    def notices(self, mutant, work):
        """None: it is no mutant. Else whether a test fails."""
        if not self.quick.makes(mutant, work):
            return None
        return self.quick.notices(mutant, work) or (
            self.checked.makes(mutant, work) and self.checked.notices(mutant, work)
        )


def environment(work):
    """The core is the one that is there."""
    return {**os.environ, "LD_LIBRARY_PATH": str(work), "ASAN_OPTIONS": SANITIZERS}


def processor_s():
    """What all programs that have ended took of the processor."""
    times = os.times()
    return times.children_user + times.children_system


def kind_of(command):
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
