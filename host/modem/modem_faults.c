#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/modem/modem_parts.h"
#include "host/terminal/uart_faults.h"
#include "imqtt/clients.h"

struct fault_set *host_modem_faults(struct host_modem *modem)
{
    return &modem->faults;
}

void host_modem_reboot(struct host_modem *modem)
{
    modem->reboots = true;
    host_modem_touch(modem);
}

void host_modem_freeze(struct host_modem *modem)
{
    modem->is_frozen = true;
    if (modem->core != NULL)
        uplinks_watch(&modem->uplinks, false);
    host_modem_touch(modem);
}

/* Without a command to wait for they strike at once. */
static void strike_at_once(struct host_modem *modem, const struct fault *fault)
{
    bool is_now = *fault->when == '\0';
    if (is_now && fault->type == FAULT_REBOOT)
        host_modem_reboot(modem);
    else if (is_now && fault->type == FAULT_FREEZE)
        host_modem_freeze(modem);
}

static const struct fault *find_spent(const struct host_modem *modem)
{
    const struct fault *fault = modem->faults.first;
    while (fault != NULL &&
           (*fault->when != '\0' || (fault->type != FAULT_REBOOT && fault->type != FAULT_FREEZE)))
        fault = fault->next;
    return fault;
}

void host_modem_faults_power_on(struct host_modem *modem)
{
    const struct fault *spent;
    modem->is_frozen = false;
    while ((spent = find_spent(modem)) != NULL)
        fault_set_remove(&modem->faults, spent->name);
}

static void take_echo(void *context, const char *name, const uint8_t *value, size_t value_bytes,
                      bool is_number)
{
    bool *echoes = context;
    if (is_number && strcmp(name, "echo") == 0)
        *echoes = value_bytes == 1 && value[0] == '1';
}

bool host_modem_echoes(const struct host_modem *modem)
{
    bool echoes = false;
    if (modem->core != NULL)
        imqtt_modem_visit_settings(modem->core, take_echo, &echoes);
    return echoes;
}

bool host_modem_awaits_data(const struct host_modem *modem)
{
    return modem->core != NULL && imqtt_modem_awaits_data(modem->core);
}

bool host_modem_is_within_line(const struct host_modem *modem)
{
    return modem->core != NULL && imqtt_modem_is_within_line(modem->core);
}

bool host_modem_has_bare_lines(const struct host_modem *modem)
{
    return imqtt_dialect_has_bare_lines(modem->config->dialect);
}

bool host_modem_has_plain_error(const struct host_modem *modem, const char *line)
{
    return imqtt_dialect_has_plain_error(modem->config->dialect, line);
}

/* What it holds, or eats, nobody waits for in real time. */
static bool holds_answers(const struct fault *fault)
{
    return fault->link == FAULT_ON_BROKER &&
           (fault->type == FAULT_STALL || fault->type == FAULT_WITHHOLD ||
            fault->type == FAULT_LATENCY || fault->type == FAULT_BANDWIDTH ||
            fault->type == FAULT_SLICER);
}

/* Of a connection that is open. */
static bool awaits_answer(const struct host_modem *modem, uint8_t client)
{
    struct imqtt_counts counts = imqtt_modem_client_counts(modem->core, client);
    return uplink_is_open(uplinks_look_at(&modem->uplinks, client)) &&
           (!imqtt_modem_client_is_connected(modem->core, client) || counts.outbox_requests > 0 ||
            counts.awaits_pingresp);
}

bool host_modem_awaits_broker(const struct host_modem *modem)
{
    bool awaits = false;
    if (modem->core == NULL || uplinks_are_down(&modem->uplinks))
        return false;
    if (uplinks_are_opening(&modem->uplinks))
        return true;
    for (const struct fault *fault = modem->faults.first; fault != NULL; fault = fault->next)
        if (holds_answers(fault))
            return false;
    for (uint8_t client = 0; client < modem->uplinks.count; client++)
        awaits |= awaits_answer(modem, client);
    return awaits;
}

