/* fault_arguments.h: a fault in words, latency link=uart latency=300ms ttl=20s, as the JSON of one. */
#ifndef IMQTTCTL_FAULT_ARGUMENTS_H
#define IMQTTCTL_FAULT_ARGUMENTS_H

#include <jansson.h>
#include <stdint.h>

/* For completion; what a type means and takes is the daemon's business. */
#define FAULT_TYPE_WORDS                                                                           \
    "latency bandwidth slicer stall drop garble insert cut refuse withhold duplicate answer mute " \
    "late urc reboot freeze"

/* NULL: problem says what is wrong. */
json_t *fault_words_parse(const char *type, int count, char **words, char problem[160]);

/* "300ms", "20s", "5m", "2h"; -1: it is none. */
int64_t duration_parse_ms(const char *text);

#endif
