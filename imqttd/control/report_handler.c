#include <string.h>

#include "imqttd/control/handlers.h"
#include "imqttd/control/selection.h"
#include "imqttd/fleet/watches.h"
#include "imqttd/report/live_report.h"

static bool take_language(struct request *request, enum report_language *language)
{
    char text[8];
    const char *word = request_query(request, "lang", text, sizeof text);
    bool is_given =
        MHD_lookup_connection_value(request->connection, MHD_GET_ARGUMENT_KIND, "lang") != NULL;
    *language = word != NULL && strcmp(word, "zh") == 0 ? REPORT_CHINESE : REPORT_ENGLISH;
    return !is_given || *language == REPORT_CHINESE || (word != NULL && strcmp(word, "en") == 0);
}

static bool is_judged(struct watch *watch)
{
    struct daemon *daemon = watch->daemon;
    return watch->report != NULL ||
           live_report_begin(&watch->report, daemon->trace, &daemon->host.loop,
                             host_modem_name(watch->modem));
}

enum MHD_Result handle_report(struct request *request)
{
    enum report_language language;
    struct watch *watch = watch_find(request->daemon->watches, request->name);
    if (watch == NULL)
        return selection_answer_none(request);
    if (!take_language(request, &language))
        return answer_error(request, MHD_HTTP_BAD_REQUEST, "bad_request", "lang",
                            "lang is en or zh");
    if (!is_judged(watch))
        return answer_error(request, MHD_HTTP_SERVICE_UNAVAILABLE, "no_memory", NULL,
                            "there is no memory for a report");
    return answer_json(request, MHD_HTTP_OK, live_report_json(watch->report, language));
}
