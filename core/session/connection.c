#include "core/session/connection.h"
#include "core/aliyun/sign.h"
#include "core/modem/modem.h"

/* ---- who connects --------------------------------------------------------------------------- */

static struct span string_of(const struct imqtt_modem *modem, enum setting_string name)
{
    return setting_string(&modem->settings, name);
}

static bool has_client_id(const struct imqtt_modem *modem)
{
    return string_of(modem, SETTING_CLIENT_ID).count > 0;
}

/* In Aliyun mode a typed client id and user name go out as they are; else the triple is signed. */
static bool is_signed(const struct imqtt_modem *modem)
{
    bool typed = has_client_id(modem) && string_of(modem, SETTING_USER_NAME).count > 0;
    return settings_are_aliyun(&modem->settings) && !typed;
}

static bool is_configured(const struct imqtt_modem *modem)
{
    if (is_signed(modem))
        return string_of(modem, SETTING_PRODUCT_KEY).count > 0;
    return modem->settings.port != 0 &&
           (has_client_id(modem) ||
            packet_may_lack_client_id(modem->settings.request.version,
                                      modem->settings.request.clean_session));
}

static struct aliyun_login typed_login(const struct imqtt_modem *modem)
{
    return (struct aliyun_login){string_of(modem, SETTING_CLIENT_ID),
                                 string_of(modem, SETTING_USER_NAME),
                                 string_of(modem, SETTING_PASSWORD)};
}

static enum imqtt_status sign_login(const struct imqtt_modem *modem, struct out *room,
                                    struct aliyun_login *login)
{
    const struct imqtt_crypto_port *crypto = &modem->ports.crypto;
    struct aliyun_identity triple = {string_of(modem, SETTING_PRODUCT_KEY),
                                     string_of(modem, SETTING_DEVICE_NAME),
                                     string_of(modem, SETTING_DEVICE_SECRET)};
    if (crypto->hmac_sha256 == NULL)
        return IMQTT_NOT_SUPPORTED;
    bool is_signed = aliyun_sign_login(&triple, modem->settings.tls, crypto, room, login);
    return is_signed ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
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

static struct mqtt_connect_packet packet_for(const struct settings *settings,
                                             const struct aliyun_login *login)
{
    struct mqtt_connect_packet packet = {
        .version = settings->request.version,
        .clean_session = settings->request.clean_session,
        .keep_alive_s = settings->request.keep_alive_s,
    };
    put_login(&packet, login);
    put_will(&packet, settings);
    return packet;
}

/* ---- where ---------------------------------------------------------------------------------- */

struct connection_target connection_target(const struct imqtt_modem *modem, struct span product_key)
{
    struct connection_target target = {.port = modem->settings.port};
    struct out host = out_on((uint8_t *)target.host, sizeof target.host - 1);
    if (!IMQTT_WITH_ALIYUN || target.port != 0) {
        out_span(&host, string_of(modem, SETTING_ADDRESS));
    } else {
        aliyun_put_default_host(product_key, &host);
        target.port = ALIYUN_PORT;
    }
    return target; /* all zero behind the name: it ends in NUL */
}

static uint32_t mix(uint32_t mixed, uint32_t with)
{
    return (mixed ^ with) * 2654435761U; /* Knuth's multiplier: the high bits vary */
}

/* Without random bytes: another one for each modem and each time. */
static uint16_t random_packet_id(const struct imqtt_modem *modem)
{
    const struct imqtt_crypto_port *crypto = &modem->ports.crypto;
    const struct imqtt_identity *identity = &modem->options.identity;
    uint8_t bytes[4];
    if (crypto->random != NULL && crypto->random(crypto->context, bytes, sizeof bytes))
        return (uint16_t)(bytes[2] << 8 | bytes[3]);
    uint32_t mixed = mix((uint32_t)modem->options.unix_time_ms, (uint32_t)modem->now_ms);
    for (const char *name = identity->name; name != NULL && *name != '\0'; name++)
        mixed = mix(mixed, (uint8_t)*name);
    return (uint16_t)(mixed >> 16);
}

static enum imqtt_status open_as(struct imqtt_modem *modem, const struct aliyun_login *login)
{
    const struct settings *settings = &modem->settings;
    struct connection_target target =
        connection_target(modem, string_of(modem, SETTING_PRODUCT_KEY));
    struct mqtt_connect connect = {
        .host = target.host,
        .port = target.port,
        .tls = settings->tls,
        .packet = packet_for(settings, login),
        .connack_timeout_ms = settings->request.timeout_s * 1000U,
        .request_timeout_ms = settings->request.timeout_s * 1000U,
        .unknown_id = random_packet_id(modem),
    };
    if (!mqtt_client_connect(&modem->mqtt, &connect, modem->now_ms))
        return IMQTT_UNKNOWN_ERROR;
    modem->clean_session = settings->request.clean_session;
    modem->aliyun_session = settings_are_aliyun(settings);
    return IMQTT_DONE;
}

/* ---- the verbs ------------------------------------------------------------------------------ */

bool connection_has_radio(const struct imqtt_modem *modem)
{
    return radio_is_attached(&modem->radio);
}

/* Whether DISCONNECT has left when the next line comes is chance: that line waits for it. */
enum imqtt_status connection_check_free(const struct imqtt_modem *modem)
{
    enum mqtt_state state = mqtt_client_state(&modem->mqtt);
    if (state == MQTT_CLOSING)
        return IMQTT_LATER;
    bool is_free = state == MQTT_IDLE && !registration_is_under_way(modem);
    return is_free ? IMQTT_DONE : IMQTT_NOT_ALLOWED;
}

enum imqtt_status connection_open(struct imqtt_modem *modem)
{
    uint8_t room[ALIYUN_LOGIN_BYTES];
    struct out out = out_on(room, sizeof room);
    struct aliyun_login login = typed_login(modem);
    enum imqtt_status status = connection_check_free(modem);
    if (status != IMQTT_DONE)
        return status;
    if (!is_configured(modem))
        return IMQTT_NOT_ALLOWED;
    if (!connection_has_radio(modem))
        return IMQTT_NO_NETWORK_SERVICE;
    if (IMQTT_WITH_ALIYUN && is_signed(modem))
        status = sign_login(modem, &out, &login);
    if (status == IMQTT_DONE)
        status = open_as(modem, &login);
    memset(room, 0, sizeof room);
    return status;
}

enum imqtt_status connection_close(struct imqtt_modem *modem)
{
    enum mqtt_state state = mqtt_client_state(&modem->mqtt);
    if (registration_is_under_way(modem))
        return registration_give_up(modem);
    if (state == MQTT_IDLE || state == MQTT_CLOSING)
        return IMQTT_NOT_ALLOWED;
    mqtt_client_disconnect(&modem->mqtt, modem->now_ms);
    return IMQTT_DONE;
}

enum imqtt_status connection_check(const struct imqtt_modem *modem)
{
    return modem_is_connected(modem) ? IMQTT_DONE : IMQTT_NOT_ALLOWED;
}

enum imqtt_status connection_check_publish(const struct imqtt_modem *modem, uint8_t qos,
                                           bool retained)
{
    bool refused_by_platform = modem->aliyun_session && (qos == 2 || retained);
    return refused_by_platform ? IMQTT_NOT_ALLOWED : connection_check(modem);
}

enum imqtt_status connection_no_room(const struct imqtt_modem *modem)
{
    bool may_wait = modem->now_ms < mqtt_client_room_deadline(&modem->mqtt);
    return may_wait ? IMQTT_LATER : IMQTT_UNKNOWN_ERROR;
}
