/* refusals.h: scenes on a modem that is refused memory once: its first growth, its second, and so on.
 *
 * What it says and sends then is its own affair, and what the scene tells of the broker happens as
 * far as it can. The modem must keep what it promises its loop (machine.h), come to rest once all
 * works again, and answer one AT with one OK.
 */
#ifndef TESTS_TRANSCRIPTS_REFUSALS_H
#define TESTS_TRANSCRIPTS_REFUSALS_H

#include "tests/transcripts/playing.h"

/* Plays the scene as often as it asks for memory. false: a modem did not get over it; it was printed. */
bool play_with_refusals(const struct script *script, const struct scene *scene);

/* Whether the player's modem is refused memory: nothing that it says is compared. */
bool is_refused(const struct player *player);

/* What came out so far is not looked at. */
void forget_output(struct player *player);

/* Whether a line is to be played: of a modem that is refused memory, what can happen as its network
 * stands. */
bool can_happen(const struct player *player, struct span line);

/* All works again and a long time passes; then the modem must answer. */
void expect_rest(struct player *player);

#endif
