#include "imqttctl/ctl_words.h"

#include <stddef.h>
#include <string.h>

/* Moves one word to its own beginning, without its quotes. NULL: a quote is open. */
static char *take_word(char *from)
{
    char *to = from, quote = '\0';
    for (; *from != '\0'; from++) {
        if (quote == '\0' && strchr(" \t\r\n", *from) != NULL)
            break;
        if (quote == '"' && *from == '\\' && (from[1] == '"' || from[1] == '\\'))
            *to++ = *++from;
        else if (*from == quote)
            quote = '\0';
        else if (quote == '\0' && (*from == '\'' || *from == '"'))
            quote = *from;
        else
            *to++ = *from;
    }
    if (quote != '\0')
        return NULL;
    char *next = from + (*from != '\0');
    *to = '\0';
    return next;
}

int ctl_words_split(char *line, char *words[CTL_WORDS_MAX])
{
    int count = 0;
    for (;;) {
        line += strspn(line, " \t\r\n");
        if (*line == '\0' || *line == '#')
            return count;
        if (count == CTL_WORDS_MAX)
            return -1;
        words[count++] = line;
        line = take_word(line);
        if (line == NULL)
            return -1;
    }
}
