#include "core/modem/modem.h"
#include "core/session/events.h"

/* While this much output waits, nothing more is taken in from either side. One answer may be
 * larger; what the terminal is owed for requests already made comes on top. */
#define OUTPUT_HIGH_BYTES IMQTT_OUTPUT_HIGH_BYTES
#define OUTPUT_CAP_BYTES  SIZE_MAX / 2

size_t imqtt_modem_bytes(void)
{
    return sizeof(struct imqtt_modem);
}

struct imqtt_modem *imqtt_modem_init(void *memory, const struct imqtt_ports *ports,
                                     const struct imqtt_options *options, uint64_t now_ms)
{
    struct imqtt_modem *modem = memory;
    memset(modem, 0, sizeof *modem);
    modem->ports = *ports;
    modem->options = *options;
    modem->now_ms = now_ms;
    modem->line = line_init(&modem->ports.memory);
    modem->output = fifo_from(&modem->ports.memory, IMQTT_MEMORY_OUTPUT, OUTPUT_CAP_BYTES);
    modem->terminal = terminal_from(options->baud, options->rts_cts);
    if (IMQTT_WITH_CLOCK)
        modem->clock = clock_at(options->unix_time_ms, options->zone_quarter_hours, now_ms);
    modem->radio.network = radio_network_default();
    boot_power_on(modem);
    return modem;
}

void imqtt_modem_end(struct imqtt_modem *modem)
{
    boot_power_off(modem);
    fifo_clear(&modem->output);
    line_end(&modem->line);
}

/* ---- URCs ---------------------------------------------------------------------------------- */

static void release_urcs(struct imqtt_modem *modem)
{
    bool waited = urcs_waiting(&modem->urcs) > 0;
    uint64_t queue_end = fifo_position(&modem->urcs.waiting);
    urcs_release(&modem->urcs);
    if (waited && urcs_waiting(&modem->urcs) == 0)
        receipts_moved(&modem->receipts, queue_end, fifo_position(&modem->output));
}

/* URCs may leave between commands, but not while the host is in the middle of typing one. */
static bool is_typing(const struct imqtt_modem *modem)
{
    return line_is_partial(&modem->line) &&
           modem->now_ms - modem->last_byte_ms < IMQTT_TYPING_PAUSE_MS;
}

static void hold_or_release_urcs(struct imqtt_modem *modem)
{
    if (modem->command == COMMAND_PENDING || is_typing(modem))
        urcs_hold(&modem->urcs);
    else
        release_urcs(modem);
}

/* ---- commands ------------------------------------------------------------------------------ */

static void stop_in_line(struct imqtt_modem *modem, enum command_state state)
{
    modem->command = state;
    hold_or_release_urcs(modem);
}

static void end_line(struct imqtt_modem *modem, enum imqtt_status status)
{
    modem->command = COMMAND_NONE;
    result_final(&modem->format, &modem->output, status);
    terminal_end_line(modem);
    hold_or_release_urcs(modem);
    boot_end_line(modem);
}

/* Whatever a broker does, a host has its answer in the end. */
static uint64_t end_of_wait_ms(const struct imqtt_modem *modem)
{
    return modem->waits_since_ms + IMQTT_QUEUE_TIMEOUT_MS;
}

static void wait_in_line(struct imqtt_modem *modem)
{
    if (modem->command != COMMAND_WAITS)
        modem->waits_since_ms = modem->now_ms;
    if (modem->now_ms >= end_of_wait_ms(modem))
        end_line(modem, IMQTT_UNKNOWN_ERROR);
    else
        stop_in_line(modem, COMMAND_WAITS);
}

static void run_line(struct imqtt_modem *modem)
{
    urcs_hold(&modem->urcs);
    enum imqtt_status status = at_run_line(&modem_commands, modem, &modem->run);
    if (status == IMQTT_LATER)
        wait_in_line(modem);
    else if (status == IMQTT_PENDING)
        stop_in_line(modem, COMMAND_PENDING);
    else
        end_line(modem, status);
}

void modem_finish_command(struct imqtt_modem *modem, enum imqtt_status status)
{
    if (status == IMQTT_DONE)
        run_line(modem);
    else
        end_line(modem, status);
}

static void begin_line(struct imqtt_modem *modem)
{
    size_t count;
    uint8_t *body = line_body(&modem->line, &count);
    at_run_begin(&modem->run, body, count, line_has_control(&modem->line));
    run_line(modem);
}

static void refuse_line(struct imqtt_modem *modem, enum imqtt_status status)
{
    urcs_hold(&modem->urcs);
    modem_finish_command(modem, status);
}

static void take_line(struct imqtt_modem *modem, struct span *in)
{
    switch (line_feed(&modem->line, in, modem->format.echo ? &modem->output : NULL)) {
    case LINE_MORE:
        hold_or_release_urcs(modem);
        break;
    case LINE_READY:
        begin_line(modem);
        break;
    case LINE_TOO_LONG:
        refuse_line(modem, IMQTT_TEXT_TOO_LONG);
        break;
    case LINE_NO_MEMORY:
        refuse_line(modem, IMQTT_UNKNOWN_ERROR);
        break;
    }
    if (modem->command != COMMAND_NONE)
        line_swallow_lf(&modem->line, in);
}

