/* The schema Fault, out of the table of fault types. */
#include "imqttd/control/modem_json.h"
#include "imqttd/daemon.h"

#define MILLION 1000000.0

static json_t *value_json(const struct fault *fault, const struct fault_attribute *attribute)
{
    uint64_t value;
    if (attribute->kind == FAULT_IS_TEXT)
        return json_string(fault->text);
    value = fault->values[attribute->value];
    if (attribute->kind == FAULT_IS_WORD)
        return json_string(fault_word(fault, attribute));
    if (attribute->kind == FAULT_IS_SHARE)
        return json_real((double)value / MILLION);
    return json_integer((json_int_t)value);
}

static bool is_given(const struct fault *fault, const struct fault_attribute *attribute)
{
    return attribute->kind == FAULT_IS_TEXT ? *fault->text != '\0'
                                            : fault_has(fault, attribute->value);
}

static json_t *attributes_json(const struct fault *fault)
{
    const struct fault_type_row *row = fault_type_of(fault);
    json_t *json = json_object();
    for (const struct fault_attribute *each = NULL;
         (each = fault_next_attribute(row, each)) != NULL;)
        if ((each->links & fault->link) != 0 && (is_given(fault, each) || each->standard != NULL))
            json_object_set_new(json, each->name, value_json(fault, each));
    return json;
}

json_t *fault_json(const struct fault *fault, uint64_t now_ms)
{
    json_t *json = json_pack(
        "{s:s, s:s, s:s, s:s, s:f, s:I}", "name", fault->name, "type", fault_type_of(fault)->name,
        "link", fault->link == FAULT_ON_UART ? "uart" : "broker", "stream",
        fault_stream_words[fault->stream], "toxicity", (double)fault->toxicity_ppm / MILLION,
        "seed", (json_int_t)fault->seed);
    if (fault->ends_ms > now_ms)
        json_object_set_new(json, "ttl_ms", json_integer((json_int_t)(fault->ends_ms - now_ms)));
    if (fault->count > fault->struck)
        json_object_set_new(json, "count",
                            json_integer((json_int_t)(fault->count - fault->struck)));
    if (*fault->when != '\0')
        json_object_set_new(json, "when", json_pack("{s:s}", "command", fault->when));
    json_object_set_new(json, "attributes", attributes_json(fault));
    return json;
}

json_t *fault_json_list(const struct watch *watch)
{
    uint64_t now_ms = loop_now_ms(&watch->daemon->host.loop);
    json_t *list = json_array();
    for (const struct fault *each = host_modem_faults(watch->modem)->first; each != NULL;
         each = each->next)
        json_array_append_new(list, fault_json(each, now_ms));
    return list;
}
