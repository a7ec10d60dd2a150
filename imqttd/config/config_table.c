#include "imqttd/config/config_table.h"

#include <string.h>

#include "imqttd/config/config_values.h"
#include "imqttd/config/plan.h"

#define PROGRAM SECTION_PROGRAM
#define MODEM   (SECTION_DEFAULTS | SECTION_MODEM)
#define ONE     SECTION_MODEM

#define OF_PROGRAM(field) offsetof(struct program_plan, field)
#define OF_MODEM(field)   offsetof(struct modem_plan, field)
#define MAX_FLEET         100000
#define MAX_FIRST         4000000000

/* clang-format off */
const struct config_key config_keys[] = {
    {"state", PROGRAM, "DIR", NULL, false, "keep stored settings in this folder", put_text, OF_PROGRAM(state_folder), 0, 0},
    {"log", PROGRAM, "LEVEL", "info", false, "error, warning, info or debug", put_log, 0, 0, 0},
    {"control", PROGRAM, "PATH|none", "none", false, "the control interface, on a Unix socket", put_control, 0, 0, 0},
    {"control-tcp", PROGRAM, "HOST:PORT", NULL, false, "the control interface, on TCP; needs token-file", put_control_tcp, 0, 0, 0},
    {"token-file", PROGRAM, "FILE", NULL, false, "the token that control-tcp asks for", put_text, OF_PROGRAM(token_file), 0, 0},
    {"allow-remote", PROGRAM, "yes|no", "no", false, "let other computers reach tcp and control-tcp", put_flag, OF_PROGRAM(allow_remote), 0, 0},
    {"max-memory", PROGRAM, "SIZE", MAX_MEMORY_DEFAULT, false, "what may wait in all modems together, with K, M or G", put_max_memory, 0, 0, 0},
    {"max-files", PROGRAM, "N", NULL, false, "descriptors, half of them for hosts that connect; without it, as many as the system allows", put_number, OF_PROGRAM(max_files), 64, 100000000},
    {"trace", PROGRAM, "FILE", NULL, false, "append what happens to FILE, as JSON lines", put_text, OF_PROGRAM(trace_file), 0, 0},
    {"metrics", PROGRAM, "yes|no", "yes", false, "serve /metrics on the control interface", put_flag, OF_PROGRAM(metrics), 0, 0},
    {"virtual-time", PROGRAM, "yes|no", "no", false, "the control interface may skip time (for tests)", put_flag, OF_PROGRAM(virtual_time), 0, 0},
    {"metrics-per-modem", PROGRAM, "yes|no", "yes", false, "metrics carry the modem's name", put_flag, OF_PROGRAM(metrics_per_modem), 0, 0},

    {"pty", ONE, "LINK", NULL, false, "its host opens a pseudo-terminal, as LINK", put_pty, 0, 0, 0},
    {"serial", ONE, "DEV[,BAUD]", NULL, false, "its host is on a serial port (115200 baud)", put_serial, 0, 0, 0},
    {"tcp", ONE, "HOST:PORT", NULL, false, "a modem for each connection to a TCP port", put_tcp, 0, 0, 0},
    {"unix", ONE, "PATH", NULL, false, "a modem for each connection to a Unix socket", put_unix, 0, 0, 0},
    {"stdio", ONE, "", NULL, false, "its host is on standard input and output", put_stdio, 0, 0, 0},
    {"count", ONE, "N", NULL, false, "a fleet of N modems: %d in the name and in values counts", put_fleet, 0, 1, MAX_FLEET},
    {"first", ONE, "M|env:VARIABLE", "0", false, "where %d begins", put_fleet, 0, 0, MAX_FIRST},
    {"stored-as", ONE, "NAME", NULL, false, "how its stored settings are found; without it, by its name", put_text, OF_MODEM(stored_as), 0, 0},

    {"preset", MODEM, "AT...", NULL, true, "typed at every power-on: its factory values", put_preset, 0, 0, 0},
    {"preset-file", MODEM, "FILE", NULL, true, "the same, a line each, for secrets", put_preset_file, 0, 0, 0},
#define IDENTITY_ROW(field, key, rule) \
    {"identity." key, MODEM, "VALUE", NULL, false, rule, put_identity, 0, field, field},
    IMQTT_IDENTITY_FIELDS(IDENTITY_ROW)
#undef IDENTITY_ROW
    {"boot-urcs", MODEM, "yes|no", "yes", false, "begin with RDY and +CPIN: READY", put_flag, OF_MODEM(boot_urcs), 0, 0},
    {"echo", MODEM, "yes|no", "yes", false, "the factory value of ATE", put_flag, OF_MODEM(echo), 0, 0},
    {"cmee", MODEM, "0|1|2", "0", false, "the factory value of AT+CMEE", put_cmee, 0, 0, 2},
    {"tls-ca", MODEM, "FILE", NULL, false, "trust these certificate authorities, not the system's", put_text, OF_MODEM(tls_ca), 0, 0},
    {"tls-cert", MODEM, "FILE", NULL, false, "the certificate that it shows to brokers", put_text, OF_MODEM(tls_cert), 0, 0},
    {"tls-key", MODEM, "FILE", NULL, false, "the key of that certificate", put_text, OF_MODEM(tls_key), 0, 0},
    {"tls-crl", MODEM, "FILE", NULL, false, "refuse the certificates that these lists revoke", put_text, OF_MODEM(tls_crl), 0, 0},
    {"tls-insecure", MODEM, "yes|no", "no", false, "do not verify certificates (for tests)", put_flag, OF_MODEM(tls_insecure), 0, 0},
    {"tls-min", MODEM, "1.2|1.3", "1.2", false, "the oldest version of TLS", put_tls_min, 0, 0, 0},
    {"connect-to", MODEM, "HOST:PORT=HOST:PORT", NULL, true, "connections to the first go to the second", put_connect_to, 0, 0, 0},
    {"source-address", MODEM, "ADDRESS[,ADDRESS...]", NULL, false, "connections come from there; a fleet takes them in turn", put_source_address, 0, 0, 0},
    {"dialect", MODEM, "NAME", "imqtt", false, "whose AT commands it speaks, by its name in docs/dialects", put_dialect, 0, 0, 0},
    {"clients", MODEM, "N", "1", false, "connections at a time, where the dialect counts clients: up to 6 in qmt, 2 in cmqtt", put_number, OF_MODEM(clients), 1, IMQTT_CLIENTS},
    {"esp-boot", MODEM, "wifi|eth", "wifi", false, "which network the dialect esp has: Wi-Fi, or a cable that is there at start", put_esp_boot, 0, 0, 0},
    {"limits", MODEM, "manual|wide", "manual", false, "which ranges commands have", put_limits, 0, 0, 0},
    {"keep-session", MODEM, "memory|disk", "memory", false, "disk: a session of CLEAN,0 outlives a power cut; needs state", put_keep_session, 0, 0, 0},
    {"reconnect", MODEM, "MIN..MAX", NULL, false, "connect again by itself, after so long", put_reconnect, 0, 0, 0},
    {"baud", MODEM, "N", NULL, false, "output at the pace of a line of N baud", put_number, OF_MODEM(pace_baud), 50, 4000000},
    {"fault", MODEM, "TYPE [KEY=VALUE...]", NULL, true, "a fault that is there from the start", put_fault, 0, 0, 0},
    {"radio", MODEM, "KEY=VALUE...", "signal=25 registered=home sim=ready", false, "signal, registered, sim: what the radio finds at start", put_radio, 0, 0, 0},
};
/* clang-format on */

const size_t config_key_count = sizeof config_keys / sizeof *config_keys;

const struct config_key *config_key_find(const char *name, enum config_section_kind section)
{
    for (size_t i = 0; i < config_key_count; i++)
        if ((config_keys[i].sections & section) != 0 && strcmp(config_keys[i].name, name) == 0)
            return &config_keys[i];
    return NULL;
}
