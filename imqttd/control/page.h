/* page.h: the page: a document, a script and a style, which are built in if they were built: then
 * IMQTTD_HAS_PAGE is defined, and web/build.mjs made page_files.
 */
#ifndef IMQTTD_CONTROL_PAGE_H
#define IMQTTD_CONTROL_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#define PAGE_FILES 3

struct page_file {
    const char *path; /* "/" is the document */
    const char *type;
    const char *etag;
    const unsigned char *gzip;
    size_t bytes;
};

extern const struct page_file page_files[PAGE_FILES];

/* It is one of the page's paths, which need no token. */
bool page_has_path(const char *path);

#endif
