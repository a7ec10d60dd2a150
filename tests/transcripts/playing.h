/* playing.h: a scene that is being played, as the player's files share it. */
#ifndef TESTS_TRANSCRIPTS_PLAYING_H
#define TESTS_TRANSCRIPTS_PLAYING_H

#include "tests/transcripts/player.h"

/* Whose bytes are collected, to arrive together. */
enum gathering { GATHERS_NOTHING, GATHERS_HOST, GATHERS_BROKER };

struct player {
    struct machine machine;
    const struct scene *scene;
    const struct manner *manner;
    const struct script_line *line; /* the one that is played */
    enum gathering gathering;
    bool quiet, failed;
};

/* The scene is over; prints where, and what is wrong. */
void fail(struct player *player, const char *problem);

#endif
