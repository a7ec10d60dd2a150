/* cloud.h: who may log in, and what a registration gives: the platform's decisions, without the
 * broker. */
#ifndef TESTCLOUD_CLOUD_H
#define TESTCLOUD_CLOUD_H

#include "testcloud/devices.h"
#include "testcloud/login.h"

struct cloud {
    const char *devices_file;
    bool tls; /* this side of the cloud is the TLS listener */
};

#define KEEP_ALIVE_MIN_S 30
#define KEEP_ALIVE_MAX_S 1200

/* Decides about a CONNECT; password may be NULL. Returns NULL: it is let in, and *login and *device
 * tell who it is; what changed (an activation, a new secret or token) is on disk. Else why it is
 * refused, in plain English and without a secret. */
const char *cloud_admit(const struct cloud *cloud, const struct login *login, int keep_alive_s,
                        const char *password, struct device *device);

#endif
