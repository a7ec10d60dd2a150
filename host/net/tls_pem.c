#include "host/net/tls_pem.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>
#include <string.h>

static BIO *read_text(const char *pem)
{
    return BIO_new_mem_buf(pem, -1);
}

/* Nobody is there to be asked for one. */
/* NOLINTNEXTLINE(readability-non-const-parameter): the type is OpenSSL's */
static int know_no_password(char *password, int room, int for_writing, void *context)
{
    (void)password, (void)room, (void)for_writing, (void)context;
    return -1;
}

/* ---- trust ------------------------------------------------------------------------------------- */

bool tls_pem_trust(SSL_CTX *openssl, const char *pem)
{
    X509_STORE *store = SSL_CTX_get_cert_store(openssl);
    BIO *text = read_text(pem);
    bool is_good = false;
    for (X509 *each; text != NULL && (each = PEM_read_bio_X509(text, NULL, NULL, NULL)) != NULL;) {
        is_good = X509_STORE_add_cert(store, each) == 1;
        X509_free(each);
        if (!is_good)
            break;
    }
    BIO_free(text);
    return is_good;
}

/* ---- who we are -------------------------------------------------------------------------------- */

static bool use_chain(SSL_CTX *openssl, const char *pem)
{
    BIO *text = read_text(pem);
    X509 *own = text != NULL ? PEM_read_bio_X509(text, NULL, NULL, NULL) : NULL;
    bool is_good = own != NULL && SSL_CTX_use_certificate(openssl, own) == 1;
    for (X509 *each; is_good && (each = PEM_read_bio_X509(text, NULL, NULL, NULL)) != NULL;)
        is_good = SSL_CTX_add0_chain_cert(openssl, each) == 1;
    X509_free(own);
    BIO_free(text);
    return is_good;
}

static bool use_key(SSL_CTX *openssl, const char *pem)
{
    BIO *text = read_text(pem);
    EVP_PKEY *key =
        text != NULL ? PEM_read_bio_PrivateKey(text, NULL, know_no_password, NULL) : NULL;
    bool is_good = key != NULL && SSL_CTX_use_PrivateKey(openssl, key) == 1 &&
                   SSL_CTX_check_private_key(openssl) == 1;
    EVP_PKEY_free(key);
    BIO_free(text);
    return is_good;
}

bool tls_pem_say_who_we_are(SSL_CTX *openssl, const char *certificate, const char *key)
{
    return certificate != NULL && key != NULL && use_chain(openssl, certificate) &&
           use_key(openssl, key);
}

/* ---- fingerprints ------------------------------------------------------------------------------ */

static bool digest(unsigned char *der, int count, uint8_t sha256[32])
{
    bool is_made = count > 0 && SHA256(der, (size_t)count, sha256) != NULL;
    OPENSSL_free(der);
    return is_made;
}

static bool of_certificate(BIO *text, uint8_t sha256[32])
{
    X509 *certificate = PEM_read_bio_X509(text, NULL, NULL, NULL);
    unsigned char *der = NULL;
    int count = certificate != NULL ? i2d_X509(certificate, &der) : 0;
    X509_free(certificate);
    return digest(der, count, sha256);
}

static bool of_key(BIO *text, uint8_t sha256[32])
{
    EVP_PKEY *key = PEM_read_bio_PrivateKey(text, NULL, know_no_password, NULL);
    unsigned char *der = NULL;
    int count = key != NULL ? i2d_PUBKEY(key, &der) : 0;
    EVP_PKEY_free(key);
    return digest(der, count, sha256);
}

bool tls_pem_fingerprint(enum imqtt_pem_kind kind, const uint8_t *bytes, size_t count,
                         uint8_t sha256[32])
{
    if (count > INT_MAX)
        return false;
    BIO *text = BIO_new_mem_buf(bytes, (int)count);
    bool is_good = text != NULL && kind != IMQTT_PEM_KEY && of_certificate(text, sha256);
    if (!is_good && (kind == IMQTT_PEM_KEY || kind == IMQTT_PEM_ANY) && text != NULL)
        is_good = BIO_reset(text) == 1 && of_key(text, sha256);
    BIO_free(text);
    return is_good;
}
