/* body.h: values of a request's body, checked. Each answers the error itself and returns false. */
#ifndef IMQTTD_CONTROL_BODY_H
#define IMQTTD_CONTROL_BODY_H

#include "imqttd/control/request.h"

/* json has nothing but these keys (up to a NULL). json NULL: it has none at all. */
bool body_has_only(struct request *request, json_t *json, const char *const *keys,
                   enum MHD_Result *result);

/* A word out of a list, up to a NULL: its place. */
bool body_word(struct request *request, const char *key, const char *const *words, size_t *place,
               enum MHD_Result *result);

/* A text of 1 to 4,096 bytes, without control bytes, but for these: "", or what data ends with. */
bool body_text(struct request *request, const char *key, const char *but, const char **text,
               enum MHD_Result *result);

/* A whole number of at most so much. */
bool body_number(struct request *request, const char *key, uint64_t most, uint64_t *number,
                 enum MHD_Result *result);

/* There are no keys at all. */
bool body_is_empty(struct request *request, enum MHD_Result *result);

#endif
