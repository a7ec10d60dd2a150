/* host.h: the modems of one program as a whole: begun, run, ended. */
#ifndef HOST_MODEM_HOST_H
#define HOST_MODEM_HOST_H

#include "host/modem/host_parts.h"

/* What is pointed to must stay. */
struct host_settings {
    const struct observer *observer;
    const char *state_folder; /* NULL: nothing is kept over restarts */
    bool allow_remote;        /* terminals may listen where other computers reach them */
    size_t max_memory_bytes;  /* of what grows with traffic, in all modems; 0: no limit */
    uint32_t max_files; /* half of these descriptors are for hosts that connect; 0: no limit */
};

/* false: *refusal tells what is bad. */
bool host_init(struct host *host, const struct host_settings *settings,
               struct host_refusal *refusal);

/* Runs until everything has ended. */
void host_run(struct host *host);

/* Ends everything: each modem says DISCONNECT and has a few seconds for it. Asked again: at once.
 */
void host_stop(struct host *host);

/* Frees what is left. false: something hangs that cannot be stopped, a write to the disk; then the
 * program can only _exit(). */
bool host_end(struct host *host);

#endif
