#include "host/store/store_records.h"

#include <stdlib.h>
#include <string.h>

static const char *const kinds[IMQTT_RECORD_COUNT] = {
    [IMQTT_RECORD_SETTINGS] = "settings", [IMQTT_RECORD_TRIPLE] = "triple",
    [IMQTT_RECORD_TOKEN] = "token",       [IMQTT_RECORD_PACKET_IDS] = "packet-ids",
    [IMQTT_RECORD_SESSION] = "session",   [IMQTT_RECORD_CERTIFICATES] = "certificates",
};

struct record record_copy(const uint8_t *bytes, size_t count)
{
    struct record record = {.bytes = malloc(count + 1)}; /* never of 0 bytes, which may be NULL */
    if (record.bytes == NULL)
        return record;
    if (count > 0)
        memcpy(record.bytes, bytes, count);
    record.count = count;
    return record;
}

void record_clear(struct record *record)
{
    if (record->bytes != NULL)
        explicit_bzero(record->bytes, record->count);
    free(record->bytes);
    *record = (struct record){0};
}

/* NULL: it has failed. The first two parameters are whose record it is, and of what kind. */
static sqlite3_stmt *prepare(struct database *database, const char *sql, const char *terminal,
                             enum imqtt_record kind)
{
    sqlite3_stmt *statement;
    int code = sqlite3_prepare_v2(database->handle, sql, -1, &statement, NULL);
    if (code != SQLITE_OK) {
        database_fail_as_sqlite_says(database, code);
        return NULL;
    }
    sqlite3_bind_text(statement, 1, terminal, -1, SQLITE_STATIC);
    sqlite3_bind_text(statement, 2, kinds[kind], -1, SQLITE_STATIC);
    return statement;
}

static bool finish(struct database *database, sqlite3_stmt *statement, int code)
{
    if (code != SQLITE_DONE)
        database_fail_as_sqlite_says(database, code);
    sqlite3_finalize(statement);
    return code == SQLITE_DONE;
}

static int take_row(sqlite3_stmt *row, struct record *record)
{
    const void *bytes = sqlite3_column_blob(row, 1);
    *record = record_copy(bytes, (size_t)sqlite3_column_bytes(row, 1));
    if (record->bytes == NULL)
        return SQLITE_NOMEM;
    record->id = sqlite3_column_int64(row, 0);
    return sqlite3_step(row);
}

bool records_load(struct database *database, const char *terminal, enum imqtt_record kind,
                  struct record *record)
{
    *record = (struct record){0};
    sqlite3_stmt *query = prepare(database,
                                  "SELECT id, bytes FROM record WHERE terminal = ?1 AND kind = ?2 "
                                  "AND set_aside_at IS NULL",
                                  terminal, kind);
    if (query == NULL)
        return false;
    int code = sqlite3_step(query);
    if (code == SQLITE_ROW)
        code = take_row(query, record);
    if (finish(database, query, code))
        return true;
    record_clear(record);
    return false;
}

static bool keep_aside(struct database *database, const char *terminal, enum imqtt_record kind,
                       int64_t id)
{
    sqlite3_stmt *update =
        prepare(database,
                "UPDATE record SET set_aside_at = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') "
                "WHERE terminal = ?1 AND kind = ?2 AND ?3 IN (id, ?4) AND set_aside_at IS NULL",
                terminal, kind);
    if (update == NULL)
        return false;
    sqlite3_bind_int64(update, 3, id);
    sqlite3_bind_int64(update, 4, RECORD_ANY_ID);
    return finish(database, update, sqlite3_step(update));
}

static bool put(struct database *database, const char *terminal, enum imqtt_record kind,
                const struct record *record)
{
    sqlite3_stmt *insert =
        prepare(database,
                "INSERT OR REPLACE INTO record (terminal, kind, bytes, saved_at) "
                "VALUES (?1, ?2, ?3, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
                terminal, kind);
    if (insert == NULL)
        return false;
    sqlite3_bind_blob64(insert, 3, record->bytes, record->count, SQLITE_STATIC);
    return finish(database, insert, sqlite3_step(insert));
}

bool records_save(struct database *database, const char *terminal, enum imqtt_record kind,
                  const struct record *record, int64_t unread_id)
{
    if (record->bytes == NULL) {
        database_fail(database, SQLITE_NOMEM, "out of memory", NULL);
        return false;
    }
    return (unread_id == 0 || keep_aside(database, terminal, kind, unread_id)) &&
           put(database, terminal, kind, record);
}
