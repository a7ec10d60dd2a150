/* net.h: TCP on the loopback, for the benchmark's programs. Failures end the program. */
#ifndef BENCH_COMMON_NET_H
#define BENCH_COMMON_NET_H

#include <stddef.h>
#include <stdint.h>

/* A blocking connection to a port of this machine. Small writes leave at once. */
int net_connect(uint16_t port);

/* A listening, non-blocking socket on a free port of this machine, which goes to *port. */
int net_listen(uint16_t *port);

/* The next connection, non-blocking; -1: none waits. */
int net_accept(int listener);

void net_unblock(int fd);

/* Writes all of it to a blocking descriptor. */
void net_write_all(int fd, const void *bytes, size_t count);

/* Raises the limit of open descriptors as far as it goes. */
void net_allow_descriptors(void);

uint16_t net_port(const char *text);

#endif
