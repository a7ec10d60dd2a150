#include "host/net/tls_bio.h"

#include <errno.h>
#include <limits.h>

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static int retry_read(BIO *bio)
{
    BIO_set_retry_read(bio);
    return -1;
}

/* The bytes of a handshake are counted to its end. */
static int count_in(struct tls_bio *state, size_t got)
{
    state->left_bytes -= got;
    if (!state->is_open)
        state->handshake_bytes += got;
    state->is_too_long = !state->is_open && state->handshake_bytes > TLS_HANDSHAKE_BYTES_MAX;
    if (!state->is_too_long)
        return (int)got;
    errno = EMSGSIZE;
    return -1;
}

static int read_some(BIO *bio, char *bytes, int room)
{
    struct tls_bio *state = BIO_get_data(bio);
    size_t most = state->is_idle ? TLS_IDLE_READ_BYTES : INT_MAX;
    size_t count = smaller(room > 0 ? (size_t)room : 0, smaller(most, state->left_bytes));
    BIO_clear_retry_flags(bio);
    if (state->left_bytes == 0)
        return retry_read(bio);
    ssize_t got = stream_read(state->stream, bytes, count);
    if (got == -EAGAIN)
        return retry_read(bio);
    state->has_ended = got == 0;
    if (got > 0)
        return count_in(state, (size_t)got);
    errno = (int)-got;
    return got == 0 ? 0 : -1;
}

static int write_some(BIO *bio, const char *bytes, int count)
{
    struct tls_bio *state = BIO_get_data(bio);
    BIO_clear_retry_flags(bio);
    ssize_t taken = stream_write(state->stream, bytes, count > 0 ? (size_t)count : 0);
    if (taken > 0)
        return (int)taken;
    if (taken == 0)
        BIO_set_retry_write(bio);
    errno = (int)-taken;
    return -1;
}

static long control(BIO *bio, int command, long number, void *pointer)
{
    const struct tls_bio *state = BIO_get_data(bio);
    (void)number;
    (void)pointer;
    if (command == BIO_CTRL_EOF)
        return state->has_ended;
    return command == BIO_CTRL_FLUSH;
}

/* Made once for the program, and never freed. */
static const BIO_METHOD *method(void)
{
    static BIO_METHOD *made;
    if (made != NULL)
        return made;
    made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket of the loop");
    if (made != NULL) {
        BIO_meth_set_read(made, read_some);
        BIO_meth_set_write(made, write_some);
        BIO_meth_set_ctrl(made, control);
    }
    return made;
}

BIO *tls_bio_new(struct tls_bio *state)
{
    BIO *bio = method() != NULL ? BIO_new(method()) : NULL;
    if (bio == NULL)
        return NULL;
    BIO_set_data(bio, state);
    BIO_set_init(bio, 1);
    tls_bio_begin_turn(state);
    return bio;
}
