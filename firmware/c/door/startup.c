/* The vectors and the start of a Cortex-M without an operating system. On the way it measures: main's stack, by
 * painting it before and looking after, and main's instructions, which QEMU counts (-icount shift=0). */
#include <stdint.h>

#include "board.h"

/* board.ld */
extern uint32_t data_start[], data_end[], data_in_flash[], bss_start[], bss_end[];
extern uint32_t stack_bottom[], stack_top[];

int main(void);
void reset(void) __attribute__((noreturn));

#define PAINT 0xA7A7A7A7u

/* SysTick counts down, 24 bits, at the processor's clock: 25 MHz on this board, while QEMU lets an instruction
 * take a nanosecond. More than 671 million instructions turn it round. */
#define SYSTICK_CONTROL (*(volatile uint32_t *)0xE000E010u)
#define SYSTICK_RELOAD (*(volatile uint32_t *)0xE000E014u)
#define SYSTICK_VALUE (*(volatile uint32_t *)0xE000E018u)
#define SYSTICK_ON 5u
#define SYSTICK_LAST 0xFFFFFFu
#define INSTRUCTIONS_PER_TICK 40u

/* No exception is expected. */
static void fault(void)
{
    board_end(102);
}

/* The top of the stack, the start, and the other 14 exceptions of all Cortex-M. A board's interrupts follow them. */
__attribute__((section(".vectors"), used)) static const uintptr_t vectors[16] = {
    (uintptr_t)stack_top, (uintptr_t)reset, (uintptr_t)fault, (uintptr_t)fault,
    (uintptr_t)fault,     (uintptr_t)fault, (uintptr_t)fault, (uintptr_t)fault,
    (uintptr_t)fault,     (uintptr_t)fault, (uintptr_t)fault, (uintptr_t)fault,
    (uintptr_t)fault,     (uintptr_t)fault, (uintptr_t)fault, (uintptr_t)fault,
};

void reset(void)
{
    volatile uint32_t *at;
    const uint32_t *from = data_in_flash;
    uint32_t *stack_now, instructions;
    int code;

    for (at = data_start; at < data_end; at++) {
        *at = *from++;
    }
    for (at = bss_start; at < bss_end; at++) {
        *at = 0;
    }
    __asm__ volatile("mov %0, sp" : "=r"(stack_now));
    for (at = stack_bottom; at < stack_now; at++) {
        *at = PAINT;
    }
    SYSTICK_RELOAD = SYSTICK_LAST;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = SYSTICK_ON;
    code = main();
    instructions = (SYSTICK_LAST - SYSTICK_VALUE) * INSTRUCTIONS_PER_TICK;
    for (at = stack_bottom; at < stack_now && *at == PAINT; at++) {
    }
    board_say("\nstack: ", (uint32_t)((uintptr_t)stack_now - (uintptr_t)at), " bytes\n");
    board_say("instructions: ", instructions, "\n");
    board_end(code);
}
