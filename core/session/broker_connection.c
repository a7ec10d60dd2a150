#include "core/session/broker_connection.h"
#include "core/aliyun/sign.h"

/* ---- who connects --------------------------------------------------------------------------- */

static bool has_client_id(const struct settings *settings)
{
    return setting_string(settings, SETTING_CLIENT_ID).count > 0;
}

/* In Aliyun mode a typed client id and user name go out as they are; else the triple is signed. */
static bool is_signed(const struct settings *settings)
{
    bool typed = has_client_id(settings) && setting_string(settings, SETTING_USER_NAME).count > 0;
    return settings_are_aliyun(settings) && !typed;
}

static bool is_configured(const struct settings *settings)
{
    if (is_signed(settings))
        return setting_string(settings, SETTING_PRODUCT_KEY).count > 0;
    return settings->port != 0 &&
           (has_client_id(settings) ||
            packet_may_lack_client_id((enum mqtt_version)settings->request.version,
                                      settings->request.clean_session));
}

static struct aliyun_login typed_login(const struct settings *settings)
{
    return (struct aliyun_login){setting_string(settings, SETTING_CLIENT_ID),
                                 setting_string(settings, SETTING_USER_NAME),
                                 setting_string(settings, SETTING_PASSWORD)};
}

static enum imqtt_status sign_login(const struct settings *settings,
                                    const struct imqtt_crypto_port *crypto, struct out *room,
                                    struct aliyun_login *login)
{
    struct aliyun_identity triple = {setting_string(settings, SETTING_PRODUCT_KEY),
                                     setting_string(settings, SETTING_DEVICE_NAME),
                                     setting_string(settings, SETTING_DEVICE_SECRET)};
    if (crypto->hmac_sha256 == NULL)
        return IMQTT_NOT_SUPPORTED;
    bool is_made = aliyun_sign_login(&triple, settings->tls, crypto, room, login);
    return is_made ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
}

/* ---- what it says --------------------------------------------------------------------------- */

static void put_login(struct mqtt_connect_packet *packet, const struct aliyun_login *login)
{
    packet->client_id = login->client_id;
    packet->user_name = login->user_name;
    packet->password = login->password;
    packet->has_password = login->password.count > 0;
    /* A password needs a user name [MQTT-3.1.2-22]: an empty one is sent if need be. */
    packet->has_user_name = login->user_name.count > 0 || packet->has_password;
}

/* Alibaba's platform refuses a will: it is left out there. */
static void put_will(struct mqtt_connect_packet *packet, const struct settings *settings)
{
    packet->has_will = settings_have_will(settings) && !settings_are_aliyun(settings);
    packet->will_topic = setting_string(settings, SETTING_WILL_TOPIC);
    packet->will_message = setting_string(settings, SETTING_WILL_MESSAGE);
    packet->will_qos = settings->will_qos;
    packet->will_retained = settings->will_retained;
}

static void fill_packet(struct mqtt_connect_packet *packet, const struct settings *settings,
                        const struct aliyun_login *login)
{
    packet->version = (enum mqtt_version)settings->request.version;
    packet->clean_session = settings->request.clean_session;
    packet->keep_alive_s = settings->request.keep_alive_s;
    put_login(packet, login);
    put_will(packet, settings);
}

/* ---- where ---------------------------------------------------------------------------------- */

void connection_find_target(const struct settings *settings, struct span product_key,
                            struct connection_target *target)
{
    struct out host = out_on((uint8_t *)target->host, sizeof target->host - 1);
    *target = (struct connection_target){.port = settings->port, .tls = settings->tls};
    if (!IMQTT_WITH_ALIYUN || target->port != 0) {
        out_span(&host, setting_string(settings, SETTING_ADDRESS));
    } else {
        aliyun_put_default_host(product_key, &host);
        target->port = ALIYUN_PORT;
    } /* all zero behind the name: it ends in NUL */
}

/* With wide limits a broker has as long for CONNACK as for anything else, but not less than the
 * manual's most (commands.md section 8). */
static uint32_t connack_timeout_ms(const struct settings *settings)
{
    uint32_t timeout_s = settings->request.timeout_s;
    if (settings->factory.wide_limits && timeout_s < IMQTT_TIMEOUT_MAX_S)
        timeout_s = IMQTT_TIMEOUT_MAX_S;
    return timeout_s * 1000U;
}

