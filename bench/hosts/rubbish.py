"""rubbish.py TERMINAL reading|deaf: types bytes that mean nothing, as many as the terminal takes, until
its stdin ends. A deaf one reads no answer."""

import os
import random
import select
import sys
import tty

BYTES = 512
LINE_END = 13


def rubbish(random_source):
    """Lines of any bytes, some of which begin as commands do."""
    text = bytearray(random_source.randbytes(BYTES))
    text[:3] = b"AT+"
    text[-1] = LINE_END
    return text


def main():
    terminal = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    tty.setraw(terminal)
    random_source, left = random.Random(17), b""
    heard = [terminal] if sys.argv[2] == "reading" else []
    print("ready", flush=True)
    while True:
        readable, writable, _ = select.select([0, *heard], [terminal], [])
        if 0 in readable:
            return
        if terminal in readable:
            os.read(terminal, 65536)
        if writable:
            left = left or rubbish(random_source)
            left = left[os.write(terminal, left) :]


main()
