#include "tests/transcripts/actions.h"

#include "tests/transcripts/broker.h"
#include "tests/transcripts/expectations.h"
#include "tests/transcripts/packets.h"

/* ---- words --------------------------------------------------------------------------------- */

static bool is(struct span text, const char *word)
{
    return span_equal(text, span_text(word));
}

static struct span take_word(struct span *text)
{
    struct span word = SPAN_EMPTY;
    span_take(text, span_find(*text, ' '), &word);
    span_skip(text, 1);
    return word;
}

static bool take_number(struct span *text, unsigned *number)
{
    struct span digits = take_word(text);
    *number = 0;
    for (size_t i = 0; i < digits.count; i++) {
        if (digits.bytes[i] < '0' || digits.bytes[i] > '9')
            return false;
        *number = *number * 10 + (unsigned)(digits.bytes[i] - '0');
    }
    return digits.count > 0;
}

/* ---- bytes --------------------------------------------------------------------------------- */

void type_line(struct player *player, struct span text)
{
    buffer_put(&player->machine.host.in, text);
    buffer_put_u8(&player->machine.host.in, '\r');
}

void type_escaped(struct player *player, struct span text)
{
    if (!buffer_put_escaped(&player->machine.host.in, text))
        fail(player, "no such escape");
}

void send_packet(struct player *player, struct span words)
{
    const char *problem = packet_from_words(words, &player->machine.client->network.in);
    if (problem != NULL)
        fail(player, problem);
}

/* ---- the two streams ----------------------------------------------------------------------- */

/* Whether the text says how much a stream takes from now on: all, nothing, or so many bytes. */
static bool take_room(struct stream *stream, struct span words, const char *all, const char *none,
                      const char *some)
{
    unsigned bytes;
    if (is(words, all))
        stream->room = SIZE_MAX;
    else if (is(words, none))
        stream->room = 0;
    else if (take_start(&words, some) && take_number(&words, &bytes) && is(words, "bytes"))
        stream->room = bytes;
    else
        return false;
    return true;
}

void act_host(struct player *player, struct span words)
{
    expect_nothing_more(player);
    if (!take_room(&player->machine.host, words, "reads", "stops reading", "reads "))
        fail(player, "the host reads, stops reading, or reads N bytes");
    machine_run(&player->machine);
}

static bool take_stage(struct span *words, enum imqtt_stage *stage)
{
    static const char *const names[] = {
#define STAGE_NAME(name, text) text,
        IMQTT_STAGES(STAGE_NAME)
#undef STAGE_NAME
    };
    struct span word = take_word(words);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (is(word, names[i])) {
            *stage = (enum imqtt_stage)i;
            return true;
        }
    return false;
}

/* failed tcp 111 Connection refused */
static void fail_network(struct player *player, struct span words)
{
    struct buffer text = BUFFER_EMPTY;
    struct imqtt_failure failure = {.stage = IMQTT_STAGE_NONE};
    unsigned code = 0;
    if (!take_stage(&words, &failure.stage) || !take_number(&words, &code))
        fail(player, "net: failed <stage> <code> <text>");
    buffer_put(&text, words);
    buffer_put_u8(&text, '\0');
    failure.code = (int32_t)code;
    failure.text = (const char *)buffer_span(&text).bytes;
    machine_failed(&player->machine, &failure);
    buffer_free(&text);
}

void act_network(struct player *player, struct span words)
{
    expect_nothing_more(player);
    if (is(words, "opened"))
        machine_opened(&player->machine);
    else if (take_start(&words, "failed "))
        fail_network(player, words);
    else if (!take_room(&player->machine.client->network, words, "has room", "full", "takes "))
        fail(player, "the network is opened, failed, full, has room, or takes N bytes");
    machine_run(&player->machine);
}

/* ---- the other ports ----------------------------------------------------------------------- */

static struct lent *find_lent(struct player *player, struct span name)
{
    static const char *const names[] = {
#define PURPOSE_NAME(name) #name,
        IMQTT_MEMORY_PURPOSES(PURPOSE_NAME)
#undef PURPOSE_NAME
    };
    for (size_t i = 0; i < IMQTT_MEMORY_PURPOSE_COUNT; i++)
        if (is(name, names[i] + strlen("IMQTT_MEMORY_")))
            return &player->machine.client->lent[i];
    return NULL;
}

void act_memory(struct player *player, struct span words)
{
    struct span verb = take_word(&words);
    struct lent *lent = find_lent(player, words);
    if (lent == NULL || !(is(verb, "refuses") || is(verb, "lends")))
        fail(player, "memory refuses or lends a purpose of ports.h");
    else
        lent->refuses = is(verb, "refuses");
}

void act_radio(struct player *player, struct span words)
{
    struct imqtt_radio radio = imqtt_modem_radio(player->machine.modem);
    struct span what = take_word(&words);
    unsigned number = 0;
    bool has_number = take_number(&words, &number);
    if (has_number && is(what, "signal"))
        radio.signal = (uint8_t)number;
    else if (has_number && is(what, "registered"))
        radio.registered = (uint8_t)number;
    else if (has_number && is(what, "sim"))
        radio.sim_ready = number == 1;
    else if (has_number && is(what, "cell"))
        radio.cell = number;
    else
        fail(player, "radio: signal, registered, sim or cell, and its number");
    expect_nothing_more(player);
    imqtt_modem_set_radio(player->machine.modem, &radio, player->machine.now_ms);
    machine_run(&player->machine);
}

/* store: settings "\x01..." */
static void fill_store(struct player *player, struct span words)
{
    static const char *const names[] = {"settings",   "triple",  "token",
                                        "packet-ids", "session", "certificates"};
    struct span name = take_word(&words);
    for (size_t i = 0; i < IMQTT_RECORD_COUNT; i++)
        if (is(name, names[i])) {
            struct record *record = &player->machine.client->records[i];
            record->exists = true;
            buffer_clear(&record->bytes);
            if (packet_from_words(words, &record->bytes) == NULL)
                return;
        }
    fail(player, "the store fails, works, waits, answers, or has a record's bytes");
}

void act_store(struct player *player, struct span words)
{
    struct store *store = &player->machine.store;
    if (is(words, "fails") || is(words, "works"))
        store->fails = is(words, "fails");
    else if (is(words, "waits") || is(words, "answers"))
        store->waits = is(words, "waits");
    else
        fill_store(player, words);
    expect_nothing_more(player);
    machine_run(&player->machine);
}

void act_crypto(struct player *player, struct span words)
{
    player->machine.crypto_fails = is(words, "fails");
    if (!is(words, "fails") && !is(words, "works"))
        fail(player, "crypto fails or works");
}

void act_power(struct player *player, struct span words)
{
    expect_nothing_more(player);
    if (is(words, "off and on"))
        machine_restart(&player->machine);
    else if (is(words, "shut down"))
        imqtt_modem_shut_down(player->machine.modem, player->machine.now_ms);
    else
        fail(player, "power: off and on, or shut down");
    machine_run(&player->machine);
}

static void pass_time(struct player *player, struct span ms,
                      void (*pass)(struct machine *machine, uint64_t ms))
{
    unsigned number;
    expect_nothing_more(player);
    if (take_number(&ms, &number))
        pass(&player->machine, number);
    else
        fail(player, "how many milliseconds?");
}

void act_wait(struct player *player, struct span ms)
{
    pass_time(player, ms, machine_wait);
}

void act_stall(struct player *player, struct span ms)
{
    pass_time(player, ms, machine_stall);
}
