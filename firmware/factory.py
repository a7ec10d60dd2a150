#!/usr/bin/python3
"""Writes a factory page for the image (firmware/port/factory_page.h): a seed for its random numbers, from
this computer's, and the authorities that it trusts.

usage: firmware/factory.py [--ca FILE] [--no-seed] PAGE
"""

import argparse
import os
import pathlib
import struct

HAS_SEED, SEED_BYTES, PAGE_BYTES = 1, 64, 16 * 1024


def page(authorities=b"", seed=None):
    """authorities: PEM, several one behind the other. seed: None for a device without."""
    certificates = authorities + b"\0" if authorities else b""
    head = struct.pack("<4sII", b"IMQF", HAS_SEED if seed else 0, len(certificates))
    whole = head + (seed or bytes(SEED_BYTES)) + certificates
    if len(whole) > PAGE_BYTES:
        raise ValueError(f"{len(authorities)} bytes of certificates are too many")
    return whole


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--ca", type=pathlib.Path, help="PEM file; without, TLS is refused")
    parser.add_argument("--no-seed", action="store_true", help="TLS is refused, loudly")
    parser.add_argument("page", type=pathlib.Path)
    options = parser.parse_args()
    authorities = options.ca.read_bytes() if options.ca else b""
    options.page.write_bytes(page(authorities, None if options.no_seed else os.urandom(SEED_BYTES)))


if __name__ == "__main__":
    main()
