#include "core/modem/parts.h"
#include "core/modem/boot.h"
#include "core/modem/modem_clients.h"
#include "core/modem/command_line.h"
#include "core/modem/dynreg.h"
#include "core/modem/events.h"
#include "core/modem/own_command.h"
#include "core/modem/flow.h"
#include "core/modem/data_prompt.h"
#include "core/modem/radio_service.h"
#include "core/modem/reconnection.h"
#include "core/modem/session_saving.h"
#include "core/modem/terminal_output.h"
#include "core/modem/turn.h"
#include "core/session/session_events.h"
#include "imqtt/dialect.h"

#define OUTPUT_CAP_BYTES SIZE_MAX / 2

size_t imqtt_modem_bytes(void)
{
    return sizeof(struct imqtt_modem);
}

static struct imqtt_radio radio_at_start(const struct imqtt_options *options)
{
    return options->radio != NULL ? *options->radio : radio_network_default();
}

struct imqtt_modem *imqtt_modem_init(void *memory, const struct imqtt_ports *ports,
                                     const struct imqtt_options *options, uint64_t now_ms)
{
    struct imqtt_modem *modem = memory;
    memset(modem, 0, sizeof *modem);
    modem->ports = *ports;
    if (IMQTT_WITH_NEWS)
        session_news_complete(&modem->ports.news);
    modem->options = *options;
    modem->dialect = options->dialect != NULL ? options->dialect : &imqtt_dialect_default;
    modem->now_ms = now_ms;
    line_init(&modem->line, &modem->ports.memory);
    fifo_init(&modem->output, &modem->ports.memory, IMQTT_MEMORY_OUTPUT, OUTPUT_CAP_BYTES);
    modem->line_settings = line_settings_from(options->baud, options->rts_cts);
    if (IMQTT_WITH_CLOCK)
        modem->clock = clock_at(options->unix_time_ms, options->zone_quarter_hours, now_ms);
    modem->radio.network = radio_at_start(options);
    flow_limit_output(modem, false);
#if IMQTT_WITH_OWN_COMMANDS
    modem->run.other = own_command_run;
#endif
    boot_power_on(modem);
    return modem;
}

void imqtt_modem_end(struct imqtt_modem *modem)
{
    boot_power_off(modem);
    fifo_clear(&modem->output);
    line_end(&modem->line);
}

/* ---- the two streams ----------------------------------------------------------------------- */

/* What was released into an output that could not grow then, and may now. */
static void release_urcs_again(struct imqtt_modem *modem)
{
    if (urcs_waiting(&modem->urcs) > 0 && !modem->urcs.held)
        urcs_release(&modem->urcs);
}

/* A deadline must not fall on a broker whose answer stands unread behind a blocked host. */
static void pause_or_resume(const struct imqtt_modem *modem, struct broker_link *link)
{
    if (flow_host_keeps_up(modem, link))
        mqtt_client_resume(&link->mqtt, modem->now_ms);
    else
        mqtt_client_pause(&link->mqtt, modem->now_ms);
}

static void write_network(struct imqtt_modem *modem, struct broker_link *link)
{
    mqtt_client_flush(&link->mqtt, modem->now_ms);
    modem_take_events(modem);
}

static void write_other_networks(struct imqtt_modem *modem)
{
    for (uint8_t client = 1; client < modem_client_count(modem); client++)
        if (modem_turn_to(modem, client))
            write_network(modem, modem->link);
}

/* ---- what has come in is dealt with --------------------------------------------------------- */

/* AT+CFUN=1,1 */
static void reboot_if_asked(struct imqtt_modem *modem)
{
    if (IMQTT_WITH_RADIO && modem->reboots && modem->command == COMMAND_NONE)
        boot_reboot(modem);
}

bool modem_resume_waiting(struct imqtt_modem *modem)
{
    if (!command_line_resume(modem))
        return false;
    reboot_if_asked(modem);
    return true;
}

