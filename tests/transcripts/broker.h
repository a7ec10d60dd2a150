/* broker.h: a broker that behaves well, for transcripts that are not about the network: it accepts
 * every connection, grants what is asked, acknowledges at once, and passes messages on. */
#ifndef TESTS_TRANSCRIPTS_BROKER_H
#define TESTS_TRANSCRIPTS_BROKER_H

#include "tests/transcripts/machine.h"

/* What a device that registers in Aliyun mode is given. */
#define BROKER_DEVICE_SECRET "6a1f29d0c5b84e7fa0d3b9e8c7162534"
#define BROKER_CLIENT_ID     "imqtt-client"
#define BROKER_DEVICE_TOKEN  "imqtt-token"

/* Answers what the modem has written to the network; false: there was nothing. */
bool broker_answer(struct machine *machine);

/* A message to the modem, whatever it has subscribed to. */
void broker_send(struct machine *machine, struct span topic, uint8_t qos, struct span payload);

#endif
