/* The four functions that the library needs of a C library, for a compiler that comes without one. */
#include <stddef.h>

void *memcpy(void *restrict to, const void *restrict from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int value, size_t len);
int memcmp(const void *left, const void *right, size_t len);

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
    unsigned char *target = to;
    const unsigned char *source = from;
    while (len-- > 0) {
        *target++ = *source++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t len)
{
    unsigned char *target = to;
    const unsigned char *source = from;
    if (target <= source) {
        return memcpy(to, from, len);
    }
    while (len-- > 0) {
        target[len] = source[len];
    }
    return to;
}

void *memset(void *to, int value, size_t len)
{
    unsigned char *target = to;
    while (len-- > 0) {
        *target++ = (unsigned char)value;
    }
    return to;
}

int memcmp(const void *left, const void *right, size_t len)
{
    const unsigned char *one = left, *other = right;
    for (; len > 0; len--, one++, other++) {
        if (*one != *other) {
            return *one < *other ? -1 : 1;
        }
    }
    return 0;
}
