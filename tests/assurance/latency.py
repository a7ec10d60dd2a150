#!/usr/bin/python3
"""How long an interrupt of the image may wait, in instructions, from what objdump shows: behind the longest
stretch with interrupts held back (cpsid i … cpsie i), and behind the other interrupts, which have the same
priority and do not nest. A loop on the way is a failure: it would have no longest way.

usage: latency.py ELF
"""

import functools
import re
import subprocess
import sys

HANDLERS = ["uart_receive_interrupt", "uart_transmit_interrupt", "ethernet_interrupt", "ticks_interrupt"]
FUNCTION = re.compile(r"^([0-9a-f]+) <(.+)>:$")
LINE = re.compile(r"^\s*([0-9a-f]+):\t[0-9a-f ]+\t(\S+)\s*([^;@\n]*)")
CONDITIONS = "eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le"
BRANCH = re.compile(rf"^(?:b(?:\.[nw])?|(b(?:{CONDITIONS})(?:\.[nw])?|cbn?z))$")
TARGET = re.compile(r"([0-9a-f]+) <")


class Image:
    def __init__(self, elf):
        text = subprocess.run(["arm-none-eabi-objdump", "-d", elf], check=True, capture_output=True, text=True).stdout
        self.functions, self.instructions, self.following, last = {}, {}, {}, None
        for line in text.splitlines():
            if found := FUNCTION.match(line):
                self.functions[found[2]] = int(found[1], 16)
            elif found := LINE.match(line):
                address = int(found[1], 16)
                self.instructions[address] = (found[2], found[3])
                self.following[last] = last = address
        self.held = [address for address, (name, _) in self.instructions.items() if name == "cpsid"]

    @staticmethod
    def is_end(name, operands):
        return name in ("cpsie", "bx") or (name in ("pop", "ldmia.w") and "pc" in operands)

    def ways(self, address):
        """Where it may go on; a call also goes on behind."""
        name, operands = self.instructions[address]
        if self.is_end(name, operands):
            return []
        branch = BRANCH.match(name)
        target = int(TARGET.search(operands)[1], 16) if branch or name == "bl" else None
        if branch:
            return [target, self.following[address]] if branch[1] else [target]
        return [self.following[address]]

    @functools.cache  # noqa: B019
    def longest(self, address, way=()):
        """Instructions to the end of the function, or to where interrupts are let in again."""
        if address in way:
            raise SystemExit(f"latency.py: a loop at {address:x}")
        name, operands = self.instructions[address]
        called = self.longest(int(TARGET.search(operands)[1], 16)) if name == "bl" else 0
        way = (*way, address)
        return 1 + called + max((self.longest(next_one, way) for next_one in self.ways(address)), default=0)


def latency(elf):
    """(the longest stretch with interrupts held, {handler: its longest way}, all of them one behind the other)"""
    image = Image(elf)
    held = max(image.longest(address) for address in image.held)
    handlers = {name: image.longest(image.functions[name]) for name in HANDLERS}
    return held, handlers, held + sum(handlers.values()) - min(handlers.values())


if __name__ == "__main__":
    print(*latency(sys.argv[1]))
