#include "host/net/channel_tls.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "host/net/tls_bio.h"
#include "host/net/tls.h"
#include "host/net/tls_context.h"
#include "host/net/tls_verdict.h"

struct tls {
    struct channel channel; /* first */
    struct channel_socket socket;
    struct tls_bio bio;
    struct tls_peer peer;
    SSL *ssl;
    bool is_open;
    bool has_heard; /* plain bytes have come */
    bool was_asked; /* for our certificate */
};

static struct tls *tls_of(struct channel *channel)
{
    return (struct tls *)channel;
}

static void on_ready(void *owner, bool input, bool room)
{
    struct tls *tls = owner;
    tls_bio_begin_turn(&tls->bio);
    tls->channel.ready(tls->channel.owner, input, room);
}

/* OpenSSL tells of each record and message. */
static void on_message(int is_sent, int version, int type, const void *bytes, size_t count,
                       SSL *ssl, void *argument)
{
    struct tls *tls = argument;
    const uint8_t *first = bytes;
    (void)version;
    (void)ssl;
    if (is_sent || count == 0)
        return;
    if ((type == SSL3_RT_HEADER || type == SSL3_RT_INNER_CONTENT_TYPE) &&
        *first != SSL3_RT_APPLICATION_DATA)
        tls_bio_charge(&tls->bio);
    if (type == SSL3_RT_HANDSHAKE && *first == SSL3_MT_CERTIFICATE_REQUEST)
        tls->was_asked = true;
}

/* ---- what becomes of a call ----------------------------------------------------------------- */

static void before_call(void)
{
    ERR_clear_error();
    errno = 0;
}

static enum channel_outcome fail(struct tls *tls, enum imqtt_stage stage, int32_t code,
                                 const char *text)
{
    tls->channel.failure = (struct imqtt_failure){stage, code, text};
    return CHANNEL_FAILED;
}

static struct tls_moment moment_of(const struct tls *tls)
{
    return (struct tls_moment){.is_open = tls->is_open,
                               .has_heard = tls->has_heard,
                               .was_asked = tls->was_asked,
                               .has_certificate = SSL_get_certificate(tls->ssl) != NULL};
}

static enum channel_outcome closed(struct tls *tls)
{
    struct tls_moment moment = moment_of(tls);
    tls->channel.failure = tls_closed_verdict(&moment);
    return CHANNEL_CLOSED;
}

