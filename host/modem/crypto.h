/* crypto.h: the crypto port on OpenSSL. */
#ifndef HOST_MODEM_CRYPTO_H
#define HOST_MODEM_CRYPTO_H

#include "imqtt/ports.h"

struct imqtt_crypto_port crypto_port(void);

#endif