/* ---- the two streams ----------------------------------------------------------------------- */

static size_t waiting_output(const struct imqtt_modem *modem)
{
    return modem->output.count + urcs_waiting(&modem->urcs);
}

static bool takes_terminal_input(const struct imqtt_modem *modem)
{
    bool ready = modem->command == COMMAND_NONE || modem->data.open;
    return ready && !modem->boot.starting && modem->output.count < OUTPUT_HIGH_BYTES;
}

/* The host must keep reading for the broker to be read, but for a registration: what it receives is
 * not for the host. */
static bool host_keeps_up(const struct imqtt_modem *modem)
{
    if (registration_is_under_way(modem))
        return true;
    return waiting_output(modem) < OUTPUT_HIGH_BYTES && receipts_have_room(&modem->receipts);
}

static bool takes_network_input(const struct imqtt_modem *modem)
{
    return host_keeps_up(modem) && !mqtt_client_is_backed_up(&modem->mqtt);
}

/* What was released into an output that could not grow then, and may now. */
static void release_urcs_again(struct imqtt_modem *modem)
{
    if (!modem->urcs.held && urcs_waiting(&modem->urcs) > 0)
        release_urcs(modem);
}

static void acknowledge_what_the_terminal_took(struct imqtt_modem *modem)
{
    struct receipt due;
    while (receipts_take_due(&modem->receipts, modem->output.taken, &due))
        mqtt_client_acknowledge(&modem->mqtt, due.packet_id, due.qos);
}

void modem_take_events(struct imqtt_modem *modem)
{
    struct mqtt_event event;
    while (mqtt_client_next(&modem->mqtt, modem->now_ms, &event))
        modem_take_event(modem, &event);
}

/* A deadline must not fall on a broker whose answer stands unread behind a blocked host. */
static void pause_or_resume(struct imqtt_modem *modem)
{
    if (host_keeps_up(modem))
        mqtt_client_resume(&modem->mqtt, modem->now_ms);
    else
        mqtt_client_pause(&modem->mqtt, modem->now_ms);
}

static void write_network(struct imqtt_modem *modem)
{
    mqtt_client_flush(&modem->mqtt, modem->now_ms);
    modem_take_events(modem);
}

/* What has happened may be what the waiting command waited for. */
static bool resume_waiting_command(struct imqtt_modem *modem)
{
    if (modem->command != COMMAND_WAITS)
        return false;
    run_line(modem);
    return true;
}

/* Packet ids are used only once the store has them (commands.md section 4). */
static void save_packet_ids(struct imqtt_modem *modem)
{
    if (!mqtt_client_wants_save(&modem->mqtt) || record_is_busy(modem) ||
        !lease_grow(&modem->record, ID_MARKS_RECORD_BYTES, ID_MARKS_RECORD_BYTES))
        return;
    struct out record = out_on(modem->record.bytes, modem->record.capacity);
    mqtt_client_put_ids(&modem->mqtt, &record);
    record_save(modem, IMQTT_RECORD_PACKET_IDS, &record);
}

/* Everything goes out that can, and what that brings about is dealt with. */
static void work(struct imqtt_modem *modem)
{
    write_network(modem);
    if (registration_is_under_way(modem))
        registration_save_waiting(modem);
    if (RECORDS_EXIST)
        save_packet_ids(modem);
    bool resumed = resume_waiting_command(modem);
    terminal_write(modem);
    release_urcs_again(modem);
    acknowledge_what_the_terminal_took(modem);
    if (resumed || mqtt_client_has_output(&modem->mqtt))
        write_network(modem);
    pause_or_resume(modem);
}

static void enter(struct imqtt_modem *modem, uint64_t now_ms)
{
    modem->now_ms = now_ms;
}

size_t imqtt_modem_terminal_input(struct imqtt_modem *modem, const uint8_t *bytes, size_t count,
                                  uint64_t now_ms)
{
    struct span in = span_of(bytes, count);
    enter(modem, now_ms);
    if (count > 0)
        modem->last_byte_ms = now_ms;
    while (in.count > 0 && takes_terminal_input(modem)) {
        if (modem->data.open)
            data_take(modem, &in);
        else
            take_line(modem, &in);
        if (!takes_terminal_input(modem))
            work(modem);
    }
    return count - in.count;
}

size_t imqtt_modem_network_input(struct imqtt_modem *modem, const uint8_t *bytes, size_t count,
                                 uint64_t now_ms)
{
    struct span in = span_of(bytes, count);
    struct mqtt_event event;
    enter(modem, now_ms);
    while (in.count > 0 && takes_network_input(modem)) {
        if (mqtt_client_read(&modem->mqtt, &in, now_ms, &event))
            modem_take_event(modem, &event);
        if (!takes_network_input(modem))
            work(modem);
    }
    resume_waiting_command(modem);
    return count - in.count;
}

