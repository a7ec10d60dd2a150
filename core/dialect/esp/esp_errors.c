#include "core/dialect/esp/esp_errors.h"
#include "core/dialect/esp/esp_client.h"
#include "core/modem/say.h"

#if IMQTT_WITH_DIALECTS

/* The high half of every number. */
#define PAGE "010a"

/* Without memory for it the error is said without its number. */
enum imqtt_status esp_fail(struct imqtt_modem *modem, enum esp_error error)
{
    client_put_number(&modem->clients, ESP_MODULE, ESP_ERROR, error);
    return IMQTT_NOT_ALLOWED;
}

static uint32_t module_number(const struct imqtt_modem *modem, enum esp_module_key key)
{
    return client_number(&modem->clients, ESP_MODULE, (uint8_t)key, 0);
}

static void put_hex(struct out *line, uint32_t number)
{
    for (int shift = 12; shift >= 0; shift -= 4)
        out_u8(line, (uint8_t) "0123456789abcdef"[number >> shift & 0xFU]);
}

static void say_code(struct imqtt_modem *modem, uint32_t number)
{
    struct out line = modem_begin_line(modem);
    out_text(&line, "ERR CODE:0x" PAGE);
    put_hex(&line, number);
    modem_end_line(modem, &line);
}

bool esp_say_final(struct imqtt_modem *modem, enum imqtt_status status)
{
    uint32_t number = module_number(modem, ESP_ERROR);
    bool is_raw = module_number(modem, ESP_IN_RAW) == 1;
    client_forget(&modem->clients, ESP_MODULE, ESP_ERROR);
    client_forget(&modem->clients, ESP_MODULE, ESP_IN_RAW);
    if (!is_raw && status != IMQTT_DONE && number != 0 && module_number(modem, ESP_SYSLOG) == 1)
        say_code(modem, number);
    if (is_raw)
        fifo_put(&modem->output,
                 span_text(status == IMQTT_DONE ? "+MQTTPUB:OK\r\n" : "+MQTTPUB:FAIL\r\n"));
    return is_raw;
}

#endif