/* A line that was held up by its own output goes on, but no further than to the next mark: a turn is
 * not one host's alone. */
static void write_and_go_on(struct imqtt_modem *modem)
{
    modem_write_terminal(modem);
    if (!command_line_go_on(modem))
        return;
    modem_write_terminal(modem);
    reboot_if_asked(modem);
}

/* PENDING: nothing ends. */
static void finish_command(struct imqtt_modem *modem, enum imqtt_status status)
{
    if (status != IMQTT_PENDING)
        command_line_finish(modem, status);
    reboot_if_asked(modem);
}

static void take_data(struct imqtt_modem *modem, struct span *in)
{
    line_swallow_late(&modem->line, in);
    finish_command(modem, data_take(&modem->data, &modem->link->mqtt, in, modem->now_ms));
}

#if IMQTT_WITH_DIALECTS
/* LATER: the command runs again. */
static void follow_prompt(struct imqtt_modem *modem, enum imqtt_status status)
{
    if (status == IMQTT_LATER)
        command_line_run_again(modem);
    else
        finish_command(modem, status);
}

static void finish_decided_command(struct imqtt_modem *modem)
{
    command_line_finish_decided(modem);
    reboot_if_asked(modem);
}

static void take_typed_data(struct imqtt_modem *modem, struct span *in)
{
    line_swallow_late(&modem->line, in);
    follow_prompt(modem, prompt_take(modem, in));
}
#endif

static void take_line(struct imqtt_modem *modem, struct span *in)
{
    command_line_take(modem, in);
    reboot_if_asked(modem);
}

/* Of one link: what the terminal took is acknowledged, and what that or a command has made goes out. */
static inline void end_turn_of_link(struct imqtt_modem *modem, struct broker_link *link,
                                    bool has_new_requests)
{
    if (receipts_wait(&link->receipts))
        session_acknowledge(link, urcs_taken(&modem->urcs));
    if (has_new_requests || mqtt_client_has_output(&link->mqtt))
        write_network(modem, link);
    pause_or_resume(modem, link);
}

static void end_turn_of_others(struct imqtt_modem *modem, bool have_new_requests)
{
    for (uint8_t client = 1; client < modem_client_count(modem); client++)
        if (modem_turn_to(modem, client))
            end_turn_of_link(modem, modem->link, have_new_requests);
}

/* The first client's way is the short one: most modems have no other. */
void modem_work(struct imqtt_modem *modem)
{
    bool has_others = modem_client_count(modem) > 1;
    if (IMQTT_WITH_RECONNECT)
        reconnection_work(modem);
    if (has_others)
        write_other_networks(modem);
    write_network(modem, modem_turn_back(modem));
    if (dynreg_is_under_way(modem))
        dynreg_save_waiting(modem);
    bool resumed = modem_resume_waiting(modem);
#if IMQTT_WITH_DIALECTS
    if (modem->has_verdict)
        finish_decided_command(modem);
#endif
    write_and_go_on(modem);
    release_urcs_again(modem);
    if (has_others)
        end_turn_of_others(modem, resumed);
    end_turn_of_link(modem, modem_turn_back(modem), resumed);
    if (RECORDS_EXIST)
        modem_save_records(modem);
}

static void enter(struct imqtt_modem *modem, uint64_t now_ms)
{
    modem->now_ms = now_ms;
}

static void take_typed(struct imqtt_modem *modem, struct span *in)
{
    if (modem->data.open)
        take_data(modem, in);
#if IMQTT_WITH_DIALECTS
    else if (modem->typed.is_open)
        take_typed_data(modem, in);
    else if (command_line_is_busy(modem))
        command_line_pass_over(modem, in);
#endif
    else
        take_line(modem, in);
}