static void note_begun(struct broker_link *link, enum mqtt_state state)
{
#if IMQTT_WITH_DIALECTS
    link->reached = state;
#else
    (void)link, (void)state;
#endif
}

static enum imqtt_status open_as(struct broker_link *link, const struct settings *settings,
                                 const struct aliyun_login *login, uint16_t unknown_id,
                                 uint64_t now_ms)
{
    connection_find_target(settings, setting_string(settings, SETTING_PRODUCT_KEY), &link->target);
    struct mqtt_connect connect = {
        .host = link->target.host,
        .port = link->target.port,
        .tls = link->target.tls,
        .connack_timeout_ms = connack_timeout_ms(settings),
        .request_timeout_ms = settings->request.timeout_s * 1000U,
        .unknown_id = unknown_id,
    };
    fill_packet(&connect.packet, settings, login);
    if (!mqtt_client_connect(&link->mqtt, &connect, now_ms))
        return IMQTT_UNKNOWN_ERROR;
    link->clean_session = settings->request.clean_session;
    link->aliyun_session = settings_are_aliyun(settings);
    link->begun_ms = now_ms;
    note_begun(link, MQTT_CONNECTING);
    return IMQTT_DONE;
}

/* ---- the verbs ------------------------------------------------------------------------------ */

/* Whether DISCONNECT has left when the next line comes is chance: that line waits for it. */
enum imqtt_status connection_check_free(const struct broker_link *link)
{
    enum mqtt_state state = mqtt_client_state(&link->mqtt);
    if (state == MQTT_CLOSING)
        return IMQTT_LATER;
#if IMQTT_WITH_DIALECTS
    if (state == MQTT_OPENED)
        return IMQTT_DONE;
#endif
    return state == MQTT_IDLE ? IMQTT_DONE : IMQTT_NOT_ALLOWED;
}

enum imqtt_status connection_open(struct broker_link *link, const struct settings *settings,
                                  const struct imqtt_crypto_port *crypto, bool has_service,
                                  uint16_t unknown_id, uint64_t now_ms)
{
    uint8_t room[ALIYUN_LOGIN_BYTES];
    struct out out = out_on(room, sizeof room);
    struct aliyun_login login = typed_login(settings);
    enum imqtt_status status = connection_check_free(link);
    if (status != IMQTT_DONE)
        return status;
    if (!is_configured(settings))
        return IMQTT_NOT_ALLOWED;
    if (!has_service)
        return IMQTT_NO_NETWORK_SERVICE;
    if (IMQTT_WITH_ALIYUN && is_signed(settings))
        status = sign_login(settings, crypto, &out, &login);
    if (status == IMQTT_DONE)
        status = open_as(link, settings, &login, unknown_id, now_ms);
    memset(room, 0, sizeof room);
    return status;
}

#if IMQTT_WITH_DIALECTS
enum imqtt_status connection_dial(struct broker_link *link, const struct settings *settings,
                                  bool has_service, uint64_t now_ms)
{
    struct connection_target *target = &link->target;
    enum imqtt_status status = connection_check_free(link);
    if (status != IMQTT_DONE)
        return status;
    if (settings->port == 0 || mqtt_client_state(&link->mqtt) != MQTT_IDLE)
        return IMQTT_NOT_ALLOWED;
    if (!has_service)
        return IMQTT_NO_NETWORK_SERVICE;
    connection_find_target(settings, SPAN_EMPTY, target);
    link->begun_ms = now_ms;
    note_begun(link, MQTT_OPENING);
    mqtt_client_open(&link->mqtt, target->host, target->port, target->tls, now_ms);
    return IMQTT_DONE;
}
#endif

enum imqtt_status connection_close(struct broker_link *link, uint64_t now_ms)
{
    enum mqtt_state state = mqtt_client_state(&link->mqtt);
    if (state == MQTT_IDLE || state == MQTT_CLOSING)
        return IMQTT_NOT_ALLOWED;
    mqtt_client_disconnect(&link->mqtt, now_ms);
    return IMQTT_DONE;
}

bool connection_takes_publish(const struct broker_link *link, uint8_t qos, bool retained)
{
    return !link->aliyun_session || (qos < 2 && !retained);
}

enum imqtt_status connection_no_room(const struct broker_link *link, uint64_t now_ms)
{
    bool may_wait = now_ms < mqtt_client_room_deadline(&link->mqtt);
    return may_wait ? IMQTT_LATER : IMQTT_UNKNOWN_ERROR;
}