static void put_in(struct host_modem *modem)
{
    if (modem->uart_faults != NULL)
        return;
    modem->uart_faults = uart_faults_new(&modem->faults, &modem->host->loop, TERMINAL_FAULTS);
    if (modem->uart_faults != NULL)
        terminal_decorate(&modem->terminal, modem->uart_faults);
    else
        observer_log(modem->host->observer, LEVEL_ERROR, modem->label,
                     "a fault does not strike: %s", strerror(ENOMEM));
}

static void on_fault(struct fault_listener *listener, const struct fault *fault,
                     enum fault_event event)
{
    struct host_modem *modem =
        (struct host_modem *)((char *)listener - offsetof(struct host_modem, fault_listener));
    host_modem_touch(modem);
    if (fault->link != FAULT_ON_UART || event != FAULT_ADDED)
        return;
    put_in(modem);
    strike_at_once(modem, fault);
}

static void reboot(struct host_modem *modem)
{
    struct host_refusal refusal;
    modem->reboots = false;
    host_modem_power_off(modem);
    if (!host_modem_power_on(modem, &refusal))
        observer_log(modem->host->observer, LEVEL_ERROR, modem->label, "does not boot again: %s",
                     refusal.why);
}

/* Not from within a call of the decorator that is taken out. */
void host_modem_faults_settle(struct host_modem *modem)
{
    if (modem->uart_faults != NULL && uart_faults_is_idle(modem->uart_faults)) {
        terminal_undecorate(&modem->terminal, modem->uart_faults);
        modem->uart_faults = NULL;
    }
    if (modem->reboots && modem->core != NULL && !modem->is_frozen)
        reboot(modem);
}

void host_modem_faults_begin(struct host_modem *modem)
{
    fault_set_init(&modem->faults, &modem->host->loop);
    modem->fault_listener.told = on_fault;
    fault_set_listen(&modem->faults, &modem->fault_listener);
}

void host_modem_faults_end(struct host_modem *modem)
{
    fault_set_end(&modem->faults);
    if (modem->pace != NULL)
        fault_set_end(modem->pace);
    free(modem->pace);
}

/* ---- the pace of the line ------------------------------------------------------------------- */

static bool make_pace(struct host_modem *modem)
{
    if (modem->pace != NULL)
        return true;
    modem->pace = calloc(1, sizeof(struct fault_set));
    if (modem->pace != NULL)
        fault_set_init(modem->pace, &modem->host->loop);
    return modem->pace != NULL;
}

static bool add_pace(struct host_modem *modem, uint32_t baud)
{
    char text[sizeof "bandwidth link=uart stream=down baud=4294967295"];
    struct fault fault;
    struct fault_problem problem;
    snprintf(text, sizeof text, "bandwidth link=uart stream=down baud=%u", (unsigned)baud);
    return fault_parse(&fault, text, &problem) &&
           fault_set_add(modem->pace, &fault, &problem) != NULL;
}

bool host_modem_set_pace(struct host_modem *modem, struct host_refusal *refusal)
{
    uint32_t baud = modem->config->pace_baud;
    if (modem->pace != NULL)
        fault_set_reset(modem->pace);
    if (baud == 0)
        return true;
    if (!make_pace(modem))
        return refuse(refusal, "baud", NULL, strerror(ENOMEM));
    if (!add_pace(modem, baud))
        return refuse(refusal, "baud", NULL, "no such pace");
    if (modem->pace_terminal != NULL)
        return true;
    modem->pace_terminal = uart_faults_new(modem->pace, &modem->host->loop, TERMINAL_PACE);
    if (modem->pace_terminal == NULL)
        return refuse(refusal, "baud", NULL, strerror(ENOMEM));
    terminal_decorate(&modem->terminal, modem->pace_terminal);
    return true;
}
