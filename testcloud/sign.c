#include "testcloud/sign.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

static const EVP_MD *digest_of(const char *method)
{
    static const struct {
        const char *method;
        const EVP_MD *(*digest)(void);
    } digests[] = {{"hmacmd5", EVP_md5}, {"hmacsha1", EVP_sha1}, {"hmacsha256", EVP_sha256}};
    for (size_t i = 0; i < sizeof digests / sizeof digests[0]; i++)
        if (strcmp(digests[i].method, method) == 0)
            return digests[i].digest();
    return NULL;
}

bool sign_matches(const char *method, const char *key, const char *text, const char *signature)
{
    unsigned char expected[EVP_MAX_MD_SIZE], actual[EVP_MAX_MD_SIZE];
    unsigned expected_bytes = 0;
    size_t actual_bytes = 0;
    const EVP_MD *digest = digest_of(method);
    return digest != NULL &&
           OPENSSL_hexstr2buf_ex(actual, sizeof actual, &actual_bytes, signature, '\0') == 1 &&
           HMAC(digest, key, (int)strlen(key), (const unsigned char *)text, strlen(text), expected,
                &expected_bytes) != NULL &&
           actual_bytes == expected_bytes && CRYPTO_memcmp(actual, expected, actual_bytes) == 0;
}
