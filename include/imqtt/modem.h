/* modem.h: one AT+IMQTT modem between two byte streams.
 *
 * The application owns the loop. It feeds bytes and events in, calls imqtt_modem_flush() once per
 * turn of its loop, then looks at imqtt_modem_wants() and imqtt_modem_next_deadline():
 *
 *     host bytes  -> imqtt_modem_terminal_input()       ports.terminal.write -> host
 *     broker      -> imqtt_modem_network_input()        ports.network.write  -> broker
 *     its timer   -> imqtt_modem_tick()
 *
 * Time is milliseconds of any clock that never goes back, handed in with each call. A modem is not
 * shared between threads; any number of modems can live side by side.
 */
#ifndef IMQTT_MODEM_H
#define IMQTT_MODEM_H

#include "imqtt/dialect.h"
#include "imqtt/identity.h"
#include "imqtt/limits.h"
#include "imqtt/own_commands.h"
#include "imqtt/ports.h"
#include "imqtt/public.h"
#include "imqtt/status.h"
#include "imqtt/version.h"

#ifdef __cplusplus
extern "C" {
#endif

struct imqtt_modem;
struct imqtt_client_ports;

#define IMQTT_NO_DEADLINE UINT64_MAX

/* What the simulated radio finds around it, and what follows from it (commands.md section 6). */
struct imqtt_radio {
    uint8_t signal;     /* CSQ 0-31, 99 unknown; under 10 is weak */
    uint8_t registered; /* 27.007 <stat>: 0 no, 1 home, 2 searching, 3 denied, 5 roaming */
    bool sim_ready;     /* false: there is no SIM, so no registration either */
    uint16_t area;      /* where it is registered: <lac> or <tac>, and <ci> */
    uint32_t cell;
};

struct imqtt_options {
    const struct imqtt_dialect *dialect; /* NULL: imqtt_dialect_default */
    bool boot_urcs;                      /* RDY and +CPIN: READY at start and reboot */
    bool is_wired;                       /* where hosts of a dialect expect Wi-Fi: a cable */
    struct imqtt_identity identity;
    uint64_t unix_time_ms;     /* UTC, now: where AT+CCLK starts; 0: nobody knows */
    int8_t zone_quarter_hours; /* how far local time is ahead of UTC; -96 … 96 */
    uint32_t baud;             /* the terminal's line as it is: AT+IPR?; 0: it has no speed */
    bool rts_cts;              /* AT+IFC? */

    /* Factory values that differ from the manual's. All zero: none. */
    bool echo_off;            /* ATE0 */
    uint8_t error_form;       /* AT+CMEE: 0, 1 or 2 */
    bool wide_limits;         /* commands.md section 8 */
    uint16_t reconnect_min_s; /* AT+IMQTTRECONN=1,min,max; 0: it is off */
    uint16_t reconnect_max_s;
    bool keeps_session;              /* a session of CLEAN,0 outlives a power cut; needs a store */
    const char *const *presets;      /* command lines that set something, "AT…"; not copied */
    size_t preset_count;             /* none where IMQTT_WITH_PROFILE is 0 */
    const struct imqtt_radio *radio; /* at start, copied; NULL: registered at home, signal 25 */
#if IMQTT_CLIENTS > 1
    uint8_t clients; /* connections at a time, 0 is 1; no more than the dialect counts: clients.h */
    const struct imqtt_client_ports *client_ports; /* of those behind the first; not copied */
#endif
#if IMQTT_WITH_OWN_COMMANDS
    const struct imqtt_own_commands *own_commands; /* not copied; NULL: none */
#endif
};

/* Bytes a modem needs, all limits as compiled, growable buffers not included. */
IMQTT_PUBLIC size_t imqtt_modem_bytes(void);

/* Makes a modem in memory of the caller's, aligned for any type, of imqtt_modem_bytes().
 * ports and options are copied, the identity's strings are not. The modem is the memory: nothing
 * else to free but by _end(). */
IMQTT_PUBLIC struct imqtt_modem *imqtt_modem_init(void *memory, const struct imqtt_ports *ports,
                                                  const struct imqtt_options *options,
                                                  uint64_t now_ms);

/* Closes the network without a farewell and gives all growable memory back. */
IMQTT_PUBLIC void imqtt_modem_end(struct imqtt_modem *modem);

/* ---- what comes in ------------------------------------------------------------------------- */

/* Bytes from the host. Returns how many were used; the rest is to be kept and offered again once
 * imqtt_modem_wants() says so: that is how a fast host is slowed. */
IMQTT_PUBLIC size_t imqtt_modem_terminal_input(struct imqtt_modem *modem, const uint8_t *bytes,
                                               size_t count, uint64_t now_ms);

/* The network port's answers. input returns how many bytes were used, as above. */
IMQTT_PUBLIC void imqtt_modem_network_opened(struct imqtt_modem *modem, uint64_t now_ms);
IMQTT_PUBLIC size_t imqtt_modem_network_input(struct imqtt_modem *modem, const uint8_t *bytes,
                                              size_t count, uint64_t now_ms);
/* The attempt or the connection is over; the port is closed already. */
IMQTT_PUBLIC void imqtt_modem_network_failed(struct imqtt_modem *modem,
                                             const struct imqtt_failure *failure, uint64_t now_ms);

/* The store port's answers. bytes is the record that was found, and is copied. */
IMQTT_PUBLIC void imqtt_modem_loaded(struct imqtt_modem *modem, enum imqtt_load outcome,
                                     const uint8_t *bytes, size_t count, uint64_t now_ms);
IMQTT_PUBLIC void imqtt_modem_saved(struct imqtt_modem *modem, bool safe, uint64_t now_ms);

/* The time has come that imqtt_modem_next_deadline() named. Harmless at any other time. */
IMQTT_PUBLIC void imqtt_modem_tick(struct imqtt_modem *modem, uint64_t now_ms);

/* A change takes effect at once: losing the registration ends an open connection. */
IMQTT_PUBLIC void imqtt_modem_set_radio(struct imqtt_modem *modem, const struct imqtt_radio *radio,
                                        uint64_t now_ms);

/* Memory is short, or is again not: while it is, a modem whose output waits for its terminal takes
 * nothing more from either side, as it else does only above IMQTT_OUTPUT_HIGH_BYTES. */
IMQTT_PUBLIC void imqtt_modem_set_short_of_memory(struct imqtt_modem *modem, bool is_short);

/* ---- what goes out ------------------------------------------------------------------------- */

/* Hands waiting output to both ports. Once per turn of the loop, and when a port has room again. */
IMQTT_PUBLIC void imqtt_modem_flush(struct imqtt_modem *modem, uint64_t now_ms);

/* ---- what the loop should do next ---------------------------------------------------------- */

struct imqtt_wants {
    bool terminal_input; /* false: stop reading from the host */
    bool network_input;  /* false: stop reading from the broker */
    bool terminal_room;  /* true: output waits for the terminal to have room */
    bool network_room;   /* true: output waits for the network to have room */
};

IMQTT_PUBLIC struct imqtt_wants imqtt_modem_wants(const struct imqtt_modem *modem);

/* The time at which _tick() is due, or IMQTT_NO_DEADLINE. */
IMQTT_PUBLIC uint64_t imqtt_modem_next_deadline(const struct imqtt_modem *modem);

/* True when no command, request or connection attempt is under way and all output has been taken:
 * a script's next line can be fed, and a program at the end of its input can stop. */
IMQTT_PUBLIC bool imqtt_modem_is_idle(const struct imqtt_modem *modem);

/* To a broker; of several clients one is. */
IMQTT_PUBLIC bool imqtt_modem_is_connected(const struct imqtt_modem *modem);

/* As last set, whatever the host has switched off: change what is to change, and set it again. */
IMQTT_PUBLIC struct imqtt_radio imqtt_modem_radio(const struct imqtt_modem *modem);

/* Ends an open connection with DISCONNECT, as AT+IMQTTDISCONN would: the application goes on with
 * its loop until imqtt_modem_is_idle(), then calls _end(). */
IMQTT_PUBLIC void imqtt_modem_shut_down(struct imqtt_modem *modem, uint64_t now_ms);

#ifdef __cplusplus
}
#endif

#endif
