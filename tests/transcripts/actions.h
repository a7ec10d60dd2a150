/* actions.h: lines of a transcript that make something happen. */
#ifndef TESTS_TRANSCRIPTS_ACTIONS_H
#define TESTS_TRANSCRIPTS_ACTIONS_H

#include "tests/transcripts/playing.h"

void type_line(struct player *player, struct span text);    /* > AT+IMQTTCONN */
void type_escaped(struct player *player, struct span text); /* >~ AT\x08\r */
void send_packet(struct player *player, struct span words); /* broker: CONNACK 0 */
void act_network(struct player *player, struct span words); /* net: opened */
void act_host(struct player *player, struct span words);    /* host: stops reading */
void act_memory(struct player *player, struct span words);  /* memory: refuses OUTBOX */
void act_radio(struct player *player, struct span words);   /* radio: signal 5 */
void act_store(struct player *player, struct span words);   /* store: fails */
void act_crypto(struct player *player, struct span words);  /* crypto: fails */
void act_power(struct player *player, struct span words);   /* power: off and on */
void act_wait(struct player *player, struct span ms);       /* wait 3000 */
void act_stall(struct player *player, struct span ms);      /* stall 3000 */

#endif
