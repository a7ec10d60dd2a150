/* random.h: the crypto port on Mbed TLS, and random numbers from a seed that the factory gave and
 * that each start replaces, so that no two starts have the same ones.
 *
 * A chip with a random number generator adds it as another source (mbedtls_entropy_add_source).
 */
#ifndef FIRMWARE_RANDOM_H
#define FIRMWARE_RANDOM_H

#include "firmware/store/flash.h"
#include "imqtt/ports.h"

/* false: there is no seed, hence no random number, no TLS, and no login to Aliyun. */
bool random_start(const struct flash *flash);
bool random_is_there(void);

struct imqtt_crypto_port random_crypto_port(void);

#endif
