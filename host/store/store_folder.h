/* store_folder.h: the folder of the store and the files in it: there, and nobody else's business.
 *
 * Functions that can fail return NULL, or why they did, in plain English.
 */
#ifndef HOST_STORE_STORE_FOLDER_H
#define HOST_STORE_STORE_FOLDER_H

#include <stdbool.h>

#include "host/observer.h"

#define STORE_FILE "imqtt.db"

/* Makes the folder if it is missing, with mode 0700. One that is open to others is closed to them
 * if it holds nothing but the store; else it is refused: it was not made for secrets. */
const char *store_folder_prepare(const char *folder, const struct observer *observer);

/* Makes the database file if it is missing, empty. It and SQLite's files beside it are made
 * private, mode 0600, before anything is written to them. */
const char *store_folder_prepare_files(const char *folder, const struct observer *observer);

/* Renames a file that is no database to imqtt.db.corrupt-<time>, what SQLite had beside it too. */
const char *store_folder_set_aside(const char *folder, const struct observer *observer);

/* There is a database file. */
bool store_folder_has_file(const char *folder);

/* No writes of it wait in a file beside it: it can be read by itself. */
bool store_folder_is_settled(const char *folder);

/* Waits until no other program opens a store here; none will until the returned descriptor is
 * closed. -1: errno tells, EWOULDBLOCK that another one takes longer than patience_ms. */
int store_folder_lock(const char *folder, unsigned patience_ms);

#endif
