/* A controller that makes its key itself, and the request for its certificate, and prints both for the
 * host to check with OpenSSL. The randomness is a fixed stream, the one that the controller in Rust takes
 * (src/bin/generate.rs), so the key is the same everywhere; its primes are found at once. */
#include <stdint.h>

#include "bench.h"
#include "board.h"
#include "randomness.h"

#define BITS 2048

/* The longest wait for a watchdog, in instructions, on a Cortex-M4. */
#define MAX_GAP 200000u

/* For the key and then for the request: these names take less than the longest do. */
static char file[DAXSIGN_KEY_FILE_LEN(BITS)];

typedef struct Enrolling {
    size_t drawn, calls, len;
    uint64_t last, gap, total;
    DaxsignStatus status;
} Enrolling;

/* The next bytes of the stream. Not random: a controller asks its chip's generator. */
static int32_t draw(void *context, uint8_t *bytes, size_t len)
{
    Enrolling *enrolling = context;
    size_t i;
    if (len > sizeof RANDOMNESS - enrolling->drawn) {
        return -1;
    }
    for (i = 0; i < len; i++) {
        bytes[i] = RANDOMNESS[enrolling->drawn++];
    }
    return 0;
}

/* Counted from call to call, since the counter turns around while a key is made. */
static void wait_over(Enrolling *enrolling)
{
    const uint64_t now = counter_now(), gap = counter_between(enrolling->last, now);
    if (gap > enrolling->gap) {
        enrolling->gap = gap;
    }
    enrolling->total += gap;
    enrolling->last = now;
}

static void feed(void *context)
{
    Enrolling *enrolling = context;
    wait_over(enrolling);
    enrolling->calls++;
}

static void generate(void *context)
{
    Enrolling *enrolling = context;
    enrolling->last = counter_now();
    enrolling->status =
        daxsign_generate_key(&key, sizeof key, BITS, draw, feed, enrolling, NULL);
    wait_over(enrolling);
}

static void write_key(void *context)
{
    Enrolling *enrolling = context;
    enrolling->status =
        daxsign_write_private_key(&key, DAXSIGN_KEY_KIND_PKCS8_PRIVATE, DAXSIGN_KEY_ENCODING_PEM,
                                  file, sizeof file, &enrolling->len, NULL);
}

static void write_request(void *context)
{
    Enrolling *enrolling = context;
    DaxsignNames names = DAXSIGN_NAMES_INIT;
    names.instance_id = daxsign_text("01234567-89ab-cdef-0123-456789abcdef");
    names.partner_id = daxsign_text("7f8c2b1a-0000-4000-8000-00000000abcd");
    names.country = daxsign_text("SE");
    names.locality = daxsign_text("Gothenburg");
    names.organization = daxsign_text("Partner Name");
    names.unit = daxsign_text("Doors");
    enrolling->status = daxsign_write_certificate_request(
        &key, &names, DAXSIGN_KEY_ENCODING_PEM, file, sizeof file, &enrolling->len, NULL);
}

static bool in_time(const Enrolling *enrolling)
{
#ifdef BOARD_M4
    return enrolling->gap <= MAX_GAP;
#else
    return enrolling->gap > 0;
#endif
}

static bool making_a_key(void)
{
    Enrolling enrolling = { 0 };
    Cost cost = measure(generate, &enrolling);
    cost.instructions = enrolling.total;
    line_start("generate", BITS, cost);
    line_field("calls", enrolling.calls);
    line_field("gap", enrolling.gap);
    line_end(enrolling.status == DAXSIGN_OK && in_time(&enrolling) &&
             cost.stack <= DAXSIGN_STACK_GENERATE(BITS));
    return enrolling.status == DAXSIGN_OK;
}

/* What was written is text, with a NUL behind it. */
static void writing(const char *operation, Operation *write, size_t most)
{
    Enrolling enrolling = { 0 };
    const Cost cost = measure(write, &enrolling);
    line_start(operation, BITS, cost);
    line_field("len", enrolling.len);
    line_end(enrolling.status == DAXSIGN_OK && cost.stack <= most);
    if (enrolling.status == DAXSIGN_OK) {
        board_print(file);
    }
}

int main(void)
{
    all_good = true;
    counter_start();
    if (!calibrated()) {
        board_print("the counter does not count instructions\n");
        return 2;
    }
    if (making_a_key()) {
        writing("write", write_key, DAXSIGN_STACK_WRITE_KEY(BITS));
        writing("request", write_request, DAXSIGN_STACK_REQUEST(BITS));
    }
    daxsign_wipe(file, sizeof file);
    daxsign_private_key_wipe(&key);
    return all_good ? 0 : 1;
}
