#include "host/net/tls.h"

#include <errno.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host/net/tls_context.h"

/* ---- settings ------------------------------------------------------------------------------- */

static bool is_same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool are_same(const struct tls_settings *a, const struct tls_settings *b)
{
    return a->insecure == b->insecure && a->min_version == b->min_version &&
           is_same_text(a->ca_file, b->ca_file) && is_same_text(a->crl_file, b->crl_file) &&
           is_same_text(a->cert_file, b->cert_file) && is_same_text(a->key_file, b->key_file) &&
           is_same_text(a->ca_pem, b->ca_pem) && is_same_text(a->cert_pem, b->cert_pem) &&
           is_same_text(a->key_pem, b->key_pem);
}

/* false: no memory for all of it. */
static bool copy_text(const char **copy, const char *text)
{
    *copy = text != NULL ? strdup(text) : NULL;
    return text == NULL || *copy != NULL;
}

static bool copy_settings(struct tls_settings *copy, const struct tls_settings *settings)
{
    *copy =
        (struct tls_settings){.insecure = settings->insecure, .min_version = settings->min_version};
    return copy_text(&copy->ca_file, settings->ca_file) &&
           copy_text(&copy->crl_file, settings->crl_file) &&
           copy_text(&copy->cert_file, settings->cert_file) &&
           copy_text(&copy->key_file, settings->key_file) &&
           copy_text(&copy->ca_pem, settings->ca_pem) &&
           copy_text(&copy->cert_pem, settings->cert_pem) &&
           copy_text(&copy->key_pem, settings->key_pem);
}

static void free_key(const char *key)
{
    if (key != NULL)
        explicit_bzero((void *)key, strlen(key));
    free((void *)key);
}

static void free_settings(struct tls_settings *settings)
{
    free((void *)settings->ca_pem);
    free((void *)settings->cert_pem);
    free_key(settings->key_pem);
    free((void *)settings->ca_file);
    free((void *)settings->crl_file);
    free((void *)settings->cert_file);
    free((void *)settings->key_file);
}

/* ---- contexts ------------------------------------------------------------------------------- */

static struct tls_context *find(const struct tls_contexts *contexts,
                                const struct tls_settings *settings)
{
    struct tls_context *context = contexts->first;
    while (context != NULL && !are_same(&context->settings, settings))
        context = context->next;
    return context;
}

static void free_context(struct tls_context *context)
{
    tls_sessions_end(&context->sessions);
    SSL_CTX_free(context->loaded.openssl);
    free_settings(&context->settings);
    free(context);
}

static bool has_files(const struct tls_settings *settings)
{
    return settings->ca_file != NULL || settings->crl_file != NULL || settings->cert_file != NULL ||
           settings->key_file != NULL || settings->ca_pem != NULL || settings->cert_pem != NULL ||
           settings->key_pem != NULL;
}

/* Without files not before somebody needs it: OpenSSL alone takes as long to begin as the rest of
 * the program. */
static struct tls_context *new_context(const struct tls_settings *settings,
                                       struct host_refusal *refusal)
{
    struct tls_context *context = calloc(1, sizeof *context);
    if (context == NULL || !copy_settings(&context->settings, settings)) {
        refuse(refusal, "TLS", NULL, strerror(ENOMEM));
    } else if (!has_files(settings) || tls_load(&context->loaded, settings, refusal)) {
        return context;
    }
    if (context != NULL)
        free_context(context);
    return NULL;
}

static void warn_about(const struct tls_context *context, const struct observer *observer)
{
    if (context->settings.insecure)
        observer_log(observer, LEVEL_WARNING, "tls",
                     "certificates are not verified: anybody can be the broker");
    if (tls_context_has_old_lists(context))
        observer_log(
            observer, LEVEL_WARNING, "tls",
            "a revocation list is out of date: its authority's certificates will be refused");
}

struct tls_context *tls_context_take(struct tls_contexts *contexts,
                                     const struct tls_settings *settings,
                                     struct host_refusal *refusal)
{
    struct tls_context *context = find(contexts, settings);
    if (context == NULL) {
        context = new_context(settings, refusal);
        if (context == NULL)
            return NULL;
        warn_about(context, contexts->observer);
        context->all = contexts;
        context->next = contexts->first;
        contexts->first = context;
    }
    context->users++;
    return context;
}

void tls_context_release(struct tls_context *context)
{
    if (context == NULL || --context->users > 0)
        return;
    struct tls_context **link = &context->all->first;
    while (*link != context)
        link = &(*link)->next;
    *link = context->next;
    free_context(context);
}

bool tls_context_has_old_lists(const struct tls_context *context)
{
    return context->loaded.openssl != NULL && context->loaded.lists_end <= time(NULL);
}

/* ---- reload --------------------------------------------------------------------------------- */

static size_t count_loaded(const struct tls_contexts *contexts)
{
    size_t count = 0;
    for (const struct tls_context *each = contexts->first; each != NULL; each = each->next)
        count += each->loaded.openssl != NULL;
    return count;
}

static bool load_all(const struct tls_contexts *contexts, struct tls_loaded *loaded,
                     struct host_refusal *refusal)
{
    for (const struct tls_context *each = contexts->first; each != NULL; each = each->next) {
        if (each->loaded.openssl == NULL)
            continue;
        if (!tls_load(loaded++, &each->settings, refusal))
            return false;
    }
    return true;
}

/* Connections that stand keep what they were made of. */
static void replace_all(struct tls_contexts *contexts, struct tls_loaded *loaded)
{
    for (struct tls_context *each = contexts->first; each != NULL; each = each->next) {
        if (each->loaded.openssl == NULL)
            continue;
        tls_sessions_end(&each->sessions);
        SSL_CTX_free(each->loaded.openssl);
        each->loaded = *loaded;
        (loaded++)->openssl = NULL;
    }
}

bool tls_contexts_reload(struct tls_contexts *contexts, struct host_refusal *refusal)
{
    size_t count = count_loaded(contexts);
    struct tls_loaded *loaded = calloc(count + 1, sizeof *loaded);
    if (loaded == NULL)
        return refuse(refusal, "TLS", NULL, strerror(ENOMEM));
    bool is_good = load_all(contexts, loaded, refusal);
    if (is_good)
        replace_all(contexts, loaded);
    for (size_t i = 0; i < count; i++)
        SSL_CTX_free(loaded[i].openssl);
    free(loaded);
    return is_good;
}
