/* host_modem.h: one modem of the program: the core between a terminal and the network.
 *
 * All that happens to it in a turn of the loop is followed by one flush, one look at what it wants
 * next and at its deadline. It ends only there, so it can be used freely within a turn; but not from
 * within a call of its tap or of the observer's news: they may look at it, no more.
 */
#ifndef HOST_MODEM_HOST_MODEM_H
#define HOST_MODEM_HOST_MODEM_H

#include "host/faults/fault_set.h"
#include "host/modem/modem_config.h"
#include "host/refusal.h"

struct host;
struct host_modem;
struct tap;
struct terminal;

/* ---- for its terminal ----------------------------------------------------------------------- */

/* Takes the terminal over, which ends with it. name is copied; config stays. NULL: *refusal tells,
 * and the terminal is ended. */
struct host_modem *host_modem_new(struct host *host, const char *name,
                                  const struct modem_config *config, struct terminal *terminal,
                                  struct host_refusal *refusal);

/* Bytes from the host; what cannot be used yet is kept. */
void host_modem_typed(struct host_modem *modem, const uint8_t *bytes, size_t count);

/* The terminal has room again, or something else changed: it is settled at the end of this turn. */
void host_modem_touch(struct host_modem *modem);

/* The terminal is gone for good: the modem ends at the end of this turn, without a DISCONNECT. */
void host_modem_hang_up(struct host_modem *modem);

/* Everything typed was used, nothing is under way and all output was taken. */
bool host_modem_is_idle(const struct host_modem *modem);

/* For how long nothing has come from or gone to the broker, ms; UINT64_MAX without a connection. */
uint64_t host_modem_quiet_ms(const struct host_modem *modem);

/* A broker, name server or handshake that takes real time has not answered yet, and no fault on the
 * way there can be the reason. */
bool host_modem_awaits_broker(const struct host_modem *modem);

/* It echoes what is typed: ATE1. */
bool host_modem_echoes(const struct host_modem *modem);

/* What is typed now is data. */
bool host_modem_awaits_data(const struct host_modem *modem);

/* A command line was begun, and is not ended. */
bool host_modem_is_within_line(const struct host_modem *modem);

/* How its dialect spells what somebody else says in its place (imqtt/dialect.h). */
bool host_modem_has_bare_lines(const struct host_modem *modem);
bool host_modem_has_plain_error(const struct host_modem *modem, const char *line);

/* It resets by itself, at the end of this turn: boot URCs and all. */
void host_modem_reboot(struct host_modem *modem);

/* It hangs: nothing is answered, read or sent, until its power is cycled. */
void host_modem_freeze(struct host_modem *modem);

/* ---- for the program ------------------------------------------------------------------------ */

/* Ends the connection with DISCONNECT and then itself; at once if there is none. */
void host_modem_shut_down(struct host_modem *modem);

/* Ends it now. Not from within a call of its terminal or network. */
void host_modem_end(struct host_modem *modem);

/* All modems: from host->modems on; NULL behind the last. */
struct host_modem *host_modem_next(const struct host_modem *modem);

/* NULL: none of that name. */
struct host_modem *host_modem_find(const struct host *host, const char *name);

/* What the observer keeps of it: NULL until it is set. */
void host_modem_set_kept(struct host_modem *modem, void *kept);
void *host_modem_kept(const struct host_modem *modem);

/* ---- looking at it -------------------------------------------------------------------------- */

const char *host_modem_name(const struct host_modem *modem);
const char *host_modem_label(const struct host_modem *modem); /* as the log calls it */
const struct modem_config *host_modem_config(const struct host_modem *modem);

/* For inspect.h and the questions of imqtt/modem.h. NULL: it is switched off. */
const struct imqtt_modem *host_modem_core(const struct host_modem *modem);

bool host_modem_is_powered(const struct host_modem *modem);

/* A host has its terminal open, as far as can be seen: on a serial port nobody can tell, and the
 * answer is yes. */
bool host_modem_has_host(const struct host_modem *modem);

struct imqtt_radio host_modem_radio(const struct host_modem *modem);

/* ---- doing something to it ------------------------------------------------------------------ */

/* At once, with its consequences; stays over power-cycles. */
void host_modem_set_radio(struct host_modem *modem, const struct imqtt_radio *radio);

/* Off: nothing is answered or echoed, and the connection is cut without DISCONNECT; the terminal
 * stays open. On: it boots. What it is already changes nothing. false: *refusal tells, and it is
 * off. */
void host_modem_power_off(struct host_modem *modem);
bool host_modem_power_on(struct host_modem *modem, struct host_refusal *refusal);

/* Off, and on as another configuration says, which stays from now on. */
bool host_modem_power_cycle(struct host_modem *modem, const struct modem_config *config,
                            struct host_refusal *refusal);

/* By the rules of URCs. false: it is off, the text has a control byte, or there is no memory. */
bool host_modem_say_urc(struct host_modem *modem, const char *text);

/* Ends the connection to the broker, or those of all its clients, as the network would: with a reset
 * (RST), or in order (FIN). false: there is none. */
bool host_modem_cut_link(struct host_modem *modem);
bool host_modem_close_link(struct host_modem *modem);

/* The faults of both its links: what is added to the set strikes (fault_set.h). */
struct fault_set *host_modem_faults(struct host_modem *modem);

/* Types text, and CR if it does not end with one, as a host would. NULL, or why not. */
const char *host_modem_type(struct host_modem *modem, const char *text);

/* Who listens to its news. */
enum news_listener { NEWS_FOR_LOG, NEWS_FOR_COUNTS, NEWS_FOR_TRACE, NEWS_LISTENERS };

/* The set of kinds (imqtt/news.h) that one of them wants from now on; none at the start. The observer is
 * told what any of them wants, and what failed. */
void host_modem_want_news(struct host_modem *modem, enum news_listener who, uint32_t kinds);

/* The tap, which must stay, sees everything from now on; NULL: nobody does. false: no memory. */
bool host_modem_set_tap(struct host_modem *modem, const struct tap *tap);

#endif
