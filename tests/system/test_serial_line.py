"""AT+IPR and AT+IFC on a serial line, as far as a pair of pseudo-terminals shows them: speed and
RTS/CTS can be seen in the terminal's settings; bits have none."""

import termios

import pytest

from cable import Cable


@pytest.fixture
def cable(tmp_path):
    cable = Cable(tmp_path)
    yield cable
    cable.close()


@pytest.fixture
def start_on(start_imqttd, cable):
    """Starts a modem on its end of the cable; the host at the other, with echo off."""

    def start(options=""):
        modem = start_imqttd("--serial", f"{cable.modem_end}{options}")
        modem.process.line("open")
        host = modem.pty_host(cable.host_end)
        host.turn_echo_off()
        return host

    return start


def settle(host):
    """What comes behind the OK of a change is written at the new settings: they are in force."""
    assert host.command("AT") == []


@pytest.mark.parametrize("options, baud", [("", 115200), (",9600", 9600)])
def test_the_speed_it_starts_at(start_on, cable, options, baud):
    host = start_on(options)
    assert cable.modem_speed() == getattr(termios, f"B{baud}")
    assert not cable.modem_has_rts_cts()
    assert host.command("AT+IPR?") == [f"+IPR: {baud}"]
    assert host.command("AT+IFC?") == ["+IFC: 0,0"]


def test_every_speed_can_be_set(start_on, cable):
    host = start_on()
    (offered,) = host.command("AT+IPR=?")
    speeds = offered.partition("),(")[2].rstrip(")").split(",")
    assert len(speeds) == 11
    for baud in speeds:
        host.command(f"AT+IPR={baud}")
        settle(host)
        assert cable.modem_speed() == getattr(termios, f"B{baud}")
        assert host.command("AT+IPR?") == [f"+IPR: {baud}"]


def test_a_speed_there_is_not_changes_nothing(start_on, cable):
    host = start_on(",57600")
    assert host.ask("AT+IPR=14400") == ([], "ERROR")
    settle(host)
    assert cable.modem_speed() == termios.B57600


def test_rts_cts_with_pyserial(start_on, cable, mosquitto, client_id):
    """On at both ends, with a speed change in the same line, and off again."""
    host = start_on()
    host.command("AT+IFC=2,2;+IPR=230400")
    settle(host)
    assert cable.modem_has_rts_cts()
    assert cable.modem_speed() == termios.B230400
    host.line.use(baudrate=230400, rtscts=True)
    assert host.command("AT+IFC?") == ["+IFC: 2,2"]
    host.connect(mosquitto, client_id=client_id)
    host.subscribe(client_id, 1)
    message = "x" * 3000
    host.command(f"AT+IMQTTPUB={client_id},1,{message}")
    assert host.received()[1:] == (client_id, message.encode())
    host.urc(r"\+IMQTTPUB:\d+,0")
    host.command("AT+IFC=0,0")
    settle(host)
    assert not cable.modem_has_rts_cts()


def test_a_reboot_and_stored_settings_leave_the_line_alone(start_on, cable):
    host = start_on()
    host.command("AT+IPR=19200;+IFC=2,2")
    host.command("AT&F")
    host.command("ATZE0")
    host.command("AT+CFUN=1,1")
    host.turn_echo_off()
    assert host.command("AT+IPR?") == ["+IPR: 19200"]
    assert cable.modem_speed() == termios.B19200
    assert cable.modem_has_rts_cts()
