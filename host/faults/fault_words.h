/* fault_words.h: the words that faults are described with: numbers, times, shares, lists. */
#ifndef HOST_FAULTS_FAULT_WORDS_H
#define HOST_FAULTS_FAULT_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each reads the whole text; false: it is something else, and *value means nothing. */
bool fault_read_number(uint64_t *value, const char *text);

/* "300ms", "20s", "5m", "1h": milliseconds. */
bool fault_read_duration(uint64_t *ms, const char *text);

/* "0.01", "1", "1%": parts of a million, at most a whole. More digits than that are refused. */
bool fault_read_share(uint64_t *ppm, const char *text);

/* The place in a list that ends with NULL; any case. */
bool fault_read_word(uint64_t *place, const char *text, const char *const *words);

enum fault_split { FAULT_SPLIT_WORD, FAULT_SPLIT_END, FAULT_SPLIT_WRONG };

/* The next word of a line, without its quotes, and the line behind it. */
enum fault_split fault_split_word(const char **line, char *word, size_t room);

#endif
