#include "tests/transcripts/player.h"

#include <stdlib.h>

#include "tests/transcripts/actions.h"
#include "tests/transcripts/expectations.h"
#include "tests/transcripts/refusals.h"

/* ---- what a line is ------------------------------------------------------------------------ */

typedef void line_function(struct player *player, struct span text);

/* Longer beginnings before shorter ones. */
static const struct {
    const char *start;
    line_function *play;
    enum gathering gathers; /* lines of one side that follow each other arrive together */
} kinds[] = {
    {">~ ", type_escaped, GATHERS_HOST},       {"> ", type_line, GATHERS_HOST},
    {"<~ ", expect_escaped, GATHERS_NOTHING},  {"< ", expect_line, GATHERS_NOTHING},
    {"broker: ", send_packet, GATHERS_BROKER}, {"modem: ", expect_network, GATHERS_NOTHING},
    {"net: ", act_network, GATHERS_NOTHING},   {"host: ", act_host, GATHERS_NOTHING},
    {"memory: ", act_memory, GATHERS_NOTHING}, {"radio: ", act_radio, GATHERS_NOTHING},
    {"store: ", act_store, GATHERS_NOTHING},   {"crypto: ", act_crypto, GATHERS_NOTHING},
    {"power: ", act_power, GATHERS_NOTHING},   {"wait ", act_wait, GATHERS_NOTHING},
    {"stall ", act_stall, GATHERS_NOTHING},    {"log: ", expect_log, GATHERS_NOTHING},
    {"check: ", check_state, GATHERS_NOTHING},
};
#define KINDS (sizeof kinds / sizeof kinds[0])

static size_t kind_of(struct span *text)
{
    for (size_t i = 0; i < KINDS; i++)
        if (take_start(text, kinds[i].start))
            return i;
    return KINDS;
}

/* What was gathered arrives before anything else happens. */
static void gather(struct player *player, enum gathering side)
{
    if (side == player->gathering && side != GATHERS_NOTHING)
        return;
    if (player->gathering != GATHERS_NOTHING)
        machine_run(&player->machine);
    player->gathering = side;
    if (side != GATHERS_NOTHING)
        expect_nothing_more(player);
}

static void play_plain_line(struct player *player, struct span text)
{
    struct span typed;
    bool is_command = is_typed(text, &typed);
    gather(player, is_command ? GATHERS_HOST : GATHERS_NOTHING);
    if (is_command)
        type_line(player, text);
    else if (!is_refused(player))
        expect_line(player, text);
}

/* "client 1 modem: …" is the same as "modem: …" about the first. */
static void take_client(struct player *player, struct span *text)
{
    struct span digit = SPAN_EMPTY;
    uint8_t number = 0;
    if (take_start(text, "client ")) {
        span_take(text, 1, &digit);
        number = (uint8_t)(span_first(digit) - '0');
        span_skip(text, 1);
    }
    if (!machine_turn_to(&player->machine, number))
        fail(player, "the modem has fewer clients");
}

static void play_line(struct player *player, const struct script_line *line)
{
    struct span text = line->text;
    player->line = line;
    take_client(player, &text);
    struct span words = text;
    size_t kind = kind_of(&words);
    if (kind == KINDS) {
        play_plain_line(player, text);
        return;
    }
    gather(player, kinds[kind].gathers);
    if (!player->failed && can_happen(player, text))
        kinds[kind].play(player, words);
}

/* ---- how a scene starts -------------------------------------------------------------------- */

struct start {
    struct machine_options options;
    bool echo;
    int pieces; /* -1: any */
};

