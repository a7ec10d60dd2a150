#include "firmware/port/random.h"

#include <string.h>

#include "firmware/port/factory_page.h"
#include "firmware/port/settings_flash.h"
#include "mbedtls/ctr_drbg.h"
#include "mbedtls/entropy.h"
#include "mbedtls/md.h"
#include "mbedtls/platform.h"

static const struct flash *seed_flash;
static mbedtls_entropy_context entropy;
static mbedtls_ctr_drbg_context generator;
static bool is_there;

/* Mbed TLS asks once for each pool of entropy, and saves a new seed at once. */
static int read_seed(unsigned char *seed, size_t bytes)
{
    const uint8_t *first = factory_seed();
    if (settings_flash_load_seed(seed_flash, seed, bytes))
        return (int)bytes;
    if (first == NULL || bytes > FACTORY_SEED_BYTES)
        return -1;
    memcpy(seed, first, bytes);
    return (int)bytes;
}

static int save_seed(unsigned char *seed, size_t bytes)
{
    return settings_flash_save_seed(seed_flash, seed, bytes) ? (int)bytes : -1;
}

bool random_start(const struct flash *flash)
{
    seed_flash = flash;
    mbedtls_platform_set_nv_seed(read_seed, save_seed);
    mbedtls_entropy_init(&entropy);
    mbedtls_ctr_drbg_init(&generator);
    is_there = mbedtls_ctr_drbg_seed(&generator, mbedtls_entropy_func, &entropy, NULL, 0) == 0;
    return is_there;
}

bool random_is_there(void)
{
    return is_there;
}

static bool hmac_sha256(void *context, const uint8_t *key, size_t key_bytes, const uint8_t *text,
                        size_t text_bytes, uint8_t mac[32])
{
    const mbedtls_md_info_t *sha256 = mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    (void)context;
    return mbedtls_md_hmac(sha256, key, key_bytes, text, text_bytes, mac) == 0;
}

static bool draw(void *context, uint8_t *bytes, size_t count)
{
    (void)context;
    return is_there && mbedtls_ctr_drbg_random(&generator, bytes, count) == 0;
}

struct imqtt_crypto_port random_crypto_port(void)
{
    return (struct imqtt_crypto_port){.hmac_sha256 = hmac_sha256, .random = draw};
}
