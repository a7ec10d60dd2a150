#include "testcloud/sessions.h"

#include <stdlib.h>
#include <string.h>

struct session {
    struct session *next;
    const void *client;
    char *user_name, *client_id;
};

/* One list for the whole broker, which loads this plugin once for each listener: a device may come
 * back over the other one. */
static struct session *sessions;

static void forget(struct session **place)
{
    struct session *session = *place;
    *place = session->next;
    free(session->user_name);
    free(session->client_id);
    free(session);
}

static struct session **find_user(const char *user_name)
{
    struct session **place = &sessions;
    while (*place != NULL && strcmp((*place)->user_name, user_name) != 0)
        place = &(*place)->next;
    return place;
}

static void remember(const char *user_name, const char *client_id, const void *client)
{
    struct session *session = calloc(1, sizeof *session);
    if (session == NULL)
        return;
    *session = (struct session){sessions, client, strdup(user_name), strdup(client_id)};
    sessions = session;
    if (session->user_name == NULL || session->client_id == NULL)
        forget(&sessions);
}

char *sessions_begin(const char *user_name, const char *client_id, const void *client)
{
    char *older = NULL;
    struct session **place = find_user(user_name);
    if (*place != NULL) {
        if (strcmp((*place)->client_id, client_id) != 0)
            older = strdup((*place)->client_id);
        forget(place);
    }
    remember(user_name, client_id, client);
    return older;
}

void sessions_end(const void *client)
{
    for (struct session **place = &sessions; *place != NULL; place = &(*place)->next)
        if ((*place)->client == client) {
            forget(place);
            return;
        }
}
