/* modem_json.h: a modem as JSON: the schemas Summary and Detail. */
#ifndef IMQTTD_CONTROL_MODEM_JSON_H
#define IMQTTD_CONTROL_MODEM_JSON_H

#include <jansson.h>

#include "host/faults/fault.h"
#include "imqttd/fleet/watch.h"
#include "imqttd/trace/json_text.h"

/* As text: there may be thousands of them. */
void modem_json_put_summary(struct json_text *json, const struct watch *watch);

/* NULL: no memory. */
json_t *modem_json_detail(const struct watch *watch);

json_t *fault_json(const struct fault *fault, uint64_t now_ms);
json_t *fault_json_list(const struct watch *watch);

/* Bytes that may be no UTF-8: what is none becomes '?'. */
json_t *bytes_json(const void *bytes, size_t count);

#endif
