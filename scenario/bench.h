/* bench.h: what a scenario brings along: a daemon with one modem on a pseudo-terminal, a broker to
 * which every address leads, and the host program that is to be tested. All of it is private, in a
 * folder of its own, and gone at the end.
 */
#ifndef SCENARIO_BENCH_H
#define SCENARIO_BENCH_H

#include <stdint.h>

#include "scenario/child.h"

#define BENCH_PATH_BYTES    256
#define BENCH_PROBLEM_BYTES 512

enum bench_process { BENCH_DAEMON, BENCH_BROKER, BENCH_HOST, BENCH_PROCESSES };

struct bench_wish {
    const char *modem; /* its name; NULL: "modem" */
    bool has_broker;
    bool has_virtual_time;
    const char *const *settings; /* KEY=VALUE of the modem's section */
    size_t setting_count;
    char *const *host; /* the host program and its arguments; NULL: none */
};

struct bench {
    char folder[BENCH_PATH_BYTES];
    char socket[BENCH_PATH_BYTES + 16];      /* of the control interface */
    char pty[BENCH_PATH_BYTES + 16];         /* what the host opens: IMQTT_PTY */
    uint16_t broker_port, tls_port;          /* 0: none */
    struct child processes[BENCH_PROCESSES]; /* by enum bench_process */
};

/* Starts daemon and broker, and waits until they are ready. false: problem says why not. */
bool bench_start(struct bench *bench, const struct bench_wish *wish,
                 char problem[BENCH_PROBLEM_BYTES]);

/* Starts the host program, with IMQTT_PTY in its environment. */
bool bench_start_host(struct bench *bench, const struct bench_wish *wish,
                      char problem[BENCH_PROBLEM_BYTES]);

void bench_end(struct bench *bench);

#endif
