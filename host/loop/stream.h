/* stream.h: a non-blocking descriptor in the loop: a socket, a terminal, a pipe or a file.
 *
 * It says when there is something to read or room to write, as long as its owner asks for that. A
 * regular file, which cannot be waited for, always has both.
 */
#ifndef HOST_LOOP_STREAM_H
#define HOST_LOOP_STREAM_H

#include <stddef.h>
#include <sys/types.h>

#include "host/loop/loop.h"

struct stream;

/* input: reading will give bytes, the end or an error. room: writing will. The stream may be closed
 * from within. */
typedef void (*stream_ready)(void *owner, bool input, bool room);

/* Takes the descriptor over (it is closed if this fails) and makes it non-blocking. Watches for
 * nothing yet. NULL: errno says why. */
struct stream *stream_open(struct loop *loop, int fd, stream_ready ready, void *owner);

/* Another owner from now on, watching for nothing yet. */
void stream_hand_over(struct stream *stream, stream_ready ready, void *owner);

/* What it reads, it reads in turns with others (read_turns.h): stream_share() at a time. */
void stream_read_in_turns(struct stream *stream, struct read_turns *turns);
size_t stream_share(const struct stream *stream);

/* What to say ready for. Cheap when nothing changes. */
void stream_watch(struct stream *stream, bool input, bool room);

/* From now on ready is called, with neither, when the other side has closed while its input is not
 * watched for: once, until stream_watch() changes something. */
void stream_notice_end(struct stream *stream);

/* The other side of a socket has closed, and all that it sent was read. */
bool stream_has_ended(const struct stream *stream);

/* Bytes read; 0: the end; -EAGAIN: nothing now; another negative errno: broken. */
ssize_t stream_read(struct stream *stream, void *bytes, size_t count);

/* Bytes taken; less than count (0 included): full, until ready says that there is room, which the
 * owner should watch for. A negative errno: broken. */
ssize_t stream_write(struct stream *stream, const void *bytes, size_t count);

int stream_fd(const struct stream *stream);

/* Closes the descriptor; ready is never called again. NULL is allowed. */
void stream_close(struct stream *stream);

#endif
