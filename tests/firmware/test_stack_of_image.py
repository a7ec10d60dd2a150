"""How deep the image's stack was: never deeper than what its calls come to, nor than docs/firmware.md says."""

import re

import stack_of_image
from image import BUILD, GATEWAY, ROOT, At
from test_tls_of_image import set_clock

BOARD = "mps2-an386"
PAGES = [ROOT / "docs" / "firmware.md", ROOT / "docs" / "zh" / "firmware.md"]
ROW = re.compile(r"^\| `stack` \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \|$", re.MULTILINE)


def stated():
    """{what: bytes}"""
    (row, *others) = {ROW.search(page.read_text()).groups() for page in PAGES}
    assert not others
    numbers = (int(number.replace(",", "")) for number in row)
    return dict(zip(("start", "tcp", "tls", "computed"), numbers, strict=True))


def talk(host, peer, client_id):
    """Both ways, of every QoS."""
    host.subscribe(client_id, 1)
    for qos in (0, 1, 2):
        host.command(f"AT+IMQTTPUB={client_id},{qos},{'x' * 400}")
        host.urc(r"\+IMQTTPUB:\d+,0")
        assert host.received()[2] == b"x" * 400
        peer.publish(client_id, bytes(b"y" * 1024), qos)
        assert host.received()[2] == b"y" * 1024


def test_it_is_as_deep_as_its_calls(start_image, mosquitto, peer, client_id):
    image = start_image(board=BOARD)
    computed, _chain = stack_of_image.deepest(BUILD / BOARD)
    at_start = image.figures()["stack"][0]
    image.paint_stack()
    image.host.connect(At(mosquitto), client_id=client_id)
    talk(image.host, peer, client_id)
    image.host.command("AT&W")
    used, size = image.figures()["stack"]
    assert (at_start, used) <= (stated()["start"], stated()["tcp"]) and used <= computed
    assert computed <= stated()["computed"] <= 1.02 * computed + 16 and computed < size


def test_tls_leaves_a_quarter_of_it(start_image, start_mosquitto, authority, client_id, monkeypatch):
    monkeypatch.setattr("certificates.KEY", ["-newkey", "rsa:4096", "-nodes"])
    certificate, key = authority.sign("deep", f"IP:{GATEWAY}")
    broker = start_mosquitto(f"certfile {certificate}", f"keyfile {key}")
    image = start_image(board=BOARD, ca=authority.certificate)
    set_clock(image.host)
    image.paint_stack()
    image.host.connect(At(broker), client_id=client_id, tls=1)
    used, size = image.figures()["stack"]
    assert used <= stated()["tls"] <= size * 3 // 4
