#include "host/modem/crypto.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <unistd.h>

static bool hmac_sha256(void *context, const uint8_t *key, size_t key_bytes, const uint8_t *text,
                        size_t text_bytes, uint8_t mac[32])
{
    (void)context;
    if (key_bytes > INT_MAX)
        return false;
    return HMAC(EVP_sha256(), key, (int)key_bytes, text, text_bytes, mac, NULL) != NULL;
}

/* The kernel's own: OpenSSL's would load its providers, 127 KB, into a program without TLS. */
static bool random_bytes(void *context, uint8_t *bytes, size_t count)
{
    (void)context;
    return getentropy(bytes, count) == 0;
}

struct imqtt_crypto_port crypto_port(void)
{
    return (struct imqtt_crypto_port){.hmac_sha256 = hmac_sha256, .random = random_bytes};
}
