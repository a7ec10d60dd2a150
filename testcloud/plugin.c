/* The test cloud as a plugin of Mosquitto 2 (interface 5): events of the broker to the platform's
 * decisions. Loaded once for each listener, with these options:
 *
 *     plugin_opt_devices   the device file
 *     plugin_opt_tls       true on the TLS listener (the broker does not tell)
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mosquitto.h>
#include <mosquitto_broker.h>
#include <mosquitto_plugin.h>

#include "testcloud/cloud.h"
#include "testcloud/registrar.h"
#include "testcloud/sessions.h"
#include "testcloud/topics.h"

#define PUSH_QOS 1

/* ---- logging in ----------------------------------------------------------------------------- */

static void drop_older(struct mosquitto *client, const char *user_name)
{
    char *older = sessions_begin(user_name, mosquitto_client_id(client), client);
    if (older == NULL)
        return;
    mosquitto_log_printf(MOSQ_LOG_NOTICE, "testcloud: %s: a newer login ends the older one",
                         user_name);
    mosquitto_kick_client_by_clientid(older, false);
    free(older);
}

/* The broker sends it behind CONNACK, although the client has subscribed to nothing. */
static void push_registration(struct mosquitto *client, enum login_kind kind,
                              const struct device *device)
{
    char *message = registrar_message(device);
    if (message == NULL)
        return;
    mosquitto_broker_publish_copy(mosquitto_client_id(client), registrar_topic(kind),
                                  (int)strlen(message), message, PUSH_QOS, false, NULL);
    free(message);
}

static const char *admit(const struct cloud *cloud, struct mosquitto *client,
                         const struct mosquitto_evt_basic_auth *event, struct login *login)
{
    struct device device;
    const char *refusal = login_parse(mosquitto_client_id(client), event->username, login);
    if (refusal == NULL)
        refusal =
            cloud_admit(cloud, login, mosquitto_client_keepalive(client), event->password, &device);
    if (refusal != NULL)
        return refusal;
    if (login_is_registration(login))
        push_registration(client, login->kind, &device);
    else
        drop_older(client, event->username);
    return NULL;
}

static int on_basic_auth(int event_kind, void *event_data, void *userdata)
{
    static const char *const welcomes[] = {
        [LOGIN_TRIPLE] = "logged in with its secret",
        [LOGIN_TOKEN] = "logged in with its token",
        [LOGIN_REGISTER] = "registered, a secret is on its way",
        [LOGIN_REGISTER_NEW] = "registered, a token is on its way",
    };
    struct mosquitto_evt_basic_auth *event = event_data;
    struct login login;
    const char *refusal = admit(userdata, event->client, event, &login);
    (void)event_kind;
    mosquitto_log_printf(MOSQ_LOG_NOTICE, "testcloud: %s: %s%s",
                         event->username != NULL ? event->username : "(no user name)",
                         refusal != NULL ? "refused: " : "",
                         refusal != NULL ? refusal : welcomes[login.kind]);
    return refusal != NULL ? MOSQ_ERR_AUTH : MOSQ_ERR_SUCCESS;
}

static int on_disconnect(int event_kind, void *event_data, void *userdata)
{
    const struct mosquitto_evt_disconnect *event = event_data;
    (void)event_kind;
    (void)userdata;
    sessions_end(event->client);
    return MOSQ_ERR_SUCCESS;
}

/* ---- topics --------------------------------------------------------------------------------- */

/* A registration only waits for its message: it may neither publish nor subscribe. */
static const char *check_registration_access(const struct mosquitto_evt_acl_check *event)
{
    return event->access == MOSQ_ACL_READ ? NULL : "a registration may not use topics";
}

