"""imqttd as the tests run it: started with options, awaited, and ended cleanly."""

import os
import pathlib
import resource
import signal
import time

from host import Host, SerialLine, TcpLine
from processes import Process

RELEASE = pathlib.Path(__file__).parents[2] / "build" / "bin" / "imqttd"
PROGRAM = pathlib.Path(os.environ.get("IMQTTD", RELEASE)).absolute()


class Imqttd:
    def __init__(self, *options, boot_urcs=False, within=(), program=PROGRAM, **popen):
        """within: the command that runs it, if not this program itself. program: RELEASE, for what
        the sanitizers are in the way of."""
        quiet = () if boot_urcs else ("--no-boot-urc",)
        self.process = Process(*within, str(program), *quiet, *map(str, options), **popen)
        self._hosts = []
        self.tcp_address = None

    def ready_pty(self, link):
        """Waits for the terminal; the path of its pts."""
        return self.process.line("ready pty", str(link)).split()[-1]

    def ready_tcp(self):
        line = self.process.line("ready tcp")
        host, _, port = line.split()[-1].rpartition(":")
        self.tcp_address = (host, int(port))
        return self.tcp_address

    def pty_host(self, link):
        return self.adopt(SerialLine(str(link)))

    def tcp_host(self, **options):
        return self.adopt(TcpLine(self.tcp_address, **options))

    def adopt(self, line):
        """A host on a line of this modem, closed with it."""
        host = Host(line, self.process.output)
        self._hosts.append(host)
        return host

    def resident_kib(self):
        status = pathlib.Path(f"/proc/{self.process.child.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    def cpu_s(self):
        """Processor time used so far."""
        clock = ~self.process.child.pid << 3 | 2  # clock_getcpuclockid(3)
        return time.clock_gettime(clock)

    def signal(self, number):
        self.process.child.send_signal(number)

    def limit(self, what, number):
        """Lowers or raises the soft limit of a resource, while it runs."""
        pid = self.process.child.pid
        _, hard = resource.prlimit(pid, what)
        resource.prlimit(pid, what, (number, hard))

    def logged(self, *parts):
        """Waits until a line with all of parts has been logged since the start."""
        if not self.count_logged(*parts):
            self.process.line(*parts)

    def count_logged(self, *parts):
        lines = list(self.process.output)
        return sum(all(part in line for part in parts) for line in lines)

    def stop(self):
        """SIGTERM; the program must end well, whatever was done to it."""
        if self.process.child.poll() is None:
            self.signal(signal.SIGTERM)
        status = self.process.wait()
        for host in self._hosts:
            host.close()
        if status == -signal.SIGKILL:
            return  # a test did that
        assert status == 0, f"exit status {status}:\n" + "\n".join(self.process.output)
