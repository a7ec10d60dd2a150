/* factory_page.h: what the factory wrote into a page of flash of its own: the authorities that TLS
 * trusts, and the first seed of the random numbers.
 *
 * The page, little endian: "IMQF", flags (1: there is a seed), bytes of the certificates, 64 bytes
 * of seed, the certificates as PEM with a NUL behind the last. firmware/factory.py makes one.
 */
#ifndef FIRMWARE_FACTORY_PAGE_H
#define FIRMWARE_FACTORY_PAGE_H

#include <stddef.h>
#include <stdint.h>

#define FACTORY_SEED_BYTES 64

/* NULL: nobody trusts anybody. bytes counts the NUL. */
const uint8_t *factory_authorities(size_t *bytes);

/* FACTORY_SEED_BYTES; NULL: the factory gave none. */
const uint8_t *factory_seed(void);

#endif
