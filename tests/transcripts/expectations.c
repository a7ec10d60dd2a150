#include "tests/transcripts/expectations.h"

#include "core/modem/spelling.h"
#include "tests/transcripts/packets.h"
#include "tests/transcripts/refusals.h"

/* ---- complaints ---------------------------------------------------------------------------- */

static const char *const pieces_names[] = {"whole", "bytes", "random"};

static void begin_complaint(struct player *player)
{
    const struct script_line *line = player->line, *title = &player->scene->title;
    player->failed = true;
    if (player->quiet)
        return;
    fprintf(stderr, "%s:%u: %.*s\n", line->file, line->number, (int)line->text.count,
            (const char *)line->text.bytes);
    fprintf(stderr, "    scene:    %s:%u: %.*s\n", title->file, title->number,
            (int)title->text.count, (const char *)title->text.bytes);
    fprintf(stderr, "    played:   --pieces %s --seed %llu\n", pieces_names[player->manner->pieces],
            (unsigned long long)player->manner->seed);
    if (is_refused(player))
        fprintf(stderr, "    refused:  growth %u\n", player->manner->refused_growth);
}

void fail(struct player *player, const char *problem)
{
    begin_complaint(player);
    if (!player->quiet)
        fprintf(stderr, "    problem:  %s\n", problem);
}

static void complain_bytes(struct player *player, const char *label, struct span bytes)
{
    if (player->quiet)
        return;
    fprintf(stderr, "    %-9s ", label);
    print_escaped(stderr, bytes);
    fputc('\n', stderr);
}

/* ---- the terminal -------------------------------------------------------------------------- */

static void expect_bytes(struct player *player, struct span expected)
{
    struct buffer *out = &player->machine.host.out;
    struct span got = buffer_span(out);
    if (got.count >= expected.count && memcmp(got.bytes, expected.bytes, expected.count) == 0) {
        buffer_take(out, expected.count);
        return;
    }
    begin_complaint(player);
    complain_bytes(player, "expected:", expected);
    complain_bytes(player, "got:", got);
}

/* In a dialect of bare lines only final results have a line end in front. */
static bool has_lead(const struct player *player, struct span text)
{
#if !IMQTT_WITH_DIALECTS
    (void)player, (void)text;
    return true;
#else
    const struct imqtt_dialect *dialect = player->scene->dialect;
    bool is_final = span_equal(text, span_text("OK")) || span_equal(text, span_text("ERROR"));
    return dialect == NULL || !dialect->bare_lines || is_final;
#endif
}

/* The prompt of IMQTTPUBEX has no line end behind it. */
void expect_line(struct player *player, struct span text)
{
    struct buffer expected = BUFFER_EMPTY;
    if (has_lead(player, text))
        buffer_put_text(&expected, "\r\n");
    buffer_put(&expected, text);
    if (!span_equal(text, span_text(">")))
        buffer_put_text(&expected, "\r\n");
    expect_bytes(player, buffer_span(&expected));
    buffer_free(&expected);
}

void expect_escaped(struct player *player, struct span text)
{
    struct buffer expected = BUFFER_EMPTY;
    if (buffer_put_escaped(&expected, text))
        expect_bytes(player, buffer_span(&expected));
    else
        fail(player, "no such escape");
    buffer_free(&expected);
}

/* ---- the network --------------------------------------------------------------------------- */

static void print_packets(FILE *to, struct span bytes)
{
    struct span packet;
    while (packet_take(&bytes, &packet)) {
        packet_print(to, packet);
        fputs("; ", to);
    }
    if (bytes.count > 0)
        print_escaped(to, bytes);
}

static void print_network(FILE *to, const struct machine *machine)
{
    struct span rest = buffer_span(&machine->client->network.out), before;
    size_t at = 0;
    for (size_t i = 0; i < machine->client->mark_count; i++) {
        const struct network_mark *mark = &machine->client->marks[i];
        span_take(&rest, mark->at - at, &before);
        at = mark->at;
        print_packets(to, before);
        fprintf(to, "%s%s; ", mark->is_open ? "opens " : "closes", mark->target);
    }
    print_packets(to, rest);
    fputc('\n', to);
}

static void complain_network(struct player *player)
{
    begin_complaint(player);
    if (player->quiet)
        return;
    fputs("    network:  ", stderr);
    print_network(stderr, &player->machine);
}

static size_t bytes_before_mark(const struct machine *machine)
{
    return machine->client->mark_count > 0 ? machine->client->marks[0].at
                                           : machine->client->network.out.count;
}

