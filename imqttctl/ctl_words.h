/* ctl_words.h: a line of words, as the prompt and -b read it. */
#ifndef IMQTTCTL_CTL_WORDS_H
#define IMQTTCTL_CTL_WORDS_H

#define CTL_WORDS_MAX 64

/* Splits the line in place, at spaces that are not in '…' or "…" (where \" and \\ stand for the
 * character behind). How many words; -1: a quote is open, or there are too many. A word that begins
 * with # ends the line. */
int ctl_words_split(char *line, char *words[CTL_WORDS_MAX]);

#endif
