/* POST /v1/clock: time that is skipped, where the configuration lets it (virtual-time). */
#include "host/loop/alarm.h"
#include "imqttd/control/body.h"
#include "imqttd/control/handlers.h"
#include "imqttd/fleet/watches.h"

#define DAY_MS 86400000U

static bool awaits_a_broker(struct request *request)
{
    size_t count;
    struct watch **watches = watches_sorted(request->daemon->watches, &count);
    for (size_t i = 0; i < count; i++)
        if (host_modem_awaits_broker(watches[i]->modem))
            return true;
    return false;
}

enum MHD_Result handle_clock(struct request *request)
{
    uint64_t most_ms, skipped_ms = 0;
    enum MHD_Result result;
    if (!body_number(request, "skip_ms", DAY_MS, &most_ms, &result))
        return result;
    if (!request->daemon->config.program.virtual_time)
        return answer_error(request, MHD_HTTP_CONFLICT, "real_time", NULL,
                            "this daemon's time is real: virtual-time is not set");
    bool awaits_broker = awaits_a_broker(request);
    if (!awaits_broker)
        skipped_ms = alarm_skip_time(&request->daemon->host.loop, most_ms);
    return answer_json(request, MHD_HTTP_OK,
                       json_pack("{s:I, s:b}", "skipped_ms", (json_int_t)skipped_ms,
                                 "awaits_broker", awaits_broker));
}
