/* The table of fault types as JSON: what forms are made from. */
#include "imqttd/control/handlers.h"

#include "host/faults/fault.h"

static const char *kind_word(enum fault_kind kind)
{
    static const char *const words[] = {
        [FAULT_IS_NUMBER] = "number", [FAULT_IS_DURATION] = "duration", [FAULT_IS_SHARE] = "share",
        [FAULT_IS_WORD] = "word",     [FAULT_IS_TEXT] = "text",
    };
    return words[kind];
}

static json_t *links_json(unsigned links)
{
    json_t *json = json_array();
    for (size_t i = 0; fault_link_words[i] != NULL; i++)
        if ((links & 1U << i) != 0)
            json_array_append_new(json, json_string(fault_link_words[i]));
    return json;
}

static json_t *words_json(const char *const *words)
{
    json_t *json = json_array();
    for (; *words != NULL; words++)
        json_array_append_new(json, json_string(*words));
    return json;
}

/* Shares are kept as parts of a million. */
static void put_range(json_t *json, const struct fault_attribute *attribute)
{
    if (attribute->kind == FAULT_IS_SHARE) {
        json_object_set_new(json, "min", json_real((double)attribute->min / FAULT_ALWAYS_PPM));
        json_object_set_new(json, "max", json_real((double)attribute->max / FAULT_ALWAYS_PPM));
    } else if (attribute->words == NULL) {
        json_object_set_new(json, "min", json_integer((json_int_t)attribute->min));
        json_object_set_new(json, "max", json_integer((json_int_t)attribute->max));
    }
}

static json_t *attribute_json(const struct fault_attribute *attribute)
{
    json_t *json = json_pack("{s:s, s:s, s:o, s:s}", "name", attribute->name, "kind",
                             kind_word(attribute->kind), "links", links_json(attribute->links),
                             "does", attribute->does);
    put_range(json, attribute);
    if (attribute->words != NULL)
        json_object_set_new(json, "words", words_json(attribute->words));
    if (attribute->standard != NULL)
        json_object_set_new(json, "standard", json_string(attribute->standard));
    return json;
}

static json_t *type_json(const struct fault_type_row *row)
{
    json_t *attributes = json_array();
    for (const struct fault_attribute *each = NULL;
         (each = fault_next_attribute(row, each)) != NULL;)
        json_array_append_new(attributes, attribute_json(each));
    return json_pack("{s:s, s:s, s:o, s:b, s:s, s:o}", "name", row->name, "does", row->does,
                     "links", links_json(row->links), "lasts", row->lasts, "needs",
                     row->need == FAULT_NEEDS_ONE_OF ? "one_of" : "all", "attributes", attributes);
}

enum MHD_Result handle_fault_types(struct request *request)
{
    json_t *types = json_array();
    for (size_t i = 0; i < FAULT_TYPES; i++)
        json_array_append_new(types, type_json(&fault_types[i]));
    return answer_json(request, MHD_HTTP_OK, json_pack("{s:o}", "types", types));
}
