#include "host/terminal/terminal_player.h"

#include <stdlib.h>

static size_t write_out(struct terminal *terminal, const uint8_t *bytes, size_t count)
{
    return terminal_has_host(terminal) ? terminal_write(terminal->below, bytes, count) : count;
}

static void end(struct terminal *terminal)
{
    free(terminal);
}

static const struct terminal_kind kind = {.place = TERMINAL_PLAYER, .write = write_out, .end = end};

struct terminal *terminal_player_new(void)
{
    struct terminal *player = calloc(1, sizeof *player);
    if (player != NULL)
        player->kind = &kind;
    return player;
}
