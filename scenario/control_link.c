#include "scenario/control_link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imqttd/need.h"

#define FOLLOW_TIMEOUT_MS 5000
#define OTHERS_MAX        8

struct control_link {
    struct control_client *control;
    CURLM *multi;
    CURL *stream;
    bool has_begun, has_ended;
    char *text; /* of the stream, from `read` on not looked at */
    size_t bytes, room, read;
};

struct control_link *control_link_new(const struct control_target *target)
{
    bool has_token;
    struct control_link *link = need_new(sizeof *link);
    link->control = control_client_new(target, &has_token);
    if (link->control != NULL) {
        link->stream = curl_easy_init();
        link->multi = curl_multi_init();
    }
    if (link->stream != NULL && link->multi != NULL)
        return link;
    control_link_end(link);
    return NULL;
}

void control_link_end(struct control_link *link)
{
    if (link == NULL)
        return;
    if (link->has_begun)
        curl_multi_remove_handle(link->multi, link->stream);
    curl_easy_cleanup(link->stream);
    curl_multi_cleanup(link->multi);
    control_client_end(link->control);
    free(link->text);
    free(link);
}

long control_link_ask(struct control_link *link, const char *method, const char *path, json_t *body,
                      json_t **json)
{
    struct control_answer answer;
    bool is_answered = control_ask(link->control, method, path, body, &answer) == CURLE_OK;
    long status = is_answered ? answer.status : 0;
    *json = json_incref(answer.json);
    control_answer_end(&answer);
    return status;
}

/* ---- events --------------------------------------------------------------------------------- */

static size_t take_stream(char *bytes, size_t one, size_t count, void *context)
{
    struct control_link *link = context;
    if (link->read > 0) {
        memmove(link->text, link->text + link->read, link->bytes - link->read);
        link->bytes -= link->read;
        link->read = 0;
    }
    if (link->bytes + count * one > link->room) {
        link->room = (link->bytes + count * one) * 2;
        link->text = need_resize(link->text, link->room);
    }
    memcpy(link->text + link->bytes, bytes, count * one);
    link->bytes += count * one;
    return count * one;
}

static void run_stream(struct control_link *link)
{
    int running, left;
    CURLMsg *message;
    curl_multi_perform(link->multi, &running);
    while ((message = curl_multi_info_read(link->multi, &left)) != NULL)
        link->has_ended |= message->msg == CURLMSG_DONE;
}

static struct curl_waitfd wait_of(const struct pollfd *other)
{
    int events = 0;
    if ((other->events & POLLIN) != 0)
        events |= CURL_WAIT_POLLIN;
    if ((other->events & POLLOUT) != 0)
        events |= CURL_WAIT_POLLOUT;
    return (struct curl_waitfd){.fd = other->fd, .events = (short)events};
}

bool control_link_wait(struct control_link *link, struct pollfd *others, unsigned count,
                       int timeout_ms)
{
    struct curl_waitfd waits[OTHERS_MAX] = {{0}};
    run_stream(link);
    if (link->read < link->bytes)
        timeout_ms = 0;
    for (unsigned i = 0; i < count; i++)
        waits[i] = wait_of(&others[i]);
    curl_multi_poll(link->multi, waits, count, timeout_ms, NULL);
    for (unsigned i = 0; i < count; i++)
        others[i].revents = waits[i].revents;
    run_stream(link);
    return !link->has_ended;
}

bool control_link_follow(struct control_link *link, const char *modem)
{
    char *name = control_encode(modem), *path;
    if (asprintf(&path, "/v1/events?name=%s", name) < 0)
        path = NULL;
    control_aim(link->control, link->stream, "GET", path != NULL ? path : "");
    free(name);
    free(path);
    curl_easy_setopt(link->stream, CURLOPT_WRITEFUNCTION, take_stream);
    curl_easy_setopt(link->stream, CURLOPT_WRITEDATA, link);
    curl_multi_add_handle(link->multi, link->stream);
    link->has_begun = true;
    for (int waited = 0; waited < FOLLOW_TIMEOUT_MS && link->bytes == 0; waited += 50)
        if (!control_link_wait(link, NULL, 0, 50))
            return false;
    return link->bytes > 0;
}

/* A line of the stream, without its end; NULL: none is whole. */
static char *next_line(struct control_link *link)
{
    size_t rest = link->bytes - link->read;
    char *line = link->text + link->read;
    char *end = rest > 0 ? memchr(line, '\n', rest) : NULL;
    if (end == NULL)
        return NULL;
    *end = '\0';
    link->read = (size_t)(end + 1 - link->text);
    return line;
}

json_t *control_link_next(struct control_link *link)
{
    for (char *line; (line = next_line(link)) != NULL;) {
        json_t *event = strncmp(line, "data: ", 6) == 0 ? json_loads(line + 6, 0, NULL) : NULL;
        if (json_object_get(event, "kind") != NULL)
            return event;
        json_decref(event); /* a ping */
    }
    return NULL;
}
