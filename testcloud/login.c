#include "testcloud/login.h"

#include <stdio.h>
#include <string.h>

bool login_is_name(const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789-_.:@";
    size_t bytes = strlen(name);
    return bytes > 0 && bytes <= NAME_BYTES && strspn(name, allowed) == bytes;
}

static bool parse_user_name(const char *user_name, struct login *login)
{
    const char *ampersand = user_name != NULL ? strchr(user_name, '&') : NULL;
    if (ampersand == NULL ||
        !names_copy(user_name, (size_t)(ampersand - user_name), login->device_name,
                    sizeof login->device_name) ||
        !names_copy(ampersand + 1, strlen(ampersand + 1), login->product_key,
                    sizeof login->product_key))
        return false;
    return login_is_name(login->device_name) && login_is_name(login->product_key);
}

/* ---- the fields behind the bar -------------------------------------------------------------- */

struct fields {
    struct login *login;
    char auth_type[OPTION_BYTES + 1];
};

/* Where the value of a field goes; NULL for one that means nothing here (_ss, ext, instanceId …).
 */
static char *place_of(struct fields *fields, const char *name, size_t bytes)
{
    const struct {
        const char *name;
        char *place;
    } known[] = {
        {"authType", fields->auth_type},
        {"securemode", fields->login->secure_mode},
        {"signmethod", fields->login->sign_method},
        {"timestamp", fields->login->timestamp},
        {"random", fields->login->random},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strlen(known[i].name) == bytes && memcmp(known[i].name, name, bytes) == 0)
            return known[i].place;
    return NULL;
}

static bool parse_field(struct fields *fields, const char *field, size_t bytes)
{
    const char *equals = memchr(field, '=', bytes);
    if (equals == NULL)
        return bytes == 0; /* the SDK writes a comma before the last bar */
    char *place = place_of(fields, field, (size_t)(equals - field));
    size_t value_bytes = bytes - (size_t)(equals - field) - 1;
    return place == NULL || names_copy(equals + 1, value_bytes, place, OPTION_BYTES + 1);
}

/* From behind the first bar to the end. */
static bool parse_fields(struct fields *fields, const char *text)
{
    size_t all = strcspn(text, "|");
    if (text[all] != '|' || text[all + 1] != '\0')
        return false;
    for (size_t at = 0; at < all;) {
        size_t bytes = strcspn(text + at, ",|");
        if (!parse_field(fields, text + at, bytes))
            return false;
        at += bytes + 1;
    }
    return true;
}

static bool parse_client_id(const char *client_id, struct fields *fields)
{
    size_t bytes = client_id != NULL ? strcspn(client_id, "|") : 0;
    return bytes > 0 && client_id[bytes] == '|' &&
           names_copy(client_id, bytes, fields->login->text, sizeof fields->login->text) &&
           parse_fields(fields, client_id + bytes + 1);
}

/* ---- what they ask for ---------------------------------------------------------------------- */

/* Each way to log in, and which secure modes it may name. */
static const struct {
    const char *auth_type;
    enum login_kind kind;
    const char *secure_modes[2];
} kinds[] = {
    {"", LOGIN_TRIPLE, {"2", "3"}},
    {"connwl", LOGIN_TOKEN, {"-2", "-2"}},
    {"register", LOGIN_REGISTER, {"2", "-2"}},
    {"regnwl", LOGIN_REGISTER_NEW, {"2", "-2"}},
};

static const char *check_kind(const struct fields *fields)
{
    struct login *login = fields->login;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(fields->auth_type, kinds[i].auth_type) != 0)
            continue;
        login->kind = kinds[i].kind;
        if (strcmp(login->secure_mode, kinds[i].secure_modes[0]) != 0 &&
            strcmp(login->secure_mode, kinds[i].secure_modes[1]) != 0)
            return "securemode is missing or not one of this way to log in";
        return login_is_registration(login) && login->random[0] == '\0' ? "random is missing"
                                                                        : NULL;
    }
    return "authType is unknown";
}

const char *login_parse(const char *client_id, const char *user_name, struct login *login)
{
    struct fields fields = {.login = login};
    memset(login, 0, sizeof *login);
    if (!parse_client_id(client_id, &fields))
        return "the client id is not of the form text|name=value,...|";
    if (!parse_user_name(user_name, login))
        return "the user name is not of the form DeviceName&ProductKey";
    if (login->sign_method[0] == '\0')
        names_copy("hmacmd5", 7, login->sign_method, sizeof login->sign_method);
    return check_kind(&fields);
}

/* The signed fields stand in the order of their names, without separators. */
void login_put_signed_text(const struct login *login, char text[SIGNED_TEXT_BYTES])
{
    if (login_is_registration(login))
        (void)snprintf(text, SIGNED_TEXT_BYTES, "deviceName%sproductKey%srandom%s",
                       login->device_name, login->product_key, login->random);
    else
        (void)snprintf(text, SIGNED_TEXT_BYTES, "clientId%sdeviceName%sproductKey%s%s%s",
                       login->text, login->device_name, login->product_key,
                       login->timestamp[0] != '\0' ? "timestamp" : "", login->timestamp);
}
