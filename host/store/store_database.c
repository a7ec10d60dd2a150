#include "host/store/store_database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/store/store_folder.h"

/* The schema, version by version: migrations[n] makes version n + 1 out of version n. A row is
 * never changed but to be set aside, so an id stands for its bytes. */
static const char *const migrations[] = {
    "CREATE TABLE record ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  terminal TEXT NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  bytes BLOB NOT NULL,"
    "  saved_at TEXT NOT NULL,"
    "  set_aside_at TEXT);" /* the modem could not read it and has saved another since */
    "CREATE UNIQUE INDEX record_in_force ON record (terminal, kind) WHERE set_aside_at IS NULL;",
};

#define SCHEMA_VERSION ((int)(sizeof migrations / sizeof *migrations))

/* ---- failing -------------------------------------------------------------------------------- */

int database_fail(struct database *database, int code, const char *text, const char *detail)
{
    bool has_detail = detail != NULL;
    snprintf(database->problem, sizeof database->problem, "%s%s%s%s", text, has_detail ? " (" : "",
             has_detail ? detail : "", has_detail ? ")" : "");
    return code;
}

int database_fail_as_sqlite_says(struct database *database, int code)
{
    int error = sqlite3_system_errno(database->handle);
    bool is_of_the_system = code == SQLITE_CANTOPEN || code == SQLITE_IOERR || code == SQLITE_FULL;
    bool is_the_last = sqlite3_errcode(database->handle) == code;
    const char *text = is_the_last ? sqlite3_errmsg(database->handle) : sqlite3_errstr(code);
    return database_fail(database, code, text,
                         is_of_the_system && error != 0 ? strerror(error) : NULL);
}