void imqtt_modem_network_opened(struct imqtt_modem *modem, uint64_t now_ms)
{
    enter(modem, now_ms);
    mqtt_client_opened(&modem->mqtt, now_ms);
}

void imqtt_modem_network_failed(struct imqtt_modem *modem, const struct imqtt_failure *failure,
                                uint64_t now_ms)
{
    enter(modem, now_ms);
    mqtt_client_failed(&modem->mqtt, failure);
    modem_take_events(modem);
}

void imqtt_modem_flush(struct imqtt_modem *modem, uint64_t now_ms)
{
    enter(modem, now_ms);
    work(modem);
    if (modem->output.count > 0)
        terminal_write(modem);
}

void imqtt_modem_loaded(struct imqtt_modem *modem, enum imqtt_load outcome, const uint8_t *bytes,
                        size_t count, uint64_t now_ms)
{
    enter(modem, now_ms);
    if (RECORDS_EXIST && modem->boot.loading)
        boot_take_loaded(modem, outcome, span_of(bytes, count));
    modem_take_events(modem);
}

void imqtt_modem_saved(struct imqtt_modem *modem, bool safe, uint64_t now_ms)
{
    enter(modem, now_ms);
    if (!RECORDS_EXIST || !modem->saving)
        return;
    record_end_save(modem);
    if (modem->saving_record == IMQTT_RECORD_PACKET_IDS)
        mqtt_client_ids_saved(&modem->mqtt);
    else if (modem->saving_record == IMQTT_RECORD_SETTINGS)
        modem_finish_command(modem, safe ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR);
    else if (registration_is_under_way(modem))
        registration_take_saved(modem, safe);
    modem_take_events(modem);
}

void imqtt_modem_tick(struct imqtt_modem *modem, uint64_t now_ms)
{
    enter(modem, now_ms);
    data_tick(modem);
    if (registration_is_under_way(modem))
        registration_tick(modem);
    hold_or_release_urcs(modem);
    modem_take_events(modem);
}

void imqtt_modem_set_radio(struct imqtt_modem *modem, const struct imqtt_radio *radio,
                           uint64_t now_ms)
{
    enter(modem, now_ms);
    radio_set_network(modem, radio);
    modem_take_events(modem);
}

void imqtt_modem_shut_down(struct imqtt_modem *modem, uint64_t now_ms)
{
    enter(modem, now_ms);
    if (modem->command == COMMAND_WAITS)
        end_line(modem, IMQTT_NOT_ALLOWED);
    if (mqtt_client_state(&modem->mqtt) != MQTT_IDLE)
        mqtt_client_disconnect(&modem->mqtt, now_ms);
    modem_take_events(modem);
}

/* ---- what the loop should do next ---------------------------------------------------------- */

struct imqtt_wants imqtt_modem_wants(const struct imqtt_modem *modem)
{
    return (struct imqtt_wants){
        .terminal_input = takes_terminal_input(modem),
        .network_input = takes_network_input(modem),
        .terminal_room = modem->output.count > 0,
        .network_room = mqtt_client_has_output(&modem->mqtt),
    };
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* A command that waits for something else is not run again by this one. */
static uint64_t waiting_deadline_ms(const struct imqtt_modem *modem)
{
    if (modem->command != COMMAND_WAITS)
        return UINT64_MAX;
    uint64_t deadline_ms = mqtt_client_room_deadline(&modem->mqtt);
    return earlier(deadline_ms > modem->now_ms ? deadline_ms : UINT64_MAX, end_of_wait_ms(modem));
}

uint64_t imqtt_modem_next_deadline(const struct imqtt_modem *modem)
{
    uint64_t deadline_ms = mqtt_client_next_deadline(&modem->mqtt);
    deadline_ms = earlier(deadline_ms, waiting_deadline_ms(modem));
    if (registration_is_under_way(modem))
        deadline_ms =
            earlier(deadline_ms, aliyun_registration_next_deadline(&modem->registration.machine));
    if (modem->data.open)
        deadline_ms = earlier(deadline_ms, modem->data.deadline_ms);
    if (modem->urcs.held && urcs_waiting(&modem->urcs) > 0 && line_is_partial(&modem->line) &&
        !modem->data.open)
        deadline_ms = earlier(deadline_ms, modem->last_byte_ms + IMQTT_TYPING_PAUSE_MS);
    return deadline_ms;
}

bool imqtt_modem_is_idle(const struct imqtt_modem *modem)
{
    enum mqtt_state state = mqtt_client_state(&modem->mqtt);
    bool steady = state == MQTT_IDLE || state == MQTT_ONLINE;
    return steady && !modem->saving && !modem->boot.starting && !registration_is_under_way(modem) &&
           (modem->command == COMMAND_NONE || modem->data.open) &&
           mqtt_client_is_quiet(&modem->mqtt) && waiting_output(modem) == 0;
}

bool imqtt_modem_is_connected(const struct imqtt_modem *modem)
{
    return modem_is_connected(modem);
}

struct imqtt_radio imqtt_modem_radio(const struct imqtt_modem *modem)
{
    return modem->radio.network;
}
