#include "imqttctl/daemon_client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imqttctl/interrupt.h"

#define CONNECT_MS      5000L
#define ANSWER_MS       30000L
#define TOKEN_BYTES     512
#define ANSWER_BYTES    (64u << 20)
#define POLL_MS         60000
#define BLANK_IN_TOKENS " \t\r\n"

struct daemon_client {
    CURL *curl;
    struct curl_slist *headers;
    char *where; /* for people */
    char *base;  /* of every URL */
    char *socket;
};

struct following {
    struct daemon_client *client;
    daemon_receiver *receiver;
    void *context;
    bool had_enough;
    struct daemon_answer refusal; /* a body that is no stream */
};

/* ---- beginning and end ---------------------------------------------------------------------- */

static bool add_token(struct daemon_client *client, const char *file)
{
    char token[TOKEN_BYTES] = "", header[TOKEN_BYTES + 32];
    FILE *opened = fopen(file, "re");
    bool is_read = opened != NULL && fgets(token, sizeof token, opened) != NULL;
    if (opened != NULL)
        (void)fclose(opened);
    token[strcspn(token, BLANK_IN_TOKENS)] = '\0';
    if (!is_read || token[0] == '\0') {
        ctl_say(CTL_USAGE, "%s: there is no token to be read", file);
        return false;
    }
    snprintf(header, sizeof header, "Authorization: Bearer %s", token);
    client->headers = curl_slist_append(client->headers, header);
    explicit_bzero(token, sizeof token);
    explicit_bzero(header, sizeof header);
    return client->headers != NULL;
}

static bool set_up(struct daemon_client *client, const struct daemon_target *target)
{
    const char *address = target->address != NULL ? target->address : "localhost";
    if (target->address == NULL)
        client->socket = strdup(target->socket);
    client->where = strdup(target->address != NULL ? target->address : target->socket);
    if (asprintf(&client->base, "http://%s", address) < 0)
        client->base = NULL;
    client->curl = curl_easy_init();
    client->headers = curl_slist_append(NULL, "Expect:");
    if (client->curl == NULL || client->base == NULL || client->headers == NULL)
        return false;
    return target->token_file == NULL || add_token(client, target->token_file);
}

struct daemon_client *daemon_client_new(const struct daemon_target *target)
{
    struct daemon_client *client = calloc(1, sizeof *client);
    if (client == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        free(client);
        return NULL;
    }
    if (set_up(client, target))
        return client;
    daemon_client_end(client);
    return NULL;
}

void daemon_client_end(struct daemon_client *client)
{
    if (client == NULL)
        return;
    curl_slist_free_all(client->headers);
    curl_easy_cleanup(client->curl);
    curl_global_cleanup();
    free(client->where);
    free(client->base);
    free(client->socket);
    free(client);
}

/* ---- a request ------------------------------------------------------------------------------ */

static size_t take_answer(char *bytes, size_t size, size_t count, void *context)
{
    struct daemon_answer *answer = context;
    count *= size;
    if (answer->bytes + count > ANSWER_BYTES)
        return 0;
    char *text = realloc(answer->text, answer->bytes + count + 1);
    if (text == NULL)
        return 0;
    memcpy(text + answer->bytes, bytes, count);
    answer->text = text;
    answer->bytes += count;
    text[answer->bytes] = '\0';
    return count;
}

static char *url_of(const struct daemon_client *client, const char *path)
{
    char *url;
    return asprintf(&url, "%s%s", client->base, path) >= 0 ? url : NULL;
}

static void prepare(struct daemon_client *client, const char *method, const char *url)
{
    CURL *curl = client->curl;
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, client->headers);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* a token must not go through one */
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    if (client->socket != NULL)
        curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, client->socket);
}

static enum ctl_exit say_failure(const struct daemon_client *client, CURLcode code)
{
    if (code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST)
        return ctl_say(CTL_NO_DAEMON, "no imqttd answers at %s", client->where);
    return ctl_say(CTL_FAILED, "%s: %s", client->where, curl_easy_strerror(code));
}

/* {"error":{"code","message","field"}} */
static enum ctl_exit say_refusal(const struct daemon_answer *answer)
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

static void finish(struct daemon_client *client, struct daemon_answer *answer)
{
    curl_easy_getinfo(client->curl, CURLINFO_RESPONSE_CODE, &answer->status);
    answer->json = answer->text != NULL ? json_loads(answer->text, 0, NULL) : NULL;
}

