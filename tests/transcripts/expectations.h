/* expectations.h: lines of a transcript that must come true, exactly. */
#ifndef TESTS_TRANSCRIPTS_EXPECTATIONS_H
#define TESTS_TRANSCRIPTS_EXPECTATIONS_H

#include "tests/transcripts/playing.h"

void expect_line(struct player *player, struct span text);     /* < OK */
void expect_escaped(struct player *player, struct span text);  /* <~ 0\r */
void expect_network(struct player *player, struct span words); /* modem: PUBACK 7 */
void expect_log(struct player *player, struct span text);      /* log: connected: 0 */
void check_state(struct player *player, struct span words);    /* check: idle */

/* Whatever came out is accounted for. */
void expect_nothing_more(struct player *player);

/* Whatever was to come in was taken. */
void expect_all_taken(struct player *player);

#endif
