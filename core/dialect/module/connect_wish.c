#include "core/dialect/module/connect_wish.h"

#include "core/modem/radio_service.h"

#if IMQTT_WITH_DIALECTS

struct placed {
    enum setting setting;
    struct text text;
};

#define PLACED 9

static void list_strings(const struct connect_wish *wish, struct placed list[PLACED])
{
    const struct placed strings[PLACED] = {
        {SETTING_ADDRESS, wish->host},
        {SETTING_CLIENT_ID, wish->client_id},
        {SETTING_USER_NAME, wish->user_name},
        {SETTING_PASSWORD, wish->password},
        {SETTING_WILL_TOPIC, wish->will_topic},
        {SETTING_WILL_MESSAGE, wish->will_message},
        {SETTING_PRODUCT_KEY, wish->product_key},
        {SETTING_DEVICE_NAME, wish->device_name},
        {SETTING_DEVICE_SECRET, wish->device_secret},
    };
    memcpy(list, strings, sizeof strings);
}

static void put_numbers(struct settings *settings, const struct connect_wish *wish)
{
    bool has_triple = text_bytes(wish->product_key) > 0;
    settings->port = wish->port;
    settings->tls = wish->tls;
    settings->will_qos = wish->will_qos;
    settings->will_retained = wish->will_retained;
    settings->request = wish->request;
    settings->mode = IMQTT_WITH_ALIYUN && has_triple ? MODE_ALIYUN : MODE_STANDARD;
}

bool connect_wish_put(struct imqtt_modem *modem, const struct connect_wish *wish)
{
    struct settings *settings = &modem->settings;
    struct placed list[PLACED];
    size_t bytes = 0;
    list_strings(wish, list);
    for (size_t i = 0; i < PLACED; i++)
        bytes += text_bytes(list[i].text);
    if (!strings_make_room(&settings->strings, bytes))
        return false;
    for (size_t i = 0; i < PLACED; i++) {
        struct out out = strings_begin(&settings->strings, setting_place(list[i].setting),
                                       text_bytes(list[i].text));
        text_put(list[i].text, &out);
    }
    put_numbers(settings, wish);
    modem_forgo_reconnection(modem); /* it would be made with this wish */
    return true;
}

#endif
