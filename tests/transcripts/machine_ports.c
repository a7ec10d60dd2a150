#include "tests/transcripts/machine_ports.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>

/* ---- terminal and network ------------------------------------------------------------------ */

/* With bytes in pieces, what the modem writes is taken in pieces too. */
static size_t take(struct machine *machine, struct stream *stream, const uint8_t *bytes,
                   size_t count)
{
    count = random_piece(machine, count);
    if (count > stream->room)
        count = stream->room;
    buffer_put(&stream->out, span_of(bytes, count));
    if (stream->room != SIZE_MAX)
        stream->room -= count;
    return count;
}

static size_t write_terminal(void *context, const uint8_t *bytes, size_t count)
{
    struct machine *machine = context;
    return take(machine, &machine->host, bytes, count);
}

/* Told to the log, where a transcript sees it. */
static void configure_terminal(void *context, uint32_t baud, bool rts_cts)
{
    struct machine *machine = context;
    char line[80];
    snprintf(line, sizeof line, "line: %u baud, %s\n", baud,
             rts_cts ? "RTS/CTS" : "no flow control");
    buffer_put_text(&machine->log, line);
}

static size_t write_network(void *context, const uint8_t *bytes, size_t count)
{
    struct machine_client *client = context;
    return take(client->machine, &client->network, bytes, count);
}

static struct network_mark *add_mark(struct machine_client *client, bool is_open)
{
    static struct network_mark lost;
    if (client->mark_count == NETWORK_MARKS) {
        machine_fail(client->machine, "the modem opens and closes the network again and again");
        return &lost;
    }
    struct network_mark *mark = &client->marks[client->mark_count++];
    mark->at = client->network.out.count;
    mark->is_open = is_open;
    mark->target[0] = '\0';
    return mark;
}

static void open_network(void *context, const char *host, uint16_t port, bool tls)
{
    struct network_mark *mark = add_mark(context, true);
    ((struct machine_client *)context)->network_state = NETWORK_OPENING;
    snprintf(mark->target, sizeof mark->target, "%s %u%s", host, port, tls ? " tls" : "");
}

/* Nothing of the old connection is reported any more. */
static void close_network(void *context)
{
    struct machine_client *client = context;
    add_mark(client, false);
    client->network_state = NETWORK_CLOSED;
    buffer_clear(&client->network.in);
}

/* ---- memory -------------------------------------------------------------------------------- */

#ifndef IMQTT_RAM_BYTES
#define IMQTT_RAM_BYTES 0 /* as much as there is */
#endif

/* Whether a firmware's port would have room for it, as its blocks lie now. */
static bool has_room(struct machine *machine, enum imqtt_memory_purpose purpose, size_t bytes)
{
    struct arena *arena = &machine->arena;
    size_t room = IMQTT_RAM_BYTES - imqtt_modem_bytes();
    if (IMQTT_RAM_BYTES == 0)
        return true;
    if (arena->bytes == NULL)
        *arena = arena_on(malloc(room), room);
    struct imqtt_memory_port port = arena_port(arena);
    return port.resize(port.context, purpose, NULL, 0, bytes) != NULL || bytes == 0;
}

#define TIGHT_BYTES 1024 /* a larger block grows as it likes: each growth moves all of it */

/* Whether it asks for more than it needs, which it will do without. */
static bool is_generous(const struct machine *machine, struct lent *lent, size_t bytes)
{
    lent->is_asked = machine->is_tight && bytes <= TIGHT_BYTES && !lent->is_asked;
    return lent->is_asked;
}

static bool refuses(struct machine *machine, struct lent *lent, size_t bytes)
{
    if (is_generous(machine, lent, bytes))
        return true;
    bool is_due = machine->growths_until_refusal > 0 && --machine->growths_until_refusal == 0;
    lent->refusals += lent->refuses || is_due;
    return lent->refuses || is_due;
}

/* Always moves, so that a pointer kept too long shows. */
static void *resize(void *context, enum imqtt_memory_purpose purpose, void *block, size_t old_bytes,
                    size_t bytes)
{
    struct machine_client *client = context;
    struct machine *machine = client->machine;
    struct lent *lent = &client->lent[purpose];
    if (block != lent->block || old_bytes != lent->bytes)
        machine_fail(machine, "memory %d: not the block that was lent", purpose);
    if ((bytes > lent->bytes && refuses(machine, lent, bytes)) ||
        !has_room(machine, purpose, bytes))
        return NULL;
    void *moved = bytes > 0 ? malloc(bytes) : NULL;
    if (moved != NULL && block != NULL)
        memcpy(moved, block, old_bytes < bytes ? old_bytes : bytes);
    free(block);
    lent->block = moved;
    lent->bytes = bytes;
    return moved;
}

/* ---- store --------------------------------------------------------------------------------- */

static struct store *ask(const struct machine_client *client, enum store_question question,
                         enum imqtt_record record)
{
    struct machine *machine = client->machine;
    if (machine->store.question != STORE_QUIET)
        machine_fail(machine, "the store is asked while it has not answered");
    machine->store.question = question;
    machine->store.asked_for = record;
    machine->store.asked_by = client;
    return &machine->store;
}

static void load(void *context, enum imqtt_record record)
{
    ask(context, STORE_LOAD, record);
}

