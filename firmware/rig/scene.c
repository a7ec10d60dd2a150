#include "firmware/rig/scene.h"

#include <stdlib.h>
#include <string.h>

#include "firmware/board/ticks.h"

/* As in tests/transcripts/machine.c: 2026-03-01 12:00:00 UTC, eight hours east. */
#define NOON_UNIX_MS 1772366400000
#define FIRST_MS     1000

static bool is_asked, is_playing;
static bool has_a_store, has_boot_urcs, has_line;
static uint64_t stopped_at_ms;
static uint32_t left_ms;

void scene_ask(const char *words)
{
    is_asked = true;
    has_a_store = strstr(words, "store") != NULL;
    has_boot_urcs = strstr(words, "boot") != NULL;
    has_line = strstr(words, "line") != NULL;
}

bool scene_begins(struct imqtt_options *options, bool *has_store)
{
    if (!is_asked)
        return false;
    is_asked = false;
    is_playing = true;
    stopped_at_ms = FIRST_MS;
    left_ms = 0;
    *has_store = has_a_store;
    *options = (struct imqtt_options){
        .boot_urcs = has_boot_urcs,
        .identity = {.name = "transcript"},
        .unix_time_ms = NOON_UNIX_MS,
        .zone_quarter_hours = 32,
        .baud = has_line ? 115200 : 0,
    };
    return true;
}

static void go_on(uint64_t deadline_ms)
{
    uint64_t to_deadline_ms = deadline_ms > stopped_at_ms ? deadline_ms - stopped_at_ms : 0;
    uint32_t step_ms = to_deadline_ms < left_ms ? (uint32_t)to_deadline_ms : left_ms;
    stopped_at_ms += step_ms;
    left_ms -= step_ms;
}

uint64_t scene_now_ms(const struct imqtt_modem *modem)
{
    if (!is_playing)
        return ticks_ms();
    if (left_ms > 0)
        go_on(imqtt_modem_next_deadline(modem));
    return stopped_at_ms;
}

void scene_pass_ms(uint32_t ms)
{
    left_ms += ms;
}

uint32_t scene_left_ms(void)
{
    return left_ms;
}

void scene_change_radio(struct imqtt_modem *modem, const char *words)
{
    struct imqtt_radio radio = imqtt_modem_radio(modem);
    const char *space = strchr(words, ' ');
    uint32_t number = space != NULL ? (uint32_t)strtoul(space, NULL, 10) : 0;
    if (strncmp(words, "signal ", 7) == 0)
        radio.signal = (uint8_t)number;
    else if (strncmp(words, "registered ", 11) == 0)
        radio.registered = (uint8_t)number;
    else if (strncmp(words, "sim ", 4) == 0)
        radio.sim_ready = number == 1;
    else if (strncmp(words, "cell ", 5) == 0)
        radio.cell = number;
    imqtt_modem_set_radio(modem, &radio, scene_now_ms(modem));
}
