#include "imqttd/control/routes.h"

#include <stdio.h>
#include <string.h>

#include "imqttd/control/handlers.h"

/* In a path, * stands for a modem's name and + for a fault's. */
static const struct route {
    const char *method;
    const char *path;
    handler *handle;
    bool takes_body;
    const char *query[4]; /* keys, up to a NULL */
} routes[] = {
    {"GET", "/", handle_page, false, {NULL}},
    {"GET", "/page.js", handle_page, false, {NULL}},
    {"GET", "/page.css", handle_page, false, {NULL}},
    {"GET", "/v1/version", handle_version, false, {NULL}},
    {"GET", "/v1/faults", handle_fault_types, false, {NULL}},
    {"GET", "/v1/modems", handle_list, false, {"name", "offset", "limit", NULL}},
    {"GET", "/v1/modems/*", handle_show, false, {NULL}},
    {"PATCH", "/v1/modems/*", handle_change, true, {NULL}},
    {"POST", "/v1/modems/*/power", handle_power, true, {NULL}},
    {"POST", "/v1/modems/*/urc", handle_urc, true, {NULL}},
    {"POST", "/v1/modems/*/link", handle_link, true, {NULL}},
    {"POST", "/v1/modems/*/type", handle_type, true, {NULL}},
    {"GET", "/v1/modems/*/faults", handle_fault_list, false, {NULL}},
    {"POST", "/v1/modems/*/faults", handle_fault_add, true, {NULL}},
    {"DELETE", "/v1/modems/*/faults", handle_faults_remove, false, {NULL}},
    {"DELETE", "/v1/modems/*/faults/+", handle_fault_remove, false, {NULL}},
    {"GET", "/v1/modems/*/record", handle_record, false, {NULL}},
    {"GET", "/v1/modems/*/report", handle_report, false, {"lang", NULL}},
    {"POST", "/v1/reset", handle_reset, true, {NULL}},
    {"POST", "/v1/reload", handle_reload, true, {NULL}},
    {"POST", "/v1/clock", handle_clock, true, {NULL}},
    {"GET", "/v1/events", handle_events, false, {"name", "kinds", NULL}},
    {"GET", "/metrics", handle_metrics, false, {NULL}},
};

#define ROUTES (sizeof routes / sizeof *routes)

/* A segment of the path, taken out of it. */
static bool take_segment(const char **path, char *name)
{
    size_t count = strcspn(*path, "/");
    bool is_good = count > 0 && request_decode(name, REQUEST_NAME_BYTES + 1, *path, count);
    *path += count;
    if (!is_good)
        memcpy(name, "/", sizeof "/"); /* no name: whoever looks at it says so */
    return count > 0;
}

static bool matches(const char *pattern, const char *path, struct request *request)
{
    while (*pattern != '\0') {
        if (*pattern == '*' || *pattern == '+') {
            if (!take_segment(&path, *pattern == '*' ? request->name : request->fault))
                return false;
            pattern++;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *path == '\0';
}

static bool is_name(const char *name)
{
    for (; *name != '\0'; name++)
        if (strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
                         "*?[]!^") == 0)
            return false;
    return true;
}

/* A body is a JSON object; nothing is an object without keys where all keys may be left out. */
static bool read_body(struct request *request, enum MHD_Result *result)
{
    json_error_t error;
    if (request->body_bytes == 0)
        return true;
    request->json = json_loadb(request->body, request->body_bytes, JSON_REJECT_DUPLICATES, &error);
    if (json_is_object(request->json))
        return true;
    if (request->json == NULL)
        *result = answer_error(request, MHD_HTTP_BAD_REQUEST, "bad_request", NULL,
                               "the body is no JSON: line %d: %s", error.line, error.text);
    else
        *result = answer_error(request, MHD_HTTP_BAD_REQUEST, "bad_request", NULL,
                               "the body is no JSON object");
    return false;
}

static enum MHD_Result run(struct request *request, const struct route *route)
{
    enum MHD_Result result;
    if (request->is_too_large)
        return answer_error(request, MHD_HTTP_CONTENT_TOO_LARGE, "too_large", NULL,
                            "a body has %d bytes at most", REQUEST_BODY_BYTES);
    if (!is_name(request->name) || !is_name(request->fault))
        return answer_error(request, MHD_HTTP_BAD_REQUEST, "bad_name", NULL,
                            "names have letters, digits, '.', '_' and '-'");
    if (!route->takes_body && request->body_bytes > 0)
        return answer_error(request, MHD_HTTP_BAD_REQUEST, "bad_request", NULL,
                            "this takes no body");
    if (!request_has_only(request, route->query, &result) ||
        (route->takes_body && !read_body(request, &result)))
        return result;
    return route->handle(request);
}

/* The methods that a path knows are said with the refusal of others. */
static void allow(struct request *request, const char *method)
{
    size_t used = request->header != NULL ? strlen(request->header_value) : 0;
    request->header = "Allow";
    snprintf(request->header_value + used, sizeof request->header_value - used, "%s%s",
             used > 0 ? ", " : "", method);
}

static enum MHD_Result refuse_method(struct request *request)
{
    for (size_t i = 0; i < ROUTES; i++)
        if (matches(routes[i].path, request->path, request))
            allow(request, routes[i].method);
    return answer_error(request, MHD_HTTP_METHOD_NOT_ALLOWED, "bad_method", NULL,
                        "%s is not for this path", request->method);
}

enum MHD_Result routes_answer(struct request *request)
{
    bool knows_path = false;
    const char *method = strcmp(request->method, "HEAD") == 0 ? "GET" : request->method;
    for (size_t i = 0; i < ROUTES; i++) {
        if (!matches(routes[i].path, request->path, request))
            continue;
        knows_path = true;
        if (strcmp(routes[i].method, method) == 0)
            return run(request, &routes[i]);
    }
    if (knows_path)
        return refuse_method(request);
    return answer_error(request, MHD_HTTP_NOT_FOUND, "unknown_path", NULL, "there is no such path");
}
