/* scene.h: what a transcript (tests/transcripts) is played on: a modem that is made anew for it, with the
 * options of the transcripts' machine, and whose clock goes on only when it is told to.
 */
#ifndef FIRMWARE_SCENE_H
#define FIRMWARE_SCENE_H

#include "imqtt/modem.h"

/* Another modem is wanted. words: what it has beside, of "store", "boot" and "line". */
void scene_ask(const char *words);

/* Once for each scene_ask(): how to make it. */
bool scene_begins(struct imqtt_options *options, bool *has_store);

/* The time of day of a board's modem, until a scene begins. */
uint64_t scene_now_ms(const struct imqtt_modem *modem);

/* It is to go on by so much, from deadline to deadline; and what is left of that. */
void scene_pass_ms(uint32_t ms);
uint32_t scene_left_ms(void);

/* Changes what the radio finds: "signal 9"; "registered", "sim" and "cell" likewise. */
void scene_change_radio(struct imqtt_modem *modem, const char *words);

#endif
