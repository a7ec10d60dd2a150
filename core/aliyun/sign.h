/* sign.h: what a device of Alibaba Cloud says in CONNECT: client id, user name and password
 * (docs/aliyun.md; byte for byte what Alibaba's Link SDK for C 4.1.0 sends).
 *
 * A secret is used as the ASCII text it is typed as, never decoded from hex.
 */
#ifndef CORE_ALIYUN_SIGN_H
#define CORE_ALIYUN_SIGN_H

#include "core/bytes/out.h"
#include "imqtt/limits.h"
#include "imqtt/ports.h"

#define ALIYUN_PORT 1883 /* the platform speaks plain TCP and TLS there */

/* A ProductKey, a DeviceName, and the secret that signs: the device's own for a login, the
 * product's for a registration. */
struct aliyun_identity {
    struct span product_key, device_name, secret;
};

/* How the device was announced: the <mode> of AT+IMQTTDYNREG (M2.16). */
enum aliyun_mode { ALIYUN_PRE_REGISTERED = 1, ALIYUN_NOT_PRE_REGISTERED = 2 };

/* The strings of a CONNECT. They lie in the writer that was given with them. */
struct aliyun_login {
    struct span client_id, user_name, password;
};

/* Room for the strings of any login or registration. */
#define ALIYUN_LOGIN_BYTES (4 * IMQTT_ALIYUN_FIELD_BYTES + IMQTT_ADDRESS_BYTES + 192)

/* Room for a client id that aliyun_put_connwl_client_id() makes. */
#define ALIYUN_CONNWL_CLIENT_ID_BYTES (IMQTT_ALIYUN_FIELD_BYTES + 65)

/* Whether a typed field may be signed: UTF-8 without control bytes and without the characters that
 * end a field on the wire: `,` `|` `&`. Its length is the caller's to check. */
bool aliyun_field_is_valid(struct span field);

/* The login of a device with its triple (M2.15). tls: as the connection will be. false: the crypto
 * port failed, or `out` had no room. */
bool aliyun_sign_login(const struct aliyun_identity *identity, bool tls,
                       const struct imqtt_crypto_port *crypto, struct out *out,
                       struct aliyun_login *login);

/* The login that asks for a dynamic registration (M2.16), signed with a fresh random number. host
 * is where it goes: an instance's own host puts the instance into the client id. Always over TLS.
 * false: as above. */
bool aliyun_sign_registration(const struct aliyun_identity *identity, enum aliyun_mode mode,
                              struct span host, const struct imqtt_crypto_port *crypto,
                              struct out *out, struct aliyun_login *login);

/* What a registration without pre-registration gives (M2.16): the client id to type into
 * AT+IMQTTADDR. Its user name is aliyun_put_user_name(), its password the device token. */
void aliyun_put_connwl_client_id(struct span client_id, struct out *out);

/* <DeviceName>&<ProductKey>, the user name of every login. */
void aliyun_put_user_name(const struct aliyun_identity *identity, struct out *out);

/* Where a product's devices connect when no address is set; at most IMQTT_ALIYUN_FIELD_BYTES + 37
 * bytes, without a NUL. */
void aliyun_put_default_host(struct span product_key, struct out *out);

#endif
