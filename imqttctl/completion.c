#include "imqttctl/completion.h"

#include <string.h>

#include "imqttctl/daemon_client.h"
#include "imqttctl/verbs.h"

#define WORD_BYTES 64

static void give_words(const char *words, completion_taker *take, void *context)
{
    char word[WORD_BYTES];
    while (*words != '\0') {
        size_t bytes = strcspn(words, " ");
        if (bytes < sizeof word) {
            memcpy(word, words, bytes);
            word[bytes] = '\0';
            take(context, word);
        }
        words += bytes + strspn(words + bytes, " ");
    }
}

/* Nobody wants to read, while typing, that there is no daemon. */
static void give_modems(struct ctl *ctl, completion_taker *take, void *context)
{
    struct control_answer answer;
    size_t index;
    json_t *modem;
    if (!daemon_ask_quietly(ctl->client, "/v1/modems", &answer)) {
        control_answer_end(&answer);
        return;
    }
    json_array_foreach(json_object_get(answer.json, "modems"), index, modem)
    {
        take(context, json_string_value(json_object_get(modem, "name")));
    }
    control_answer_end(&answer);
}

static const char *place_of(const struct verb *verb, int index)
{
    const char *last = NULL;
    for (int i = 0; i <= index && i < VERB_PLACES; i++)
        if (verb->completes[i] != NULL)
            last = verb->completes[i];
    bool repeats = last != NULL && strchr(last, '=') != NULL;
    if (index >= VERB_PLACES)
        return repeats ? last : NULL;
    return verb->completes[index] != NULL || repeats ? last : NULL;
}

void completion_find(struct ctl *ctl, int count, char **words, completion_taker *take,
                     void *context)
{
    if (count == 0) {
        for (const struct verb *verb = verbs_all(); verb->name != NULL; verb++)
            take(context, verb->name);
        return;
    }
    const struct verb *verb = verbs_find(words[0]);
    const char *place = verb != NULL ? place_of(verb, count - 1) : NULL;
    if (place == NULL)
        return;
    if (strcmp(place, COMPLETES_MODEM) == 0)
        give_modems(ctl, take, context);
    else
        give_words(place, take, context);
}

/* ---- scripts -------------------------------------------------------------------------------- */

/* Options before the verb, the socket's above all, are handed on to the program that is asked. */
static const char bash_script[] =
    "_imqttctl() {\n"
    "    local found\n"
    "    COMPREPLY=()\n"
    "    found=$(\"${COMP_WORDS[0]}\" --complete \"${COMP_WORDS[@]:1:COMP_CWORD-1}\" 2>/dev/null)\n"
    "    if [ \"$found\" = @file ]; then\n"
    "        compopt -o filenames\n"
    "        mapfile -t COMPREPLY < <(compgen -f -- \"$2\")\n"
    "        return\n"
    "    fi\n"
    "    mapfile -t COMPREPLY < <(compgen -W \"$found\" -- \"$2\")\n"
    "    case ${COMPREPLY[0]-} in *=) compopt -o nospace ;; esac\n"
    "}\n"
    "complete -F _imqttctl imqttctl\n";

static const char zsh_script[] =
    "#compdef imqttctl\n"
    "_imqttctl() {\n"
    "    local -a found\n"
    "    found=(${(f)\"$($words[1] --complete ${words[2,CURRENT-1]} 2>/dev/null)\"})\n"
    "    if [[ $found = @file ]]; then\n"
    "        _files\n"
    "    else\n"
    "        compadd -- $found\n"
    "    fi\n"
    "}\n"
    "compdef _imqttctl imqttctl\n";

static const char fish_script[] =
    "function __imqttctl\n"
    "    set -l words (commandline -opc)\n"
    "    set -l found ($words[1] --complete $words[2..-1] 2>/dev/null)\n"
    "    if test \"$found\" = @file\n"
    "        __fish_complete_path (commandline -ct)\n"
    "    else\n"
    "        printf '%s\\n' $found\n"
    "    end\n"
    "end\n"
    "complete -c imqttctl -f -a '(__imqttctl)'\n";

enum ctl_exit completion_print_script(const char *shell)
{
    const struct {
        const char *shell, *script;
    } scripts[] = {{"bash", bash_script}, {"zsh", zsh_script}, {"fish", fish_script}};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        if (strcmp(scripts[i].shell, shell) == 0) {
            (void)fputs(scripts[i].script, stdout);
            return CTL_DONE;
        }
    return ctl_say(CTL_USAGE, "--completion is for bash, zsh or fish");
}
