#include "board.h"

#include "semihosting.h"

#define WRITE0 0x04u
#define EXIT_EXTENDED 0x20u
/* "The application ended", with a code beside it. */
#define APPLICATION_EXIT 0x20026u

int main(void);

void board_print(const char *text)
{
    semihosting(WRITE0, (uintptr_t)text);
}

void board_exit(int code)
{
    uintptr_t block[2];
    block[0] = APPLICATION_EXIT;
    block[1] = (uintptr_t)code;
    for (;;) {
        semihosting(EXIT_EXTENDED, (uintptr_t)block);
    }
}

void board_start(void)
{
    unsigned char *at;
    for (at = _bss_start; at < _bss_end; at++) {
        *at = 0;
    }
    board_exit(main());
}

void board_fault(void)
{
    board_exit(102);
}
