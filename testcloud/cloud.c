#include "testcloud/cloud.h"

#include <string.h>

#include "testcloud/registrar.h"
#include "testcloud/sign.h"

static bool is_signed(const struct login *login, const char *key, const char *password)
{
    char text[SIGNED_TEXT_BYTES];
    login_put_signed_text(login, text);
    return sign_matches(login->sign_method, key, text, password);
}

static const char *check_triple(const struct login *login, const char *password,
                                const struct device *device)
{
    if (device->secret[0] == '\0')
        return "the device logs in with a token";
    return is_signed(login, device->secret, password) ? NULL : "the signature is wrong";
}

static const char *check_token(const struct login *login, const char *password,
                               const struct device *device)
{
    if (device->token[0] == '\0')
        return "the device has no token";
    bool right =
        strcmp(login->text, device->client_id) == 0 && strcmp(password, device->token) == 0;
    return right ? NULL : "the client id or the token is wrong";
}

static const char *admit_device(const struct cloud *cloud, const struct login *login,
                                const char *password, struct device *device)
{
    if (!devices_find(cloud->devices_file, login->product_key, login->device_name, device))
        return "the device is not known";
    const char *refusal = login->kind == LOGIN_TOKEN ? check_token(login, password, device)
                                                     : check_triple(login, password, device);
    if (refusal != NULL || device->active)
        return refusal;
    device->active = true;
    return devices_put(cloud->devices_file, device) ? NULL : "the device file cannot be written";
}

/* Whether this device may be registered; the signature is the product's. */
static const char *check_registration(const struct cloud *cloud, const struct login *login,
                                      const char *password, struct device *device)
{
    char product_secret[NAME_BYTES + 1];
    bool known = devices_find(cloud->devices_file, login->product_key, login->device_name, device);
    if (!cloud->tls)
        return "a registration needs TLS";
    if (!devices_find_product(cloud->devices_file, login->product_key, product_secret))
        return "the product is not known";
    if (!is_signed(login, product_secret, password))
        return "the signature is wrong";
    if (login->kind == LOGIN_REGISTER && !(known && device->secret[0] != '\0'))
        return "the device is not pre-registered";
    return device->active ? "the device is already activated" : NULL;
}

static const char *admit_registration(const struct cloud *cloud, const struct login *login,
                                      const char *password, struct device *device)
{
    const char *refusal = check_registration(cloud, login, password, device);
    if (refusal != NULL)
        return refusal;
    if (!registrar_issue(login->kind, device))
        return "there are no random bytes";
    return devices_put(cloud->devices_file, device) ? NULL : "the device file cannot be written";
}

const char *cloud_admit(const struct cloud *cloud, const struct login *login, int keep_alive_s,
                        const char *password, struct device *device)
{
    if (keep_alive_s < KEEP_ALIVE_MIN_S || keep_alive_s > KEEP_ALIVE_MAX_S)
        return "the keep-alive is not 30 to 1200 s";
    if (password == NULL)
        return "there is no password";
    return login_is_registration(login) ? admit_registration(cloud, login, password, device)
                                        : admit_device(cloud, login, password, device);
}