static bool take_mark(struct machine *machine, bool is_open, struct span target)
{
    const struct network_mark *mark = &machine->client->marks[0];
    if (machine->client->mark_count == 0 || mark->at > 0 || mark->is_open != is_open ||
        !span_equal(target, span_text(mark->target)))
        return false;
    machine->client->mark_count--;
    memmove(machine->client->marks, machine->client->marks + 1,
            machine->client->mark_count * sizeof machine->client->marks[0]);
    return true;
}

static bool take_bytes(struct machine *machine, struct span bytes)
{
    struct buffer *out = &machine->client->network.out;
    if (bytes.count > bytes_before_mark(machine) ||
        memcmp(buffer_span(out).bytes, bytes.bytes, bytes.count) != 0)
        return false;
    buffer_take(out, bytes.count);
    for (size_t i = 0; i < machine->client->mark_count; i++)
        machine->client->marks[i].at -= bytes.count;
    return true;
}

static void expect_packet(struct player *player, struct span words)
{
    struct buffer packet = BUFFER_EMPTY;
    const char *problem = packet_from_words(words, &packet);
    if (problem != NULL)
        fail(player, problem);
    else if (!take_bytes(&player->machine, buffer_span(&packet)))
        complain_network(player);
    buffer_free(&packet);
}

void expect_network(struct player *player, struct span words)
{
    struct span target = words;
    bool is_open = take_start(&target, "opens ");
    if (!is_open && !span_equal(words, span_text("closes")))
        expect_packet(player, words);
    else if (!take_mark(&player->machine, is_open, is_open ? target : SPAN_EMPTY))
        complain_network(player);
}

/* ---- the rest ------------------------------------------------------------------------------ */

static void expect_nothing_more_of(struct player *player, struct machine_client *client)
{
    struct machine_client *turned_to = player->machine.client;
    player->machine.client = client;
    if (client->network.out.count > 0 || client->mark_count > 0)
        complain_network(player);
    player->machine.client = turned_to;
}

void expect_nothing_more(struct player *player)
{
    struct machine *machine = &player->machine;
    if (player->failed)
        return;
    if (is_refused(player)) {
        forget_output(player);
        return;
    }
    if (machine->host.out.count > 0) {
        fail(player, "before this line the modem said more");
        complain_bytes(player, "got:", buffer_span(&machine->host.out));
        return;
    }
    for (uint8_t i = 0; i < IMQTT_CLIENTS && !player->failed; i++)
        expect_nothing_more_of(player, &machine->clients[i]);
}

void expect_all_taken(struct player *player)
{
    const struct machine *machine = &player->machine;
    size_t count = machine->host.in.count;
    for (uint8_t i = 0; i < IMQTT_CLIENTS; i++)
        count += machine->clients[i].network.in.count;
    if (count > 0)
        fail(player, "the modem did not take all input");
}

/* What was told before it is passed over; a firmware without news tells nothing. */
void expect_log(struct player *player, struct span text)
{
    struct buffer *log = &player->machine.log;
    struct span rest = buffer_span(log), line;
    if (!IMQTT_WITH_NEWS)
        return;
    while (rest.count > 0) {
        span_take(&rest, span_find(rest, '\n'), &line);
        span_skip(&rest, 1);
        if (span_equal(line, text)) {
            buffer_take(log, log->count - rest.count);
            return;
        }
    }
    fail(player, "the log does not say so");
    complain_bytes(player, "log:", buffer_span(log));
}

static bool host_waits(const struct machine *machine)
{
    return machine->host.in.count > 0;
}

static bool broker_waits(const struct machine *machine)
{
    return machine->client->network.in.count > 0;
}

static bool nothing_waits(const struct machine *machine)
{
    return !host_waits(machine) && !broker_waits(machine);
}

static bool is_idle(const struct machine *machine)
{
    return imqtt_modem_is_idle(machine->modem);
}

static bool is_busy(const struct machine *machine)
{
    return !is_idle(machine);
}

static bool is_connected(const struct machine *machine)
{
    return imqtt_modem_is_connected(machine->modem);
}

static bool is_disconnected(const struct machine *machine)
{
    return !is_connected(machine);
}

void check_state(struct player *player, struct span words)
{
    static const struct {
        const char *name;
        bool (*is_true)(const struct machine *machine);
    } checks[] = {
        {"idle", is_idle},
        {"busy", is_busy},
        {"connected", is_connected},
        {"disconnected", is_disconnected},
        {"host waits", host_waits},
        {"broker waits", broker_waits},
        {"nothing waits", nothing_waits},
    };
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        if (span_equal(words, span_text(checks[i].name))) {
            if (!checks[i].is_true(&player->machine))
                fail(player, "it is not");
            return;
        }
    fail(player, "no such check");
}
