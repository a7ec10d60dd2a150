#include "scenario/play_options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/faults/fault_words.h"
#include "imqttd/need.h"

#define SEED_MAX UINT64_C(9007199254740991)

static bool wrong(const char *option, const char *why)
{
    (void)fprintf(stderr, "imqttctl play: %s: %s\n", option, why);
    return false;
}

static bool take_seed(struct play_options *options, const char *value)
{
    options->has_seed = fault_read_number(&options->seed, value) && options->seed <= SEED_MAX;
    return options->has_seed || wrong("--seed", "not a number up to 9007199254740991");
}

static bool take_setting(struct play_options *options, const char *value)
{
    if (strchr(value, '=') == NULL || strpbrk(value, "\r\n[") == value || strchr(value, '\n'))
        return wrong("--set", "not of the form KEY=VALUE");
    if (options->setting_count == PLAY_SETTINGS)
        return wrong("--set", "too many");
    options->settings[options->setting_count++] = value;
    return true;
}

static bool take_flag(struct play_options *options, const char *name, bool *is_flag)
{
    *is_flag = true;
    if (strcmp(name, "--with-daemon") == 0)
        return options->has_daemon = true;
    if (strcmp(name, "--with-broker") == 0)
        return options->has_broker = true;
    if (strcmp(name, "--fast") == 0)
        return options->is_fast = true;
    *is_flag = false;
    return true;
}

static bool take_value(struct play_options *options, const char *name, const char *value)
{
    const struct {
        const char *name, **to;
    } texts[] = {{"--modem", &options->modem},
                 {"--broker", &options->broker},
                 {"--junit", &options->junit},
                 {"--record", &options->record}};
    if (value == NULL)
        return wrong(name, "needs a value, or is not known");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i].name, name) == 0)
            return (*texts[i].to = value) != NULL;
    if (strcmp(name, "--seed") == 0)
        return take_seed(options, value);
    if (strcmp(name, "--set") == 0)
        return take_setting(options, value);
    return wrong(name, "unknown option");
}

static bool is_consistent(const struct play_options *options)
{
    if (options->files[0] == NULL)
        return wrong("FILE", "is missing");
    if (options->is_fast && options->host != NULL)
        return wrong("--fast", "a host program measures real time: only a scenario that plays the "
                               "host itself can be played faster");
    if (options->has_daemon)
        return true;
    if (options->is_fast)
        return wrong("--fast", "needs --with-daemon");
    if (options->has_broker)
        return wrong("--with-broker", "needs --with-daemon");
    if (options->setting_count > 0)
        return wrong("--set", "needs --with-daemon");
    return options->host == NULL || wrong("--", "a host program needs --with-daemon");
}

bool play_options_read(struct play_options *options, int count, char **words)
{
    size_t files = 0;
    *options = (struct play_options){.files = need_new(((size_t)count + 1) * sizeof(char *))};
    for (int i = 0; i < count; i++) {
        bool is_flag;
        if (strcmp(words[i], "--") == 0) {
            options->host = i + 1 < count ? words + i + 1 : NULL;
            break;
        }
        if (strncmp(words[i], "--", 2) != 0) {
            options->files[files++] = words[i];
            continue;
        }
        if (!take_flag(options, words[i], &is_flag))
            return false;
        if (!is_flag && !take_value(options, words[i], i + 1 < count ? words[i + 1] : NULL))
            return false;
        i += !is_flag;
    }
    return is_consistent(options);
}

void play_options_end(struct play_options *options)
{
    free(options->files);
}
