#include "core/aliyun/sign.h"

#include "core/bytes/utf8.h"

#define TIMESTAMP    "2524608000000" /* the SDK's constant: a modem has no clock to trust */
#define SIGNED_BYTES (4 * IMQTT_ALIYUN_FIELD_BYTES + 64)
#define MAC_BYTES    32

bool aliyun_field_is_valid(struct span field)
{
    static const char reserved[] = ",|&";
    for (size_t i = 0; i < field.count; i++)
        if (field.bytes[i] < 0x20 || memchr(reserved, field.bytes[i], sizeof reserved - 1) != NULL)
            return false;
    return utf8_is_valid(field);
}

void aliyun_put_user_name(const struct aliyun_identity *identity, struct out *out)
{
    out_span(out, identity->device_name);
    out_u8(out, '&');
    out_span(out, identity->product_key);
}

void aliyun_put_default_host(struct span product_key, struct out *out)
{
    out_span(out, product_key);
    out_text(out, ".iot-as-mqtt.cn-shanghai.aliyuncs.com");
}

void aliyun_put_connwl_client_id(struct span client_id, struct out *out)
{
    out_span(out, client_id);
    out_text(out, "|authType=connwl,securemode=-2,_ss=1,ext=3,_v=sdk-c-4.1.0|");
}

static void put_dotted(struct out *out, struct span first, struct span second)
{
    out_span(out, first);
    out_u8(out, '.');
    out_span(out, second);
}

static void put_signed_names(struct out *text, const struct aliyun_identity *identity)
{
    out_text(text, "deviceName");
    out_span(text, identity->device_name);
    out_text(text, "productKey");
    out_span(text, identity->product_key);
}

static struct span written_since(const struct out *out, size_t start)
{
    return out->overflowed ? SPAN_EMPTY : span_of(out->bytes + start, out->count - start);
}

static bool put_signature(struct span key, struct span text, const struct imqtt_crypto_port *crypto,
                          struct out *out)
{
    uint8_t mac[MAC_BYTES];
    if (!crypto->hmac_sha256(crypto->context, key.bytes, key.count, text.bytes, text.count, mac))
        return false;
    out_hex(out, span_of(mac, sizeof mac));
    return !out->overflowed;
}

/* What every login has behind its client id. */
static bool put_name_and_password(const struct aliyun_identity *identity, const struct out *text,
                                  const struct imqtt_crypto_port *crypto, struct out *out,
                                  struct aliyun_login *login)
{
    size_t start = out->count;
    aliyun_put_user_name(identity, out);
    login->user_name = written_since(out, start);
    start = out->count;
    if (text->overflowed || !put_signature(identity->secret, out_written(text), crypto, out))
        return false;
    login->password = written_since(out, start);
    return true;
}

static void put_login_client_id(struct out *out, const struct aliyun_identity *identity, bool tls)
{
    put_dotted(out, identity->product_key, identity->device_name);
    out_text(out, "|timestamp=" TIMESTAMP ",_ss=1,_v=sdk-c-4.1.0,securemode=");
    out_u8(out, tls ? '2' : '3');
    out_text(out, ",signmethod=hmacsha256,ext=3,|");
}

static void put_login_text(struct out *text, const struct aliyun_identity *identity)
{
    out_text(text, "clientId");
    put_dotted(text, identity->product_key, identity->device_name);
    put_signed_names(text, identity);
    out_text(text, "timestamp" TIMESTAMP);
}

bool aliyun_sign_login(const struct aliyun_identity *identity, bool tls,
                       const struct imqtt_crypto_port *crypto, struct out *out,
                       struct aliyun_login *login)
{
    uint8_t bytes[SIGNED_BYTES];
    struct out text = out_on(bytes, sizeof bytes);
    put_login_text(&text, identity);

    size_t start = out->count;
    put_login_client_id(out, identity, tls);
    login->client_id = written_since(out, start);
    return put_name_and_password(identity, &text, crypto, out, login);
}

/* The <ID> of a host <ID>.mqtt.iothub.aliyuncs.com, or nothing. */
static struct span instance_of(struct span host)
{
    size_t dot = span_find(host, '.');
    struct span label, domain = host;
    if (!span_take(&domain, dot, &label))
        return SPAN_EMPTY;
    bool own = span_equal_ignoring_case(domain, span_text(".mqtt.iothub.aliyuncs.com"));
    return own && aliyun_field_is_valid(label) ? label : SPAN_EMPTY;
}

static void put_registration_client_id(struct out *out, const struct aliyun_identity *identity,
                                       enum aliyun_mode mode, struct span host, uint32_t random)
{
    struct span instance = instance_of(host);
    put_dotted(out, identity->device_name, identity->product_key);
    out_text(out, "|random=");
    out_padded(out, random, 1);
    out_text(out, ",authType=");
    out_text(out, mode == ALIYUN_PRE_REGISTERED ? "register" : "regnwl");
    out_text(out, ",securemode=2,signmethod=hmacsha256");
    if (instance.count > 0) {
        out_text(out, ",instanceId=");
        out_span(out, instance);
    }
    out_u8(out, '|');
}

static void put_registration_text(struct out *text, const struct aliyun_identity *identity,
                                  uint32_t random)
{
    put_signed_names(text, identity);
    out_text(text, "random");
    out_padded(text, random, 1);
}

static bool draw_random(const struct imqtt_crypto_port *crypto, uint32_t *random)
{
    uint8_t bytes[4];
    if (!crypto->random(crypto->context, bytes, sizeof bytes))
        return false;
    *random =
        (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
    return true;
}

bool aliyun_sign_registration(const struct aliyun_identity *identity, enum aliyun_mode mode,
                              struct span host, const struct imqtt_crypto_port *crypto,
                              struct out *out, struct aliyun_login *login)
{
    uint8_t bytes[SIGNED_BYTES];
    struct out text = out_on(bytes, sizeof bytes);
    uint32_t random;
    if (!draw_random(crypto, &random))
        return false;
    put_registration_text(&text, identity, random);

    size_t start = out->count;
    put_registration_client_id(out, identity, mode, host, random);
    login->client_id = written_since(out, start);
    return put_name_and_password(identity, &text, crypto, out, login);
}
