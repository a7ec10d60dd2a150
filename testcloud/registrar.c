#include "testcloud/registrar.h"

#include <jansson.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECRET_DIGITS    32
#define CLIENT_ID_RANDOM 20
#define TOKEN_DIGITS     15

/* `count` characters out of the first `choice` of the alphabet, and a NUL. A choice that does not
 * divide 256 makes some likelier than others, which does not matter here. */
static bool put_random(char *text, size_t count, unsigned choice)
{
    static const char alphabet[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    unsigned char bytes[SECRET_DIGITS];
    if (RAND_bytes(bytes, (int)count) != 1)
        return false;
    for (size_t i = 0; i < count; i++)
        text[i] = alphabet[bytes[i] % choice];
    text[count] = '\0';
    return true;
}

static bool issue_secret(struct device *device)
{
    device->client_id[0] = device->token[0] = '\0';
    return put_random(device->secret, SECRET_DIGITS, 16);
}

/* Of the same shape as the platform's: a client id that ends in 000100, a token ^1^<ms>^<hex>. */
static bool issue_token(struct device *device)
{
    char digits[TOKEN_DIGITS + 1];
    device->secret[0] = '\0';
    if (!put_random(device->client_id, CLIENT_ID_RANDOM, 62) ||
        !put_random(digits, TOKEN_DIGITS, 16))
        return false;
    memcpy(device->client_id + CLIENT_ID_RANDOM, "000100", sizeof "000100");
    (void)snprintf(device->token, sizeof device->token, "^1^%lld000^%s", (long long)time(NULL),
                   digits);
    return true;
}

bool registrar_issue(enum login_kind kind, struct device *device)
{
    return kind == LOGIN_REGISTER ? issue_secret(device) : issue_token(device);
}

const char *registrar_topic(enum login_kind kind)
{
    return kind == LOGIN_REGISTER ? "/ext/register" : "/ext/regnwl";
}

char *registrar_message(const struct device *device)
{
    json_t *message =
        device->secret[0] != '\0'
            ? json_pack("{s:s, s:s, s:s}", "deviceSecret", device->secret, "productKey",
                        device->product_key, "deviceName", device->device_name)
            : json_pack("{s:s, s:s, s:s, s:s}", "clientId", device->client_id, "productKey",
                        device->product_key, "deviceName", device->device_name, "deviceToken",
                        device->token);
    char *text = message != NULL ? json_dumps(message, JSON_COMPACT) : NULL;
    json_decref(message);
    return text;
}
