/* How much flash the library adds to a program that loads a key and signs: built with SIGN and
 * without; and with NAMES, to one that also prints the names of errors. Everything comes from outside, so that no key or message counts. */
#include <daxsign.h>

#include "board.h"

static DaxsignPrivateKey key;
static DaxsignField fields[4];
static char out[600];

/* Something that the compiler knows nothing of. */
static uintptr_t outside(void)
{
    uintptr_t value = 0;
    __asm__ volatile("" : "+r"(value));
    return value;
}

int main(void)
{
    DaxsignRequest request = DAXSIGN_REQUEST_INIT;
    DaxsignStatus status = DAXSIGN_OK;
    size_t len = outside();

    request.fields = fields;
    request.field_count = outside();
    request.method = daxsign_bytes((const void *)outside(), outside());
    /* Both programs use all of it. */
    __asm__ volatile("" : : "r"(&request), "r"(&key), "r"(out), "r"(len) : "memory");
#ifdef SIGN
    status = daxsign_private_key_load(&key, sizeof key, (const void *)outside(), outside(), NULL);
    if (status == DAXSIGN_OK) {
        status = daxsign_sign(&key, &request, NULL, (uint32_t)outside(), NULL, out, sizeof out, &len,
                              NULL);
    }
#endif
#ifdef NAMES
    board_print(daxsign_status_name(status));
#endif
    return (int)status;
}
