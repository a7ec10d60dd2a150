/* portions.h: answers about all modems, made a portion at a time: between two of them the modems have
 * their turn. */
#ifndef IMQTTD_CONTROL_PORTIONS_H
#define IMQTTD_CONTROL_PORTIONS_H

#include "imqttd/control/request.h"
#include "imqttd/trace/json_text.h"

struct portions_kind {
    const char *type; /* of the content */
    /* Appends a portion, which may be empty. false: that was the last. */
    bool (*go_on)(void *maker, struct json_text *text);
    void (*end)(void *maker);
};

/* The maker is taken over. NULL: there was no memory for it. */
enum MHD_Result answer_in_portions(struct request *request, const struct portions_kind *kind,
                                   void *maker);

#endif
