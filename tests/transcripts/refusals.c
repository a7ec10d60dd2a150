#include "tests/transcripts/refusals.h"

/* Longer than any prompt, request, keep-alive or reconnection of a dialect waits. */
#define LONG_MS 8000000U

bool is_refused(const struct player *player)
{
    return player->manner->refused_growth > 0;
}

void forget_output(struct player *player)
{
    buffer_clear(&player->machine.host.out);
    buffer_clear(&player->machine.log);
    for (uint8_t i = 0; i < IMQTT_CLIENTS; i++) {
        struct machine_client *client = &player->machine.clients[i];
        buffer_clear(&client->network.out);
        client->mark_count = 0;
    }
}

bool can_happen(const struct player *player, struct span line)
{
    enum network_state state = player->machine.client->network_state;
    if (!is_refused(player))
        return true;
    if (take_start(&line, "net: opened"))
        return state == NETWORK_OPENING;
    if (take_start(&line, "net: failed"))
        return state != NETWORK_CLOSED;
    if (take_start(&line, "broker: "))
        return state == NETWORK_OPEN;
    return !take_start(&line, "modem: ") && !take_start(&line, "< ") && !take_start(&line, "<~ ") &&
           !take_start(&line, "log: ") && !take_start(&line, "check: ");
}

/* ---- coming to rest ------------------------------------------------------------------------ */

static void let_all_work(struct machine *machine)
{
    machine->growths_until_refusal = 0;
    machine->crypto_fails = machine->store.fails = machine->store.waits = false;
    machine->host.room = SIZE_MAX;
    for (uint8_t i = 0; i < IMQTT_CLIENTS; i++) {
        struct machine_client *client = &machine->clients[i];
        client->network.room = SIZE_MAX;
        for (int purpose = 0; purpose < IMQTT_MEMORY_PURPOSE_COUNT; purpose++)
            client->lent[purpose].refuses = false;
    }
    machine_run(machine);
}

static void wait_long(struct player *player)
{
    enum { SLICES = 100 };
    for (int i = 0; i < SLICES; i++) {
        machine_wait(&player->machine, LONG_MS / SLICES);
        forget_output(player);
    }
}

static void type(struct machine *machine, const char *line)
{
    buffer_put_text(&machine->host.in, line);
    machine_run(machine);
}

/* The end of a line that was half typed may open a prompt, which ends as any other. */
static void give_up_typing(struct player *player)
{
    type(&player->machine, "\r");
    wait_long(player);
    type(&player->machine, "ATQ0V1E0\r");
    wait_long(player);
}

void expect_rest(struct player *player)
{
    struct machine *machine = &player->machine;
    let_all_work(machine);
    wait_long(player);
    give_up_typing(player);
    type(machine, "AT\r");
    if (!span_equal(buffer_span(&machine->host.out), span_text("\r\nOK\r\n")))
        fail(player, "at rest it does not answer AT with one OK");
    forget_output(player);
}

/* ---- each of them -------------------------------------------------------------------------- */

/* Whether a text has "\\(1000 x)" or more of it. */
static bool is_long(struct span text)
{
    unsigned digits = 0;
    span_skip(&text, span_find(text, '('));
    while (span_skip(&text, 1) && span_first(text) >= '0' && span_first(text) <= '9')
        digits++;
    return digits >= 4;
}

static bool is_long_scene(const struct script *script, const struct scene *scene)
{
    for (size_t i = 0; i < scene->count; i++)
        if (is_long(script->lines[scene->first + i].text))
            return true;
    return false;
}

bool play_with_refusals(const struct script *script, const struct scene *scene)
{
    struct manner manner = {PIECES_WHOLE, 0, 1};
    enum verdict verdict;
    if (is_long_scene(script, scene)) /* it would be minutes */
        return true;
    while ((verdict = play_scene(script, scene, &manner, false)) == SCENE_AS_WRITTEN)
        manner.refused_growth++;
    return verdict == SCENE_NOT_PLAYED;
}