static const char *check_device_access(const struct login *login,
                                       const struct mosquitto_evt_acl_check *event)
{
    const char *product_key = login->product_key, *device_name = login->device_name;
    if (event->access == MOSQ_ACL_READ)
        return topics_may_receive(product_key, device_name, event->topic) ? NULL : "not its topic";
    if (event->access == MOSQ_ACL_UNSUBSCRIBE)
        return NULL;
    if (!topics_has_size(event->topic))
        return "the topic is over 128 bytes or 7 slashes";
    if (!topics_may_use(product_key, device_name, event->topic))
        return "not its topic";
    if (event->access == MOSQ_ACL_SUBSCRIBE &&
        mosquitto_client_sub_count(event->client) >= MOST_SUBSCRIPTIONS)
        return "over 100 subscriptions";
    return NULL;
}

static const char *check_access(const struct mosquitto_evt_acl_check *event)
{
    struct login login;
    const char *refusal = login_parse(mosquitto_client_id(event->client),
                                      mosquitto_client_username(event->client), &login);
    if (refusal != NULL)
        return refusal;
    return login_is_registration(&login) ? check_registration_access(event)
                                         : check_device_access(&login, event);
}

static int on_acl_check(int event_kind, void *event_data, void *userdata)
{
    const struct mosquitto_evt_acl_check *event = event_data;
    const char *refusal = check_access(event);
    (void)event_kind;
    (void)userdata;
    if (refusal == NULL)
        return MOSQ_ERR_SUCCESS;
    if (event->access != MOSQ_ACL_READ)
        mosquitto_log_printf(MOSQ_LOG_NOTICE, "testcloud: %s: %s on %s refused: %s",
                             mosquitto_client_username(event->client),
                             event->access == MOSQ_ACL_WRITE ? "publish" : "subscribe",
                             event->topic, refusal);
    return MOSQ_ERR_ACL_DENIED;
}

/* ---- loading -------------------------------------------------------------------------------- */

int mosquitto_plugin_version(int supported_version_count, const int *supported_versions)
{
    for (int i = 0; i < supported_version_count; i++)
        if (supported_versions[i] == MOSQ_PLUGIN_VERSION)
            return MOSQ_PLUGIN_VERSION;
    return -1;
}

static const char *option(const struct mosquitto_opt *options, int count, const char *key)
{
    for (int i = 0; i < count; i++)
        if (strcmp(options[i].key, key) == 0)
            return options[i].value;
    return NULL;
}

static int watch(mosquitto_plugin_id_t *plugin, struct cloud *cloud)
{
    int result =
        mosquitto_callback_register(plugin, MOSQ_EVT_BASIC_AUTH, on_basic_auth, NULL, cloud);
    if (result == MOSQ_ERR_SUCCESS)
        result = mosquitto_callback_register(plugin, MOSQ_EVT_ACL_CHECK, on_acl_check, NULL, cloud);
    if (result == MOSQ_ERR_SUCCESS)
        result =
            mosquitto_callback_register(plugin, MOSQ_EVT_DISCONNECT, on_disconnect, NULL, cloud);
    return result;
}

int mosquitto_plugin_init(mosquitto_plugin_id_t *identifier, void **userdata,
                          struct mosquitto_opt *options, int option_count)
{
    const char *devices = option(options, option_count, "devices");
    const char *tls = option(options, option_count, "tls");
    struct cloud *cloud = calloc(1, sizeof *cloud);
    if (cloud == NULL || devices == NULL) {
        mosquitto_log_printf(MOSQ_LOG_ERR, "testcloud: plugin_opt_devices is missing");
        free(cloud);
        return MOSQ_ERR_INVAL;
    }
    cloud->devices_file = devices; /* the broker keeps the options as long as the plugin */
    cloud->tls = tls != NULL && strcmp(tls, "true") == 0;
    *userdata = cloud;
    return watch(identifier, cloud);
}

int mosquitto_plugin_cleanup(void *userdata, struct mosquitto_opt *options, int option_count)
{
    (void)options;
    (void)option_count;
    free(userdata);
    return MOSQ_ERR_SUCCESS;
}
