#include <string.h>

#include "host/modem/modem_parts.h"
#include "host/terminal/terminal_player.h"
#include "imqtt/inspect.h"

/* ---- looking -------------------------------------------------------------------------------- */

const char *host_modem_name(const struct host_modem *modem)
{
    return modem->name;
}

const char *host_modem_label(const struct host_modem *modem)
{
    return modem->label;
}

const struct modem_config *host_modem_config(const struct host_modem *modem)
{
    return modem->config;
}

const struct imqtt_modem *host_modem_core(const struct host_modem *modem)
{
    return modem->core;
}

void host_modem_set_kept(struct host_modem *modem, void *kept)
{
    modem->kept = kept;
}

void *host_modem_kept(const struct host_modem *modem)
{
    return modem->kept;
}

bool host_modem_is_powered(const struct host_modem *modem)
{
    return modem->core != NULL;
}

bool host_modem_has_host(const struct host_modem *modem)
{
    return terminal_has_host(modem->terminal);
}

struct imqtt_radio host_modem_radio(const struct host_modem *modem)
{
    return modem->radio;
}

struct host_modem *host_modem_next(const struct host_modem *modem)
{
    return modem->next;
}

struct host_modem *host_modem_find(const struct host *host, const char *name)
{
    struct host_modem *modem = host->modems;
    while (modem != NULL && strcmp(modem->name, name) != 0)
        modem = modem->next;
    return modem;
}

/* ---- doing ---------------------------------------------------------------------------------- */

void host_modem_set_radio(struct host_modem *modem, const struct imqtt_radio *radio)
{
    modem->radio = *radio;
    if (modem->core != NULL)
        imqtt_modem_set_radio(modem->core, radio, host_modem_now_ms(modem));
    host_modem_touch(modem);
}

bool host_modem_say_urc(struct host_modem *modem, const char *text)
{
    bool said =
        modem->core != NULL && imqtt_modem_say_urc(modem->core, text, host_modem_now_ms(modem));
    host_modem_touch(modem);
    return said;
}

bool host_modem_cut_link(struct host_modem *modem)
{
    return modem->core != NULL && uplinks_break(&modem->uplinks, CHANNEL_RESETS);
}

bool host_modem_close_link(struct host_modem *modem)
{
    return modem->core != NULL && uplinks_break(&modem->uplinks, CHANNEL_LINGERS);
}

static const char *make_player(struct host_modem *modem)
{
    if (modem->player != NULL)
        return NULL;
    modem->player = terminal_player_new();
    if (modem->player == NULL)
        return "out of memory";
    terminal_decorate(&modem->terminal, modem->player);
    return NULL;
}

/* A line is ended if it is not; data is typed as it stands. */
static const char *type_bytes(struct host_modem *modem, const char *text)
{
    const char *why = make_player(modem);
    size_t count = strlen(text);
    bool is_ended = host_modem_awaits_data(modem) || (count > 0 && text[count - 1] == '\r');
    if (why != NULL)
        return why;
    terminal_typed(modem->player, (const uint8_t *)text, count);
    if (!is_ended)
        terminal_typed(modem->player, (const uint8_t *)"\r", 1);
    return NULL;
}

const char *host_modem_type(struct host_modem *modem, const char *text)
{
    if (modem->core == NULL)
        return "the modem is switched off";
    if (host_modem_has_host(modem))
        return "a host is connected";
    return type_bytes(modem, text);
}

bool host_modem_set_tap(struct host_modem *modem, const struct tap *tap)
{
    if (modem->tap_terminal != NULL)
        terminal_undecorate(&modem->terminal, modem->tap_terminal);
    modem->tap_terminal = NULL;
    modem->tap = NULL;
    if (tap == NULL)
        return true;
    modem->tap_terminal = tap_terminal_new(tap);
    if (modem->tap_terminal == NULL)
        return false;
    terminal_decorate(&modem->terminal, modem->tap_terminal);
    modem->tap = tap;
    return true;
}
