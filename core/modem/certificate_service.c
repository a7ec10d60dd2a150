#include "core/modem/certificate_service.h"
#include "core/modem/modem_clients.h"

#if IMQTT_WITH_DIALECTS

/* ---- to the store ------------------------------------------------------------------------------- */

static enum imqtt_status save(struct imqtt_modem *modem)
{
    const struct imqtt_store_port *store = &modem->ports.store;
    struct out record;
    if (store->save == NULL)
        return IMQTT_DONE;
    if (!records_begin(&modem->records, store, &record))
        return IMQTT_UNKNOWN_ERROR;
    certificates_put_record(&modem->certificates, &record);
    bool is_begun = records_save(&modem->records, store, IMQTT_RECORD_CERTIFICATES, &record);
    return is_begun ? IMQTT_PENDING : IMQTT_UNKNOWN_ERROR;
}

static bool is_busy(const struct imqtt_modem *modem)
{
    return records_are_busy(&modem->records);
}

enum imqtt_status certificate_keep(struct imqtt_modem *modem, const struct certificate *file)
{
    if (is_busy(modem))
        return IMQTT_LATER;
    return certificates_put(&modem->certificates, file) ? save(modem) : IMQTT_UNKNOWN_ERROR;
}

enum imqtt_status certificate_drop(struct imqtt_modem *modem, const struct span *name)
{
    if (is_busy(modem))
        return IMQTT_LATER;
    if (name == NULL)
        certificates_clear(&modem->certificates);
    else if (!certificates_remove(&modem->certificates, *name))
        return IMQTT_NOT_ALLOWED;
    return save(modem);
}

/* ---- to a connection ------------------------------------------------------------------------------ */

/* No name: none. */
static bool find_pem(const struct imqtt_modem *modem, const struct tls_choice *choice,
                     struct span name, struct imqtt_pem *pem)
{
    struct certificate file;
    if (name.count == 0)
        return true;
    if (!certificates_find(&modem->certificates, name, &file))
        return false;
    struct span found = choice->unpack != NULL ? choice->unpack(file.bytes) : file.bytes;
    *pem = (struct imqtt_pem){found.bytes, found.count};
    return found.count > 0;
}

static bool chooses_nothing(const struct tls_choice *choice)
{
    return !choice->insecure && choice->ca.count == 0 && choice->certificate.count == 0 &&
           choice->key.count == 0;
}

enum imqtt_status modem_secure(struct imqtt_modem *modem, const struct tls_choice *choice)
{
    const struct imqtt_tls_port *port = modem_tls_of(modem, modem_client(modem));
    struct imqtt_tls tls = {.insecure = choice != NULL && choice->insecure};
    bool is_default = choice == NULL || chooses_nothing(choice);
    if (port->secure == NULL)
        return is_default ? IMQTT_DONE : IMQTT_NOT_SUPPORTED;
    if (is_default)
        return port->secure(port->context, NULL) ? IMQTT_DONE : IMQTT_UNKNOWN_ERROR;
    bool are_there = find_pem(modem, choice, choice->ca, &tls.ca) &&
                     find_pem(modem, choice, choice->certificate, &tls.certificate) &&
                     find_pem(modem, choice, choice->key, &tls.key);
    return are_there && port->secure(port->context, &tls) ? IMQTT_DONE : IMQTT_NOT_ALLOWED;
}

enum imqtt_status modem_secure_as_set(struct imqtt_modem *modem)
{
    const struct client_settings *set = &modem->clients;
    struct tls_choice choice = {
        .insecure = client_number(set, TLS_OF_MODEM, TLS_VERIFY, 1) == 0,
        .ca = client_string(set, TLS_OF_MODEM, TLS_CA),
        .certificate = client_string(set, TLS_OF_MODEM, TLS_CERTIFICATE),
        .key = client_string(set, TLS_OF_MODEM, TLS_KEY),
    };
    return modem_secure(modem, &choice);
}

#endif
