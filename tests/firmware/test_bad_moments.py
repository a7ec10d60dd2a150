"""What a board meets besides: bytes that its UART lost, and a reset at any moment."""

import random
import time

import pytest

from image import GATEWAY, At

RESETS = 24


def taken(image):
    """Bytes that the modem has taken from its host since the start."""
    return int(image.ask_rig("counts").split()[0].partition("=")[2])


def type_and_wait(image, data):
    """Until the modem has taken it."""
    wanted, end = taken(image) + len(data), time.monotonic() + 60
    image.host.type(data)
    while taken(image) < wanted:
        assert time.monotonic() < end


@pytest.mark.parametrize("lost", [2, 3, 4])
def test_bytes_that_an_overrun_lost(start_image, lost):
    """The line that lacks them is an error, the next one is understood; and it is counted."""
    image = start_image()
    host = image.host
    type_and_wait(image, b"AT+")
    image.ask_rig(f"lose {lost}")
    host.send("CGMM")
    host.expect(r"\A\r\nERROR\r\n")
    assert host.command("AT+CGMM") == ["IMQTT-LTE"]
    assert image.figures()["overruns"] == (lost,)


def test_a_reset_at_any_moment(start_image, mosquitto, client_id):
    """Between any two bytes of setting up, connecting and publishing: it starts, and works."""
    chance, image = random.Random(16), start_image()
    host = image.host
    script = (
        f"AT+IMQTTADDR={GATEWAY},{mosquitto.port},{client_id}\rAT&W\rAT+IMQTTCONN\r"
        f"AT+IMQTTSUB={client_id},1\rAT+IMQTTPUBEX={client_id},1,0,8\r12345678AT+IMQTTPUB={client_id},1,x\r"
    ).encode()
    for _ in range(RESETS):
        type_and_wait(image, script[: chance.randrange(len(script))])
        image.reset()
    host.connect(At(mosquitto), client_id=client_id)
    host.subscribe(client_id, 1)
    host.command(f"AT+IMQTTPUB={client_id},1,well")
    assert host.received()[2] == b"well"
