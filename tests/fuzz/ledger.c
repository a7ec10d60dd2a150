#include "tests/fuzz/ledger.h"

#include "tests/fuzz/target.h"
#include "tests/transcripts/script.h"

/* Answers to a read command may begin as URC_OR_ANSWER do. */
static const struct {
    const char *start;
    enum urc kind;
    enum wish ends;
} urcs[] = {
    {"RDY", URC_ONLY, WISH_NONE},
    {"+IMQTTRCVPUB:", URC_ONLY, WISH_NONE},
    {"+IMQTTCOUNT: ", URC_ONLY, WISH_NONE},
    {"+IMQTTCONN:", URC_ONLY, WISH_CONNECTION},
    {"+IMQTTPUB:", URC_OR_ANSWER, WISH_PUBLISH},
    {"+IMQTTPUBEX:", URC_OR_ANSWER, WISH_PUBLISH_DATA},
    {"+IMQTTSUB:", URC_OR_ANSWER, WISH_SUBSCRIBE},
    {"+IMQTTUNSUB:", URC_OR_ANSWER, WISH_UNSUBSCRIBE},
    {"+IMQTTDYNREG:", URC_OR_ANSWER, WISH_REGISTRATION},
    {"+CPIN: READY", URC_OR_ANSWER, WISH_NONE},
    {"+CREG: ", URC_OR_ANSWER, WISH_NONE},
    {"+CGREG: ", URC_OR_ANSWER, WISH_NONE},
    {"+CEREG: ", URC_OR_ANSWER, WISH_NONE},
};
#define URCS (sizeof urcs / sizeof urcs[0])

static size_t find_urc(struct span text)
{
    size_t i = 0;
    while (i < URCS && !take_start(&(struct span){text.bytes, text.count}, urcs[i].start))
        i++;
    return i;
}

enum urc urc_kind(struct span text)
{
    size_t i = find_urc(text);
    return i < URCS ? urcs[i].kind : URC_NONE;
}

/* ---- what is asked for ---------------------------------------------------------------------- */

static bool find_text(struct span *text, const char *wanted)
{
    for (; text->count > 0; span_skip(text, 1))
        if (take_start(text, wanted))
            return true;
    return false;
}

static bool is_test(struct span behind_equals)
{
    return span_equal(behind_equals, span_text("?"));
}

static bool is_digit(int byte)
{
    return byte >= '0' && byte <= '9';
}

/* Of DYNREG only the types 0 and 1 register; 2 asks for the result. */
static enum wish kind_of(enum wish wish, struct span parameters)
{
    if (wish != WISH_REGISTRATION)
        return wish;
    while (span_first(parameters) == '0' && parameters.count > 1 && is_digit(parameters.bytes[1]))
        span_skip(&parameters, 1);
    return span_first(parameters) == '2' ? WISH_NONE : wish;
}

static enum wish wish_named(struct span command)
{
    static const struct {
        const char *start;
        enum wish wish;
    } names[] = {
        {"PUB=", WISH_PUBLISH},         {"PUBIN=", WISH_PUBLISH},
        {"PUBEX=", WISH_PUBLISH_DATA},  {"SUB=", WISH_SUBSCRIBE},
        {"UNSUB=", WISH_UNSUBSCRIBE},   {"DYNREG=", WISH_REGISTRATION},
        {"RECONN=", WISH_RECONNECTION},
    };
    if (span_equal(command, span_text("CONN")))
        return WISH_CONNECTION;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (take_start(&command, names[i].start))
            return is_test(command) ? WISH_NONE : kind_of(names[i].wish, command);
    return WISH_NONE;
}

/* An +IMQTT command takes the whole rest of its line, so there is one at most; behind a string or a
 * list it may be data. */
enum wish wish_in(struct span text)
{
    struct span command = text;
    if (!find_text(&command, "+IMQTT"))
        return WISH_NONE;
    struct span before = span_of(text.bytes, text.count - command.count);
    bool is_plain =
        span_find(before, '"') == before.count && span_find(before, ',') == before.count;
    enum wish wish = wish_named(command);
    return is_plain || wish == WISH_NONE ? wish : WISH_UNKNOWN;
}

/* ---- the account ---------------------------------------------------------------------------- */

void ledger_accept(struct ledger *ledger, enum wish wish)
{
    ledger->is_blind |= wish == WISH_UNKNOWN;
    ledger->connects_itself |= wish == WISH_RECONNECTION;
    ledger->owed[wish]++;
}

static void settle(struct ledger *ledger, enum wish wish)
{
    if (ledger->owed[wish] == 0)
        promise_broken("a report that no accepted request asked for (kind %d)", wish);
    ledger->owed[wish]--;
}

static void check_nothing_owed(const struct ledger *ledger, enum wish last)
{
    for (enum wish wish = WISH_PUBLISH; wish <= last; wish++)
        if (ledger->owed[wish] > 0)
            promise_broken("an accepted request was not reported (kind %d)", wish);
}

/* A connection that stood ends without having been asked; an attempt is answered once. */
static void take_connection(struct ledger *ledger, struct span state)
{
    if (span_equal(state, span_text("-1"))) {
        check_nothing_owed(ledger, WISH_UNSUBSCRIBE);
        if (!ledger->is_up && !ledger->connects_itself)
            settle(ledger, WISH_CONNECTION);
        ledger->is_up = false;
        return;
    }
    promise(ledger->is_up == span_equal(state, span_text("1")),
            "a connection begins once, and is known to stand when it does");
    if (!ledger->connects_itself)
        settle(ledger, WISH_CONNECTION);
    ledger->is_up = true;
}

void ledger_report(struct ledger *ledger, struct span urc)
{
    size_t i = find_urc(urc);
    if (take_start(&urc, "RDY")) {
        *ledger = (struct ledger){.connects_itself = ledger->connects_itself};
        return;
    }
    if (i == URCS || ledger->is_blind || !take_start(&urc, urcs[i].start))
        return;
    if (urcs[i].ends == WISH_CONNECTION)
        take_connection(ledger, urc);
    else if (urcs[i].ends != WISH_NONE)
        settle(ledger, urcs[i].ends);
}

void ledger_check_quiet(const struct ledger *ledger, bool is_connected)
{
    if (ledger->is_blind)
        return;
    check_nothing_owed(ledger, ledger->connects_itself ? WISH_REGISTRATION : WISH_CONNECTION);
    promise(ledger->is_up == is_connected, "the host knows whether it is connected");
}
