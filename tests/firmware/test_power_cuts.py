"""Settings in flash: whatever moment the power goes at, the old ones or the new ones are there."""

import random

import pytest

CUTS = 256
OPERATIONS = 32  # a save has about as many, now and then with the erasing of a sector before


def stored(host):
    (line,) = [line for line in host.command("AT+IMQTTADDR?") if "IMQTTADDR" in line]
    return line


def test_settings_survive_256_power_cuts(start_image):
    """Each cut leaves the flash as an operation does that was not finished."""
    image, chance = start_image(), random.Random(16)
    host = image.host
    host.command("AT+IMQTTADDR=first.example,1883,first")
    host.command("AT&W")
    known, cuts = stored(host), 0
    for number in range(4 * CUTS):
        host.command(f"AT+IMQTTADDR=broker{number}.example,{1024 + number},device{number}")
        wanted = stored(host)
        image.ask_rig(f"chance {chance.randrange(1, 2**32)}")
        image.ask_rig(f"cut {chance.randrange(1, OPERATIONS)}")
        host.send("AT&W")
        match = host.expect(r"\r\n(OK|RDY)\r\n")
        if match[1] == b"OK":  # the cut would have come later
            image.ask_rig("cut 0")
            known = wanted
            continue
        host.expect(r"\r\n\+CPIN: READY\r\n")
        host.turn_echo_off()
        cuts += 1
        assert stored(host) in (known, wanted)
        known = stored(host)
        if cuts == CUTS:
            break
    assert cuts == CUTS
    host.command("AT+IMQTTADDR=last.example,1883,last")
    host.command("AT&W")
    image.reset()
    assert "last.example" in stored(host)


@pytest.mark.parametrize("sector", [0, 1])
def test_one_sector_of_a_pair_may_wear_out(start_image, sector):
    image = start_image()
    host = image.host
    image.ask_rig(f"worn {sector}")
    for number in range(100):
        host.command(f"AT+IMQTTADDR=broker{number}.example,1883,device")
        if host.ask("AT&W")[1] != "OK":
            break  # the other sector is full, and must not be erased
        known = stored(host)
    image.reset()
    assert stored(host) == known
