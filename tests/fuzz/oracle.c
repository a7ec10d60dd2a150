#include "tests/fuzz/oracle.h"

#include <stdlib.h>

#include "core/bytes/ascii.h"
#include "tests/fuzz/target.h"
#include "tests/fuzz/trace.h"
#include "tests/transcripts/script.h"

static const struct imqtt_modem *modem_of(const struct oracle *oracle)
{
    return oracle->machine->modem;
}

/* ---- lines ---------------------------------------------------------------------------------- */

struct typed_line *oracle_front(const struct oracle *oracle)
{
    return oracle->first < oracle->count ? &oracle->lines[oracle->first] : NULL;
}

static struct typed_line *last_line(const struct oracle *oracle)
{
    return oracle->first < oracle->count ? &oracle->lines[oracle->count - 1] : NULL;
}

/* The array with room for one more. */
static void *with_room(void *array, size_t count, size_t element_bytes)
{
    bool is_full = (count & (count + 1)) == 0;
    return is_full ? realloc(array, 2 * (count + 1) * element_bytes) : array;
}

static struct typed_line *current_line(struct oracle *oracle)
{
    struct typed_line *line = last_line(oracle);
    if (line != NULL && !line->is_complete)
        return line;
    oracle->lines = with_room(oracle->lines, oracle->count, sizeof *oracle->lines);
    line = &oracle->lines[oracle->count++];
    *line = (struct typed_line){.typed_at = oracle->piece_at};
    return line;
}

/* In upper case, without blanks. */
static struct out squeeze(struct span body, uint8_t *room)
{
    struct out text = out_on(room, IMQTT_LINE_BYTES);
    for (size_t i = 0; i < body.count; i++) {
        uint8_t byte = body.bytes[i];
        if (byte >= 'a' && byte <= 'z')
            byte &= 0xDF;
        if (byte > ' ' && byte != 0x7F)
            out_u8(&text, byte);
    }
    return text;
}

static bool has(struct span text, const char *part)
{
    for (; text.count > 0; span_skip(&text, 1))
        if (take_start(&(struct span){text.bytes, text.count}, part))
            return true;
    return false;
}

/* After a reboot nobody can see in which format its line was ended. */
static void complete(struct oracle *oracle, struct typed_line *line)
{
    size_t count;
    uint8_t room[IMQTT_LINE_BYTES];
    const struct imqtt_modem *modem = modem_of(oracle);
    const uint8_t *body = line_body(&oracle->line, &count);
    struct out squeezed = squeeze(span_of(body, count), room);
    struct span text = out_written(&squeezed);
    line->is_complete = true;
    line->begins_at = oracle->piece_at;
    line->wish = wish_in(text);
    line->asks = has(text, "?") || has(text, "&V") ||
                 (has(text, "DYNREG=") && line->wish != WISH_REGISTRATION);
    line->may_be_bare = oracle->was_bare || has(text, "V");
    bool is_pending = modem->command == COMMAND_PENDING && !modem_takes_data(modem);
    line->may_wait = has(text, "+IMQTT") && (is_pending || oracle->was_busy);
    if (has(text, "+CFUN") && (oracle->was_quiet || has(text, "Q")))
        line->final = FINAL_PERHAPS;
}

void oracle_note_end(struct oracle *oracle)
{
    const struct imqtt_modem *modem = modem_of(oracle);
    struct typed_line *line = last_line(oracle);
    if (line == NULL || !line->is_complete || line->has_ended)
        return;
    line->may_wait |= modem->command == COMMAND_WAITS;
    if (modem->command != COMMAND_NONE)
        return;
    line->has_ended = true;
    line->may_be_bare |= !modem->settings.answers.verbose;
    if (line->final == FINAL_ONE && modem->settings.answers.quiet)
        line->final = FINAL_NONE;
}

/* ---- looking on ----------------------------------------------------------------------------- */

