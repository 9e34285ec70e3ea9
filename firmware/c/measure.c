#include "measure.h"

#include "board.h"

/* What unused stack is painted with. */
#define PAINT 0xA7u
/* The lowest part of the stack's area must stay painted: less would mean that it overflowed. */
#define UNTOUCHED 64u

#define INLINE static inline __attribute__((always_inline))

/* Part of the caller: it must have no frame of its own. */
INLINE void paint(uintptr_t bottom, uintptr_t top)
{
    uintptr_t address;
    for (address = bottom; address < top; address++) {
        *(volatile unsigned char *)address = PAINT;
    }
}

INLINE uintptr_t lowest_touched(uintptr_t bottom, uintptr_t top)
{
    uintptr_t address = bottom;
    while (address < top && *(const volatile unsigned char *)address == PAINT) {
        address++;
    }
    return address;
}

/* In a frame of its own, so that nothing of it lies above the stack that is measured. */
static __attribute__((noinline)) void call(Operation *operation, void *context)
{
    operation(context);
    __asm__ volatile("" ::: "memory");
}

__attribute__((noinline)) Cost measure(Operation *operation, void *context)
{
    const uintptr_t bottom = (uintptr_t)_bss_end, top = board_stack_pointer();
    uint64_t from, to;
    uintptr_t touched;
    Cost cost;

    paint(bottom, top);
    from = counter_now();
    call(operation, context);
    to = counter_now();
    touched = lowest_touched(bottom, top);
    if (touched - bottom < UNTOUCHED) {
        board_exit(103);
    }
    cost.instructions = counter_between(from, to);
    cost.stack = top - touched;
    return cost;
}

void add_cost(Cost *total, Cost other)
{
    total->instructions += other.instructions;
    if (other.stack > total->stack) {
        total->stack = other.stack;
    }
}

__attribute__((noinline)) size_t residue(const uint32_t *secret, size_t count, Operation *operation,
                                         void *context)
{
    const uintptr_t bottom = (uintptr_t)_bss_end, top = board_stack_pointer();
    paint(bottom, top);
    call(operation, context);
    return count_words(secret, count, lowest_touched(bottom, top), top);
}

bool calibrated(void)
{
    const uint32_t turns = 2000000;
    const uint64_t expected = (uint64_t)turns * 2, from = counter_now();
    uint64_t counted;
    counter_known_loop(turns);
    counted = counter_between(from, counter_now());
    return counted > expected - turns / 1000 && counted < expected + turns / 1000;
}