int database_run(struct database *database, const char *sql)
{
    int code = sqlite3_exec(database->handle, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? code : database_fail_as_sqlite_says(database, code);
}

/* ---- the schema ----------------------------------------------------------------------------- */

static int read_number(struct database *database, const char *sql, int *number)
{
    sqlite3_stmt *query;
    int code = sqlite3_prepare_v2(database->handle, sql, -1, &query, NULL);
    if (code == SQLITE_OK && (code = sqlite3_step(query)) == SQLITE_ROW) {
        *number = sqlite3_column_int(query, 0);
        code = SQLITE_OK;
    }
    if (code != SQLITE_OK)
        database_fail_as_sqlite_says(database, code);
    sqlite3_finalize(query);
    return code;
}

/* Reads the schema too: a file whose first page is damaged is found out here. */
static int read_version(struct database *database, int *version)
{
    int tables;
    int code = read_number(database, "SELECT count(*) FROM sqlite_schema", &tables);
    return code == SQLITE_OK ? read_number(database, "PRAGMA user_version", version) : code;
}

static int migrate_from(struct database *database, int version)
{
    char set_version[sizeof "PRAGMA user_version = 2147483647"];
    int code = SQLITE_OK;
    while (code == SQLITE_OK && version < SCHEMA_VERSION)
        code = database_run(database, migrations[version++]);
    snprintf(set_version, sizeof set_version, "PRAGMA user_version = %d", SCHEMA_VERSION);
    return code == SQLITE_OK ? database_run(database, set_version) : code;
}

static int migrate(struct database *database, int version)
{
    if (version == SCHEMA_VERSION)
        return SQLITE_OK;
    int code = database_run(database, "BEGIN IMMEDIATE");
    if (code == SQLITE_OK)
        code = migrate_from(database, version);
    return code == SQLITE_OK ? database_run(database, "COMMIT") : code;
}

static int fail_as_newer(struct database *database, int version)
{
    char versions[sizeof "schema 2147483647, this one knows 2147483647"];
    snprintf(versions, sizeof versions, "schema %d, this one knows %d", version, SCHEMA_VERSION);
    return database_fail(database, SQLITE_ERROR, "a newer imqtt has written it", versions);
}

/* The version comes first: nothing is changed in a file that this program does not know. */
static int settle(struct database *database)
{
    int version = 0;
    int code = read_version(database, &version);
    if (code != SQLITE_OK)
        return code;
    if (version > SCHEMA_VERSION)
        return fail_as_newer(database, version);
    code = database_run(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                  "PRAGMA secure_delete = ON");
    return code == SQLITE_OK ? migrate(database, version) : code;
}

/* ---- opening -------------------------------------------------------------------------------- */

/* Every byte of the folder as %XX: whatever it is called, it is no part of the URI's syntax. */
static char *uri_of(const char *folder, const char *query)
{
    sqlite3_str *uri = sqlite3_str_new(NULL);
    sqlite3_str_appendall(uri, "file:");
    for (; *folder != '\0'; folder++)
        sqlite3_str_appendf(uri, "%%%02X", (unsigned char)*folder);
    sqlite3_str_appendf(uri, "/%s%s", STORE_FILE, query);
    return sqlite3_str_finish(uri);
}

static int open_file(struct database *database, int flags, const char *query, unsigned patience_ms)
{
    char *uri = uri_of(database->folder, query);
    if (uri == NULL)
        return database_fail(database, SQLITE_NOMEM, "out of memory", NULL);
    int code = sqlite3_open_v2(uri, &database->handle,
                               flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    sqlite3_free(uri);
    if (code != SQLITE_OK)
        return database_fail_as_sqlite_says(database, code);
    return sqlite3_busy_timeout(database->handle, (int)patience_ms);
}

static int open_to_write(struct database *database, unsigned patience_ms)
{
    if (faccessat(AT_FDCWD, database->folder, W_OK, AT_EACCESS) != 0)
        return database_fail(database, SQLITE_READONLY, strerror(errno), NULL);
    const char *why = store_folder_prepare_files(database->folder, database->observer);
    if (why != NULL)
        return database_fail(database, SQLITE_PERM, why, NULL);
    int code = open_file(database, SQLITE_OPEN_READWRITE, "", patience_ms);
    return code == SQLITE_OK ? settle(database) : code;
}

/* Where nothing can be written, SQLite cannot make the files beside it that it reads with. Those
 * that a power cut has left it can use. */
static int open_to_read(struct database *database)
{
    int version = 0;
    const char *query = store_folder_is_settled(database->folder) ? "?immutable=1" : "";
    int code = open_file(database, SQLITE_OPEN_READONLY, query, 0);
    if (code == SQLITE_OK)
        code = read_version(database, &version);
    if (code == SQLITE_OK && version != SCHEMA_VERSION)
        code = SQLITE_ERROR;
    return code;
}

static bool may_be_read_at_least(const struct database *database, int code)
{
    bool cannot_write = code == SQLITE_CANTOPEN || code == SQLITE_IOERR || code == SQLITE_FULL ||
                        code == SQLITE_READONLY;
    return cannot_write && store_folder_has_file(database->folder);
}

/* What is set aside is what was found: nothing is written back into it. */
static int begin_anew(struct database *database, unsigned patience_ms)
{
    sqlite3_db_config(database->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    database_close(database);
    const char *why = store_folder_set_aside(database->folder, database->observer);
    if (why != NULL)
        return database_fail(database, SQLITE_CANTOPEN, "damaged, and cannot be set aside", why);
    return open_to_write(database, patience_ms);
}

/* The problem that is told is the first one: why it cannot be written to. */
static int fall_back_to_reading(struct database *database, int code)
{
    char problem[DATABASE_PROBLEM_BYTES];
    database_close(database);
    memcpy(problem, database->problem, sizeof problem);
    if (open_to_read(database) == SQLITE_OK)
        return SQLITE_OK;
    memcpy(database->problem, problem, sizeof problem);
    return code;
}

static void open_somehow(struct database *database, enum database_use use, unsigned patience_ms)
{
    int code = open_to_write(database, patience_ms);
    if (code == SQLITE_NOTADB || code == SQLITE_CORRUPT)
        code = begin_anew(database, patience_ms);
    if (use == DATABASE_TO_READ && may_be_read_at_least(database, code))
        code = fall_back_to_reading(database, code);
    if (code != SQLITE_OK)
        database_close(database);
}

/* One at a time: what one program sets aside must not be what another has just begun. */
static void open_alone(struct database *database, enum database_use use, unsigned patience_ms)
{
    int lock = store_folder_lock(database->folder, patience_ms);
    if (lock < 0) {
        const char *why = errno == EWOULDBLOCK ? "another program opens it" : strerror(errno);
        database_fail(database, SQLITE_CANTOPEN, "the folder cannot be used", why);
        return;
    }
    open_somehow(database, use, patience_ms);
    close(lock);
}

/* A file that was deleted under us takes whatever is written to it along. */
static bool is_as_it_should_be(struct database *database, enum database_use use)
{
    int has_moved = 0;
    sqlite3_file_control(database->handle, "main", SQLITE_FCNTL_HAS_MOVED, &has_moved);
    bool suffices = use == DATABASE_TO_READ || sqlite3_db_readonly(database->handle, "main") == 0;
    return suffices && has_moved == 0;
}

bool database_open(struct database *database, enum database_use use, unsigned patience_ms)
{
    if (database->handle != NULL && !is_as_it_should_be(database, use))
        database_close(database);
    if (database->handle == NULL)
        open_alone(database, use, patience_ms);
    else
        sqlite3_busy_timeout(database->handle, (int)patience_ms);
    return database->handle != NULL;
}

void database_close(struct database *database)
{
    sqlite3_close(database->handle);
    database->handle = NULL;
}

/* A transaction that will write says so at once: later, another program may be in its way. */
bool database_begin(struct database *database, enum database_use use)
{
    const char *begin = use == DATABASE_TO_WRITE ? "BEGIN IMMEDIATE" : "BEGIN";
    return database_run(database, begin) == SQLITE_OK;
}

bool database_commit(struct database *database)
{
    return database_run(database, "COMMIT") == SQLITE_OK;
}

/* Not by closing it: what could not be synced would be taken for whole when it is opened again. */
void database_roll_back(struct database *database)
{
    if (database->handle == NULL || sqlite3_get_autocommit(database->handle) != 0)
        return;
    if (sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL) != SQLITE_OK)
        database_close(database);
}
