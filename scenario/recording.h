/* recording.h: a scenario's traffic as a recording, which imqttctl replays and reports on. */
#ifndef SCENARIO_RECORDING_H
#define SCENARIO_RECORDING_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

void recording_begin(FILE *file, const char *modem, uint64_t seed);

/* began_ms: when the first event came; 0: it is this one. */
void recording_add(FILE *file, const json_t *event, double *began_ms);

#endif
