/* plan.h: what a configuration comes to: one plan for the program and one for each modem. */
#ifndef IMQTTD_CONFIG_PLAN_H
#define IMQTTD_CONFIG_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/faults/fault.h"
#include "host/net/endpoint.h"
#include "host/net/redirects.h"
#include "imqttd/config/config_faults.h"
#include "imqttd/log/log_level.h"
#include "imqtt/identity.h"
#include "imqtt/modem.h"

struct config_key;

#define MODEM_NAME_BYTES 40

struct program_plan {
    const char *state_folder; /* NULL: nothing is kept over restarts */
    enum log_level log_level;
    const char *control; /* NULL: none */
    struct endpoint control_tcp;
    bool has_control_tcp;
    const char *token_file;
    const char *trace_file; /* NULL: none */
    bool metrics;
    bool metrics_per_modem;
    bool allow_remote;
    bool virtual_time;
    uint64_t max_memory_bytes;
    uint32_t max_files; /* 0: as the system has it */
};

#define MAX_MEMORY_DEFAULT       "256M"
#define MAX_MEMORY_DEFAULT_BYTES (256U << 20)

enum terminal_type {
    TERMINAL_NONE,
    TERMINAL_PTY,
    TERMINAL_SERIAL,
    TERMINAL_TCP,
    TERMINAL_UNIX,
    TERMINAL_STDIO
};

/* One value that was given, defaults included, its %d replaced. */
struct plan_value {
    const struct config_key *key;
    char *text;
    bool is_secret; /* from a preset-file */
    struct config_place place;
};

/* Owns everything that it points to, so it outlives the configuration that it comes from. */
struct modem_plan {
    char name[MODEM_NAME_BYTES + 1];
    struct plan_value *values; /* two modems with equal ones and of one name are the same modem */
    size_t value_count;
    struct config_place place; /* of the section; the file's name is valid while it is read */
    bool is_option;

    enum terminal_type type;
    const char *where; /* the link, device, address or path, as it was given */
    uint32_t baud;     /* serial */

    const char *stored_as; /* how its settings are found */
    char *stored_as_text;  /* where that is made up */
    struct imqtt_identity identity;
    const struct imqtt_dialect *dialect; /* NULL: imqtt's own */
    uint32_t clients;
    bool boot_urcs, is_wired, echo, wide_limits, keeps_session, tls_insecure, tls_from_1_3;
    uint8_t error_form;
    const char *tls_ca, *tls_cert, *tls_key, *tls_crl;
    struct redirects redirects;
    char *redirects_text;
    char *device;         /* serial: where it has a speed behind it */
    char *source_address; /* NULL: any */
    const char *source_addresses;
    uint16_t reconnect_min_s, reconnect_max_s; /* 0: it does not */
    uint32_t pace_baud;
    struct imqtt_radio radio;
    const char **presets;
    size_t preset_count;
    struct fault *faults; /* an array */
    size_t fault_count;
};

/* Gives everything back. */
void modem_plan_free(struct modem_plan *plan);

/* The same modem, in every value. */
bool modem_plan_equal(const struct modem_plan *one, const struct modem_plan *other);

/* Where a key's value stands; without one, where the modem's section does. */
struct config_place modem_plan_place(const struct modem_plan *plan, const char *key);

/* Where one of type tcp listens; all zero if that was given wrongly. */
struct endpoint modem_plan_address(const struct modem_plan *plan);

/* A terminal that stays goes on using the strings that it was opened with: they change places with
 * the new plan's equal ones, and live as long as that. */
void modem_plan_keep_terminal(struct modem_plan *plan, struct modem_plan *old);

/* "pty", "serial", "tcp", "unix", "stdio". */
const char *terminal_type_word(enum terminal_type type);

#endif
