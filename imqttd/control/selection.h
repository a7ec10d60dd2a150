/* selection.h: the modems that a path means: one, or all that match a glob. */
#ifndef IMQTTD_CONTROL_SELECTION_H
#define IMQTTD_CONTROL_SELECTION_H

#include "imqttd/control/request.h"
#include "imqttd/fleet/watch.h"

struct selection {
    struct watch **watches;
    size_t count; /* at least one */
    bool is_glob;
};

/* false: there is none, and the error was answered. */
bool selection_take(struct selection *selection, struct request *request, enum MHD_Result *result);
void selection_end(struct selection *selection);

/* As they are now, and the end of the selection. */
enum MHD_Result selection_answer(struct selection *selection, struct request *request);

enum MHD_Result selection_answer_none(struct request *request);

#endif
