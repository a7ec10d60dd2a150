#include "core/mqtt/kept_session.h"
#include "core/bytes/out.h"
#include "imqtt/limits.h"

/* Kept as: port, length of the client id, client id, host. */
#define HEAD_BYTES 4
#define CAP_BYTES  (HEAD_BYTES + UINT16_MAX + IMQTT_ADDRESS_BYTES)

struct kept_session kept_session_from(const struct imqtt_memory_port *port)
{
    return (struct kept_session){.lease = lease_from(port, IMQTT_MEMORY_SESSION)};
}

bool kept_session_is(const struct kept_session *session, struct span host, uint16_t port,
                     struct span client_id)
{
    struct span kept = span_of(session->lease.bytes, session->count), kept_id;
    uint16_t kept_port, id_bytes;
    return span_take_u16(&kept, &kept_port) && span_take_u16(&kept, &id_bytes) &&
           span_take(&kept, id_bytes, &kept_id) && kept_port == port &&
           span_equal(kept_id, client_id) && span_equal(kept, host);
}

bool kept_session_begin(struct kept_session *session, struct span host, uint16_t port,
                        struct span client_id)
{
    size_t bytes = HEAD_BYTES + client_id.count + host.count;
    session->count = 0;
    if (!lease_grow(&session->lease, bytes, CAP_BYTES))
        return false;
    struct out out = out_on(session->lease.bytes, bytes);
    out_u16(&out, port);
    out_u16(&out, (uint16_t)client_id.count);
    out_span(&out, client_id);
    out_span(&out, host);
    session->count = out.count;
    return true;
}

void kept_session_forget(struct kept_session *session)
{
    session->count = 0;
    lease_return(&session->lease);
}
