/* aliyun_vectors.h: tests/data/aliyun_vectors.json as C: one entry a login. Behind cmocka.h. */
#ifndef TESTS_UNIT_ALIYUN_VECTORS_H
#define TESTS_UNIT_ALIYUN_VECTORS_H

#include <jansson.h>
#include <stddef.h>
#include <string.h>

#define ALIYUN_VECTORS_FILE "tests/data/aliyun_vectors.json" /* tests run in the source tree */

/* The whole file; the caller gives it back with json_decref(). */
static inline json_t *aliyun_vectors_load(void)
{
    json_error_t error;
    json_t *vectors = json_load_file(ALIYUN_VECTORS_FILE, 0, &error);
    assert_true(json_array_size(vectors) > 0);
    return vectors;
}

/* NULL where the file has null. */
static inline const char *aliyun_vector_text(const json_t *vector, const char *name)
{
    assert_non_null(json_object_get(vector, name));
    return json_string_value(json_object_get(vector, name));
}

/* The vector with that id, T1 … C1. */
static inline const json_t *aliyun_vector(const json_t *vectors, const char *id)
{
    size_t index;
    const json_t *vector;
    json_array_foreach(vectors, index, vector)
    {
        if (strcmp(aliyun_vector_text(vector, "id"), id) == 0)
            return vector;
    }
    fail_msg("no vector %s", id);
    return NULL;
}

#endif
