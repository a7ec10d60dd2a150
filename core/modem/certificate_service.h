/* certificate_service.h: files of the host's on their way to the store, and to the connections that use
 * them. */
#ifndef CORE_MODEM_CERTIFICATE_SERVICE_H
#define CORE_MODEM_CERTIFICATE_SERVICE_H

#include "core/modem/parts.h"

/* What a connection over TLS is to use: names of files, empty: none. */
struct tls_choice {
    bool insecure;
    struct span ca, certificate, key;
    /* What of a file is the PEM; empty: it has none. NULL: all of it. */
    struct span (*unpack)(struct span file);
};

/* Keeps a file, instead of the one of that name. PENDING: until the store has it; DONE: there is
 * none; LATER: it is busy; UNKNOWN_ERROR: there is no room. */
enum imqtt_status certificate_keep(struct imqtt_modem *modem, const struct certificate *file);
/* The same for what is left; NULL: nothing is. NOT_ALLOWED: there is no such file. */
enum imqtt_status certificate_drop(struct imqtt_modem *modem, const struct span *name);

/* Of connections from now on; NULL: as the application has it. NOT_ALLOWED: a file is missing, or they
 * do not belong together. */
enum imqtt_status modem_secure(struct imqtt_modem *modem, const struct tls_choice *choice);

/* What AT+IMQTTTLS chose, as modem_secure(). */
enum imqtt_status modem_secure_as_set(struct imqtt_modem *modem);
enum { TLS_OF_MODEM = 254 }; /* the client of these settings */
enum tls_key { TLS_VERIFY, TLS_CA, TLS_CERTIFICATE, TLS_KEY };

#endif
