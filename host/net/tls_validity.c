#include "host/net/tls_validity.h"

#include <openssl/x509_vfy.h>
#include <time.h>

#define SECONDS_A_DAY 86400

static int64_t unix_time(const ASN1_TIME *when)
{
    int days, seconds;
    if (ASN1_TIME_diff(&days, &seconds, NULL, when) != 1)
        return 0;
    return time(NULL) + (int64_t)days * SECONDS_A_DAY + seconds;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t chain_valid_until(const STACK_OF(X509) * chain)
{
    int64_t until = VALID_FOR_EVER;
    for (int i = 0; i < sk_X509_num(chain); i++)
        until = earlier(until, unix_time(X509_get0_notAfter(sk_X509_value(chain, i))));
    return until;
}

int64_t lists_valid_until(X509_STORE *store)
{
    const STACK_OF(X509_OBJECT) *objects = X509_STORE_get0_objects(store);
    int64_t until = VALID_FOR_EVER;
    for (int i = 0; i < sk_X509_OBJECT_num(objects); i++) {
        X509_CRL *list = X509_OBJECT_get0_X509_CRL(sk_X509_OBJECT_value(objects, i));
        if (list != NULL && X509_CRL_get0_nextUpdate(list) != NULL)
            until = earlier(until, unix_time(X509_CRL_get0_nextUpdate(list)));
    }
    return until;
}
