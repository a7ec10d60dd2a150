/* devices.h: the products and devices of this cloud, in a file that people read and edit.
 *
 * One a line, fields separated by blanks; `#` begins a comment line:
 *
 *     product <ProductKey> <ProductSecret>
 *     device  <ProductKey> <DeviceName> <new|active> secret <DeviceSecret>
 *     device  <ProductKey> <DeviceName> <new|active> token <clientId> <deviceToken>
 *
 * A device is `new` until its first login and can be registered only while it is. The file is read
 * at each login, so that an edit counts at once; a change is written to a new file that takes the
 * old one's place, with every other line as it was.
 */
#ifndef TESTCLOUD_DEVICES_H
#define TESTCLOUD_DEVICES_H

#include <stdbool.h>

#include "testcloud/names.h"

struct device {
    char product_key[NAME_BYTES + 1], device_name[NAME_BYTES + 1];
    bool active;
    char secret[NAME_BYTES + 1];    /* "" where it has a token */
    char client_id[NAME_BYTES + 1]; /* "" where it has a secret */
    char token[TOKEN_BYTES + 1];
};

/* The secret of a product. false: not known. */
bool devices_find_product(const char *file, const char *product_key, char secret[NAME_BYTES + 1]);

/* A device by its names. false: not known; *device then has the names, and is new. */
bool devices_find(const char *file, const char *product_key, const char *device_name,
                  struct device *device);

/* Puts the device in the place of the one with its names, or at the end. false: the file could not
 * be written (errno), and is as it was. */
bool devices_put(const char *file, const struct device *device);

#endif
