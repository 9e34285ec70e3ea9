/* RISC-V in machine mode: start, semihosting, and mcycle as the counter. */
#include "board.h"
#include "semihosting.h"

__asm__(".section .vectors, \"ax\"\n"
        ".global reset\n"
        "reset:\n"
        "la sp, _stack_top\n"
        "la t0, trap\n"
        "csrw mtvec, t0\n"
        "call board_start\n"
        ".p2align 2\n"
        "trap:\n"
        "call board_fault\n"
        ".text\n");

/* These three instructions, none of them compressed, are how the host knows the call. */
void semihosting(uintptr_t operation, uintptr_t argument)
{
    register uintptr_t a0 __asm__("a0") = operation;
    register uintptr_t a1 __asm__("a1") = argument;
    __asm__ volatile(".p2align 4\n"
                     ".option push\n"
                     ".option norvc\n"
                     "slli x0, x0, 0x1f\n"
                     "ebreak\n"
                     "srai x0, x0, 7\n"
                     ".option pop"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
}

/* It runs already. */
void counter_start(void)
{
}

uint64_t counter_now(void)
{
    uint32_t low, high, again;
    do {
        __asm__ volatile("csrr %0, mcycleh\n csrr %1, mcycle\n csrr %2, mcycleh"
                         : "=&r"(high), "=&r"(low), "=&r"(again));
    } while (high != again);
    return (uint64_t)high << 32 | low;
}

uint64_t counter_between(uint64_t from, uint64_t to)
{
    return to - from;
}

void counter_known_loop(uint32_t turns)
{
    __asm__ volatile("1: addi %0, %0, -1\n bnez %0, 1b" : "+r"(turns));
}
