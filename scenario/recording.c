#include "scenario/recording.h"

#include <inttypes.h>
#include <stdlib.h>
#include <time.h>

void recording_begin(FILE *file, const char *modem, uint64_t seed)
{
    char started[32];
    time_t now = time(NULL);
    struct tm utc;
    (void)strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    (void)fprintf(file,
                  "{\"imqtt_recording\":1,\"version\":\"" IMQTT_VERSION
                  "\",\"modem\":\"%s\",\"started\":\"%s\",\"seed\":%" PRIu64 "}\n",
                  modem, started, seed);
}

void recording_add(FILE *file, const json_t *event, double *began_ms)
{
    double t_ms = json_number_value(json_object_get(event, "t_ms"));
    json_t *rest = json_copy((json_t *)event);
    if (*began_ms == 0)
        *began_ms = t_ms;
    json_object_del(rest, "t_ms");
    char *text = json_dumps(rest, JSON_COMPACT);
    if (text != NULL)
        (void)fprintf(file, "{\"t_ms\":%.3f,%s\n", t_ms - *began_ms, text + 1);
    free(text);
    json_decref(rest);
}
