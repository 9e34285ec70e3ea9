#include "bench.h"

#include "board.h"

DaxsignPrivateKey key;
DaxsignPublicKey public_key;
char field[DAXSIGN_SIGNATURE_HEADER_LEN(DAXSIGN_MAX_MODULUS_BITS, MAX_LIST) + 1];
bool all_good;

static void print_number(uint64_t value)
{
    /* The longest decimal of 64 bits and the zero byte behind it. */
    char text[21];
    char *at = text + sizeof text - 1;
    *at = '\0';
    do {
        *--at = (char)('0' + (int)(value % 10));
        value /= 10;
    } while (value != 0);
    board_print(at);
}

void line_field(const char *name, uint64_t value)
{
    board_print(" ");
    board_print(name);
    board_print("=");
    print_number(value);
}

void line_start(const char *operation, uint32_t bits, Cost cost)
{
    board_print("op=");
    board_print(operation);
    line_field("bits", bits);
    line_field("instructions", cost.instructions);
    line_field("stack", cost.stack);
}

void line_end(bool good)
{
    board_print(good ? " result=ok\n" : " result=FAILED\n");
    if (!good) {
        all_good = false;
    }
}
