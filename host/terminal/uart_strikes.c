#include "host/terminal/uart_strikes.h"

struct fault *uart_fault_next(const struct fault_set *set, const struct fault *after,
                              enum fault_type type)
{
    struct fault *fault = fault_set_next(set, after, FAULT_ON_UART, FAULT_DOWN);
    while (fault != NULL && fault->type != type)
        fault = fault_set_next(set, fault, FAULT_ON_UART, FAULT_DOWN);
    return fault;
}

struct fault *uart_fault_striking(struct fault_set *set, enum fault_type type)
{
    struct fault *fault = uart_fault_next(set, NULL, type);
    while (fault != NULL && !fault_strikes(set, fault))
        fault = uart_fault_next(set, fault, type);
    return fault;
}

static struct fault *next_with_when(const struct fault_set *set, const struct fault *after,
                                    enum fault_type type)
{
    struct fault *fault = uart_fault_next(set, after, type);
    while (fault != NULL && *fault->when == '\0')
        fault = uart_fault_next(set, fault, type);
    return fault;
}

bool uart_fault_strikes_with_when(struct fault_set *set, enum fault_type type)
{
    struct fault *fault = next_with_when(set, NULL, type);
    while (fault != NULL && !fault_strikes(set, fault))
        fault = next_with_when(set, fault, type);
    return fault != NULL;
}

bool uart_faults_hold_lines(const struct fault_set *set)
{
    return uart_fault_next(set, NULL, FAULT_ANSWER) != NULL ||
           next_with_when(set, NULL, FAULT_REBOOT) != NULL ||
           next_with_when(set, NULL, FAULT_FREEZE) != NULL;
}

/* A when on the other link asks for the command as well. */
bool uart_faults_are_about_commands(const struct fault_set *set)
{
    for (const struct fault *fault = set->first; fault != NULL; fault = fault->next)
        if (*fault->when != '\0' || fault->type >= FAULT_ANSWER)
            return true;
    return false;
}
