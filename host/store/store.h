/* store.h: the store port: records that survive a restart, for all modems of the program.
 *
 * The work is done one job after the other, in the order it was asked for, by a thread of the
 * store's own; answers come in the loop. A record is safe once it is on the disk. What fails is
 * logged, never with contents; the modems go on, and what was stored before stays.
 *
 * Where a record is kept, and under which terminal's name, is told in docs/state.md.
 */
#ifndef HOST_STORE_STORE_H
#define HOST_STORE_STORE_H

#include "host/loop/loop.h"
#include "host/observer.h"
#include "imqtt/ports.h"

/* A load that takes longer has failed: nobody waits for a disk that hangs. A little more than the
 * patience below, whose end has a better reason to tell. */
#define STORE_LOAD_MAX_MS 2500

/* For how long a job waits for another program that has the database locked, from when it was asked
 * for. */
#define STORE_PATIENCE_MS 2000

/* For how long the program's end waits for the database to be closed. */
#define STORE_CLOSE_MAX_MS 3500

struct store;       /* of all modems */
struct modem_store; /* of one modem: its part of the store */

/* The store in the folder, which is made if it is missing; the string must stay. NULL: *why tells
 * what is wrong with the folder. A database that cannot be used is no reason: that is logged. */
struct store *store_open(struct loop *loop, const struct observer *observer, const char *folder,
                         const char **why);

/* After loop_run(), and before loop_close(). False: the disk hangs, with a job or with the closing
 * (nothing is lost, the next start finishes it), and the store cannot be closed. NULL is allowed. */
bool store_close(struct store *store);

/* What the modem whose part it is hears, from the loop, once for each call of the port. */
struct modem_store_owner {
    void (*loaded)(void *owner, enum imqtt_load outcome, const uint8_t *bytes, size_t count);
    void (*saved)(void *owner, bool safe);
};

/* Two of the same terminal name hold the same records. NULL: no memory. */
struct modem_store *modem_store_open(struct store *store, const char *terminal,
                                     const struct modem_store_owner *owner, void *owner_context);

/* Nothing is told any more; a save that is under way still happens. NULL is allowed. */
void modem_store_close(struct modem_store *modem);

/* The port of the modem. NULL, for a program without a store: an empty port. */
struct imqtt_store_port modem_store_port(struct modem_store *modem);

/* The record as it was last loaded is of no use to the modem: when another one is saved, it is kept
 * aside. So is, without this, one that could not be loaded. */
void modem_store_keep_aside(struct modem_store *modem, enum imqtt_record which);

#endif
