/* spelling.h: what a dialect is: how a host says its commands, and how a modem says its news. All
 * that a host reads stands in a dialect; nothing else in the core knows a word of it.
 *
 * A dialect is one constant record, in a folder of its own in core/dialect. It may share handlers
 * with other dialects (core/dialect/module has those that all modules have).
 */
#ifndef CORE_MODEM_SPELLING_H
#define CORE_MODEM_SPELLING_H

#include "core/at/command.h"
#include "core/device/radio.h"
#include "core/modem/dynreg_state.h"
#include "core/session/session_news.h"

struct imqtt_modem;

struct imqtt_dialect {
    struct at_table commands;

    /* What AT&V shows: the `read` of each row, in order; nothing else of it is looked at but
     * `which`. Only with the command that shows it. */
    struct at_table view;

    /* The modem takes commands now: at start, and after a reboot. The radio follows. */
    void (*say_booted)(struct imqtt_modem *modem);

    /* News of the link. false: a URC was needed and there was no memory for it, which matters for
     * SESSION_MESSAGE: a message that was not shown is dropped. */
    bool (*say_session)(struct imqtt_modem *modem, const struct session_news *news);

    void (*say_radio)(struct imqtt_modem *modem, const struct radio_change *change);

    /* A registration of Alibaba's platform has ended. */
    void (*say_dynreg)(struct imqtt_modem *modem, enum aliyun_mode mode, bool succeeded);

#if IMQTT_WITH_DIALECTS
    /* What another maker's module is from the factory, where that is not what imqtt is. */
    const struct setting_value *factory;
    uint8_t factory_count;
    bool wide_limits; /* the ranges of commands.md section 8 */
    uint8_t clients;  /* that its hosts count; 0: they know of one */
    bool bare_lines;  /* information lines and URCs have no CR LF in front */

    /* What a line is answered that comes while a command runs, line end included: it is not run.
     * NULL: it waits. */
    const char *busy;

    /* The final result in words of its own: true. false, or NULL: OK or an error. */
    bool (*say_final)(struct imqtt_modem *modem, enum imqtt_status status);

    /* What has to be so before a connection begins, the host's or one that is made again; an error:
     * it does not begin. NULL: TLS is as AT+IMQTTTLS chose. */
    enum imqtt_status (*prepare)(struct imqtt_modem *modem);
#endif
};

#endif
