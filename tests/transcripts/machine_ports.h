/* machine_ports.h: the ports of a machine, for machine.c. */
#ifndef TESTS_TRANSCRIPTS_MACHINE_PORTS_H
#define TESTS_TRANSCRIPTS_MACHINE_PORTS_H

#include "tests/transcripts/machine.h"

/* They point at the machine: it must not move. */
struct imqtt_ports machine_ports(struct machine *machine);
struct imqtt_client_ports machine_client_ports(struct machine_client *client);

/* The store's answer to what it was asked; false: nothing was asked, or it waits. */
bool store_answer(struct machine *machine);

/* How many of `count` bytes go next: all, one, or any number of them. */
size_t random_piece(struct machine *machine, size_t count);

#endif
