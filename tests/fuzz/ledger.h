/* ledger.h: what a host is owed: one URC for each request that was answered OK, and connections
 * that begin and end in turn. Kept from what the host types and reads alone. */
#ifndef TESTS_FUZZ_LEDGER_H
#define TESTS_FUZZ_LEDGER_H

#include "core/bytes/span.h"

/* What a line asks for; UNKNOWN: nobody can tell from its text. */
enum wish {
    WISH_NONE,
    WISH_PUBLISH,
    WISH_PUBLISH_DATA,
    WISH_SUBSCRIBE,
    WISH_UNSUBSCRIBE,
    WISH_REGISTRATION,
    WISH_CONNECTION,
    WISH_RECONNECTION, /* AT+IMQTTRECONN=: no URC of its own */
    WISH_UNKNOWN,
    WISH_KINDS
};

struct ledger {
    unsigned owed[WISH_KINDS];
    bool is_up;           /* the connection, as the host has been told */
    bool connects_itself; /* it may: connections begin unasked from then on, after RDY too */
    bool is_blind; /* something was accepted that nobody can tell: nothing is counted until RDY */
};

enum urc { URC_NONE, URC_OR_ANSWER, URC_ONLY };

/* Whether a line's text is a URC, or may be one. */
enum urc urc_kind(struct span text);

/* The request in a line: its text behind AT, in upper case, without blanks. */
enum wish wish_in(struct span text);

/* The line was answered OK. */
void ledger_accept(struct ledger *ledger, enum wish wish);

/* A URC has come. */
void ledger_report(struct ledger *ledger, struct span urc);

/* Nothing is under way any more: nothing may be owed. */
void ledger_check_quiet(const struct ledger *ledger, bool is_connected);

#endif
