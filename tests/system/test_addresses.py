"""Names with several addresses, IPv4 and IPv6."""

import socket

import pytest

from processes import free_port


@pytest.fixture(scope="module")
def needs_ipv6():
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("this machine has no IPv6")


@pytest.fixture
def host(start_imqttd, tmp_path):
    """A host on a modem with its own /etc/hosts, where two.test has both addresses."""
    hosts, link = tmp_path / "hosts", tmp_path / "modem"
    hosts.write_text("127.0.0.1 two.test\n::1 two.test\n")
    inside = f'mount --bind {hosts} /etc/hosts && exec "$@"'
    modem = start_imqttd(
        *("--pty", link), within=["unshare", "--mount", "--map-root-user", "sh", "-c", inside, "-"]
    )
    modem.ready_pty(link)
    host = modem.pty_host(link)
    host.turn_echo_off()
    return host


def connects_to(host, address, port, client_id):
    host.command(f"AT+IMQTTADDR={address},{port},{client_id}")
    host.connect()
    host.command("AT+IMQTTDISCONN")
    host.urc(r"\+IMQTTCONN:-1")


def test_ipv6(host, start_mosquitto, needs_ipv6, client_id):
    port = free_port()
    start_mosquitto(f"listener {port} ::1", port=port)
    connects_to(host, "::1", port, client_id)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_name_of_which_one_address_refuses(
    host, start_mosquitto, needs_ipv6, client_id, address
):
    port = free_port()
    start_mosquitto(f"listener {port} {address}", port=port)
    connects_to(host, "two.test", port, client_id)


def test_a_name_of_which_both_addresses_refuse(host, needs_ipv6):
    host.command(f"AT+IMQTTADDR=two.test,{free_port()},x")
    assert host.fail_to_connect()[:2] == ("tcp", 111)
