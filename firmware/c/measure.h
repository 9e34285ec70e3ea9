/* Instructions and stack of an operation, and what it leaves behind in memory. */
#ifndef MEASURE_H
#define MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Cost {
    uint64_t instructions;
    /* Bytes of stack, the operation's own frame included. */
    size_t stack;
} Cost;

/* What is measured. */
typedef void Operation(void *context);

/* Runs it on a painted stack. The counter must not turn around meanwhile. */
Cost measure(Operation *operation, void *context);

/* Several operations one after the other. */
void add_cost(Cost *total, Cost other);

/* Whether the counter counts what it should: a loop of known length, to a thousandth. */
bool calibrated(void);

/* Runs the operation, then counts the words of `secret` that are left in the dead stack below it. */
size_t residue(const uint32_t *secret, size_t count, Operation *operation, void *context);

/* How many words of `secret` stand in memory, at any address and in both byte orders. Inlined, so
 * that it covers nothing of the dead stack with a frame of its own. */
static inline __attribute__((always_inline)) size_t
count_words(const uint32_t *secret, size_t count, uintptr_t start, uintptr_t end)
{
    size_t found = 0, i;
    uint32_t word = 0;
    uintptr_t address;
    for (address = start; address < end; address++) {
        uint32_t turned;
        word = word << 8 | *(const volatile unsigned char *)address;
        if (address - start < 3) {
            continue;
        }
        turned = word >> 24 | (word >> 8 & 0xFF00u) | (word & 0xFF00u) << 8 | word << 24;
        for (i = 0; i < count; i++) {
            found += secret[i] == word || secret[i] == turned;
        }
    }
    return found;
}

#endif
