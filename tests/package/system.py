"""A Debian system in a folder, to install packages on: what debootstrap made lies below, unchanged,
and what a test does to it lies in memory above, and is forgotten."""

import os
import pathlib
import signal
import subprocess

ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
}


def mount(*arguments):
    subprocess.run(["mount", *map(str, arguments)], check=True)


class System:
    def __init__(self, folder, base, size="512m"):
        """size: how much can be written to it."""
        memory, self.root = folder / "memory", folder / "root"
        for path in (memory, self.root):
            path.mkdir()
        mount("-t", "tmpfs", "-o", f"size={size}", "none", memory)
        (memory / "upper").mkdir()
        (memory / "work").mkdir()
        layers = f"lowerdir={base},upperdir={memory}/upper,workdir={memory}/work"
        mount("-t", "overlay", "-o", layers, "none", self.root)
        mount("-t", "proc", "none", self.root / "proc")
        mount("--rbind", "/dev", self.root / "dev")
        mount("-t", "tmpfs", "none", self.root / "run")  # as it is after a start
        mount("-t", "tmpfs", "none", self.root / "tmp")
        (self.root / "tmp").chmod(0o1777)
        self.memory = memory
        self._let_services_start()

    def _let_services_start(self):
        """Without an init system Debian starts services only where this file lets it."""
        policy = self.path("/usr/sbin/policy-rc.d")
        policy.write_text("#!/bin/sh\nexit 0\n")
        policy.chmod(0o755)

    def path(self, inside):
        return self.root / inside.lstrip("/")

    def run(self, *command, check=True, input=""):
        done = subprocess.run(
            ["chroot", self.root, *command], input=input, capture_output=True, text=True, timeout=120,
            env=ENVIRONMENT,
        )
        assert done.returncode == 0 or not check, done.stdout + done.stderr
        return done

    def start(self, *command):
        """Runs on; what it says can be read line by line."""
        return subprocess.Popen(
            ["chroot", self.root, *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT,
        )

    def offer(self, package):
        """Puts a package where dpkg of the system finds it."""
        copy = self.path("/tmp") / package.name
        copy.write_bytes(package.read_bytes())
        return f"/tmp/{package.name}"

    def install(self, *packages, check=True, options=()):
        return self.run("dpkg", *options, "--install", *map(self.offer, packages), check=check)

    def processes(self):
        """Ours, by their ids."""
        for entry in pathlib.Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.readlink(entry / "root") == str(self.root):
                    yield int(entry.name)
            except OSError:
                pass  # it has ended meanwhile

    def pid_of(self, program):
        found = [
            pid for pid in self.processes()
            if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == program
        ]
        return found[0] if found else None

    def files(self):
        """What is there beside the package manager's own notes, with what is in it."""
        found = {}
        for top in ("etc", "usr", "var", "lib", "opt", "srv"):
            for path in sorted(self.path(top).rglob("*")):
                name = "/" + str(path.relative_to(self.root))
                if not name.startswith(("/var/lib/dpkg/", "/var/log/", "/var/cache/", "/usr/share/man/")):
                    found[name] = self._content(path)
        return found

    def _content(self, path):
        if path.is_symlink():
            return os.readlink(path)
        return path.read_bytes() if path.is_file() else None

    def end(self):
        for pid in list(self.processes()):
            os.kill(pid, signal.SIGKILL)
        subprocess.run(["umount", "--recursive", "--lazy", self.root], check=True)
        subprocess.run(["umount", "--lazy", self.memory], check=True)
