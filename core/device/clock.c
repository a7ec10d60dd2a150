#include "core/device/clock.h"

#define MINUTE_S  60U
#define HOUR_S    (60 * MINUTE_S)
#define DAY_S     (24 * HOUR_S)
#define CENTURY_S (36525 * DAY_S) /* 2000 to 2099: every fourth year is a leap year */

#define EPOCH_MS   INT64_C(946684800000) /* from 1970 to 2000 */
#define QUARTER_MS INT64_C(900000)

static unsigned days_of_year(unsigned year)
{
    return year % 4 == 0 ? 366 : 365;
}

static unsigned days_of_month(unsigned year, unsigned month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && year % 4 == 0 ? 29 : days[month - 1];
}

struct clock clock_at(uint64_t unix_time_ms, int8_t zone_quarter_hours, uint64_t now_ms)
{
    int64_t local_ms = (int64_t)unix_time_ms - EPOCH_MS + zone_quarter_hours * QUARTER_MS;
    return (struct clock){.offset_ms = (uint64_t)(local_ms > 0 ? local_ms : 0) - now_ms,
                          .zone_quarter_hours = zone_quarter_hours};
}

struct date clock_read(const struct clock *clock, uint64_t now_ms)
{
    uint32_t time_s = (uint32_t)((now_ms + clock->offset_ms) / 1000 % CENTURY_S);
    unsigned days = time_s / DAY_S, year = 0, month = 1;
    for (; days >= days_of_year(year); year++)
        days -= days_of_year(year);
    for (; days >= days_of_month(year, month); month++)
        days -= days_of_month(year, month);
    return (struct date){(uint8_t)year,
                         (uint8_t)month,
                         (uint8_t)(days + 1),
                         (uint8_t)(time_s / HOUR_S % 24),
                         (uint8_t)(time_s / MINUTE_S % 60),
                         (uint8_t)(time_s % 60)};
}

uint64_t clock_unix_ms(const struct clock *clock, uint64_t now_ms)
{
    uint64_t local_ms = (now_ms + clock->offset_ms) % (CENTURY_S * UINT64_C(1000));
    return local_ms + (uint64_t)(EPOCH_MS - clock->zone_quarter_hours * QUARTER_MS);
}

static bool exists(const struct date *date)
{
    return date->year < 100 && date->month >= 1 && date->month <= 12 && date->day >= 1 &&
           date->day <= days_of_month(date->year, date->month) && date->hour < 24 &&
           date->minute < 60 && date->second < 60;
}

bool clock_set(struct clock *clock, const struct date *date, uint64_t now_ms)
{
    if (!exists(date))
        return false;
    uint32_t days = date->day - 1U;
    for (unsigned year = 0; year < date->year; year++)
        days += days_of_year(year);
    for (unsigned month = 1; month < date->month; month++)
        days += days_of_month(date->year, month);
    uint32_t time_s = days * DAY_S + date->hour * HOUR_S + date->minute * MINUTE_S + date->second;
    clock->offset_ms = time_s * UINT64_C(1000) - now_ms;
    return true;
}
