#include "host/net/broker_cuts.h"

#include <stdlib.h>

struct broker_cut {
    struct broker_cut *next;
    struct fault *fault;
    uint64_t left_bytes;
};

bool broker_cuts_add(struct broker_cuts *cuts, const struct fault *fault)
{
    if (fault->type != FAULT_CUT)
        return true;
    struct broker_cut *cut = malloc(sizeof *cut);
    if (cut == NULL)
        return false;
    *cut =
        (struct broker_cut){cuts->first, (struct fault *)fault, fault->values[FAULT_AFTER_BYTES]};
    cuts->first = cut;
    return true;
}

static void remove_at(struct broker_cut **link)
{
    struct broker_cut *cut = *link;
    *link = cut->next;
    free(cut);
}

void broker_cuts_remove(struct broker_cuts *cuts, const struct fault *fault)
{
    for (struct broker_cut **link = &cuts->first; *link != NULL; link = &(*link)->next) {
        if ((*link)->fault == fault) {
            remove_at(link);
            return;
        }
    }
}

void broker_cuts_end(struct broker_cuts *cuts)
{
    while (cuts->first != NULL)
        remove_at(&cuts->first);
}

/* One that waits for its moment lets everything pass. */
size_t broker_cuts_limit(const struct broker_cuts *cuts, enum fault_stream stream, size_t count)
{
    for (const struct broker_cut *cut = cuts->first; cut != NULL; cut = cut->next)
        if (cut->left_bytes > 0 && cut->left_bytes < count && fault_is_on(cut->fault, stream))
            count = (size_t)cut->left_bytes;
    return count;
}

void broker_cuts_pass(struct broker_cuts *cuts, enum fault_stream stream, size_t count)
{
    for (struct broker_cut *cut = cuts->first; cut != NULL; cut = cut->next)
        if (fault_is_on(cut->fault, stream))
            cut->left_bytes -= cut->left_bytes < count ? cut->left_bytes : count;
}

static bool is_due(const struct broker_cut *cut, const struct fault_set *set)
{
    return cut->left_bytes == 0 && fault_is_moment(set, cut->fault);
}

bool broker_cuts_are_due(const struct broker_cuts *cuts, const struct fault_set *set)
{
    const struct broker_cut *cut = cuts->first;
    while (cut != NULL && !is_due(cut, set))
        cut = cut->next;
    return cut != NULL;
}

const struct fault *broker_cuts_due(struct broker_cuts *cuts, struct fault_set *set)
{
    for (struct broker_cut **link = &cuts->first; *link != NULL;) {
        struct fault *fault = (*link)->fault;
        if (!is_due(*link, set)) {
            link = &(*link)->next;
            continue;
        }
        remove_at(link);
        if (fault_strikes(set, fault))
            return fault;
    }
    return NULL;
}
