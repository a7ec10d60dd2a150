#!/usr/bin/python3
"""The deepest stack of the image for Cortex-M (script/firmware), from its calls, as stack.py has it: the
loop, the core, the ports and lwIP, without TLS, and with one interrupt on top: they do not nest. Mbed TLS
calls through too many pointers to be described so; what it takes is painted and looked at.

usage: stack_of_image.py FOLDER      FOLDER: the build of one board
"""

import pathlib
import sys

import stack

SAVED_BYTES = 32 + 4  # what a Cortex-M saves when an interrupt comes, and a word to align it
INTERRUPTS = ["uart_receive_interrupt", "uart_transmit_interrupt", "ethernet_interrupt", "ticks_interrupt"]

# Not on the way: what the test rig takes, and TLS.
LEFT_OUT = {"rig_turn", "rig_start", "random_start", "link_tls_new", "link_tls_failure", "link_tls_has_begun"}

CRYPTO = []  # of Mbed TLS
FLASH = ["flash_faults.c:erase", "flash_faults.c:program", "flash_in_ram.c:erase", "flash_in_ram.c:program"]
PORTS = {
    "sign.c:put_name_and_password": CRYPTO, "aliyun_sign_registration": CRYPTO, "modem_random": CRYPTO,
    "lwip_random": CRYPTO,
    "terminal_output.c:write_up_to": ["main.c:write_uart"],
    "modem_write_terminal": ["main.c:write_uart", "main.c:configure_uart"],
    "link_hang_up": ["lwip_link.c:close_link"], "link_write": ["lwip_link.c:write_link"],
    "mqtt_client_connect": ["lwip_link.c:open_link"], "mqtt_client_end": ["lwip_link.c:close_link"],
    "records_load": ["settings_flash.c:load"], "records_save": ["settings_flash.c:save"],
    "session_news_pass": [], "own_command_run": [],
    "flash_records.c:program": FLASH[:2], "flash_record_save": FLASH[:2],
    "flash_faults.c:erase": FLASH[2:3], "flash_faults.c:program": FLASH[3:],
    # lwIP: one interface, TCP without TLS, and who is called back.
    "ethernet_output": ["netif_ethernet.c:send"], "ip4_output_if_src": ["etharp_output"], "ip4_frag": ["etharp_output"],
    "netif_ethernet_turn": ["ethernet_input"], "netif_ethernet.c:take_frame": ["ethernet_input"],
    "netif_add": ["netif_ethernet.c:set_up"], "pbuf_free": [],
    "udp_input": ["dhcp.c:dhcp_recv", "dns.c:dns_recv"],
    "dns.c:dns_call_found": ["lwip_link.c:resolved"],
    "tcp_input": ["altcp_tcp.c:altcp_tcp_sent", "altcp_tcp.c:altcp_tcp_recv", "altcp_tcp.c:altcp_tcp_err",
                  "altcp_tcp.c:altcp_tcp_connected"],
    "tcp_process_refused_data": ["altcp_tcp.c:altcp_tcp_recv"],
    "tcp_abandon": ["altcp_tcp.c:altcp_tcp_err"],
    "tcp_slowtmr": ["altcp_tcp.c:altcp_tcp_err", "altcp_tcp.c:altcp_tcp_poll"],
    "altcp_free": ["altcp_tcp.c:altcp_tcp_dealloc"],
    "altcp_tcp.c:altcp_tcp_connected": ["lwip_link.c:connected"],
    "altcp_tcp.c:altcp_tcp_recv": ["lwip_link.c:received"],
    "altcp_tcp.c:altcp_tcp_sent": [], "altcp_tcp.c:altcp_tcp_poll": [],
    "altcp_tcp.c:altcp_tcp_err": ["lwip_link.c:failed"],
    "sys_check_timeouts": ["timeouts.c:lwip_cyclic_timer", "timeouts.c:tcpip_tcp_timer"],
    "timeouts.c:lwip_cyclic_timer": ["etharp_tmr", "dhcp_coarse_tmr", "dhcp_fine_tmr", "dns_tmr", "ip_reass_tmr"],
}


def altcp_targets(frames):
    """altcp_write() goes to altcp_tcp.c:altcp_tcp_write, and so on."""
    for name in frames:
        verb = name.removeprefix("altcp_")
        if name.startswith("altcp_") and f"altcp_tcp.c:altcp_tcp_{verb}" in frames:
            yield name, [f"altcp_tcp.c:altcp_tcp_{verb}"]


def deepest(folder):
    """(bytes, the chain of calls)"""
    paths = [path for path in folder.rglob("*.ci") if "count.dir" not in path.parts]  # which has its own main()
    frames, calls = stack.graph("".join(path.read_text() for path in paths))
    for name in LEFT_OUT:
        frames.pop(name, None)
    for name in [name for name in frames if name.startswith(("mbedtls_", "altcp_mbedtls"))]:
        frames.pop(name)
    stack.TARGETS.update(PORTS)
    stack.TARGETS.update(altcp_targets(frames))
    tables = [*folder.rglob("imqtt_dialect.c.obj"), *folder.rglob("module_table.c.obj")]
    found = stack.deepest_of(frames, calls, tables, ["startup.c:reset", *INTERRUPTS])
    size, chain = found["startup.c:reset"]
    return size + SAVED_BYTES + max(found[name][0] for name in INTERRUPTS), chain


if __name__ == "__main__":
    size, chain = deepest(pathlib.Path(sys.argv[1]).resolve())
    print(f"{size} bytes without TLS\n    " + " -> ".join(chain))
