/* A watchdog is fed while the key signs: how long is the longest wait? */
#include "bench.h"
#include "board.h"
#include "messages.h"

typedef struct Watchdog {
    uint64_t last, gap;
    size_t calls;
    DaxsignStatus status;
} Watchdog;

static void wait_over(Watchdog *dog)
{
    const uint64_t now = counter_now(), gap = counter_between(dog->last, now);
    if (gap > dog->gap) {
        dog->gap = gap;
    }
    dog->last = now;
}

static void feed(void *context)
{
    Watchdog *dog = context;
    wait_over(dog);
    dog->calls++;
}

/* The wait starts with the signature and ends with it. */
static void sign_and_feed(void *context)
{
    Watchdog *dog = context;
    const DaxsignRequest request = unsigned_request(&CARD_EVENT);
    uint8_t signature[DAXSIGN_MAX_MODULUS_BITS / 8];
    DaxsignDigest digest;
    size_t len;

    dog->last = counter_now();
    dog->status = daxsign_signing_digest(&request, NULL, DAXSIGN_PROFILE_DOCUMENTED, NULL, &digest,
                                         NULL);
    if (dog->status == DAXSIGN_OK) {
        dog->status = daxsign_sign_digest_with_progress(&key, &digest, feed, dog, signature,
                                                        sizeof signature, &len, NULL);
    }
    if (dog->status == DAXSIGN_OK) {
        dog->status = daxsign_signature_header_write(&request, NULL, signature, len, field,
                                                     sizeof field, &len, NULL);
    }
    wait_over(dog);
}

/* More than a hundredth of the signature between two calls is a failure. */
void watchdog(const KeyFiles *files)
{
    Watchdog dog = { 0, 0, 0, DAXSIGN_OK };
    const Cost cost = measure(sign_and_feed, &dog);
    line_start("yield", files->bits, cost);
    line_field("calls", dog.calls);
    line_field("gap", dog.gap);
    line_end(dog.status == DAXSIGN_OK && dog.calls > files->bits &&
             dog.gap <= cost.instructions / 100);
}
