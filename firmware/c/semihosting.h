/* What a board's own file must do for the host's services (Arm's "Semihosting for AArch32 and
 * AArch64"), and the start that all boards share. */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stdint.h>

/* Asks the host for something. */
void semihosting(uintptr_t operation, uintptr_t argument);

/* Clears the static data and runs the program. */
void board_start(void) __attribute__((noreturn));

/* What a fault ends in. */
void board_fault(void) __attribute__((noreturn));

#endif
