/* QEMU's board, by the services that it offers to emulated programs (Arm's "Semihosting for AArch32 and AArch64").
 * For a board of your own: its clock in board_seconds, its network in board_send. */
#include "board.h"

#define WRITE0 0x04u
#define TIME 0x11u
#define EXIT_EXTENDED 0x20u
/* "The application ended", with a code beside it. */
#define APPLICATION_EXIT 0x20026u

static uintptr_t host(uintptr_t operation, uintptr_t argument)
{
    register uintptr_t r0 __asm__("r0") = operation;
    register uintptr_t r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

int64_t board_seconds(void)
{
    return (int64_t)host(TIME, 0);
}

void board_send(const void *bytes, size_t len)
{
    const char *text = bytes;
    char one[2] = { 0, 0 };
    for (; len > 0; len--) {
        one[0] = *text++;
        host(WRITE0, (uintptr_t)one);
    }
}

void board_say(const char *before, uint32_t number, const char *behind)
{
    char digits[11];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    host(WRITE0, (uintptr_t)before);
    host(WRITE0, (uintptr_t)(digits + at));
    host(WRITE0, (uintptr_t)behind);
}

void board_end(int code)
{
    uintptr_t block[2];
    block[0] = APPLICATION_EXIT;
    block[1] = (uintptr_t)code;
    for (;;) {
        host(EXIT_EXTENDED, (uintptr_t)block);
    }
}
