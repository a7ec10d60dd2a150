/* fault_set.h: the faults of one modem, both of its links. It removes those whose time or number of
 * strikes is over, by itself. All zero but for the loop: there are none, and nothing is paid.
 */
#ifndef HOST_FAULTS_FAULT_SET_H
#define HOST_FAULTS_FAULT_SET_H

#include "host/faults/fault.h"
#include "host/loop/alarm.h"
#include "host/loop/loop.h"

#define FAULT_SET_MAX 64 /* faults of one modem */

enum fault_event { FAULT_ADDED, FAULT_REMOVED, FAULT_STRUCK };

/* Somebody who is told what happens to the faults: a link that has to put its decorator in, a
 * trace. Embedded in its owner. It may not change the set from within. */
struct fault_listener {
    struct fault_listener *next;
    void (*told)(struct fault_listener *listener, const struct fault *fault,
                 enum fault_event event);
};

struct fault_set {
    struct loop *loop;
    struct fault *first; /* in the order they were added: they compose in that order */
    struct fault_listener *listeners;
    struct alarm *alarm; /* rings when the next fault ends; NULL: none has had a ttl yet */
    struct task sweep;   /* removes what has struck often enough, at the end of the turn */
    size_t count;
    size_t added; /* ever: for names */

    /* The command line that is being answered, without its line end; NULL: none, or nobody knows.
     * For faults with a when. May itself be NULL. */
    const char *(*command)(void *context);
    void *command_context;
};

void fault_set_init(struct fault_set *set, struct loop *loop);
void fault_set_end(struct fault_set *set);

void fault_set_listen(struct fault_set *set, struct fault_listener *listener);
void fault_set_ignore(struct fault_set *set, struct fault_listener *listener);

/* It would be added, as far as can be seen. false: *problem tells. */
bool fault_set_takes(const struct fault_set *set, const struct fault *fault,
                     struct fault_problem *problem);

/* A copy of a finished fault, with name and seed filled in; it stays in place until it is removed.
 * NULL: *problem tells. */
const struct fault *fault_set_add(struct fault_set *set, const struct fault *fault,
                                  struct fault_problem *problem);

/* false: none of that name. */
bool fault_set_remove(struct fault_set *set, const char *name);
void fault_set_reset(struct fault_set *set);

/* There is one on that link. */
bool fault_set_has(const struct fault_set *set, enum fault_link link);

/* The next fault on a link that is about a stream; after NULL: the first. NULL: no more. */
struct fault *fault_set_next(const struct fault_set *set, const struct fault *after,
                             enum fault_link link, enum fault_stream stream);

/* A command that its when is about is being answered, or it has none. */
bool fault_is_moment(const struct fault_set *set, const struct fault *fault);

/* Whether it strikes this piece: by its toxicity, its when and its count. Draws one number if it is
 * the moment for it. true is counted and told. */
bool fault_strikes(struct fault_set *set, struct fault *fault);

#endif