/* A peer that closes without TLS's goodbye has closed: MQTT's packets show what is complete. */
static enum channel_outcome protocol_failed(struct tls *tls)
{
    struct tls_moment moment = moment_of(tls);
    unsigned long error = ERR_peek_error();
    long verified = SSL_get_verify_result(tls->ssl);
    if (ERR_GET_REASON(error) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return closed(tls);
    tls->channel.failure = tls_error_verdict(&moment, error, verified);
    return CHANNEL_FAILED;
}

static enum channel_outcome system_failed(struct tls *tls, int error)
{
    struct tls_moment moment = moment_of(tls);
    if (tls->bio.is_too_long)
        return fail(tls, IMQTT_STAGE_TLS, 0, "the broker's TLS handshake is too long");
    if (error == 0)
        return closed(tls);
    tls->channel.failure = tls_broken_verdict(&moment, error);
    return CHANNEL_FAILED;
}

static enum channel_outcome outcome(struct tls *tls, int result)
{
    int saved_errno = errno;
    int error = SSL_get_error(tls->ssl, result);
    if (!tls->is_open)
        stream_watch(tls->socket.stream, error == SSL_ERROR_WANT_READ,
                     error == SSL_ERROR_WANT_WRITE);
    switch (error) {
    case SSL_ERROR_NONE:
        return CHANNEL_DONE;
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE:
        return CHANNEL_WAITS;
    case SSL_ERROR_ZERO_RETURN:
        return closed(tls);
    case SSL_ERROR_SYSCALL:
        return system_failed(tls, saved_errno);
    default:
        return protocol_failed(tls);
    }
}

/* ---- the verbs ------------------------------------------------------------------------------ */

static enum channel_outcome handshake(struct channel *channel)
{
    struct tls *tls = tls_of(channel);
    before_call();
    enum channel_outcome result = outcome(tls, SSL_do_handshake(tls->ssl));
    if (result == CHANNEL_DONE && !tls_peer_is_verified(&tls->peer, tls->ssl))
        result = fail(tls, IMQTT_STAGE_TLS, 0, "the certificate is not verified");
    if (result == CHANNEL_FAILED || result == CHANNEL_CLOSED)
        tls_sessions_forget(&tls->peer.context->sessions, &tls->peer.host);
    tls->is_open = tls->bio.is_open = result == CHANNEL_DONE;
    return result;
}

static bool pending(const struct channel *channel)
{
    return SSL_has_pending(((const struct tls *)channel)->ssl) == 1;
}

/* A broker that gathers its output holds CONNACK back until its session tickets, which come just
 * before, are acknowledged: a delayed acknowledgement would cost 40 ms. */
static void acknowledge_now(const struct tls *tls)
{
    int on = 1;
    setsockopt(stream_fd(tls->socket.stream), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

/* As much as is there: OpenSSL gives one record at a time. */
static enum channel_outcome read_records(struct channel *channel, void *bytes, size_t count,
                                         size_t *got)
{
    struct tls *tls = tls_of(channel);
    enum channel_outcome result;
    size_t came;
    *got = 0;
    do {
        before_call();
        result = outcome(tls, SSL_read_ex(tls->ssl, (uint8_t *)bytes + *got, count - *got, &came));
        *got += result == CHANNEL_DONE ? came : 0;
    } while (result == CHANNEL_DONE && *got < count && pending(channel));
    tls->has_heard |= *got > 0;
    tls->bio.is_idle &= *got == 0;
    if (!tls->has_heard)
        acknowledge_now(tls);
    return result == CHANNEL_WAITS && *got > 0 ? CHANNEL_DONE : result;
}

static enum channel_outcome write_records(struct channel *channel, const void *bytes, size_t count,
                                          size_t *got)
{
    struct tls *tls = tls_of(channel);
    enum channel_outcome result = CHANNEL_DONE;
    size_t taken;
    *got = 0;
    while (*got < count && result == CHANNEL_DONE) {
        before_call();
        result = outcome(
            tls, SSL_write_ex(tls->ssl, (const uint8_t *)bytes + *got, count - *got, &taken));
        *got += result == CHANNEL_DONE ? taken : 0;
    }
    return result;
}

static void watch(struct channel *channel, bool input, bool room)
{
    stream_watch(tls_of(channel)->socket.stream, input, room);
}

/* OpenSSL takes the session of a connection without goodbye for suspect, which a lost TCP
 * connection does not make it. */
static void say_goodbye(struct tls *tls)
{
    before_call();
    if (tls->channel.failure.text == NULL)
        SSL_shutdown(tls->ssl);
    if (tls->channel.failure.stage != IMQTT_STAGE_TLS)
        SSL_set_shutdown(tls->ssl, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
}

static void close_tls(struct channel *channel, enum channel_ending how)
{
    struct tls *tls = tls_of(channel);
    if (tls->is_open && how != CHANNEL_RESETS)
        say_goodbye(tls);
    SSL_free(tls->ssl);
    tls_context_release(tls->peer.context);
    channel_socket_close(&tls->socket, how);
    free(tls);
}

static const struct channel_kind kind = {.handshake = handshake,
                                         .read = read_records,
                                         .write = write_records,
                                         .pending = pending,
                                         .watch = watch,
                                         .close = close_tls};

/* ---- the beginning -------------------------------------------------------------------------- */

static bool prepare(struct tls *tls)
{
    tls->ssl = tls_context_connect(&tls->peer);
    BIO *bio = tls->ssl != NULL ? tls_bio_new(&tls->bio) : NULL;
    if (bio == NULL)
        return false;
    SSL_set_bio(tls->ssl, bio, bio);
    SSL_set_msg_callback(tls->ssl, on_message);
    SSL_set_msg_callback_arg(tls->ssl, tls);
    return true;
}

struct channel *channel_tls_new(struct tls_context *context, const struct channel_socket *socket,
                                const struct endpoint *host, struct imqtt_failure *failure)
{
    struct tls *tls = calloc(1, sizeof *tls);
    *failure = (struct imqtt_failure){IMQTT_STAGE_TLS, ENOMEM, strerror(ENOMEM)};
    if (tls == NULL) {
        stream_close(socket->stream);
        return NULL;
    }
    tls->channel.kind = &kind;
    tls->socket = *socket;
    tls->bio.stream = socket->stream;
    tls->peer = (struct tls_peer){.context = tls_context_hold(context), .host = *host};
    if (!prepare(tls)) {
        unsigned long error = ERR_peek_error();
        if (error != 0)
            *failure =
                (struct imqtt_failure){IMQTT_STAGE_TLS, ERR_GET_REASON(error), tls_reason(error)};
        close_tls(&tls->channel, CHANNEL_DROPS);
        return NULL;
    }
    stream_hand_over(socket->stream, on_ready, tls);
    return &tls->channel;
}