static enum ctl_exit judge(struct daemon_client *client, CURLcode code,
                           struct daemon_answer *answer)
{
    if (code != CURLE_OK)
        return say_failure(client, code);
    finish(client, answer);
    if (answer->status < 400)
        return CTL_DONE;
    if (json_object_get(answer->json, "errors") != NULL)
        return CTL_FAILED;
    return say_refusal(answer);
}

static CURLcode ask(struct daemon_client *client, const char *method, const char *path,
                    const char *body, struct daemon_answer *answer)
{
    char *url = url_of(client, path);
    *answer = (struct daemon_answer){.status = 0};
    prepare(client, method, url);
    curl_easy_setopt(client->curl, CURLOPT_TIMEOUT_MS, ANSWER_MS);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, answer);
    if (body != NULL)
        curl_easy_setopt(client->curl, CURLOPT_POSTFIELDS, body);
    CURLcode code = curl_easy_perform(client->curl);
    free(url);
    return code;
}

enum ctl_exit daemon_ask(struct daemon_client *client, const char *method, const char *path,
                         json_t *body, struct daemon_answer *answer)
{
    char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
    json_decref(body);
    CURLcode code = ask(client, method, path, text, answer);
    free(text);
    return judge(client, code, answer);
}

bool daemon_ask_quietly(struct daemon_client *client, const char *path,
                        struct daemon_answer *answer)
{
    if (ask(client, "GET", path, NULL, answer) != CURLE_OK)
        return false;
    finish(client, answer);
    return answer->status < 400;
}

void daemon_answer_end(struct daemon_answer *answer)
{
    json_decref(answer->json);
    free(answer->text);
    *answer = (struct daemon_answer){.status = 0};
}

/* ---- a stream ------------------------------------------------------------------------------- */

static size_t take_stream(char *bytes, size_t size, size_t count, void *context)
{
    struct following *following = context;
    long status = 0;
    curl_easy_getinfo(following->client->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 400)
        return take_answer(bytes, size, count, &following->refusal);
    following->had_enough = !following->receiver(following->context, bytes, size * count);
    return following->had_enough ? 0 : size * count;
}

/* An empty line ends the head of the answer: what happens from now on is followed. */
static size_t take_head(const char *bytes, size_t size, size_t count, void *context)
{
    struct following *following = context;
    long status = 0;
    curl_easy_getinfo(following->client->curl, CURLINFO_RESPONSE_CODE, &status);
    if (size * count == 2 && bytes[0] == '\r' && status == 200)
        following->receiver(following->context, "", 0);
    return size * count;
}

static enum ctl_exit stream_ended(struct following *following, CURLcode code)
{
    if (following->had_enough)
        return CTL_DONE;
    enum ctl_exit end = judge(following->client, code, &following->refusal);
    daemon_answer_end(&following->refusal);
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
    char *url = url_of(client, path);
    CURLM *multi = curl_multi_init();
    enum ctl_exit end = CTL_FAILED;
    prepare(client, "GET", url);
    curl_easy_setopt(client->curl, CURLOPT_WRITEFUNCTION, take_stream);
    curl_easy_setopt(client->curl, CURLOPT_WRITEDATA, &following);
    curl_easy_setopt(client->curl, CURLOPT_HEADERFUNCTION, take_head);
    curl_easy_setopt(client->curl, CURLOPT_HEADERDATA, &following);
    curl_multi_add_handle(multi, client->curl);
    if (interrupt_begin(&interrupt))
        end = run(multi, &following, interrupt.fd);
    interrupt_end(&interrupt);
    curl_multi_remove_handle(multi, client->curl);
    curl_multi_cleanup(multi);
    free(url);
    return end;
}

/* ---- paths ---------------------------------------------------------------------------------- */

char *daemon_encode(const char *word)
{
    char *escaped = curl_easy_escape(NULL, word, 0);
    char *copy = strdup(escaped != NULL ? escaped : "");
    curl_free(escaped);
    return copy;
}

char *daemon_modem_path(const char *name, const char *behind)
{
    char *encoded = daemon_encode(name), *path;
    if (asprintf(&path, "/v1/modems/%s%s", encoded, behind) < 0)
        path = NULL;
    free(encoded);
    return path;
}
