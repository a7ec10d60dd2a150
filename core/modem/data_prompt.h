/* data_prompt.h: commands of other makers' dialects that ask for data behind a prompt.
 *
 * A handler that needs data checks everything, then returns modem_prompt(). When the data is whole it
 * runs again, from the same line, and finds modem_has_data(): so it can also return IMQTT_LATER, and
 * the data waits with it. The data is forgotten when the command has ended. */
#ifndef CORE_MODEM_DATA_PROMPT_H
#define CORE_MODEM_DATA_PROMPT_H

#include "core/modem/parts.h"

#if IMQTT_WITH_DIALECTS
/* Says the prompt, all of it, and waits for the data: PENDING. */
enum imqtt_status modem_prompt(struct imqtt_modem *modem, const char *prompt,
                               const struct typed_wish *wish);

static inline bool modem_has_data(const struct imqtt_modem *modem)
{
    return modem->typed.is_whole;
}

static inline struct span modem_data(const struct imqtt_modem *modem)
{
    return fifo_waiting(&modem->typed.bytes);
}

/* What was typed, as a place to build in: of use in front of data, behind modem_prompt(); and behind
 * it. */
static inline struct fifo *modem_typed(struct imqtt_modem *modem)
{
    return &modem->typed.bytes;
}

/* Bytes of the host's; the end of a time: how the command ends, PENDING (not yet), or LATER: it is to
 * run again, with its data. */
enum imqtt_status prompt_take(struct imqtt_modem *modem, struct span *in);
enum imqtt_status prompt_tick(struct imqtt_modem *modem);
#endif

#endif
