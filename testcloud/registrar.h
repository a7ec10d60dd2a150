/* registrar.h: gives devices their secrets and tokens, and words the message that tells them. */
#ifndef TESTCLOUD_REGISTRAR_H
#define TESTCLOUD_REGISTRAR_H

#include "testcloud/devices.h"
#include "testcloud/login.h"

/* Gives the device what a login of that kind (LOGIN_REGISTER, LOGIN_REGISTER_NEW) asks for, in
 * place of what it had. false: no random bytes. */
bool registrar_issue(enum login_kind kind, struct device *device);

/* The topic of the message. */
const char *registrar_topic(enum login_kind kind);

/* Its payload, JSON; the caller frees it. NULL: no memory. */
char *registrar_message(const struct device *device);

#endif
