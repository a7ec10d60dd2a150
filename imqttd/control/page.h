/* page.h: the page, if it was built in: a file that defines IMQTTD_HAS_PAGE at compile time also
 * defines these two. */
#ifndef IMQTTD_CONTROL_PAGE_H
#define IMQTTD_CONTROL_PAGE_H

#include <stddef.h>

extern const unsigned char page_html[];
extern const size_t page_html_bytes;

#endif
