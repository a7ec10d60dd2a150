#include "imqttd/config_checks.h"

#include <arpa/inet.h>
#include <string.h>

#include "host/net/tls.h"
#include "imqttd/control/token_file.h"
#include "imqttd/fleet/member.h"

static void note(struct config *config, struct config_place place, const char *key,
                 const char *value, const char *why)
{
    if (place.line == 0) /* an option says its value itself */
        config_fault(&config->document.faults, place, "%s", why);
    else
        config_fault(&config->document.faults, place, "%s = %s: %s", key, value, why);
}

/* ---- who may reach the ports ---------------------------------------------------------------- */

/* A name is looked up when it is listened on. */
static bool is_remote(const char *host)
{
    struct in6_addr six;
    struct in_addr four;
    if (inet_pton(AF_INET, host, &four) == 1)
        return ntohl(four.s_addr) >> IN_CLASSA_NSHIFT != IN_LOOPBACKNET;
    return inet_pton(AF_INET6, host, &six) == 1 && !IN6_IS_ADDR_LOOPBACK(&six);
}

static const char needs_allow[] = "not a loopback address: needs --allow-remote";

static void check_reach(struct config *config, const struct modem_plan *plan)
{
    if (plan->type == TERMINAL_TCP && !config->program.allow_remote &&
        is_remote(modem_plan_address(plan).host))
        note(config, modem_plan_place(plan, "tcp"), "tcp", plan->where, needs_allow);
}

/* ---- the control interface on TCP ----------------------------------------------------------- */

static void check_control_tcp(struct config *config, const struct document *options)
{
    const struct program_plan *program = &config->program;
    struct config_place place = config_program_place(config, options, "control-tcp");
    char text[ENDPOINT_TEXT_BYTES];
    if (!program->allow_remote && is_remote(program->control_tcp.host))
        note(config, place, "control-tcp", endpoint_text(&program->control_tcp, text), needs_allow);
    if (program->token_file == NULL)
        config_fault(&config->document.faults, place, "control-tcp needs token-file");
}

static void check_token(struct config *config, const struct document *options)
{
    unsigned char digest[TOKEN_DIGEST_BYTES];
    struct host_refusal refusal;
    const char *file = config->program.token_file;
    if (file != NULL && !token_file_read(digest, file, &refusal))
        note(config, config_program_place(config, options, "token-file"), "token-file", file,
             refusal.why);
}

/* ---- certificates and keys ------------------------------------------------------------------ */

static bool is_same_text(const char *one, const char *other)
{
    return one == other || (one != NULL && other != NULL && strcmp(one, other) == 0);
}

static bool has_same_files(const struct modem_plan *one, const struct modem_plan *other)
{
    return is_same_text(one->tls_ca, other->tls_ca) && is_same_text(one->tls_crl, other->tls_crl) &&
           is_same_text(one->tls_cert, other->tls_cert) &&
           is_same_text(one->tls_key, other->tls_key);
}

static void check_files(struct config *config, const struct modem_plan *plan)
{
    static const struct observer nobody;
    struct tls_contexts contexts = {.observer = &nobody};
    struct modem_config wanted = member_config(plan, NULL);
    if (plan->tls_cert == NULL || plan->tls_key == NULL) /* one alone is a fault of the plan */
        wanted.tls.cert_file = wanted.tls.key_file = NULL;
    struct host_refusal refusal;
    struct tls_context *context = tls_context_take(&contexts, &wanted.tls, &refusal);
    tls_context_release(context);
    if (context != NULL)
        return;
    const char *key = refusal.setting + strspn(refusal.setting, "-");
    note(config, modem_plan_place(plan, key), key, refusal.value != NULL ? refusal.value : "",
         refusal.why);
}

void config_checks_note(struct config *config, const struct document *options)
{
    if (config->program.has_control_tcp)
        check_control_tcp(config, options);
    check_token(config, options);
    for (size_t i = 0; i < config->modem_count; i++) {
        const struct modem_plan *plan = config->modems[i];
        check_reach(config, plan);
        if (i == 0 || !has_same_files(plan, config->modems[i - 1]))
            check_files(config, plan);
    }
}
