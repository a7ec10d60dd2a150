/* modem_config.h: all that one modem is made of. Nothing of it is taken from anywhere else, so two
 * modems of one program can differ in everything.
 */
#ifndef HOST_MODEM_MODEM_CONFIG_H
#define HOST_MODEM_MODEM_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "host/net/redirects.h"
#include "host/net/tls.h"
#include "imqtt/identity.h"
#include "imqtt/modem.h"

/* Strings and what is pointed to belong to whoever made the configuration, and stay until the last
 * modem made from it has ended. */
struct modem_config {
    const char *name;      /* unique in the program: "meter-7" */
    const char *stored_as; /* how its settings are found in the store: "pty /tmp/modem" */

    const struct imqtt_identity *identity; /* but for its name, which is stored_as */
    const struct imqtt_dialect *dialect;   /* NULL: imqtt's own */
    uint8_t clients;                       /* connections at a time; 0: one */
    bool boot_urcs;
    bool is_wired;             /* a dialect that has Wi-Fi: a cable instead */
    bool echo;                 /* factory values of ATE and AT+CMEE */
    uint8_t error_form;        /* 0, 1 or 2 */
    const char *const *preset; /* command lines, "AT…": they set its factory values */
    size_t preset_count;
    struct imqtt_radio radio; /* as it is at start */
    bool wide_limits;         /* commands.md section 8 */
    bool keeps_session;       /* that of CLEAN,0 outlives the program; needs a store */
    uint16_t reconnect_min_s; /* 0: it does not reconnect by itself */
    uint16_t reconnect_max_s;
    uint32_t pace_baud; /* its output leaves at the pace of such a line; 0: as it can */

    struct tls_settings tls;
    const struct redirects *redirects; /* connect-to; NULL: none */
    const char *source_address;        /* its connections come from there; NULL: any */
};

/* What a modem is without any setting; it still needs a name and what it is stored as. */
struct modem_config modem_config_default(void);

#endif
