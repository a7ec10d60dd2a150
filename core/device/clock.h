/* clock.h: the time of day, as AT+CCLK shows and sets it: local time, years 2000 to 2099. */
#ifndef CORE_DEVICE_CLOCK_H
#define CORE_DEVICE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_ZONE_MAX 96 /* quarters of an hour to either side of UTC */

struct clock {
    uint64_t offset_ms;        /* from the caller's clock to local time since 2000 */
    int8_t zone_quarter_hours; /* how far local time is ahead of UTC */
    uint8_t network_time;      /* AT+CTZU and AT+CTZR: this network never tells the time */
    bool reports_zone;
};

struct date {
    uint8_t year; /* since 2000 */
    uint8_t month, day, hour, minute, second;
};

/* The clock of a computer on which it is unix_time_ms (UTC, since 1970) now. A time before 2000
 * counts as its first moment. */
struct clock clock_at(uint64_t unix_time_ms, int8_t zone_quarter_hours, uint64_t now_ms);

struct date clock_read(const struct clock *clock, uint64_t now_ms);

/* The same moment in UTC, ms since 1970. */
uint64_t clock_unix_ms(const struct clock *clock, uint64_t now_ms);

/* Sets local time; the zone stays. false: there is no such date, and nothing has changed. */
bool clock_set(struct clock *clock, const struct date *date, uint64_t now_ms);

#endif
