/* own_commands.h: commands of an application's own, beside the modem's: a module maker's AT+X….
 *
 * They are typed, separated, waited for and answered as the modem's are, and AT+CLAC lists them. A name
 * that the modem has stays the modem's. A preset cannot have them.
 */
#ifndef IMQTT_OWN_COMMANDS_H
#define IMQTT_OWN_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "imqtt/features.h"
#include "imqtt/public.h"
#include "imqtt/status.h"

#ifdef __cplusplus
extern "C" {
#endif

struct imqtt_modem;

enum imqtt_form {
    IMQTT_FORM_EXECUTE, /* AT+X */
    IMQTT_FORM_SET,     /* AT+X=… */
    IMQTT_FORM_READ,    /* AT+X? */
    IMQTT_FORM_TEST     /* AT+X=? */
};

/* One command as it was typed. */
struct imqtt_own_call {
    struct imqtt_modem *modem;
    enum imqtt_form form;
    const uint8_t
        *params; /* behind the =, as typed: quotes too; valid during the call, may be NULL at 0 */
    size_t count;
};

struct imqtt_own_command {
    /* "+XLED": as typed behind AT, at most 24 bytes. An extended one is a mark, one of
     * + ^ $ # % * !, and letters in upper case and digits. */
    const char *name;

    /* Called from inside imqtt_modem_terminal_input() or _flush(). It may say lines, and returns the
     * final result: IMQTT_DONE or an error; or IMQTT_PENDING, and imqtt_modem_finish_own() follows. */
    enum imqtt_status (*run)(void *context, const struct imqtt_own_call *call);
};

struct imqtt_own_commands {
    const struct imqtt_own_command *commands;
    size_t count;
    void *context; /* of each run() */
};

#if IMQTT_WITH_OWN_COMMANDS
/* An information line of the command that runs, framed as the host wants it. false: no memory. */
IMQTT_PUBLIC bool imqtt_modem_say_line(struct imqtt_modem *modem, const char *text);

/* The result of the command that returned IMQTT_PENDING. Harmless when there is none. */
IMQTT_PUBLIC void imqtt_modem_finish_own(struct imqtt_modem *modem, enum imqtt_status status,
                                         uint64_t now_ms);
#endif

#ifdef __cplusplus
}
#endif

#endif
