/* modem_connections TERMINAL PORT: a modem that connects over TLS, again and again.
 *
 * Each `connect HOST` on stdin is one connection to HOST, from AT+IMQTTCONN typed to its URC, and
 * is answered with `connected NS`. Prints `ready` first.
 */
#include <inttypes.h>
#include <stdio.h>

#include "common/need.h"
#include "common/net.h"
#include "common/terminal.h"
#include "common/work.h"

static struct terminal terminal;

static uint64_t time_of_connection(uint16_t port, const char *host)
{
    terminal_type(&terminal, "AT+IMQTTADDR=%s,%u,tls", host, port);
    terminal_await(&terminal, "OK");
    uint64_t start_ns = work_now_ns();
    terminal_type(&terminal, "AT+IMQTTCONN");
    terminal_await(&terminal, "+IMQTTCONN:0");
    uint64_t time_ns = work_now_ns() - start_ns;
    terminal_type(&terminal, "AT+IMQTTDISCONN");
    terminal_await(&terminal, "+IMQTTCONN:-1");
    return time_ns;
}

int main(int count, char **arguments)
{
    char line[128], host[64];
    need(count == 3, "usage: modem_connections TERMINAL PORT");
    struct terminal_broker broker = {
        .host = "localhost", .port = net_port(arguments[2]), .tls = true};
    terminal_open(&terminal, arguments[1]);
    terminal_set_up(&terminal, &broker, "tls");
    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    puts("ready");
    while (fgets(line, sizeof line, stdin) != NULL) {
        need(sscanf(line, "connect %63s", host) == 1, line);
        printf("connected %" PRIu64 "\n", time_of_connection(broker.port, host));
    }
}
