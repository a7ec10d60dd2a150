/* store_database.h: the SQLite file of the store, FOLDER/imqtt.db: opened, and of the schema that
 * this program knows.
 *
 * These functions wait: for the disk, and for other programs that have the file open. A database is
 * used by one thread at a time.
 *
 * PRAGMA user_version is the number of the migrations that a file has been through. One that a
 * newer program has written is left as it is and not used.
 */
#ifndef HOST_STORE_STORE_DATABASE_H
#define HOST_STORE_STORE_DATABASE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "host/observer.h"

#define DATABASE_PROBLEM_BYTES 160

struct database { /* all zero but for its folder and observer: not open */
    const char *folder;
    const struct observer *observer;
    sqlite3 *handle;
    char problem[DATABASE_PROBLEM_BYTES]; /* why the last call failed; never contents */
};

enum database_use { DATABASE_TO_READ, DATABASE_TO_WRITE };

/* Opens it, or makes sure that it is open and still the file of that name. For reading, a file that
 * nobody can write to will do. What is no database is set aside and a new one begun. Locks of
 * others are waited for up to patience_ms, now and in what follows. */
bool database_open(struct database *database, enum database_use use, unsigned patience_ms);

void database_close(struct database *database);

/* A transaction. Committed, it is on the disk and would be there after a power cut. Rolled back,
 * also after a commit that failed, it never was. */
bool database_begin(struct database *database, enum database_use use);
bool database_commit(struct database *database);
void database_roll_back(struct database *database);

/* Runs SQL that has no result; SQLite's code. */
int database_run(struct database *database, const char *sql);

/* Notes the problem, in detail unless that is NULL, and returns the code. */
int database_fail(struct database *database, int code, const char *text, const char *detail);
int database_fail_as_sqlite_says(struct database *database, int code);

#endif
