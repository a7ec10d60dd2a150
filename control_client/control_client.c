#include "control_client/control_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_MS      5000L
#define ANSWER_MS       30000L
#define TOKEN_BYTES     512
#define ANSWER_BYTES    (64U << 20)
#define BLANK_IN_TOKENS " \t\r\n"

struct control_client {
    CURL *transfer;
    struct curl_slist *headers;
    char *base; /* of every URL */
    char *socket;
};

/* ---- beginning and end ---------------------------------------------------------------------- */

static bool read_token(char token[TOKEN_BYTES], const char *file)
{
    FILE *opened = fopen(file, "re");
    bool is_read = opened != NULL && fgets(token, TOKEN_BYTES, opened) != NULL;
    if (opened != NULL)
        (void)fclose(opened);
    token[strcspn(token, BLANK_IN_TOKENS)] = '\0';
    return is_read && token[0] != '\0';
}

static bool add_header(struct control_client *client, const char *header)
{
    struct curl_slist *longer = curl_slist_append(client->headers, header);
    if (longer != NULL)
        client->headers = longer;
    return longer != NULL;
}

static bool add_token(struct control_client *client, const char *file, bool *has_token)
{
    char token[TOKEN_BYTES] = "", header[TOKEN_BYTES + 32];
    *has_token = read_token(token, file);
    (void)snprintf(header, sizeof header, "Authorization: Bearer %s", token);
    bool is_added = *has_token && add_header(client, header);
    explicit_bzero(token, sizeof token);
    explicit_bzero(header, sizeof header);
    return is_added;
}

static bool set_up(struct control_client *client, const struct control_target *target,
                   bool *has_token)
{
    const char *address = target->address != NULL ? target->address : "localhost";
    if (asprintf(&client->base, "http://%s", address) < 0)
        client->base = NULL;
    if (target->address == NULL)
        client->socket = strdup(target->socket);
    client->transfer = curl_easy_init();
    if (client->base == NULL || client->transfer == NULL ||
        (target->address == NULL && client->socket == NULL) || !add_header(client, "Expect:") ||
        !add_header(client, "Content-Type: application/json"))
        return false;
    return target->address == NULL || target->token_file == NULL ||
           add_token(client, target->token_file, has_token);
}

struct control_client *control_client_new(const struct control_target *target, bool *has_token)
{
    struct control_client *client = calloc(1, sizeof *client);
    *has_token = true;
    if (client == NULL || curl_global_init(CURL_GLOBAL_DEFAULT) != 0) {
        free(client);
        return NULL;
    }
    if (set_up(client, target, has_token))
        return client;
    control_client_end(client);
    return NULL;
}

void control_client_end(struct control_client *client)
{
    if (client == NULL)
        return;
    curl_slist_free_all(client->headers);
    curl_easy_cleanup(client->transfer);
    curl_global_cleanup();
    free(client->base);
    free(client->socket);
    free(client);
}

/* ---- answers -------------------------------------------------------------------------------- */

size_t control_answer_take(char *bytes, size_t size, size_t count, void *answer)
{
    struct control_answer *whole = answer;
    count *= size;
    if (whole->bytes + count > ANSWER_BYTES)
        return 0;
    char *text = realloc(whole->text, whole->bytes + count + 1);
    if (text == NULL)
        return 0;
    memcpy(text + whole->bytes, bytes, count);
    whole->text = text;
    whole->bytes += count;
    text[whole->bytes] = '\0';
    return count;
}

void control_answer_finish(struct control_answer *answer, CURL *transfer)
{
    curl_easy_getinfo(transfer, CURLINFO_RESPONSE_CODE, &answer->status);
    answer->json = answer->text != NULL ? json_loads(answer->text, 0, NULL) : NULL;
}

void control_answer_end(struct control_answer *answer)
{
    json_decref(answer->json);
    free(answer->text);
    *answer = (struct control_answer){.status = 0};
}

/* ---- requests ------------------------------------------------------------------------------- */

void control_aim(const struct control_client *client, CURL *transfer, const char *method,
                 const char *path)
{
    char *url;
    if (asprintf(&url, "%s%s", client->base, path) < 0)
        url = NULL; /* refused when it is performed */
    curl_easy_reset(transfer);
    curl_easy_setopt(transfer, CURLOPT_URL, url);
    curl_easy_setopt(transfer, CURLOPT_CUSTOMREQUEST, method);
    curl_easy_setopt(transfer, CURLOPT_HTTPHEADER, client->headers);
    curl_easy_setopt(transfer, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(transfer, CURLOPT_PROXY, ""); /* a token must not go through one */
    curl_easy_setopt(transfer, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
    if (client->socket != NULL)
        curl_easy_setopt(transfer, CURLOPT_UNIX_SOCKET_PATH, client->socket);
    free(url);
}

CURLcode control_ask(struct control_client *client, const char *method, const char *path,
                     json_t *body, struct control_answer *answer)
{
    char *text = body != NULL ? json_dumps(body, JSON_COMPACT) : NULL;
    CURL *transfer = client->transfer;
    *answer = (struct control_answer){.status = 0};
    json_decref(body);
    control_aim(client, transfer, method, path);
    curl_easy_setopt(transfer, CURLOPT_TIMEOUT_MS, ANSWER_MS);
    curl_easy_setopt(transfer, CURLOPT_WRITEFUNCTION, control_answer_take);
    curl_easy_setopt(transfer, CURLOPT_WRITEDATA, answer);
    if (text != NULL)
        curl_easy_setopt(transfer, CURLOPT_POSTFIELDS, text);
    CURLcode code = curl_easy_perform(transfer);
    if (code == CURLE_OK)
        control_answer_finish(answer, transfer);
    free(text);
    return code;
}

/* ---- paths ---------------------------------------------------------------------------------- */

char *control_encode(const char *word)
{
    char *escaped = curl_easy_escape(NULL, word, 0);
    char *copy = strdup(escaped != NULL ? escaped : "");
    curl_free(escaped);
    return copy;
}

char *control_modem_path(const char *name, const char *behind)
{
    char *encoded = control_encode(name), *path;
    if (asprintf(&path, "/v1/modems/%s%s", encoded, behind) < 0)
        path = NULL;
    free(encoded);
    return path;
}
