#include "host/modem/crypto.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

static bool hmac_sha256(void *context, const uint8_t *key, size_t key_bytes, const uint8_t *text,
                        size_t text_bytes, uint8_t mac[32])
{
    (void)context;
    if (key_bytes > INT_MAX)
        return false;
    return HMAC(EVP_sha256(), key, (int)key_bytes, text, text_bytes, mac, NULL) != NULL;
}

static bool random_bytes(void *context, uint8_t *bytes, size_t count)
{
    (void)context;
    return count <= INT_MAX && RAND_bytes(bytes, (int)count) == 1;
}

struct imqtt_crypto_port crypto_port(void)
{
    return (struct imqtt_crypto_port){.hmac_sha256 = hmac_sha256, .random = random_bytes};
}
