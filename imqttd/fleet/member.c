#include "imqttd/fleet/member.h"

#include <string.h>

#include "host/terminal/terminal_pty.h"
#include "host/terminal/terminal_serial.h"
#include "host/terminal/terminal_stdio.h"
#include "host/terminal/terminal_tcp.h"
#include "host/terminal/terminal_unix.h"

/* Modems of --tcp are called by the port that was found. */
static bool names_itself(const struct modem_plan *plan)
{
    return plan->is_option && plan->type == TERMINAL_TCP;
}

struct modem_config member_config(const struct modem_plan *plan, const struct redirects *redirects)
{
    struct modem_config config = modem_config_default();
    config.name = names_itself(plan) ? NULL : plan->name;
    config.stored_as = plan->stored_as;
    config.identity = &plan->identity;
    config.dialect = plan->dialect;
    config.clients = (uint8_t)plan->clients;
    config.boot_urcs = plan->boot_urcs;
    config.is_wired = plan->is_wired;
    config.echo = plan->echo;
    config.error_form = plan->error_form;
    config.preset = plan->presets;
    config.preset_count = plan->preset_count;
    config.radio = plan->radio;
    config.wide_limits = plan->wide_limits;
    config.keeps_session = plan->keeps_session;
    config.reconnect_min_s = plan->reconnect_min_s;
    config.reconnect_max_s = plan->reconnect_max_s;
    config.pace_baud = plan->pace_baud;
    config.tls.ca_file = plan->tls_ca;
    config.tls.crl_file = plan->tls_crl;
    config.tls.insecure = plan->tls_insecure;
    config.tls.cert_file = plan->tls_cert;
    config.tls.key_file = plan->tls_key;
    config.tls.min_version = plan->tls_from_1_3 ? TLS_FROM_1_3 : TLS_FROM_1_2;
    config.redirects = plan->redirects.count > 0 ? &plan->redirects : redirects;
    config.source_address = plan->source_address;
    return config;
}

/* DEV,BAUD: the device ends at the comma. */
static const char *device_of(struct modem_plan *plan)
{
    char *comma = strrchr(plan->where, ',');
    if (comma != NULL && plan->device == NULL)
        plan->device = strndup(plan->where, (size_t)(comma - plan->where));
    return plan->device != NULL ? plan->device : plan->where;
}

bool member_shares_line(const struct member *member, const struct member *other)
{
    struct modem_plan *one = member->plan, *two = other->plan;
    if (one->type != two->type)
        return false;
    if (one->type == TERMINAL_SERIAL)
        return strcmp(device_of(one), device_of(two)) == 0;
    return one->type == TERMINAL_PTY && strcmp(one->where, two->where) == 0;
}

static bool listen_on_tcp(struct host *host, const struct member *member,
                          struct host_refusal *refusal)
{
    struct endpoint address = modem_plan_address(member->plan);
    return terminal_tcp_listen(host, &address, &member->config, refusal);
}

bool member_open(struct host *host, struct member *member, struct host_refusal *refusal)
{
    struct modem_plan *plan = member->plan;
    switch (plan->type) {
    case TERMINAL_PTY:
        return terminal_pty_open(host, plan->where, &member->config, refusal);
    case TERMINAL_SERIAL:
        return terminal_serial_open(host, device_of(plan), plan->baud, &member->config, refusal);
    case TERMINAL_TCP:
        return listen_on_tcp(host, member, refusal);
    case TERMINAL_UNIX:
        return terminal_unix_listen(host, plan->where, &member->config, refusal);
    case TERMINAL_STDIO:
        return terminal_stdio_open(host, &member->config, refusal);
    case TERMINAL_NONE:
        break;
    }
    return refuse(refusal, "modem", plan->name, "no terminal");
}
