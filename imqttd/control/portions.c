#include "imqttd/control/portions.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_BYTES 65536

struct portions {
    const struct portions_kind *kind;
    void *maker;
    struct json_text text;
    size_t sent;
    bool is_whole;
};

/* Asked by libmicrohttpd, once a turn of the loop. */
static ssize_t read_portion(void *context, uint64_t at, char *buffer, size_t room)
{
    struct portions *portions = context;
    (void)at;
    if (portions->sent == portions->text.count && !portions->is_whole) {
        json_text_clear(&portions->text);
        portions->sent = 0;
        portions->is_whole = !portions->kind->go_on(portions->maker, &portions->text);
    }
    if (portions->text.failed)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t left = portions->text.count - portions->sent;
    if (left == 0 && portions->is_whole)
        return MHD_CONTENT_READER_END_OF_STREAM;
    size_t count = left < room ? left : room;
    if (count > 0)
        memcpy(buffer, portions->text.text + portions->sent, count);
    portions->sent += count;
    return (ssize_t)count;
}

static void end(void *context)
{
    struct portions *portions = context;
    portions->kind->end(portions->maker);
    json_text_free(&portions->text);
    free(portions);
}

enum MHD_Result answer_in_portions(struct request *request, const struct portions_kind *kind,
                                   void *maker)
{
    struct portions *portions = maker != NULL ? calloc(1, sizeof *portions) : NULL;
    if (portions == NULL) {
        kind->end(maker);
        return MHD_NO;
    }
    portions->kind = kind;
    portions->maker = maker;
    struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES,
                                                                      read_portion, portions, end);
    if (response == NULL)
        end(portions);
    else
        MHD_add_response_header(response, "Content-Type", kind->type);
    return answer_with(request, MHD_HTTP_OK, response);
}
