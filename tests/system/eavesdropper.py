"""Somebody else on the same computer, who looks for secrets wherever he may look."""

import pathlib
import stat


def seen_of(modem):
    """What imqttd shows of itself to everybody: its log, and its entry in the list of processes."""
    entry = pathlib.Path(f"/proc/{modem.process.child.pid}")
    names = ("cmdline", "comm", "status", "stat")
    return "\n".join(modem.process.output) + "".join(
        (entry / name).read_bytes().decode(errors="replace") for name in names
    )


def assert_unseen(modem, secrets):
    """None of the secrets is seen, in a log of level debug either."""
    seen = seen_of(modem).lower()
    assert "debug" in seen
    assert [secret for secret in secrets if secret.lower() in seen] == []


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]


def assert_private(folder):
    """There are files, and they are for their owner only."""
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert files_in(folder)
    for path in files_in(folder):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
