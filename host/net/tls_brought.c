#include "host/net/tls_brought.h"

#include <stdlib.h>
#include <string.h>

static char *text_of(const struct imqtt_pem *pem)
{
    return pem->count > 0 ? strndup((const char *)pem->bytes, pem->count) : NULL;
}

/* Who is trusted, and who we are, are each of the host's or of the configuration's. */
static struct tls_settings settings_over(const struct tls_settings *configured,
                                         const struct imqtt_tls *tls)
{
    struct tls_settings settings = *configured;
    settings.insecure = tls->insecure;
    settings.ca_pem = text_of(&tls->ca);
    settings.cert_pem = text_of(&tls->certificate);
    settings.key_pem = text_of(&tls->key);
    if (settings.ca_pem != NULL)
        settings.ca_file = settings.crl_file = NULL;
    if (settings.cert_pem != NULL || settings.key_pem != NULL)
        settings.cert_file = settings.key_file = NULL;
    return settings;
}

static void forget_pem(const struct tls_settings *settings)
{
    if (settings->key_pem != NULL)
        explicit_bzero((void *)settings->key_pem, strlen(settings->key_pem));
    free((void *)settings->ca_pem);
    free((void *)settings->cert_pem);
    free((void *)settings->key_pem);
}

struct tls_context *tls_brought_take(struct tls_contexts *contexts,
                                     const struct tls_settings *configured,
                                     const struct imqtt_tls *tls)
{
    struct host_refusal refusal;
    if (tls == NULL)
        return tls_context_take(contexts, configured, &refusal);
    struct tls_settings settings = settings_over(configured, tls);
    struct tls_context *context = tls_context_take(contexts, &settings, &refusal);
    forget_pem(&settings);
    return context;
}
