/* secrets.h: where secrets stand in what passes a terminal, in both directions, typed, echoed or read
 * back, by driver_report/secret_words.h: it rather hides too much. A line that was edited while it was
 * typed, so that the words are not there as they came to be, is hidden as a whole.
 */
#ifndef IMQTTD_TRACE_SECRETS_H
#define IMQTTD_TRACE_SECRETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Replaces what is secret in one line by '*', byte by byte; line ends stay. true: there was some. */
bool secrets_star(uint8_t *line, size_t count);

/* So many bytes behind this line of a host's are a secret, sent as data. Mostly 0. */
size_t secrets_data_bytes(const uint8_t *line, size_t count);

#endif
