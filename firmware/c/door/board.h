/* The board: what startup.c and main.c ask of it. */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

/* The time in UTC, in seconds since 1970-01-01. */
int64_t board_seconds(void);
/* To the network; here to the terminal that QEMU runs in. */
void board_send(const void *bytes, size_t len);
/* A number with words around it. */
void board_say(const char *before, uint32_t number, const char *behind);
/* Ends the program. */
void board_end(int code) __attribute__((noreturn));

#endif
