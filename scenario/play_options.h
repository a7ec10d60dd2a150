/* play_options.h: what stands behind imqttctl play. */
#ifndef SCENARIO_PLAY_OPTIONS_H
#define SCENARIO_PLAY_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAY_SETTINGS 32

struct play_options {
    bool has_daemon, has_broker, has_seed;
    bool is_fast;
    uint64_t seed;
    const char *modem, *broker, *junit, *record;
    const char *settings[PLAY_SETTINGS];
    size_t setting_count;
    char **files; /* up to a NULL */
    char **host;  /* the host program; NULL: none */
};

/* words is put in order; false: a line on standard error says what is wrong. */
bool play_options_read(struct play_options *options, int count, char **words);
void play_options_end(struct play_options *options);

#endif
