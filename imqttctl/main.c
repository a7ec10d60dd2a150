/* imqttctl: sees and changes the modems of a running imqttd. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "imqttctl/completion.h"
#include "imqttctl/daemon_client.h"
#include "imqttctl/prompt.h"
#include "imqttctl/verbs.h"

#define DEFAULT_SOCKET "/run/imqtt/control"

struct wish {
    struct control_target target;
    const char *completion; /* the shell */
    bool json, batch, help, version, completes;
};

enum { OPTION_TOKEN_FILE = 256, OPTION_JSON, OPTION_COMPLETION, OPTION_COMPLETE, OPTION_VERSION };

static const struct option options[] = {
    {"socket", required_argument, NULL, 's'},
    {"host", required_argument, NULL, 'H'},
    {"token-file", required_argument, NULL, OPTION_TOKEN_FILE},
    {"json", no_argument, NULL, OPTION_JSON},
    {"batch", no_argument, NULL, 'b'},
    {"completion", required_argument, NULL, OPTION_COMPLETION},
    {"complete", no_argument, NULL, OPTION_COMPLETE},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, OPTION_VERSION},
    {NULL, 0, NULL, 0},
};

static void print_help(void)
{
    puts("usage: imqttctl [OPTION ...] [VERB ...]\n\n"
         "  -s, --socket SOCKET      the daemon's control socket ($IMQTT_CONTROL,\n"
         "                           or " DEFAULT_SOCKET ")\n"
         "  -H, --host HOST:PORT     its address, with --token-file FILE\n"
         "      --json               answers as JSON\n"
         "  -b, --batch              verbs from standard input, a line each\n"
         "      --completion SHELL   a script for bash, zsh or fish\n"
         "  -h, --help\n"
         "      --version\n\n"
         "Without a verb, on a terminal: a prompt. Verbs:\n");
    verbs_print_help(stdout);
    puts("\nexit status: 0 done, 1 refused or failed, 2 wrong usage, 3 no daemon there,\n"
         "42 play timed out");
}

/* One line, as every error is: what is wrong, and where to read on. */
static bool refuse_usage(const char *what, const char *why)
{
    (void)ctl_say(CTL_USAGE, "%s%s (usage: imqttctl [OPTION ...] [VERB ...]; imqttctl --help)",
                  what, why);
    return false;
}

static bool refuse_option(int result, char **words)
{
    return refuse_usage(words[optind - 1], result == ':' ? ": needs a value" : ": unknown option");
}

static bool take_option(struct wish *wish, int option)
{
    switch (option) {
    case 's':
        wish->target.socket = optarg;
        return true;
    case 'H':
        wish->target.address = optarg;
        return true;
    case OPTION_TOKEN_FILE:
        wish->target.token_file = optarg;
        return true;
    case OPTION_JSON:
        return wish->json = true;
    case 'b':
        return wish->batch = true;
    case OPTION_COMPLETION:
        wish->completion = optarg;
        return true;
    case OPTION_COMPLETE:
        return wish->completes = true;
    case 'h':
        return wish->help = true;
    case OPTION_VERSION:
        return wish->version = true;
    default:
        return false;
    }
}

/* Behind --complete everything is part of the line that is completed, options for us as well. */
static bool take_options(struct wish *wish, int count, char **words)
{
    const char *socket = getenv("IMQTT_CONTROL");
    int option;
    wish->target.socket = socket != NULL ? socket : DEFAULT_SOCKET;
    opterr = 0;
    while ((option = getopt_long(count, words, "+:s:H:bh", options, NULL)) != -1)
        if (!take_option(wish, option) && !wish->completes)
            return refuse_option(option, words);
    if (wish->target.address != NULL && wish->target.token_file == NULL && !wish->completes)
        return refuse_usage("--host", " needs --token-file");
    return true;
}

static void print_candidate(void *context, const char *candidate)
{
    (void)context;
    puts(candidate);
}

static enum ctl_exit run(struct ctl *ctl, const struct wish *wish, int count, char **words)
{
    if (wish->completes) {
        completion_find(ctl, count, words, print_candidate, NULL);
        return CTL_DONE;
    }
    if (count > 0 && !wish->batch)
        return verbs_run(ctl, count, words);
    if (wish->batch && count == 0)
        return prompt_batch(ctl, stdin);
    if (!wish->batch && isatty(STDIN_FILENO))
        return prompt_run(ctl);
    return ctl_say(CTL_USAGE, "a verb is missing, or one too many (imqttctl --help)");
}

/* What was asked for could not be told: a full disk, a reader that has left. */
static enum ctl_exit told(enum ctl_exit end)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return end;
    return end != CTL_DONE ? end : ctl_say(CTL_FAILED, "standard output: %s", strerror(errno));
}

int main(int count, char **words)
{
    struct wish wish = {.json = false};
    if (!take_options(&wish, count, words))
        return CTL_USAGE;
    if (wish.completion != NULL)
        return (int)told(completion_print_script(wish.completion));
    if (wish.help || wish.version) {
        if (wish.help)
            print_help();
        else
            puts("imqttctl " IMQTT_VERSION);
        return (int)told(CTL_DONE);
    }
    struct ctl ctl = {
        .client = daemon_client_new(&wish.target), .target = &wish.target, .json = wish.json};
    if (ctl.client == NULL)
        return CTL_USAGE;
    enum ctl_exit end = run(&ctl, &wish, count - optind, words + optind);
    daemon_client_end(ctl.client);
    return (int)told(end);
}
