#!/usr/bin/python3
"""Mutants of the core: one operator or constant of one line is changed, and unit tests and transcripts are
run. What they do not notice is printed.

usage: mutants.py [--seed N] [--count N] [--minutes N] [--again] FOLDER      FOLDER: for objects and `results`, which grows

Mutants are drawn by chance, the same for a seed. Each is one file of the core, compiled without
optimisation; the objects of all others stay. A mutant that does not compile, or whose object is the same
as before, is none. It is noticed when a test fails, or takes ten times as much of the processor.
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
COMPILE = ["gcc", "-std=gnu11", "-O0", "-I.", "-Iinclude"]

Mutant = collections.namedtuple("Mutant", "path line old new text")


def mutants_of(path):
    text = path.read_text()
    bodies = [found.span() for found in BODY.finditer(text)]
    for found in TOKEN.finditer(text):
        old = found["word"] or found["operator"]
        if old not in OPERATORS or not any(begin < found.start() < end for begin, end in bodies):
            continue
        for new in OPERATORS[old]:
            changed = text[: found.start()] + new + text[found.end() :]
            yield Mutant(path, text.count("\n", 0, found.start()) + 1, old, new, changed)


class Bench:
    """Objects of the core and of what plays on it, a folder a worker."""

    def __init__(self, folder):
        self.objects = folder / "objects"
        self.objects.mkdir(parents=True, exist_ok=True)
        players = [path for path in ROOT.glob("tests/transcripts/*.c")] + [ROOT / "examples/firmware/arena.c"]
        units = [path for path in ROOT.glob("tests/unit/test_*.c") if self.rooms(path) and "cloud" not in path.stem]
        self.shared = [
            path for path in ROOT.glob("tests/unit/*_*.c")
            if not path.name.startswith(("test_", "host_"))
        ]
        self.core = {path: self.compiled(path) for path in SOURCES}
        self.player = [self.compiled(path) for path in players]
        fixtures = [self.compiled(path) for path in self.shared]
        arena = self.compiled(ROOT / "examples/firmware/arena.c")
        self.units = {path.stem: [self.compiled(path), *fixtures, arena] for path in units}
        self.transcripts = [str(path.relative_to(ROOT)) for path in sorted(ROOT.glob("tests/transcripts/**/*.at"))
                            if "wrong" not in path.parts and "parts" not in path.parts]
        self.codes = {path: code_of(made) for path, made in self.core.items()}
        self.limits = self.measured(folder)

    @staticmethod
    def rooms(path):
        room = path.stem.split("_")[1]
        return room in ("aliyun", "at", "bytes", "device", "dialect", "modem", "mqtt", "pump", "session", "settings")

    def compiled(self, path):
        target = self.objects / ("_".join(path.relative_to(ROOT).parts)[:-2] + ".o")
        subprocess.run([*COMPILE, "-c", path, "-o", target], cwd=ROOT, check=True)
        return target

    def tests_of(self, path):
        """Unit tests by what they look at: those of the room."""
        room = path.relative_to(ROOT / "core").parts[0]
        return sorted(name for name in self.units if name.split("_")[1] == room)

    def unit(self, name, objects, work):
        return [self.linked(work / name, [*self.units[name], *objects], "-lcmocka", "-ljansson")]

    def player_of(self, objects, work):
        """Transcripts with bytes as they come, which is quick, and then in pieces."""
        program = self.linked(work / "play", [*self.player, *objects])
        return [[program, "--pieces", pieces, *self.transcripts] for pieces in ("whole", "random", "bytes")]

    def measured(self, folder):
        """{name of a test: seconds of the processor that it may take}; each passes while nothing is changed."""
        objects, limits = self.core.values(), {}
        commands = [self.unit(name, objects, folder) for name in self.units] + self.player_of(objects, folder)
        for command in commands:
            before = processor_s()
            subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
            limits[kind_of(command)] = max(LEAST_S, math.ceil(10 * (processor_s() - before)))
        return limits

    def fails(self, command):
        limited = ["prlimit", f"--cpu={self.limits[kind_of(command)]}", *command]
        return subprocess.run(limited, cwd=ROOT, capture_output=True).returncode != 0

    def notices(self, mutant, work):
        """None: it is no mutant. Else whether a test fails."""
        source, target = work / mutant.path.name, work / "mutant.o"
        source.write_text(mutant.text)
        if subprocess.run([*COMPILE, "-w", "-c", source, "-o", target], cwd=ROOT, capture_output=True).returncode:
            return None
        if code_of(target) == self.codes[mutant.path]:
            return None
        objects = [target if path == mutant.path else made for path, made in self.core.items()]
        whole, *in_pieces = self.player_of(objects, work)
        return (
            self.fails(whole)
            or any(self.fails(self.unit(name, objects, work)) for name in self.tests_of(mutant.path))
            or any(self.fails(command) for command in in_pieces)
        )

    @staticmethod
    def linked(program, objects, *libraries):
        subprocess.run(["gcc", "-no-pie", *objects, *libraries, "-lcrypto", "-o", program], check=True)
        return program


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
    """Mutants in the order of chance."""
    found = [mutant for path in SOURCES for mutant in mutants_of(path)]
    random.Random(seed).shuffle(found)
    return found


def shown(mutant):
    return f"{mutant.path.relative_to(ROOT)}:{mutant.line}: {mutant.old} -> {mutant.new or 'nothing'}"


def tell(log, mutant, noticed):
    print("noticed " if noticed else "survived", shown(mutant), file=log, flush=True)


def tried(bench, folder, mutants, count, until):
    """{mutant: whether it was noticed}, of the first `count` that are ones."""
    results, lock, waiting, log = {}, threading.Lock(), iter(mutants), (folder / "results").open("w")

    def work(number):
        own = folder / f"worker{number}"
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir()
        while True:
            with lock:
                if len(results) >= count or time.monotonic() > until:
                    return
                mutant = next(waiting, None)
            if mutant is None:
                return
            noticed = bench.notices(mutant, own)
            with lock:
                if noticed is not None and len(results) < count:
                    results[mutant] = noticed
                    tell(log, mutant, noticed)

    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(work, range(WORKERS)))
    return results


def main():
    parser = argparse.ArgumentParser(usage=__doc__.partition("usage: ")[2].partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=240)
    parser.add_argument("--least-percent", type=float, default=0)
    parser.add_argument("--again", action="store_true", help="only those that `results` says survived")
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    folder = options.folder.resolve()
    mutants = drawn(options.seed)
    if options.again:
        survivors = re.findall(r"^survived (.*)$", (folder / "results").read_text(), re.MULTILINE)
        mutants = [mutant for mutant in mutants if shown(mutant) in survivors]
    bench = Bench(folder)
    until = time.monotonic() + 60 * options.minutes
    results = tried(bench, folder, mutants, options.count, until)
    for mutant in sorted(mutant for mutant, noticed in results.items() if not noticed):
        print(shown(mutant))
    noticed = sum(results.values())
    percent = 100 * noticed / max(1, len(results))
    print(f"mutants: {noticed} of {len(results)} were noticed, {percent:.1f} %")
    if percent < options.least_percent:
        sys.exit(f"mutants: {options.least_percent} % are wanted")


main()
