/* identity.h: who a modem says it is: AT+CGMI, CGMM, CGMR, CGSN, CIMI, CCID (3GPP TS 27.007
 * section 5).
 *
 * Each field can be given. What is not is derived from the modem's name: modems of different names
 * differ in IMEI, IMSI and ICCID, and a modem has the same ones at every start. Derived numbers are
 * of the ranges for test equipment: IMEI 001…, IMSI 00101….
 */
#ifndef IMQTT_IDENTITY_H
#define IMQTT_IDENTITY_H

#include "imqtt/public.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The longest manufacturer, model or revision, bytes. */
#define IMQTT_IDENTITY_TEXT_BYTES 64

/* X(name, key that a user types, what it may be) */
#define IMQTT_IDENTITY_FIELDS(X)                                                                   \
    X(IMQTT_MANUFACTURER, "manufacturer", "1 to 64 printable characters")                          \
    X(IMQTT_MODEL, "model", "1 to 64 printable characters")                                        \
    X(IMQTT_REVISION, "revision", "1 to 64 printable characters")                                  \
    X(IMQTT_IMEI, "imei", "15 digits, the last one the Luhn check digit")                          \
    X(IMQTT_IMSI, "imsi", "15 digits")                                                             \
    X(IMQTT_ICCID, "iccid", "19 or 20 digits, the last one the Luhn check digit")

enum imqtt_identity_field {
#define IMQTT_IDENTITY_VALUE(name, key, rule) name,
    IMQTT_IDENTITY_FIELDS(IMQTT_IDENTITY_VALUE)
#undef IMQTT_IDENTITY_VALUE
        IMQTT_IDENTITY_FIELD_COUNT
};

/* NUL-terminated strings that outlive the modem. */
struct imqtt_identity {
    const char *name; /* tells this modem from others; NULL is like "" */
    const char *given[IMQTT_IDENTITY_FIELD_COUNT]; /* NULL: derived */
};

/* NULL if a field may have this value, else what it may be, in plain English. A value that was not
 * asked about must not be given. */
IMQTT_PUBLIC const char *imqtt_identity_problem(enum imqtt_identity_field field, const char *value);

/* What a modem of this identity says of itself, given or derived; NUL-terminated. */
IMQTT_PUBLIC void imqtt_identity_text(const struct imqtt_identity *identity,
                                      enum imqtt_identity_field field,
                                      char text[IMQTT_IDENTITY_TEXT_BYTES + 1]);

#ifdef __cplusplus
}
#endif

#endif
