/* Registers and bits as in SMSC's data sheet of the LAN9118, chapter 5. */
#include "firmware/board/ethernet.h"

#include "firmware/board/board.h"

#define RX_DATA     board_register(BOARD_ETHERNET + 0x00)
#define TX_DATA     board_register(BOARD_ETHERNET + 0x20)
#define RX_STATUS   board_register(BOARD_ETHERNET + 0x40)
#define TX_STATUS   board_register(BOARD_ETHERNET + 0x48)
#define IRQ_CFG     board_register(BOARD_ETHERNET + 0x54)
#define INT_STS     board_register(BOARD_ETHERNET + 0x58)
#define INT_EN      board_register(BOARD_ETHERNET + 0x5c)
#define BYTE_TEST   board_register(BOARD_ETHERNET + 0x64)
#define FIFO_INT    board_register(BOARD_ETHERNET + 0x68)
#define TX_CFG      board_register(BOARD_ETHERNET + 0x70)
#define HW_CFG      board_register(BOARD_ETHERNET + 0x74)
#define RX_FIFO_INF board_register(BOARD_ETHERNET + 0x7c)
#define TX_FIFO_INF board_register(BOARD_ETHERNET + 0x80)
#define MAC_COMMAND board_register(BOARD_ETHERNET + 0xa4)
#define MAC_DATA    board_register(BOARD_ETHERNET + 0xa8)

#define BYTE_ORDER_MARK 0x87654321u
#define IRQ_ENABLE      (1u << 8)
#define IRQ_ACTIVE_HIGH (1u << 4 | 1u << 0) /* push-pull */
#define RX_STATUS_LEVEL (1u << 3)
#define TX_ON           (1u << 1)
#define STORE_FORWARD   (1u << 20)
#define TX_FIFO_5_KB    (5u << 16)
#define FIRST_AND_LAST  (1u << 13 | 1u << 12)
#define MAC_BUSY        (1u << 31)
#define MAC_READ        (1u << 30)
#define CHECK_SUM_BYTES 4

enum mac_register { MAC_CR = 1, MAC_HIGH = 2, MAC_LOW = 3 };

#define MAC_FULL_DUPLEX (1u << 20)
#define MAC_TX          (1u << 3)
#define MAC_RX          (1u << 2)

void ethernet_interrupt(void);

static void wait_for_mac(void)
{
    while (*MAC_COMMAND & MAC_BUSY) {
    }
}

static uint32_t read_mac(enum mac_register which)
{
    *MAC_COMMAND = MAC_BUSY | MAC_READ | which;
    wait_for_mac();
    return *MAC_DATA;
}

static void write_mac(enum mac_register which, uint32_t value)
{
    *MAC_DATA = value;
    *MAC_COMMAND = MAC_BUSY | which;
    wait_for_mac();
}

static void read_address(uint8_t mac[6])
{
    uint32_t low = read_mac(MAC_LOW), high = read_mac(MAC_HIGH);
    for (unsigned i = 0; i < 4; i++)
        mac[i] = (uint8_t)(low >> 8 * i);
    mac[4] = (uint8_t)high;
    mac[5] = (uint8_t)(high >> 8);
}

bool ethernet_start(uint8_t mac[6])
{
    if (*BYTE_TEST != BYTE_ORDER_MARK)
        return false;
    *HW_CFG = STORE_FORWARD | TX_FIFO_5_KB;
    *FIFO_INT = 0; /* an interrupt for the first frame that came */
    *INT_STS = UINT32_MAX;
    *IRQ_CFG = IRQ_ENABLE | IRQ_ACTIVE_HIGH;
    read_address(mac);
    *TX_CFG = TX_ON;
    write_mac(MAC_CR, MAC_FULL_DUPLEX | MAC_TX | MAC_RX);
    *INT_EN = RX_STATUS_LEVEL;
    board_enable_interrupt(BOARD_ETHERNET_IRQ);
    return true;
}

/* The loop takes the frames; until it has, there is nothing more to say. */
void ethernet_interrupt(void)
{
    *INT_EN = 0;
    board_wake();
}

size_t ethernet_next_frame(void)
{
    if ((*RX_FIFO_INF >> 16 & 0xff) == 0) {
        *INT_STS = RX_STATUS_LEVEL;
        *INT_EN = RX_STATUS_LEVEL;
        return 0;
    }
    return (*RX_STATUS >> 16 & 0x3fff) - CHECK_SUM_BYTES;
}

static size_t words_of(size_t bytes)
{
    return (bytes + 3) / 4;
}

void ethernet_take_frame(uint32_t *words, size_t bytes)
{
    size_t count = words_of(bytes), with_check_sum = words_of(bytes + CHECK_SUM_BYTES);
    for (size_t i = 0; i < count; i++)
        words[i] = *RX_DATA;
    for (size_t i = count; i < with_check_sum; i++)
        (void)*RX_DATA;
}

void ethernet_drop_frame(size_t bytes)
{
    for (size_t i = 0; i < words_of(bytes + CHECK_SUM_BYTES); i++)
        (void)*RX_DATA;
}

bool ethernet_send_frame(const uint32_t *words, size_t bytes)
{
    size_t room_bytes = *TX_FIFO_INF & 0xffff;
    while (*TX_FIFO_INF >> 16 & 0xff) /* how earlier frames fared: TCP finds out by itself */
        (void)*TX_STATUS;
    if (room_bytes < bytes + 8)
        return false;
    *TX_DATA = FIRST_AND_LAST | (uint32_t)bytes;
    *TX_DATA = (uint32_t)bytes;
    for (size_t i = 0; i < words_of(bytes); i++)
        *TX_DATA = words[i];
    return true;
}
