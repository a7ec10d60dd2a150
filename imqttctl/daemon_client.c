#include "imqttctl/daemon_client.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imqttctl/interrupt.h"

#define POLL_MS 60000

struct daemon_client {
    struct control_client *control;
    CURL *transfer; /* of a stream */
    char *where;    /* for people */
};

struct following {
    struct daemon_client *client;
    daemon_receiver *receiver;
    void *context;
    bool had_enough;
    struct control_answer refusal; /* a body that is no stream */
};

/* ---- beginning and end ---------------------------------------------------------------------- */

static bool set_up(struct daemon_client *client, const struct control_target *target)
{
    bool has_token;
    client->where = strdup(target->address != NULL ? target->address : target->socket);
    client->control = control_client_new(target, &has_token);
    if (!has_token)
        ctl_say(CTL_USAGE, "%s: there is no token to be read", target->token_file);
    client->transfer = client->control != NULL ? curl_easy_init() : NULL;
    return client->where != NULL && client->transfer != NULL;
}

struct daemon_client *daemon_client_new(const struct control_target *target)
{
    struct daemon_client *client = calloc(1, sizeof *client);
    if (client == NULL || set_up(client, target))
        return client;
    daemon_client_end(client);
    return NULL;
}

void daemon_client_end(struct daemon_client *client)
{
    if (client == NULL)
        return;
    curl_easy_cleanup(client->transfer);
    control_client_end(client->control);
    free(client->where);
    free(client);
}

/* ---- a request ------------------------------------------------------------------------------ */

/* NULL: it is not closed to us. */
static const char *owner_of_closed(const char *socket)
{
    struct stat status;
    if (access(socket, W_OK) == 0 || errno != EACCES || stat(socket, &status) != 0)
        return NULL;
    const struct passwd *owner = getpwuid(status.st_uid);
    return owner != NULL ? owner->pw_name : "another";
}

static enum ctl_exit say_failure(const struct daemon_client *client, CURLcode code)
{
    const char *owner = owner_of_closed(client->where);
    if (owner != NULL)
        return ctl_say(CTL_NO_DAEMON, "%s: permission denied: it is for the user %s, and root",
                       client->where, owner);
    if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST)
        return ctl_say(CTL_NO_DAEMON, "no imqttd answers at %s", client->where);
    if (code == CURLE_PARTIAL_FILE || code == CURLE_GOT_NOTHING)
        return ctl_say(CTL_FAILED, "imqttd at %s has ended", client->where);
    return ctl_say(CTL_FAILED, "%s: %s", client->where, curl_easy_strerror(code));
}

/* {"error":{"code","message","field"}} */
static enum ctl_exit say_refusal(const struct control_answer *answer)
{
    const json_t *error = json_object_get(answer->json, "error");
    const char *message = json_string_value(json_object_get(error, "message"));
    const char *field = json_string_value(json_object_get(error, "field"));
    if (message == NULL)
        return ctl_say(CTL_FAILED, "refused with HTTP status %ld", answer->status);
    if (field == NULL)
        return ctl_say(CTL_FAILED, "%s", message);
    return ctl_say(CTL_FAILED, "%s: %s", field, message);
}

/* A refusal with "errors" is said by who asked. */
static enum ctl_exit judge(const struct daemon_client *client, CURLcode code,
                           const struct control_answer *answer)
{
    if (code != CURLE_OK)
        return say_failure(client, code);
    if (answer->status < 400)
        return CTL_DONE;
    if (json_object_get(answer->json, "errors") != NULL)
        return CTL_FAILED;
    return say_refusal(answer);
}

enum ctl_exit daemon_ask(struct daemon_client *client, const char *method, const char *path,
                         json_t *body, struct control_answer *answer)
{
    CURLcode code = control_ask(client->control, method, path, body, answer);
    return judge(client, code, answer);
}

bool daemon_ask_quietly(struct daemon_client *client, const char *path,
                        struct control_answer *answer)
{
    return control_ask(client->control, "GET", path, NULL, answer) == CURLE_OK &&
           answer->status < 400;
}

/* ---- a stream ------------------------------------------------------------------------------- */

static size_t take_stream(char *bytes, size_t size, size_t count, void *context)
{
    struct following *following = context;
    long status = 0;
    curl_easy_getinfo(following->client->transfer, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 400)
        return control_answer_take(bytes, size, count, &following->refusal);
    following->had_enough = !following->receiver(following->context, bytes, size * count);
    return following->had_enough ? 0 : size * count;
}

/* An empty line ends the head of the answer: what happens from now on is followed. */
static size_t take_head(const char *bytes, size_t size, size_t count, void *context)
{
    struct following *following = context;
    long status = 0;
    curl_easy_getinfo(following->client->transfer, CURLINFO_RESPONSE_CODE, &status);
    if (size * count == 2 && bytes[0] == '\r' && status == 200)
        following->had_enough = !following->receiver(following->context, "", 0);
    return following->had_enough ? 0 : size * count;
}

static enum ctl_exit stream_ended(struct following *following, CURLcode code)
{
    if (following->had_enough)
        return CTL_DONE;
    control_answer_finish(&following->refusal, following->client->transfer);
    enum ctl_exit end = judge(following->client, code, &following->refusal);
    control_answer_end(&following->refusal);
    return end != CTL_DONE ? end : ctl_say(CTL_FAILED, "the daemon ended the stream");
}

/* Until the transfer is over, or the user has had enough. */
static enum ctl_exit run(CURLM *multi, struct following *following, int interrupt_fd)
{
    struct curl_waitfd interrupted = {.fd = interrupt_fd, .events = CURL_WAIT_POLLIN};
    for (int running = 1, left; running > 0;) {
        CURLMcode code = curl_multi_perform(multi, &running);
        if (code == CURLM_OK && running > 0)
            code = curl_multi_poll(multi, &interrupted, 1, POLL_MS, NULL);
        if (code != CURLM_OK)
            return ctl_say(CTL_FAILED, "%s", curl_multi_strerror(code));
        if (running > 0 && interrupted.revents != 0)
            return CTL_DONE;
        const CURLMsg *message = curl_multi_info_read(multi, &left);
        if (message != NULL && message->msg == CURLMSG_DONE)
            return stream_ended(following, message->data.result);
    }
    return CTL_DONE;
}

enum ctl_exit daemon_follow(struct daemon_client *client, const char *path,
                            daemon_receiver *receiver, void *context)
{
    struct following following = {client, receiver, context, .had_enough = false};
    struct interrupt interrupt;
    CURLM *multi = curl_multi_init();
    enum ctl_exit end = CTL_FAILED;
    control_aim(client->control, client->transfer, "GET", path);
    curl_easy_setopt(client->transfer, CURLOPT_WRITEFUNCTION, take_stream);
    curl_easy_setopt(client->transfer, CURLOPT_WRITEDATA, &following);
    curl_easy_setopt(client->transfer, CURLOPT_HEADERFUNCTION, take_head);
    curl_easy_setopt(client->transfer, CURLOPT_HEADERDATA, &following);
    curl_multi_add_handle(multi, client->transfer);
    if (interrupt_begin(&interrupt))
        end = run(multi, &following, interrupt.fd);
    interrupt_end(&interrupt);
    curl_multi_remove_handle(multi, client->transfer);
    curl_multi_cleanup(multi);
    return end;
}
