#include "core/device/device_identity.h"
#include "core/bytes/number.h"

#define MOST IMQTT_IDENTITY_TEXT_BYTES

/* How a field is derived, and what it may be when it is given. Strings stand in the table itself, so
 * that firmware without it is without them. */
static const struct {
    char begins[14];     /* what all modems share: of a text, everything */
    uint8_t own_digits;  /* behind that; 0: the field is a text */
    bool checked;        /* Luhn's check digit comes last */
    uint8_t least, most; /* characters of a given one */
} fields[] = {
    [IMQTT_MANUFACTURER] = {"imqtt", 0, false, 1, MOST},
    [IMQTT_MODEL] = {"IMQTT-LTE", 0, false, 1, MOST},
    [IMQTT_REVISION] = {"IMQTT-LTE-R01", 0, false, 1, MOST},
    [IMQTT_IMEI] = {"001", 11, true, 15, 15},
    [IMQTT_IMSI] = {"00101", 10, false, 15, 15},
    [IMQTT_ICCID] = {"8900101", 12, true, 19, 20},
};

/* ---- Luhn (ISO/IEC 7812-1): every other digit counts twice, from the last one before the check
 * digit on --------------------------------------------------------------------------------------
 */

static unsigned worth(uint8_t digit, bool twice)
{
    unsigned value = (unsigned)(digit - '0') << twice;
    return value > 9 ? value - 9 : value;
}

static uint8_t check_digit(struct span digits)
{
    unsigned sum = 0;
    for (size_t i = 0; i < digits.count; i++)
        sum += worth(digits.bytes[i], (digits.count - i) % 2 == 1);
    return (uint8_t)('0' + (10 - sum % 10) % 10);
}

static bool is_checked(struct span digits)
{
    return check_digit(span_of(digits.bytes, digits.count - 1)) == span_last(digits);
}

/* ---- what may be given ------------------------------------------------------------------------
 */

static bool are_between(struct span text, uint8_t first, uint8_t last)
{
    for (size_t i = 0; i < text.count; i++)
        if (text.bytes[i] < first || text.bytes[i] > last)
            return false;
    return true;
}

static bool is_valid(enum imqtt_identity_field field, struct span value)
{
    bool is_text = fields[field].own_digits == 0;
    if (value.count < fields[field].least || value.count > fields[field].most)
        return false;
    if (is_text)
        return are_between(value, ' ', '~');
    return are_between(value, '0', '9') && (!fields[field].checked || is_checked(value));
}

const char *imqtt_identity_problem(enum imqtt_identity_field field, const char *value)
{
    static const char rules[][56] = {
#define RULE(name, key, rule) rule,
        IMQTT_IDENTITY_FIELDS(RULE)
#undef RULE
    };
    return is_valid(field, span_text(value)) ? NULL : rules[field];
}

/* ---- what is derived --------------------------------------------------------------------------
 */

/* FNV-1a. */
static uint64_t hash_of(struct span text)
{
    uint64_t hash = 0xCBF29CE484222325;
    for (size_t i = 0; i < text.count; i++)
        hash = (hash ^ text.bytes[i]) * 0x100000001B3;
    return hash;
}

/* The last step of SplitMix64: similar inputs come out unlike. */
static uint64_t spread(uint64_t bits)
{
    bits = (bits ^ bits >> 30) * 0xBF58476D1CE4E5B9;
    bits = (bits ^ bits >> 27) * 0x94D049BB133111EB;
    return bits ^ bits >> 31;
}

uint64_t identity_bits(const struct imqtt_identity *identity, unsigned purpose)
{
    return spread(hash_of(span_text(identity->name != NULL ? identity->name : "")) + purpose);
}

static void put_digits(struct out *out, uint64_t bits, unsigned count)
{
    for (; count > 0; count--, bits /= 10)
        out_u8(out, (uint8_t)('0' + bits % 10));
}

static void put_derived(const struct imqtt_identity *identity, enum imqtt_identity_field field,
                        struct out *out)
{
    uint8_t room[IMQTT_IDENTITY_TEXT_BYTES];
    struct out value = out_on(room, sizeof room);
    out_text(&value, fields[field].begins);
    put_digits(&value, identity_bits(identity, field), fields[field].own_digits);
    if (fields[field].checked)
        out_u8(&value, check_digit(span_of(room, value.count)));
    out_span(out, span_of(room, value.count));
}

void identity_put(const struct imqtt_identity *identity, enum imqtt_identity_field field,
                  struct out *out)
{
    if (identity->given[field] != NULL)
        out_text(out, identity->given[field]);
    else
        put_derived(identity, field, out);
}

void imqtt_identity_text(const struct imqtt_identity *identity, enum imqtt_identity_field field,
                         char text[IMQTT_IDENTITY_TEXT_BYTES + 1])
{
    struct out out = out_on((uint8_t *)text, IMQTT_IDENTITY_TEXT_BYTES);
    identity_put(identity, field, &out);
    text[out.count] = '\0';
}
