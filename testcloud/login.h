/* login.h: what a client says about itself in CONNECT.
 *
 *     client id   <text>|<name>=<value>,<name>=<value>,…|      fields in any order
 *     user name   <DeviceName>&<ProductKey>
 */
#ifndef TESTCLOUD_LOGIN_H
#define TESTCLOUD_LOGIN_H

#include <stdbool.h>
#include <stddef.h>

#include "testcloud/names.h"

enum login_kind {
    LOGIN_TRIPLE,       /* signed with the DeviceSecret */
    LOGIN_TOKEN,        /* authType=connwl: the token of a registration */
    LOGIN_REGISTER,     /* authType=register: asks for the secret of a pre-registered device */
    LOGIN_REGISTER_NEW, /* authType=regnwl: asks for a token; the device need not be known */
};

struct login {
    enum login_kind kind;
    char text[NAME_BYTES + 1]; /* before the first bar */
    char device_name[NAME_BYTES + 1], product_key[NAME_BYTES + 1];
    char sign_method[OPTION_BYTES + 1];
    char secure_mode[OPTION_BYTES + 1];
    char timestamp[OPTION_BYTES + 1]; /* "" where there is none */
    char random[OPTION_BYTES + 1];
};

/* Room for login_put_signed_text(), its NUL included. */
#define SIGNED_TEXT_BYTES (3 * NAME_BYTES + OPTION_BYTES + 64)

/* Reads both into *login. Returns NULL, or why it cannot be a login, in plain English; *login then
 * has no meaning. Both may be NULL. */
const char *login_parse(const char *client_id, const char *user_name, struct login *login);

static inline bool login_is_registration(const struct login *login)
{
    return login->kind == LOGIN_REGISTER || login->kind == LOGIN_REGISTER_NEW;
}

/* The text whose signature is the password of this login; none for LOGIN_TOKEN. */
void login_put_signed_text(const struct login *login, char text[SIGNED_TEXT_BYTES]);

/* Whether a name can stand in the device file, in a topic and in a user name: 1 to NAME_BYTES
 * letters, digits and characters of "-_.:@". */
bool login_is_name(const char *name);

#endif
