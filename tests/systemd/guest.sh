#!/bin/bash
# Runs once inside of the guest of script/test-systemd, as root under its systemd, and says on the
# console what it found: a line a check, "ok NAME" or "not ok NAME".
exec >/dev/ttyS0 2>&1
set -u

DEADLINE_S=180 # an emulated processor is slow
control=/run/imqtt/control
secret=correct-horse

check() {
    local name=$1
    shift
    if "$@"; then
        echo "ok $name"
    else
        echo "not ok $name"
        systemctl --no-pager --lines=20 status imqttd
    fi
}

until_true() {
    local end=$((SECONDS + DEADLINE_S))
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.2
    done
}

property() { systemctl show "${2:-imqttd}" --property="$1" --value; }
has_restarted() { [ "$(property NRestarts)" = "$1" ] && [ "$(property ActiveState)" = active ]; }
ctl() { imqttctl -s "${socket:-$control}" "$@"; }
shows() { ctl show "$1" 2>&1 | grep -q "$2"; }
journal_has() { journalctl --unit=imqttd --no-pager | grep -q "$1"; }
process_has() { tr '\0' '\n' <"/proc/$(property MainPID)/$1" | grep -q "$2"; }

# What docs/gateway.md says: a name that stays, and no ModemManager.
names_the_port() {
    echo 'SUBSYSTEM=="tty", KERNEL=="ttyS1", SYMLINK+="imqtt/wire", TAG+="imqtt"' >/etc/udev/rules.d/69-imqtt-ports.rules
    udevadm control --reload && udevadm trigger --settle /dev/ttyS1 &&
        [ "$(readlink --canonicalize /dev/imqtt/wire)" = /dev/ttyS1 ] &&
        [ "$(stat --format='%G %a' /dev/ttyS1)" = 'dialout 660' ] &&
        udevadm info /dev/ttyS1 | grep -q ID_MM_PORT_IGNORE=1
}

write_configuration() {
    cat >/etc/imqtt/imqttd.conf <<END
[imqttd]
state = /var/lib/imqtt
control = $control

[modem meter]
pty = /run/imqtt/meter
preset-file = /run/credentials/imqttd.service/meter.preset

[modem wire]
serial = /dev/imqtt/wire,9600
END
    echo "AT+IMQTTUSER=meter-1,$secret" >/etc/imqtt/meter.preset
    chmod 0600 /etc/imqtt/meter.preset # root's: the service itself cannot read it
    mkdir -p /etc/systemd/system/imqttd.service.d
    printf '%s\n' '[Service]' 'LoadCredential=meter.preset:/etc/imqtt/meter.preset' \
        >/etc/systemd/system/imqttd.service.d/secrets.conf
    systemctl daemon-reload
}

is_installed() { dpkg --install /opt/imqtt_*.deb && systemctl --quiet is-active imqttd; }
knows_the_secret() { shows meter 'user_name: meter-1'; }
keeps_the_secret() {
    ! journal_has "$secret" && ! process_has environ "$secret" && ! process_has cmdline "$secret"
}
is_its_own_user() {
    [ "$(stat --format=%U "/proc/$(property MainPID)")" = imqtt ] &&
        grep -q '^CapEff:.0*$' "/proc/$(property MainPID)/status"
}
is_confined() { grep -q '^imqttd (enforce)' "/proc/$(property MainPID)/attr/current"; }
was_denied_nothing() { ! journalctl --dmesg --no-pager | grep 'apparmor="DENIED".*profile="imqttd"'; }
is_barely_exposed() {
    systemd-analyze security imqttd --no-pager --threshold=13 >/dev/null
}

survives_a_crash() {
    kill -SEGV "$(property MainPID)"
    until_true has_restarted 1 && until_true ctl list
}
survives_a_hang() {
    kill -STOP "$(property MainPID)"
    until_true has_restarted 2 && until_true ctl list && journal_has 'Watchdog timeout'
}

takes_a_changed_port() {
    sed -i 's/wire,9600/wire,19200/' /etc/imqtt/imqttd.conf
    systemctl reload imqttd && until_true journal_has 'wire: open, 19200 baud'
}
refuses_a_bad_configuration() {
    cp /etc/imqtt/imqttd.conf /tmp/good.conf
    echo nonsense >>/etc/imqtt/imqttd.conf
    systemctl reload imqttd && until_true journal_has 'imqttd.conf:[0-9]*: ' && shows wire 'powered: yes'
    local result=$?
    cp /tmp/good.conf /etc/imqtt/imqttd.conf
    return $result
}

has_a_second_instance() {
    printf '%s\n' '[imqttd]' 'state = /var/lib/imqtt/second' 'control = /run/imqtt/second/control' \
        '[modem other]' 'pty = /run/imqtt/second/other' >/etc/imqtt/second.conf
    systemctl start imqttd@second && socket=/run/imqtt/second/control shows other 'powered: yes'
}
leaves_the_second_alone() {
    systemctl stop imqttd && socket=/run/imqtt/second/control shows other 'powered: yes' &&
        systemctl start imqttd && shows meter 'powered: yes'
}

restarts_both_when_upgraded() {
    local first second
    first=$(property MainPID) second=$(property MainPID imqttd@second)
    dpkg --install /opt/imqtt_*.deb && shows meter 'user_name: meter-1' &&
        socket=/run/imqtt/second/control shows other 'powered: yes' &&
        [ "$first" != "$(property MainPID)" ] && [ "$second" != "$(property MainPID imqttd@second)" ]
}

leaves_nothing() {
    dpkg --purge imqtt
    ! systemctl --quiet is-active imqttd && [ ! -e /run/imqtt ] && [ ! -e /var/lib/imqtt ] &&
        [ ! -e /etc/imqtt ] && ! getent passwd imqtt
}

check "installed, the service is up" is_installed
check "a serial port has its name, and no ModemManager" names_the_port
write_configuration
check "restarted with a configuration" systemctl restart imqttd
check "the serial port is open" until_true journal_has 'wire: open, 9600 baud'
check "a secret of root's comes by LoadCredential" knows_the_secret
check "it stands nowhere else" keeps_the_secret
check "its own user, without capabilities" is_its_own_user
check "confined by its AppArmor profile" is_confined
check "exposure is 1.3 at most" is_barely_exposed
check "restarted after a crash" survives_a_crash
check "restarted by the watchdog after it hung" survives_a_hang
check "a reload takes a changed port again" takes_a_changed_port
check "a reload with a mistake is told, and what runs goes on" refuses_a_bad_configuration
check "a second instance" has_a_second_instance
check "the first one's stop leaves the second alone" leaves_the_second_alone
check "an upgrade restarts both" restarts_both_when_upgraded
check "nothing was denied by AppArmor" was_denied_nothing
check "purged, nothing is left" leaves_nothing
echo "end of the checks"
systemctl --no-block poweroff
