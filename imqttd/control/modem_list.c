#include "imqttd/control/modem_list.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "imqttd/control/modem_json.h"
#include "imqttd/control/portions.h"
#include "imqttd/fleet/watches.h"
#include "imqttd/need.h"

#define PORTION 100 /* modems: less than half a millisecond */

struct modem_list {
    struct watches *watches;
    char *glob;
    char *last; /* the name of the modem that was looked at last; NULL: none yet */
    size_t offset, limit, total;
};

static void look_at(struct modem_list *list, const struct watch *watch, struct json_text *text)
{
    if (list->glob != NULL && fnmatch(list->glob, host_modem_name(watch->modem), 0) != 0)
        return;
    size_t place = list->total++;
    if (place < list->offset || place - list->offset >= list->limit)
        return;
    if (place > list->offset)
        json_put(text, ",");
    modem_json_put_summary(text, watch);
}

static void remember(struct modem_list *list, const struct watch *watch)
{
    char *name = need_copy(host_modem_name(watch->modem));
    free(list->last);
    list->last = name;
}

static bool go_on(void *maker, struct json_text *text)
{
    struct modem_list *list = maker;
    size_t count, at = watches_behind(list->watches, list->last), looked_at = 0;
    struct watch **watches = watches_sorted(list->watches, &count);
    if (list->last == NULL)
        json_put(text, "{\"modems\":[");
    for (; looked_at < PORTION && at < count; at++, looked_at++)
        look_at(list, watches[at], text);
    if (looked_at > 0)
        remember(list, watches[at - 1]);
    if (at < count)
        return true;
    json_put(text, "]");
    json_put_number(text, "total", (int64_t)list->total);
    json_put(text, "}");
    return false;
}

static void end(void *maker)
{
    struct modem_list *list = maker;
    free(list->glob);
    free(list->last);
    free(list);
}

enum MHD_Result modem_list_answer(struct request *request, const char *glob, size_t offset,
                                  size_t limit)
{
    static const struct portions_kind kind = {"application/json", go_on, end};
    struct modem_list *list = need_new(sizeof *list);
    list->watches = request->daemon->watches;
    list->glob = glob != NULL ? need_copy(glob) : NULL;
    list->offset = offset;
    list->limit = limit;
    return answer_in_portions(request, &kind, list);
}