static void take_option(struct player *player, struct span name, struct start *start)
{
    struct machine_options *options = &start->options;
    const struct {
        const char *name;
        bool *value;
    } known[] = {
        {"script/run", &options->has_broker},
        {"echo", &start->echo},
        {"boot urcs", &options->boot_urcs},
        {"store", &options->has_store},
        {"serial line", &options->has_line},
        {"no crypto", &options->no_crypto},
        {"nobody reads", &options->nobody_reads},
        {"kept session", &options->keeps_session},
        {"cable", &options->is_wired},
        {"reconnects", &options->reconnects},
    };
    if (take_start(&name, "clients ")) {
        options->clients = (uint8_t)(span_first(name) - '0');
        return;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (span_equal(name, span_text(known[i].name))) {
            *known[i].value = true;
            return;
        }
    fail(player, "no such way to start");
}

static void take_options(struct player *player, struct span text, struct start *start)
{
    while (text.count > 0) {
        struct span option;
        span_take(&text, span_find(text, ','), &option);
        span_skip(&text, 1);
        take_option(player, span_trim(option), start);
    }
}

static void take_pieces(struct player *player, struct span text, struct start *start)
{
    if (span_equal(text, span_text("whole")))
        start->pieces = PIECES_WHOLE;
    else if (span_equal(text, span_text("bytes")))
        start->pieces = PIECES_BYTES;
    else
        fail(player, "pieces are whole or bytes");
}

/* start: and pieces: stand directly behind the heading; returns how many lines they are. */
static size_t take_heading(struct player *player, const struct script_line *lines, size_t count,
                           struct start *start)
{
    size_t i = 0;
    for (; i < count; i++) {
        struct span text = lines[i].text;
        player->line = &lines[i];
        if (take_start(&text, "start: "))
            take_options(player, text, start);
        else if (take_start(&text, "pieces: "))
            take_pieces(player, text, start);
        else
            break;
    }
    return i;
}

/* Transcripts show no echo, unless they are about it. */
static void type_silently(struct player *player, const char *command)
{
    buffer_put_text(&player->machine.host.in, command);
    machine_run(&player->machine);
    buffer_clear(&player->machine.host.out);
}

static void begin(struct player *player, const struct start *start)
{
    machine_start(&player->machine, &start->options);
    if (!start->echo && !start->options.boot_urcs)
        type_silently(player, "ATE0\r");
    if (start->options.has_broker && start->options.dialect == NULL)
        type_silently(player, "AT+IMQTTADDR=127.0.0.1,1883,\"imqtt\"\r");
}

static void end(struct player *player)
{
    gather(player, GATHERS_NOTHING);
    if (is_refused(player))
        expect_rest(player);
    if (!player->failed)
        expect_nothing_more(player);
    if (!player->failed)
        expect_all_taken(player);
    machine_end(&player->machine);
    if (!player->failed && player->machine.failure[0] != '\0')
        fail(player, player->machine.failure);
}

static void play_lines(struct player *player, const struct script_line *lines, size_t count)
{
    for (size_t i = 0; i < count && !player->failed; i++) {
        play_line(player, &lines[i]);
        if (!player->failed && player->machine.failure[0] != '\0')
            fail(player, player->machine.failure);
    }
}

enum verdict play_scene(const struct script *script, const struct scene *scene,
                        const struct manner *manner, bool quiet)
{
    struct player player = {
        .scene = scene, .manner = manner, .line = &scene->title, .quiet = quiet};
    struct start start = {.options = {.has_broker = scene->is_page, .dialect = scene->dialect},
                          .pieces = -1};
    const struct script_line *lines = script->lines + scene->first;
    player.machine.pieces = manner->pieces;
    player.machine.growths_until_refusal = manner->refused_growth;
    player.machine.is_tight = manner->refused_growth > 0;
    player.machine.random = (manner->seed + 1) * 0x9E3779B97F4A7C15U;
    size_t heading = take_heading(&player, lines, scene->count, &start);
    if (start.pieces >= 0 && start.pieces != (int)manner->pieces)
        return SCENE_NOT_PLAYED;
    begin(&player, &start);
    play_lines(&player, lines + heading, scene->count - heading);
    bool is_over = player.machine.growths_until_refusal > 0; /* no growth was left to be refused */
    end(&player);
    return player.failed ? SCENE_DIFFERS : is_over ? SCENE_NOT_PLAYED : SCENE_AS_WRITTEN;
}
