/* json_lines.h: JSON for people, and as it is. */
#ifndef IMQTTCTL_JSON_LINES_H
#define IMQTTCTL_JSON_LINES_H

#include <jansson.h>

/* "key: value" a line, what is inside others indented. */
void json_lines_print(json_t *json);

/* Indented JSON. */
void json_lines_dump(const json_t *json);

#endif
