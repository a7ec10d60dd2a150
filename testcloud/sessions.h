/* sessions.h: which client each device is connected as: of two logins the newer one stays. */
#ifndef TESTCLOUD_SESSIONS_H
#define TESTCLOUD_SESSIONS_H

/* client is only compared, never looked into. */

/* The device with that user name has logged in. Returns the client id of its older connection, if
 * there is one under another client id: the caller ends it and frees the text. (The broker itself
 * ends one with the same client id.) */
char *sessions_begin(const char *user_name, const char *client_id, const void *client);

/* The client is gone. */
void sessions_end(const void *client);

#endif
