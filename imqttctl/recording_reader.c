#include "imqttctl/recording_reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum ctl_exit recording_say(struct recording_reader *reader, const char *problem)
{
    reader->is_wrong = true;
    return ctl_say(CTL_FAILED, "%s:%lu: %s", reader->name, reader->number, problem);
}

static json_t *read_object(struct recording_reader *reader)
{
    json_error_t error;
    ssize_t bytes = getline(&reader->line, &reader->room, reader->file);
    if (bytes < 0)
        return NULL;
    reader->number++;
    json_t *object = json_loadb(reader->line, (size_t)bytes, JSON_REJECT_DUPLICATES, &error);
    if (object == NULL) {
        bool is_cut = reader->line[bytes - 1] != '\n';
        recording_say(reader, is_cut ? "the recording is cut off here" : error.text);
    } else if (!json_is_object(object)) {
        recording_say(reader, "not an object");
        json_decref(object);
        object = NULL;
    }
    return object;
}

static bool is_good_head(struct recording_reader *reader)
{
    const json_t *version = json_object_get(reader->head, "imqtt_recording");
    if (reader->is_wrong)
        return false;
    if (!json_is_integer(version))
        recording_say(reader, "not a recording of imqtt");
    else if (json_integer_value(version) != 1)
        recording_say(reader, "a recording of another version: this program reads version 1");
    return !reader->is_wrong;
}

bool recording_open(struct recording_reader *reader, const char *name)
{
    *reader = (struct recording_reader){.name = name};
    reader->file = strcmp(name, "-") == 0 ? stdin : fopen(name, "re");
    if (reader->file == NULL) {
        ctl_say(CTL_FAILED, "%s: %s", name, strerror(errno));
        return false;
    }
    reader->head = read_object(reader);
    if (is_good_head(reader))
        return true;
    recording_close(reader);
    return false;
}

static bool is_word(const json_t *event, const char *key, const char *one, const char *other)
{
    const char *word = json_string_value(json_object_get(event, key));
    return word != NULL && (strcmp(word, one) == 0 || strcmp(word, other) == 0);
}

static const char *problem_of(const json_t *event, double last_ms)
{
    const json_t *t_ms = json_object_get(event, "t_ms");
    if (!json_is_number(t_ms) || json_number_value(t_ms) < 0)
        return "t_ms is missing or wrong";
    if (json_number_value(t_ms) < last_ms)
        return "time goes backwards";
    if (!json_is_string(json_object_get(event, "kind")))
        return "kind is missing";
    if (is_word(event, "kind", "at", "at") &&
        (!is_word(event, "dir", "host", "modem") || !json_is_string(json_object_get(event, "hex"))))
        return "an event of kind at has dir and hex";
    return NULL;
}

json_t *recording_next(struct recording_reader *reader)
{
    json_t *event = reader->is_wrong ? NULL : read_object(reader);
    const char *problem = event != NULL ? problem_of(event, reader->last_ms) : NULL;
    if (problem == NULL) {
        if (event != NULL)
            reader->last_ms = json_number_value(json_object_get(event, "t_ms"));
        return event;
    }
    recording_say(reader, problem);
    json_decref(event);
    return NULL;
}

void recording_close(struct recording_reader *reader)
{
    if (reader->file != NULL && reader->file != stdin)
        (void)fclose(reader->file);
    json_decref(reader->head);
    free(reader->line);
}
