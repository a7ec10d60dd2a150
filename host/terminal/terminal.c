#include "host/terminal/terminal.h"

#include "host/modem/host_modem.h"

void terminal_typed(struct terminal *from, const uint8_t *bytes, size_t count)
{
    struct terminal *to = from->above;
    while (to != NULL && to->kind->typed == NULL)
        to = to->above;
    if (to != NULL)
        to->kind->typed(to, bytes, count);
    else
        host_modem_typed(from->modem, bytes, count);
}

size_t terminal_write(struct terminal *to, const uint8_t *bytes, size_t count)
{
    while (to->kind->write == NULL)
        to = to->below;
    return to->kind->write(to, bytes, count);
}

void terminal_watch(struct terminal *to, bool input, bool room)
{
    while (to->kind->watch == NULL)
        to = to->below;
    to->kind->watch(to, input, room);
}

bool terminal_can_configure(const struct terminal *to)
{
    while (to->below != NULL)
        to = to->below;
    return to->kind->configure != NULL;
}

void terminal_configure(struct terminal *to, uint32_t baud, bool rts_cts)
{
    while (to != NULL && to->kind->configure == NULL)
        to = to->below;
    if (to != NULL)
        to->kind->configure(to, baud, rts_cts);
}

void terminal_settled(struct terminal *to)
{
    while (to != NULL && to->kind->settled == NULL)
        to = to->below;
    if (to != NULL)
        to->kind->settled(to);
}

bool terminal_has_host(const struct terminal *to)
{
    while (to->below != NULL)
        to = to->below;
    return to->kind->has_host(to);
}

void terminal_decorate(struct terminal **top, struct terminal *decorator)
{
    struct terminal **link = top;
    struct terminal *above = NULL;
    while ((*link)->kind->place > decorator->kind->place) {
        above = *link;
        link = &above->below;
    }
    decorator->below = *link;
    decorator->above = above;
    decorator->modem = (*link)->modem;
    decorator->label = (*link)->label;
    decorator->baud = (*link)->baud;
    (*link)->above = decorator;
    *link = decorator;
}

void terminal_undecorate(struct terminal **top, struct terminal *decorator)
{
    struct terminal **link = decorator->above != NULL ? &decorator->above->below : top;
    *link = decorator->below;
    decorator->below->above = decorator->above;
    decorator->kind->end(decorator);
}

void terminal_end(struct terminal *top)
{
    while (top != NULL) {
        struct terminal *below = top->below;
        top->kind->end(top);
        top = below;
    }
}
