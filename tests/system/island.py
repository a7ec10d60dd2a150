"""Two computers on one wire, made of network namespaces: the modem's and the broker's.

nftables loses, refuses or resets what the test says. Everything is gone with the processes that
hold the namespaces. Where the kernel lets users have namespaces, no privilege is needed.
"""

import subprocess

from processes import Process

MODEM, MODEM_IPV6 = "192.0.2.1", "2001:db8::1"
BROKER, BROKER_IPV6 = "192.0.2.2", "2001:db8::2"
# The broker's, too: for a test to lose without another one noticing.
OTHERS = tuple(f"192.0.2.{number}" for number in range(3, 10))
OTHER_IPV6 = "2001:db8::3"

# What becomes of packets whose `end`, saddr or daddr, is an address of these sets.
RULES = """
    table inet faults {{
        set lost {{ type ipv4_addr; }}
        set lost_ipv6 {{ type ipv6_addr; }}
        set unreachable {{ type ipv4_addr; }}
        set cut_off {{ type ipv4_addr; }}
        chain input {{
            type filter hook input priority 0;
            ip {end} @lost counter drop
            meta l4proto tcp ip6 {end} @lost_ipv6 counter drop
            ip {end} @unreachable reject with icmp host-unreachable
            meta l4proto tcp ip {end} @cut_off reject with tcp reset
        }}
    }}
"""


class Computer:
    """A network namespace. within: the words before a command that is to run there."""

    def __init__(self, *unshare_options, within=()):
        self.process = Process(
            *(*within, "unshare", *unshare_options, "sh", "-c", "echo ready && exec cat"),
            stdin=subprocess.PIPE,
        )
        self.process.line("ready")
        self.pid = str(self.process.child.pid)
        self.within = (
            *("nsenter", "--target", self.pid, "--preserve-credentials"),
            *("--user", "--mount", "--net"),
        )

    def run(self, *command, **options):
        ended = subprocess.run([*self.within, *command], capture_output=True, text=True, **options)
        assert ended.returncode == 0, f"{' '.join(command)}: {ended.stderr}"
        return ended.stdout

    def set_up(self, end, *addresses):
        for address in addresses:
            suffix = ("/64", "nodad") if ":" in address else ("/24",)
            self.run("ip", "address", "add", address + suffix[0], "dev", "wire", *suffix[1:])
        for device in ("lo", "wire"):
            self.run("ip", "link", "set", device, "up")
        self.run("nft", "--file", "-", input=RULES.format(end=end))

    def change(self, verb, kind, address):
        self.run("nft", verb, "element", "inet", "faults", kind, f"{{ {address} }}")

    def lost_packets(self):
        """How many packets were dropped here so far."""
        words = self.run("nft", "list", "chain", "inet", "faults", "input").split()
        return sum(int(count) for word, count in zip(words, words[1:]) if word == "packets")

    def close(self):
        self.process.kill()


class Island:
    def __init__(self):
        self._faults = []
        self.modem = Computer("--user", "--map-root-user", "--mount", "--net")
        self.broker = Computer("--net", within=self.modem.within)
        self.modem.run(
            *"ip link add wire type veth peer name wire netns".split(), self.broker.pid
        )
        self.modem.set_up("saddr", MODEM, MODEM_IPV6)
        self.broker.set_up("daddr", BROKER, BROKER_IPV6, *OTHERS, OTHER_IPV6)

    def fault(self, kind, address, *, at=None):
        """kind: a set of the rules. at: the computer that packets do not reach; the broker."""
        fault = (at or self.broker, kind, address)
        fault[0].change("add", *fault[1:])
        self._faults.append(fault)

    def mend(self, address):
        """Undoes the faults of an address."""
        for fault in [fault for fault in self._faults if fault[2] == address]:
            fault[0].change("delete", *fault[1:])
            self._faults.remove(fault)

    def close(self):
        self.broker.close()
        self.modem.close()
