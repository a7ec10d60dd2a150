#include "imqttctl/prompt.h"

#include <editline/readline.h>
#include <stdlib.h>
#include <string.h>

#include "driver_report/secret_words.h"
#include "imqttctl/completion.h"
#include "imqttctl/ctl_words.h"
#include "imqttctl/verbs.h"

#define HISTORY_LINES 1000

/* ---- completion ------------------------------------------------------------------------------ */

struct candidates {
    const char *beginning;
    FILE *stream; /* into text */
    char *text;   /* word after word, each with its 0 */
    size_t bytes, count;
    const char *next;
};

/* What libedit calls is given nothing of ours. */
static struct ctl *completing;
static struct candidates candidates;

static void take_candidate(void *context, const char *candidate)
{
    struct candidates *found = context;
    if (strncmp(candidate, found->beginning, strlen(found->beginning)) != 0)
        return;
    if (fwrite(candidate, strlen(candidate) + 1, 1, found->stream) == 1)
        found->count++;
}

static char *next_candidate(const char *text, int state)
{
    const char *word = candidates.next;
    (void)text;
    (void)state;
    if (word == candidates.text + candidates.bytes)
        return NULL;
    candidates.next += strlen(word) + 1;
    return strdup(word);
}

static void find_candidates(const char *text, int start)
{
    char *words[CTL_WORDS_MAX];
    char *before = strndup(rl_line_buffer, (size_t)start);
    int count = before != NULL ? ctl_words_split(before, words) : -1;
    candidates = (struct candidates){.beginning = text};
    candidates.stream = open_memstream(&candidates.text, &candidates.bytes);
    if (candidates.stream != NULL && count >= 0)
        completion_find(completing, count, words, take_candidate, &candidates);
    if (candidates.stream != NULL && fclose(candidates.stream) != 0)
        candidates.count = 0;
    candidates.next = candidates.text;
    free(before);
}

/* "signal=" is not the whole word. */
static bool wants_value(void)
{
    return candidates.count == 1 && candidates.text[candidates.bytes - 2] == '=';
}

static char **complete(const char *text, int start, int end)
{
    (void)end;
    find_candidates(text, start);
    bool is_file = candidates.count == 1 && strcmp(candidates.text, "@file") == 0;
    rl_attempted_completion_over = !is_file; /* else names of files */
    rl_completion_append_character = wants_value() ? '\0' : ' ';
    char **matches =
        is_file || candidates.count == 0 ? NULL : rl_completion_matches(text, next_candidate);
    free(candidates.text);
    return matches;
}

/* ---- history -------------------------------------------------------------------------------- */

static char *history_file(void)
{
    const char *home = getenv("HOME");
    char *name;
    if (home == NULL || asprintf(&name, "%s/.imqttctl_history", home) < 0)
        return NULL;
    return name;
}

/* What a host sends after a prompt of the modem's: who knows what it is. */
static bool types_data(const char *line)
{
    static const char verb[] = "type ";
    line += strspn(line, " ");
    if (strncmp(line, verb, sizeof verb - 1) != 0)
        return false;
    line += sizeof verb - 1;
    line += strspn(line, " ");
    line += strcspn(line, " ");
    return strncasecmp(line + strspn(line, " \"'"), "AT", 2) != 0;
}

/* A modem drops spaces, and imqttctl what it quotes with. */
static bool has_command_with_secret(const char *line)
{
    char *bare = strdup(line), *end = bare;
    size_t from = 0;
    struct secret_place place;
    if (bare == NULL)
        return true;
    for (; *line != '\0'; line++)
        if (strchr(" '\"\\", *line) == NULL)
            *end++ = *line;
    bool has = secret_words_next((const uint8_t *)bare, (size_t)(end - bare), &from, &place);
    explicit_bzero(bare, (size_t)(end - bare));
    free(bare);
    return has;
}

/* Those of commands in any dialect, and where a password is called so. */
static bool has_secret(const char *line)
{
    static const char *const words[] = {"--secret", "PASSWORD", "SECRET", "-----"};
    if (types_data(line) || has_command_with_secret(line))
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasestr(line, words[i]) != NULL)
            return true;
    return false;
}

/* ---- verbs ---------------------------------------------------------------------------------- */

static enum ctl_exit run_line(struct ctl *ctl, char *line)
{
    char *words[CTL_WORDS_MAX];
    int count = ctl_words_split(line, words);
    if (count < 0)
        return ctl_say(CTL_USAGE, "a quote is open, or there are too many words");
    return count == 0 ? CTL_DONE : verbs_run(ctl, count, words);
}

static bool is_quit(const char *line)
{
    return strcmp(line, "quit") == 0 || strcmp(line, "exit") == 0;
}

/* At once: Ctrl-C ends the program. */
static void remember(const char *line, const char *file)
{
    if (line[strspn(line, " ")] == '\0' || has_secret(line))
        return;
    add_history(line);
    if (file != NULL)
        write_history(file);
}

static enum ctl_exit run_lines(struct ctl *ctl, const char *file)
{
    enum ctl_exit end = CTL_DONE;
    for (char *line; (line = readline("imqtt> ")) != NULL; free(line)) {
        if (is_quit(line)) {
            free(line);
            return end;
        }
        remember(line, file);
        end = run_line(ctl, line);
    }
    putchar('\n');
    return end;
}

enum ctl_exit prompt_run(struct ctl *ctl)
{
    static char program[] = "imqttctl";
    char *file = history_file();
    completing = ctl;
    rl_readline_name = program;
    rl_attempted_completion_function = complete;
    using_history();
    stifle_history(HISTORY_LINES);
    if (file != NULL)
        read_history(file);
    enum ctl_exit end = run_lines(ctl, file);
    free(file);
    return end;
}

enum ctl_exit prompt_batch(struct ctl *ctl, FILE *file)
{
    char *line = NULL;
    size_t room = 0;
    enum ctl_exit end = CTL_DONE;
    while (end == CTL_DONE && getline(&line, &room, file) >= 0)
        end = run_line(ctl, line);
    free(line);
    return end;
}