/* Up to the end of a line, so that every line is told from the next. */
static size_t piece_of_line(const struct oracle *oracle, struct span waiting)
{
    bool may_repeat = !oracle->line.in_body; /* A/; so may what is left of AT<BS>/ */
    for (size_t i = 0; i < waiting.count; i++) {
        uint8_t byte = waiting.bytes[i];
        may_repeat |= byte == '\b' || byte == ASCII_DEL;
        if (byte == '\r' || byte == '\n' || (byte == '/' && may_repeat))
            return i + 1;
    }
    return waiting.count;
}

/* With what a command may have to wait for, and have waited before anybody looks again. */
static bool is_busy(const struct imqtt_modem *modem)
{
    return mqtt_client_state(&modem->link->mqtt) == MQTT_CLOSING ||
           modem->records.question == RECORDS_SAVE;
}

static size_t before_piece(void *context, struct span waiting)
{
    struct oracle *oracle = context;
    const struct imqtt_modem *modem = modem_of(oracle);
    oracle_note_end(oracle);
    oracle->is_data = modem_takes_data(modem);
    oracle->is_echoed = modem->settings.answers.echo;
    oracle->was_quiet = modem->settings.answers.quiet;
    oracle->was_bare = !modem->settings.answers.verbose;
    oracle->was_busy = is_busy(modem);
    oracle->piece_at = fifo_position(&modem->output);
    if (modem->line.count == 0) /* A/ has nothing to repeat: the modem was switched on again */
        oracle->line.count = 0;
    if (!oracle->is_data)
        return piece_of_line(oracle, waiting);
    size_t missing = modem->data.open ? modem->data.missing : modem->typed.wish.bytes;
    return waiting.count < missing ? waiting.count : missing;
}

static void note_echo(struct oracle *oracle, struct typed_line *line, size_t bytes)
{
    if (bytes == 0)
        return;
    oracle->echoes = with_room(oracle->echoes, oracle->echo_count, sizeof *oracle->echoes);
    oracle->echoes[oracle->echo_count++] =
        (struct echoed){oracle->piece_at, bytes, (size_t)(line - oracle->lines)};
    line->echo_bytes += bytes;
}

static void hear_line(struct oracle *oracle, struct span typed)
{
    struct typed_line *line = current_line(oracle);
    size_t echo_before = oracle->echo.count;
    enum line_event event =
        line_feed(&oracle->line, &typed, oracle->is_echoed ? &oracle->echo : NULL);
    note_echo(oracle, line, oracle->echo.count - echo_before);
    promise(typed.count == 0, "a piece has one line at most");
    if (event == LINE_MORE)
        return;
    complete(oracle, line);
    oracle_note_end(oracle);
}

static void after_piece(void *context, struct span used)
{
    struct oracle *oracle = context;
    trace(oracle->is_data ? "  data" : "  typed", used);
    /* A line that could not be kept is echoed, but for what depends on its bytes. */
    oracle->is_lost |=
        oracle->is_echoed && oracle->machine->clients[0].lent[IMQTT_MEMORY_LINE].refusals > 0;
    if (oracle->is_data)
        line_swallow_late(&oracle->line, &used);
    else
        hear_line(oracle, used);
}

/* ---- life ----------------------------------------------------------------------------------- */

void oracle_start(struct oracle *oracle, struct machine *machine)
{
    *oracle = (struct oracle){.machine = machine};
    lender_init(&oracle->lender);
    line_init(&oracle->line, &oracle->lender.port);
    fifo_init(&oracle->echo, &oracle->lender.port, IMQTT_MEMORY_OUTPUT, SIZE_MAX / 2);
    machine->watcher = (struct machine_watcher){oracle, before_piece, after_piece};
}

void oracle_end(struct oracle *oracle)
{
    oracle->machine->watcher = (struct machine_watcher){.context = NULL};
    line_end(&oracle->line);
    fifo_clear(&oracle->echo);
    free(oracle->echoes);
    free(oracle->lines);
}

bool oracle_is_blind(const struct oracle *oracle)
{
    const struct lent *lent = oracle->machine->clients[0].lent;
    return oracle->is_lost || lent[IMQTT_MEMORY_OUTPUT].refusals > 0 ||
           lent[IMQTT_MEMORY_URCS].refusals > 0;
}
