/* Cortex-M: vectors, semihosting, and SysTick as the counter. */
#include "board.h"
#include "semihosting.h"

/* Coprocessor access control: the floating-point unit has to be switched on where registers of it
 * pass arguments (-mfloat-abi=hard), whether or not anything does. */
#define CPACR (*(volatile uint32_t *)0xE000ED88u)
#define CPACR_FPU (0xFu << 20)

/* SysTick counts down once per tick of the processor's clock, 24 bits. */
#define SYSTICK_CONTROL (*(volatile uint32_t *)0xE000E010u)
#define SYSTICK_RELOAD (*(volatile uint32_t *)0xE000E014u)
#define SYSTICK_VALUE (*(volatile uint32_t *)0xE000E018u)
/* On, and on the processor's clock. */
#define SYSTICK_ENABLE 5u
#define SYSTICK_LAST 0xFFFFFFu

/* Instructions per tick where one instruction takes a nanosecond, as a fraction: the clocks have
 * 16 MHz (microbit), 20 MHz (an505) and 25 MHz (an385, an386). */
#ifdef BOARD_M0
#define PER_TICK 125u
#define PER_TICK_DIVISOR 2u
#elif defined(BOARD_M33)
#define PER_TICK 50u
#define PER_TICK_DIVISOR 1u
#else
#define PER_TICK 40u
#define PER_TICK_DIVISOR 1u
#endif

void reset(void) __attribute__((noreturn));

/* The stack, the start, and 14 exceptions, none of which should come. */
__attribute__((section(".vectors"), used)) static const uintptr_t vectors[16] = {
    (uintptr_t)_stack_top,  (uintptr_t)reset,       (uintptr_t)board_fault, (uintptr_t)board_fault,
    (uintptr_t)board_fault, (uintptr_t)board_fault, (uintptr_t)board_fault, (uintptr_t)board_fault,
    (uintptr_t)board_fault, (uintptr_t)board_fault, (uintptr_t)board_fault, (uintptr_t)board_fault,
    (uintptr_t)board_fault, (uintptr_t)board_fault, (uintptr_t)board_fault, (uintptr_t)board_fault,
};

void reset(void)
{
#ifdef __ARM_FP
    CPACR |= CPACR_FPU;
    __asm__ volatile("dsb\n isb" ::: "memory");
#endif
    board_start();
}

void semihosting(uintptr_t operation, uintptr_t argument)
{
    register uintptr_t r0 __asm__("r0") = operation;
    register uintptr_t r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

void counter_start(void)
{
    SYSTICK_RELOAD = SYSTICK_LAST;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = SYSTICK_ENABLE;
}

uint64_t counter_now(void)
{
    return SYSTICK_LAST - SYSTICK_VALUE;
}

/* The two lie less than a turn of the counter apart. */
uint64_t counter_between(uint64_t from, uint64_t to)
{
    return ((to - from) & SYSTICK_LAST) * PER_TICK / PER_TICK_DIVISOR;
}

void counter_known_loop(uint32_t turns)
{
    __asm__ volatile(".syntax unified\n .p2align 2\n 1: subs %0, #1\n bne 1b" : "+l"(turns) : : "cc");
}
