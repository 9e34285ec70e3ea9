/* The board: how it starts, counts instructions, and talks to the host it is emulated on. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/* Prints text. */
void board_print(const char *text);
/* Ends the program with an exit code. */
void board_exit(int code) __attribute__((noreturn));

/* Counts instructions: started once, read as a value, and what lies between two values. */
void counter_start(void);
uint64_t counter_now(void);
uint64_t counter_between(uint64_t from, uint64_t to);
/* Executes 2 · turns instructions. */
void counter_known_loop(uint32_t turns);

/* The linker script's: the stack may reach from the end of the static data to the top. */
extern unsigned char _bss_start[], _bss_end[], _stack_top[];

static inline __attribute__((always_inline)) uintptr_t board_stack_pointer(void)
{
    uintptr_t pointer;
#ifdef __arm__
    __asm__ volatile("mov %0, sp" : "=r"(pointer));
#else
    __asm__ volatile("mv %0, sp" : "=r"(pointer));
#endif
    return pointer;
}

#endif