size_t imqtt_modem_terminal_input(struct imqtt_modem *modem, const uint8_t *bytes, size_t count,
                                  uint64_t now_ms)
{
    struct span in = span_of(bytes, count);
    enter(modem, now_ms);
    if (count > 0)
        modem->last_byte_ms = now_ms;
    while (in.count > 0 && flow_takes_terminal_input(modem)) {
        take_typed(modem, &in);
        if (in.count > 0 && !flow_takes_terminal_input(modem))
            modem_work(modem);
    }
    return count - in.count;
}

/* ---- what comes in ------------------------------------------------------------------------- */

/* What it has brought about, on whichever link. */
static void take_all_events(struct imqtt_modem *modem)
{
    for (uint8_t client = modem_client_count(modem); client-- > 0;)
        if (modem_turn_to(modem, client))
            modem_take_events(modem);
}

void imqtt_modem_flush(struct imqtt_modem *modem, uint64_t now_ms)
{
    enter(modem, now_ms);
    modem_work(modem);
    if (modem->output.count > 0)
        modem_write_terminal(modem);
}

void imqtt_modem_loaded(struct imqtt_modem *modem, enum imqtt_load outcome, const uint8_t *bytes,
                        size_t count, uint64_t now_ms)
{
    enter(modem, now_ms);
    if (RECORDS_EXIST && modem->records.question == RECORDS_LOAD)
        finish_command(modem, boot_take_loaded(modem, outcome, span_of(bytes, count)));
    take_all_events(modem);
}

static bool command_waits_for(enum imqtt_record saved)
{
    switch (saved) {
    case IMQTT_RECORD_SETTINGS:
#if IMQTT_WITH_DIALECTS
    case IMQTT_RECORD_CERTIFICATES:
#endif
        return true;
    default:
        return false;
    }
}

void imqtt_modem_saved(struct imqtt_modem *modem, bool safe, uint64_t now_ms)
{
    enter(modem, now_ms);
    if (!RECORDS_EXIST || modem->records.question != RECORDS_SAVE)
        return;
    records_answered(&modem->records);
    bool was_session = modem_take_session_saved(modem);
    if (command_waits_for(modem->records.asked))
        finish_command(modem, safe ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR);
    else if (!was_session && dynreg_is_under_way(modem))
        dynreg_take_saved(modem, safe);
    take_all_events(modem);
}

void imqtt_modem_tick(struct imqtt_modem *modem, uint64_t now_ms)
{
    enter(modem, now_ms);
    finish_command(modem, data_tick(&modem->data, &modem->link->mqtt, now_ms));
#if IMQTT_WITH_DIALECTS
    follow_prompt(modem, prompt_tick(modem));
#endif
    if (dynreg_is_under_way(modem))
        dynreg_tick(modem);
    if (IMQTT_WITH_RECONNECT)
        reconnection_tick(modem);
    command_line_hold_or_release_urcs(modem);
    take_all_events(modem);
}

void imqtt_modem_set_radio(struct imqtt_modem *modem, const struct imqtt_radio *radio,
                           uint64_t now_ms)
{
    enter(modem, now_ms);
    modem_follow_radio(modem, radio_set_network(&modem->radio, radio));
    take_all_events(modem);
}

void imqtt_modem_set_short_of_memory(struct imqtt_modem *modem, bool is_short)
{
    flow_limit_output(modem, is_short);
}

static void disconnect_all(struct imqtt_modem *modem)
{
    for (uint8_t client = modem_client_count(modem); client-- > 0;)
        if (modem_turn_to(modem, client) && mqtt_client_state(&modem->link->mqtt) != MQTT_IDLE)
            mqtt_client_disconnect(&modem->link->mqtt, modem->now_ms);
}

void imqtt_modem_shut_down(struct imqtt_modem *modem, uint64_t now_ms)
{
    enter(modem, now_ms);
    if (modem->command == COMMAND_WAITS || modem->command == COMMAND_HELD)
        finish_command(modem, IMQTT_NOT_ALLOWED);
    disconnect_all(modem);
    if (IMQTT_WITH_RECONNECT)
        reconnection_end(modem);
    take_all_events(modem);
}
