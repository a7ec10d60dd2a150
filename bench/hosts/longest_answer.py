"""longest_answer.py TERMINAL: types AT, one after the other; for each line on stdin it prints the
longest time that an answer has taken since the line before, in ns."""

import os
import select
import sys
import time
import tty


def ask(terminal):
    start_ns = time.monotonic_ns()
    os.write(terminal, b"AT\r")
    answer = b""
    while b"OK" not in answer:
        answer += os.read(terminal, 4096)
    return time.monotonic_ns() - start_ns


def main():
    terminal = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
    tty.setraw(terminal)
    longest_ns = ask(terminal)
    print("ready", flush=True)
    while True:
        if select.select([0], [], [], 0)[0]:
            if not os.read(0, 4096):
                return
            print("longest", longest_ns, flush=True)
            longest_ns = 0
        longest_ns = max(longest_ns, ask(terminal))


main()