static void save(void *context, enum imqtt_record record, const uint8_t *bytes, size_t count)
{
    struct machine_client *client = context;
    if (ask(client, STORE_SAVE, record)->fails)
        return;
    struct record *kept = &client->records[record];
    kept->exists = true;
    buffer_clear(&kept->bytes);
    buffer_put(&kept->bytes, span_of(bytes, count));
}

bool store_answer(struct machine *machine)
{
    struct store *store = &machine->store;
    enum store_question question = store->question;
    if (store->waits || question == STORE_QUIET)
        return false;
    const struct record *record = &store->asked_by->records[store->asked_for];
    struct span bytes = buffer_span(&record->bytes);
    store->question = STORE_QUIET;
    enum imqtt_load outcome = record->exists ? IMQTT_LOAD_FOUND : IMQTT_LOAD_NOTHING;
    if (store->fails)
        outcome = IMQTT_LOAD_FAILED;
    if (question == STORE_LOAD)
        imqtt_modem_loaded(machine->modem, outcome, bytes.bytes, bytes.count, machine->now_ms);
    else
        imqtt_modem_saved(machine->modem, !store->fails, machine->now_ms);
    return true;
}

/* ---- the log ------------------------------------------------------------------------------- */

/* In front of what is noted about a client that is not the first. */
static const char *name_client(char *room, size_t bytes, uint8_t client)
{
    room[0] = '\0';
    if (client > 0)
        snprintf(room, bytes, "client %u: ", client);
    return room;
}

/* ---- TLS ----------------------------------------------------------------------------------- */

/* What begins with PEM is a file, with BAD it is none; told to the log. */
static bool is_pem(const struct imqtt_pem *pem)
{
    return pem->count == 0 || (pem->count >= 3 && memcmp(pem->bytes, "PEM", 3) == 0);
}

static bool secure(void *context, const struct imqtt_tls *tls)
{
    struct machine_client *client = context;
    char line[120], whose[sizeof "client 255: "];
    if (tls == NULL)
        return true;
    buffer_put_text(&client->machine->log, name_client(whose, sizeof whose, client->number));
    snprintf(line, sizeof line, "tls: %s, %u %u %u\n", tls->insecure ? "insecure" : "verified",
             (unsigned)tls->ca.count, (unsigned)tls->certificate.count, (unsigned)tls->key.count);
    buffer_put_text(&client->machine->log, line);
    return is_pem(&tls->ca) && is_pem(&tls->certificate) && is_pem(&tls->key);
}

/* As many bytes as there are, in the first byte of the digest. */
static bool fingerprint(void *context, enum imqtt_pem_kind kind, const uint8_t *bytes, size_t count,
                        uint8_t sha256[32])
{
    (void)context, (void)kind;
    memset(sha256, 0, 32);
    sha256[0] = (uint8_t)count;
    return is_pem(&(struct imqtt_pem){bytes, count});
}

/* ---- crypto and news ----------------------------------------------------------------------- */

static bool hmac_sha256(void *context, const uint8_t *key, size_t key_bytes, const uint8_t *text,
                        size_t text_bytes, uint8_t mac[32])
{
    const struct machine *machine = context;
    return !machine->crypto_fails &&
           HMAC(EVP_sha256(), key, (int)key_bytes, text, text_bytes, mac, NULL) != NULL;
}

/* Four of them are 12345. */
static bool random_bytes(void *context, uint8_t *bytes, size_t count)
{
    const struct machine *machine = context;
    static const uint8_t number[] = {0x00, 0x00, 0x30, 0x39};
    for (size_t i = 0; i < count; i++)
        bytes[i] = number[i % sizeof number];
    return !machine->crypto_fails;
}

/* What a log would show. */
static void tell(void *context, const struct imqtt_news *news)
{
    struct machine *machine = context;
    char line[160], whose[sizeof "client 255: "];
    machine->urc_bytes += news->kind == IMQTT_NEWS_URC ? news->bytes : 0;
    if (news->kind == IMQTT_NEWS_CONNECTED)
        snprintf(line, sizeof line, "connected: 0\n");
    else if (news->kind == IMQTT_NEWS_REFUSED || news->kind == IMQTT_NEWS_LOST ||
             news->kind == IMQTT_NEWS_DISCONNECTED)
        snprintf(line, sizeof line, "connection ended: %d\n", (int)news->failure.stage);
    else if (news->text != NULL)
        snprintf(line, sizeof line, "%s: %u\n", news->text, (unsigned)news->number);
    else
        return;
    buffer_put_text(&machine->log, name_client(whose, sizeof whose, news->client));
    buffer_put_text(&machine->log, line);
}

struct imqtt_client_ports machine_client_ports(struct machine_client *client)
{
    struct imqtt_client_ports ports = {
        .network = {client, open_network, write_network, close_network},
        .memory = {client, resize},
        .tls = {client, secure, fingerprint},
    };
    if (client->machine->options.has_store)
        ports.store = (struct imqtt_store_port){client, load, save};
    return ports;
}

struct imqtt_ports machine_ports(struct machine *machine)
{
    struct imqtt_client_ports first = machine_client_ports(&machine->clients[0]);
    struct imqtt_ports ports = {
        .terminal = {machine, write_terminal, NULL},
        .network = first.network,
        .memory = first.memory,
        .store = first.store,
        .tls = first.tls,
        .news = {machine, tell, NULL},
    };
    if (machine->options.has_line)
        ports.terminal.configure = configure_terminal;
    if (!machine->options.no_crypto)
        ports.crypto = (struct imqtt_crypto_port){machine, hmac_sha256, random_bytes};
    return ports;
}
