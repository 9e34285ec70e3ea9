/* What goes wrong in the field gives the right error, and leaves nothing that could be used. */
#include "bench.h"
#include "messages.h"

/* The room for a field of the smallest key. */
#define FIELD_LEN 600
/* The room for the smallest key's DER. */
#define DER_LEN 1300

static bool is_zero(const void *memory, size_t len)
{
    const unsigned char *byte = memory;
    while (len > 0 && *byte == 0) {
        byte++, len--;
    }
    return len == 0;
}

/* Nothing signs with it. */
static bool unusable(const DaxsignPrivateKey *private_key)
{
    size_t len;
    return is_zero(private_key, sizeof *private_key) &&
           sign_message(private_key, &CARD_EVENT, DAXSIGN_PROFILE_DOCUMENTED, field, sizeof field,
                        &len) == DAXSIGN_ERR_NOT_INITIALISED;
}

/* A flipped bit in flash, in the middle of p: behind n, e and d. */
static bool damaged_key(DaxsignPrivateKey *other)
{
    const KeyFiles *files = &key_files[0];
    unsigned char der[DER_LEN];
    DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
    size_t i;
    if (files->der_len > sizeof der) {
        return false;
    }
    for (i = 0; i < files->der_len; i++) {
        der[i] = files->der[i];
    }
    der[600] ^= 1;
    return daxsign_private_key_load(other, sizeof *other, der, files->der_len, &detail) ==
               DAXSIGN_ERR_INVALID_KEY &&
           detail.problem == DAXSIGN_PROBLEM_KEY_PRODUCT && unusable(other);
}

static bool cut_off_key(DaxsignPrivateKey *other)
{
    return daxsign_private_key_load(other, sizeof *other, key_files[0].pem, 800, NULL) ==
               DAXSIGN_ERR_INVALID_KEY &&
           unusable(other);
}

static bool no_key(DaxsignPrivateKey *other)
{
    return daxsign_private_key_wipe(other) == DAXSIGN_OK && unusable(other);
}

static bool missing_header(DaxsignPrivateKey *other)
{
    DaxsignRequest request = unsigned_request(&CARD_EVENT);
    DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
    char out[FIELD_LEN];
    size_t len;
    /* Host only. */
    request.field_count = 1;
    (void)other;
    return daxsign_sign(&key, &request, NULL, DAXSIGN_PROFILE_DOCUMENTED, NULL, out, sizeof out,
                        &len, &detail) == DAXSIGN_ERR_MISSING_HEADER &&
           detail.name[0] == 'd' && detail.name[4] == '\0' && len == 0 && is_zero(out, sizeof out);
}

static bool short_buffer(DaxsignPrivateKey *other)
{
    char out[FIELD_LEN];
    size_t needed, len;
    (void)other;
    return sign_message(&key, &CARD_EVENT, DAXSIGN_PROFILE_DOCUMENTED, out, 100, &needed) ==
               DAXSIGN_ERR_BUFFER_TOO_SMALL &&
           is_zero(out, 100) && needed <= sizeof out &&
           sign_message(&key, &CARD_EVENT, DAXSIGN_PROFILE_DOCUMENTED, out, needed, &len) ==
               DAXSIGN_OK &&
           len == needed;
}

/* Signs the card event, and verifies what was sent, `late` seconds later, with another body if there
 * is one. */
static DaxsignStatus verify(const char *body, int64_t late, DaxsignReplayGuard *guard)
{
    const DaxsignTime now = { NOW + late, 0 };
    Message sent = CARD_EVENT;
    DaxsignRequest request;
    DaxsignStatus status;
    size_t len;
    status = sign_message(&key, &sent, DAXSIGN_PROFILE_DOCUMENTED, field, sizeof field, &len);
    if (status != DAXSIGN_OK) {
        return status;
    }
    if (body != NULL) {
        sent.body = body;
    }
    request = signed_request(&sent, field, len);
    return daxsign_verify(&public_key, &request, DAXSIGN_PROFILE_DOCUMENTED, NULL, &now, guard, NULL,
                          NULL);
}

/* Another door. */
static bool tampered_body(DaxsignPrivateKey *other)
{
    (void)other;
    return verify("{\"event\":\"card\",\"door\":18,\"card\":\"04A2246B5C6180\","
                  "\"at\":\"2020-05-17T14:44:30\"}",
                  0, NULL) == DAXSIGN_ERR_SIGNATURE_MISMATCH;
}

static bool stale_date(DaxsignPrivateKey *other)
{
    (void)other;
    return verify(NULL, DAXSIGN_DEFAULT_WINDOW, NULL) == DAXSIGN_OK &&
           verify(NULL, DAXSIGN_DEFAULT_WINDOW + 1, NULL) == DAXSIGN_ERR_STALE_DATE;
}

static bool replay(DaxsignPrivateKey *other)
{
    DaxsignReplayGuard guard;
    DaxsignReplayEntry entries[4];
    (void)other;
    return daxsign_replay_guard_start(&guard, sizeof guard, entries, 4, NULL) == DAXSIGN_OK &&
           verify(NULL, 0, &guard) == DAXSIGN_OK &&
           verify(NULL, 1, &guard) == DAXSIGN_ERR_REPLAYED;
}

/* A check, and a place for another key. */
typedef bool Check(DaxsignPrivateKey *other);

typedef struct Run {
    Check *check;
    bool good;
} Run;

static void run(void *context)
{
    /* Zeros also behind the part that this build of the library uses. */
    DaxsignPrivateKey other = { { 0 } };
    Run *run = context;
    run->good = run->check(&other);
}

void errors(void)
{
    static Check *const checks[] = {
        damaged_key,  cut_off_key,   no_key,     missing_header,
        short_buffer, tampered_body, stale_date, replay,
    };
    Cost total = { 0, 0 };
    size_t cases;
    bool good = load_der(&key_files[0]);
    for (cases = 0; cases < sizeof checks / sizeof checks[0]; cases++) {
        Run one = { checks[cases], false };
        add_cost(&total, measure(run, &one));
        good = one.good && good;
    }
    line_start("errors", key_files[0].bits, total);
    line_field("cases", cases);
    line_end(good);
}
