#include "imqttctl/verb_arguments.h"

#include <stddef.h>
#include <string.h>

static void take_out(struct verb_arguments *arguments, int index, int count)
{
    arguments->count -= count;
    memmove(&arguments->words[index], &arguments->words[index + count],
            (size_t)(arguments->count - index) * sizeof *arguments->words);
}

bool arguments_take_flag(struct verb_arguments *arguments, const char *name)
{
    for (int i = 0; i < arguments->count; i++)
        if (strcmp(arguments->words[i], name) == 0) {
            take_out(arguments, i, 1);
            return true;
        }
    return false;
}

char *arguments_take_value(struct verb_arguments *arguments, const char *name, bool *is_wrong)
{
    size_t bytes = strlen(name);
    for (int i = 0; i < arguments->count; i++) {
        char *word = arguments->words[i], *value = NULL;
        if (strncmp(word, name, bytes) != 0 || (word[bytes] != '\0' && word[bytes] != '='))
            continue;
        bool is_joined = word[bytes] == '=';
        if (is_joined)
            value = word + bytes + 1;
        else if (i + 1 < arguments->count)
            value = arguments->words[i + 1];
        *is_wrong |= value == NULL;
        take_out(arguments, i, is_joined || value == NULL ? 1 : 2);
        return value;
    }
    return NULL;
}

const char *arguments_stray_option(const struct verb_arguments *arguments)
{
    for (int i = 0; i < arguments->count; i++)
        if (arguments->words[i][0] == '-' && arguments->words[i][1] != '\0')
            return arguments->words[i];
    return NULL;
}
