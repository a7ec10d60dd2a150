/* parts.h: all state of one modem. The application's view is imqtt/modem.h. */
#ifndef CORE_MODEM_PARTS_H
#define CORE_MODEM_PARTS_H

#include "core/at/command.h"
#include "core/at/line.h"
#include "core/at/result.h"
#include "core/at/urc.h"
#include "core/device/clock.h"
#include "core/device/line_settings.h"
#include "core/device/radio.h"
#include "core/modem/data.h"
#include "core/modem/dynreg_state.h"
#include "core/modem/reconnection_state.h"
#include "core/modem/records.h"
#include "core/modem/typed_data.h"
#include "core/session/broker_link.h"
#include "core/settings/certificates.h"
#include "core/settings/client_settings.h"
#include "core/settings/settings.h"
#include "imqtt/modem.h"

/* Where the current command line stands. */
enum command_state {
    COMMAND_NONE,    /* the next line may come */
    COMMAND_WAITS,   /* its next command has not begun: it waits for room in the outbox */
    COMMAND_HELD,    /* its next command has not begun: the terminal must take output first */
    COMMAND_PENDING, /* its current command has begun and an event will end it */
};

struct imqtt_modem {
    struct imqtt_ports ports;
    struct imqtt_options options;
    const struct imqtt_dialect *dialect;
    uint64_t now_ms; /* of the current call from outside */

    /* the line to the host */
    struct line line;
    struct at_run run;
    enum command_state command;
    uint64_t command_begun_ms;
    uint64_t waits_since_ms; /* the command that waits */
    uint64_t last_byte_ms;   /* when the host last typed */
    struct data_entry data;
    struct fifo output;
    size_t output_high_bytes; /* while so much of it waits, nothing more is taken in */
    struct line_settings line_settings;
    struct urcs urcs;

    /* what it is and what was configured */
    struct settings settings;
    struct radio radio;
    struct clock clock;

    /* the broker, or one for each of several clients: core/modem/modem_clients.h */
#if IMQTT_CLIENTS > 1
    struct broker_link *link; /* that what happens now is about: the first, but for a moment */
    struct broker_link
        *links[IMQTT_CLIENTS]; /* NULL: its client has not connected since power on */
    struct broker_link first_link;
    uint8_t client_count;
#else
    struct broker_link link[1]; /* an array, so that it is a pointer either way */
#endif
    struct reconnection reconnection;
    struct dynreg dynreg;

    /* power, and the store */
    bool is_starting; /* no commands are taken yet */
    bool reboots;     /* at the end of this command line */
    struct records records;

#if IMQTT_WITH_DIALECTS
    struct typed_data typed;        /* behind another maker's prompt */
    struct client_settings clients; /* what was set by a client's number */
    enum imqtt_status verdict;      /* of the pending command, if has_verdict */
    bool has_verdict;
    struct certificates certificates;
#endif
};

/* How the host wants its answers, as it is set now. */
static inline struct at_format modem_format(const struct imqtt_modem *modem)
{
    const struct answer_settings *answers = &modem->settings.answers;
    return (struct at_format)
    {
        .echo = answers->echo, .verbose = answers->verbose, .quiet = answers->quiet,
        .error_form = answers->error_form,
#if IMQTT_WITH_DIALECTS
        .bare_lines = modem->urcs.bare,
#endif
    };
}

/* Never, if there is no such command. */
static inline bool dynreg_is_under_way(const struct imqtt_modem *modem)
{
    return IMQTT_WITH_ALIYUN && aliyun_registration_is_under_way(&modem->dynreg.machine);
}

/* What the host types is data of either kind. */
static inline bool modem_takes_data(const struct imqtt_modem *modem)
{
#if IMQTT_WITH_DIALECTS
    return modem->data.open || modem->typed.is_open;
#else
    return modem->data.open;
#endif
}

/* For the host: a registration's connection is none of its own. */
static inline bool modem_is_connected(const struct imqtt_modem *modem)
{
    return broker_link_is_connected(modem->link) && !dynreg_is_under_way(modem);
}

#endif
