"""Transcripts of the core, on the image: the same bytes through a real UART, on every kind of Cortex-M."""

import itertools

import pytest

import stack_of_image
import transcript
from image import BOARDS, BUILD, ROOT

# Where most scenes have no packets; of the others transcript.py leaves out what needs a machine.
FILES = [
    *("answers", "basic", "configuration", "connection", "contexts", "decisions", "host-line", "identity"),
    *("inert", "line", "parameters", "profile", "radio", "reboot", "receive", "reconnect", "state", "will"),
]


def scenes_for_the_image(name):
    """Of a file of tests/transcripts."""
    scenes = transcript.scenes_of(ROOT / "tests" / "transcripts" / f"{name}.at")
    return [scene for scene in scenes if scene.is_for_the_image()]


def test_what_is_played():
    assert sum(len(scenes_for_the_image(name)) for name in FILES) >= 170


@pytest.mark.parametrize(("name", "board"), zip(FILES, itertools.cycle(BOARDS)))
def test_a_transcript(start_image, name, board):
    image = start_image(board=board, boots=False)
    player = transcript.Player(image)
    image.paint_stack()
    for scene in scenes_for_the_image(name):
        try:
            player.play(scene)
        except AssertionError as problem:
            raise AssertionError(f"{scene.title}\n{problem}") from problem
    assert image.figures()["stack"][0] <= stack_of_image.deepest(BUILD / board)[0]


def test_the_player_finds_mistakes(start_image):
    image = start_image(boots=False)
    player = transcript.Player(image)
    for scene in scenes_for_the_image("wrong/player")[:6]:  # those about answers
        with pytest.raises(AssertionError, match="expected|said more"):
            player.play(scene)
        player.forget()
