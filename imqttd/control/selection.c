#include "imqttd/fleet/watches.h"
#include "imqttd/control/selection.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "imqttd/control/modem_json.h"
#include "imqttd/control/modem_list.h"
#include "imqttd/need.h"

enum MHD_Result selection_answer_none(struct request *request)
{
    return answer_error(request, MHD_HTTP_NOT_FOUND, "unknown_modem", NULL, "no modem is named %s",
                        request->name);
}

static void take_matching(struct selection *selection, struct request *request)
{
    size_t count;
    struct watch **watches = watches_sorted(request->daemon->watches, &count);
    selection->watches = need_new((count + 1) * sizeof(struct watch *));
    for (size_t i = 0; i < count; i++)
        if (fnmatch(request->name, host_modem_name(watches[i]->modem), 0) == 0)
            selection->watches[selection->count++] = watches[i];
}

bool selection_take(struct selection *selection, struct request *request, enum MHD_Result *result)
{
    *selection = (struct selection){.is_glob = strpbrk(request->name, "*?[") != NULL};
    if (selection->is_glob) {
        take_matching(selection, request);
    } else {
        selection->watches = need_new(sizeof(struct watch *));
        selection->watches[0] = watch_find(request->daemon->watches, request->name);
        selection->count = selection->watches[0] != NULL;
    }
    if (selection->count > 0)
        return true;
    selection_end(selection);
    *result = selection_answer_none(request);
    return false;
}

void selection_end(struct selection *selection)
{
    free(selection->watches);
    selection->watches = NULL;
}

enum MHD_Result selection_answer(struct selection *selection, struct request *request)
{
    const struct watch *only = selection->is_glob ? NULL : selection->watches[0];
    selection_end(selection);
    return only != NULL ? answer_json(request, MHD_HTTP_OK, modem_json_detail(only))
                        : modem_list_answer(request, request->name, 0, SIZE_MAX);
}
