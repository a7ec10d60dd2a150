/* tls_client PORT CA HOST: the least that connects to a broker over TLS: OpenSSL on a socket.
 *
 * Each `connect full` or `connect resumed` on stdin is one connection, from socket() to CONNACK,
 * and is answered with `connected NS`. The certificate is verified against CA, and for HOST. Prints
 * `ready` first. TCP_QUICKACK spares it the wait for a delayed acknowledgement that TLS 1.3 with a
 * broker without TCP_NODELAY would cost.
 */
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/need.h"
#include "common/net.h"
#include "common/wire.h"
#include "common/work.h"

static uint16_t port;
static const char *host;
static SSL_CTX *context;
static SSL_SESSION *known; /* the last one the broker has given */

static void succeed(int code, const char *what)
{
    if (code != 1)
        ERR_print_errors_fp(stderr);
    need(code == 1, what);
}

static int on_session(SSL *tls, SSL_SESSION *session)
{
    (void)tls;
    SSL_SESSION_free(known);
    known = session;
    return 1;
}

static void make_context(const char *ca)
{
    context = SSL_CTX_new(TLS_client_method());
    need(context != NULL, "SSL_CTX_new");
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
    succeed(SSL_CTX_load_verify_locations(context, ca, NULL), ca);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, on_session);
}

static SSL *greet(int fd, bool resume)
{
    SSL *tls = SSL_new(context);
    need(tls != NULL, "SSL_new");
    SSL_set_tlsext_host_name(tls, host);
    SSL_set1_host(tls, host);
    SSL_set_fd(tls, fd);
    if (resume)
        SSL_set_session(tls, known);
    succeed(SSL_connect(tls), "SSL_connect");
    need(!!SSL_session_reused(tls) == resume, "a session was resumed, or not, against the will");
    return tls;
}

static void acknowledge_at_once(int fd)
{
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
}

static void connect_mqtt(SSL *tls, int fd)
{
    uint8_t packet[WIRE_PACKET_BYTES];
    int count = (int)wire_connect(packet, "tls");
    need(SSL_write(tls, packet, count) == count, "SSL_write");
    acknowledge_at_once(fd);
    need(SSL_read(tls, packet, sizeof packet) == 4, "SSL_read");
}

static void disconnect(SSL *tls, int fd)
{
    uint8_t packet[WIRE_PACKET_BYTES];
    SSL_write(tls, packet, (int)wire_empty(packet, WIRE_DISCONNECT));
    SSL_shutdown(tls);
    SSL_free(tls);
    close(fd);
}

static uint64_t time_of_connection(bool resume)
{
    uint64_t start_ns = work_now_ns();
    int fd = net_connect(port);
    SSL *tls = greet(fd, resume);
    connect_mqtt(tls, fd);
    uint64_t time_ns = work_now_ns() - start_ns;
    disconnect(tls, fd);
    return time_ns;
}

int main(int count, char **arguments)
{
    char line[32];
    need(count == 4, "usage: tls_client PORT CA HOST");
    port = net_port(arguments[1]);
    host = arguments[3];
    make_context(arguments[2]);
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    puts("ready");
    while (fgets(line, sizeof line, stdin) != NULL) {
        bool resume = strcmp(line, "connect resumed\n") == 0;
        need(!resume || known != NULL, "no session to resume");
        printf("connected %" PRIu64 "\n", time_of_connection(resume));
    }
}
