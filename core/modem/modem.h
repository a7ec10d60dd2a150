/* modem.h: the modem as its rooms see it: all state of one modem, and what commands and events do
 * with it. The application's view is imqtt/modem.h. */
#ifndef CORE_MODEM_MODEM_H
#define CORE_MODEM_MODEM_H

#include "core/at/command.h"
#include "core/at/line.h"
#include "core/at/result.h"
#include "core/at/urc.h"
#include "core/modem/boot.h"
#include "core/device/clock.h"
#include "core/modem/data.h"
#include "core/session/diagnosis.h"
#include "core/session/inbox.h"
#include "core/device/radio.h"
#include "core/session/recall.h"
#include "core/session/receipts.h"
#include "core/settings/record.h"
#include "core/modem/registration.h"
#include "core/settings/settings.h"
#include "core/session/subscriptions.h"
#include "core/device/terminal.h"
#include "core/mqtt/client.h"
#include "imqtt/modem.h"

/* Where the current command line stands. */
enum command_state {
    COMMAND_NONE,    /* the next line may come */
    COMMAND_WAITS,   /* its next command has not begun: it waits for room in the outbox */
    COMMAND_PENDING, /* its current command has begun and an event will end it */
};

/* What the host may type; core/commands defines it. */
extern const struct at_table modem_commands;

struct imqtt_modem {
    struct imqtt_ports ports;
    struct imqtt_options options;
    uint64_t now_ms; /* of the current call from outside */

    struct at_format format;
    struct line line;
    struct at_run run;
    enum command_state command;
    uint64_t last_byte_ms;   /* when the host last typed */
    uint64_t waits_since_ms; /* the command line, if one waits */
    struct data_entry data;
    struct fifo output;
    struct terminal terminal;
    struct urcs urcs;
    struct receipts receipts;

    struct settings settings;
    struct recall recall;
    struct subscriptions subscriptions;
    struct inbox inbox;
    struct diagnosis diagnosis;
    struct radio radio;
    struct clock clock;

    struct mqtt_client mqtt;
    bool clean_session;  /* of the current connection */
    bool aliyun_session; /* likewise */
    struct registration registration;

    struct boot boot;
    struct lease record; /* on its way to the store */
    enum imqtt_record saving_record;
    bool saving;
};

/* ---- for command handlers ------------------------------------------------------------------ */

/* An information line of up to `bytes`; end it with modem_end_line(). */
struct out modem_begin_line(struct imqtt_modem *modem, size_t bytes);
/* IMQTT_DONE, or IMQTT_UNKNOWN_ERROR if there was no memory for the line. */
enum imqtt_status modem_end_line(struct imqtt_modem *modem, struct out *line);

/* ---- for events ---------------------------------------------------------------------------- */

/* A URC: the text; the text and a number ("+IMQTTCONN:" and 0); two numbers with a comma. */
void modem_report(struct imqtt_modem *modem, const char *text);
void modem_report_number(struct imqtt_modem *modem, const char *text, int32_t a);
void modem_report_numbers(struct imqtt_modem *modem, const char *text, int32_t a, int32_t b);

void modem_note(struct imqtt_modem *modem, enum imqtt_note note, uint32_t value);

/* Takes the client's news as they are now: a URC for each. */
void modem_take_events(struct imqtt_modem *modem);

/* Ends the command that is pending: the rest of its line runs, or its result is printed. */
void modem_finish_command(struct imqtt_modem *modem, enum imqtt_status status);

/* Never, if there is no such command. */
static inline bool registration_is_under_way(const struct imqtt_modem *modem)
{
    return IMQTT_WITH_ALIYUN && aliyun_registration_is_under_way(&modem->registration.machine);
}

/* For the host: a registration's connection is none of its own. */
static inline bool modem_is_connected(const struct imqtt_modem *modem)
{
    return mqtt_client_state(&modem->mqtt) == MQTT_ONLINE && !registration_is_under_way(modem);
}

#endif
