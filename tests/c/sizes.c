/* Every function that takes a caller's storage, buffer or struct, with every size told, in memory of
 * exactly that size: nothing is read or written outside of it. Compiled for one size of keys and
 * linked to a library for another. */
#include "check.h"

#if defined(__SANITIZE_ADDRESS__)
#define FENCED_BY_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FENCED_BY_SANITIZER 1
#endif
#endif
#ifdef FENCED_BY_SANITIZER
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(start, len) ((void)(start), (void)(len))
#define ASAN_UNPOISON_MEMORY_REGION(start, len) ((void)(start), (void)(len))
#endif

#define DOCUMENTED DAXSIGN_PROFILE_DOCUMENTED
/* More than the largest storage. */
#define ZONE 8192
#define FILL 0xa5

/* The storage of the library's build, whatever it is: for what is only read. */
typedef union Large {
    unsigned char bytes[4096];
    uint64_t align;
    DaxsignPrivateKey private_key;
    DaxsignPublicKey public_key;
} Large;

static unsigned calls;
static Large private_key, public_key;
static DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
static DaxsignField fields[4];
static DaxsignRequest request = DAXSIGN_REQUEST_INIT;
static const DaxsignTime now = { 1589719470, 0 };
static char value[VALUE_CAP];
static size_t len;
static DaxsignDigest digest;
static const DaxsignKeyInfo KEY_INFO = DAXSIGN_KEY_INFO_INIT;
static File pem, certificate, damaged;
static DaxsignNames names = DAXSIGN_NAMES_INIT;

/* Memory between two zones that nobody may touch. */
typedef struct Fenced {
    unsigned char *whole;
    unsigned char *at;
    size_t size;
} Fenced;

static Fenced fenced(size_t size)
{
    Fenced made;
    /* The zone behind starts at the first byte behind; it is 8-byte units that are poisoned. */
    made.whole = (unsigned char *)malloc(ZONE + size + ZONE);
    CHECK(made.whole != NULL);
    memset(made.whole, FILL, ZONE + size + ZONE);
    made.at = made.whole + ZONE;
    made.size = size;
    ASAN_POISON_MEMORY_REGION(made.whole, ZONE);
    ASAN_POISON_MEMORY_REGION(made.at + size, ZONE);
    return made;
}

/* The zones are as they were. */
static void check_fences(const Fenced *memory)
{
    ASAN_UNPOISON_MEMORY_REGION(memory->whole, ZONE + memory->size + ZONE);
    CHECK(all(memory->whole, ZONE, FILL));
    CHECK(all(memory->at + memory->size, ZONE, FILL));
}

static void release(Fenced *memory)
{
    check_fences(memory);
    free(memory->whole);
}

static int untouched(const Fenced *memory) { return all(memory->at, memory->size, FILL); }

/* A call with an expected status. */
#define CALL(expected, call) \
    do { \
        EXPECT(expected, call); \
        calls++; \
    } while (0)

static void progress(void *context) { (void)context; }

static void prepare(void)
{
    read_key_file("rsa2048.pkcs8.pem", &pem);
    read_key_file("certificate.pem", &certificate);
    read_key_file("rsa2048.pkcs1.der", &damaged);
    damaged.bytes[damaged.len - 1] ^= 1;
    EXPECT(DAXSIGN_OK, daxsign_private_key_load(&private_key.private_key, sizeof private_key,
                                                pem.bytes, pem.len, &detail));
    EXPECT(DAXSIGN_OK, daxsign_private_key_public(&private_key.private_key, &public_key.public_key,
                                                  sizeof public_key, &detail));
    names.instance_id = daxsign_text("01234567-89AB-CDEF-0123-456789ABCDEF");
    names.partner_id = daxsign_text("7f8c2b1a-0000-4000-8000-00000000abcd");
    names.country = daxsign_text("SE");
    names.locality = names.organization = names.unit = daxsign_text("x");
    fill_request(fields, &request);
    EXPECT(DAXSIGN_OK, daxsign_sign(&private_key.private_key, &request, NULL, DOCUMENTED, NULL,
                                    value, sizeof value, &len, &detail));
    fields[3] = field("Signature", value);
    request.field_count = 4;
}

/* What fills one kind of storage, what it says of a good call, and what overwrites it. */
typedef struct Filler {
    DaxsignStatus (*fill)(void *storage, size_t size);
    int32_t expected;
    DaxsignStatus (*wipe)(void *storage);
    /* Uses the storage in every way, which must give `expected`; whatever is in it. */
    void (*use)(void *storage, int32_t expected);
    size_t size;
} Filler;

static DaxsignStatus load_private(void *storage, size_t size)
{
    return daxsign_private_key_load((DaxsignPrivateKey *)storage, size, pem.bytes, pem.len, &detail);
}

static DaxsignStatus load_damaged(void *storage, size_t size)
{
    return daxsign_private_key_load((DaxsignPrivateKey *)storage, size, damaged.bytes, damaged.len,
                                    &detail);
}

static int32_t made_up(void *context, uint8_t *out, size_t wanted)
{
    uint64_t *state = (uint64_t *)context;
    size_t at;
    for (at = 0; at < wanted; at++) {
        *state = *state * 6364136223846793005u + 1442695040888963407u;
        out[at] = (uint8_t)(*state >> 56);
    }
    return 0;
}

static DaxsignStatus generate(void *storage, size_t size)
{
    uint64_t state = 1;
    return daxsign_generate_key((DaxsignPrivateKey *)storage, size, 2048, made_up, progress, &state,
                                &detail);
}

static int32_t no_random(void *context, uint8_t *out, size_t wanted)
{
    (void)context;
    memset(out, 0, wanted);
    return -1;
}

static DaxsignStatus generate_nothing(void *storage, size_t size)
{
    return daxsign_generate_key((DaxsignPrivateKey *)storage, size, 2048, no_random, progress, NULL,
                                &detail);
}

static DaxsignStatus load_public(void *storage, size_t size)
{
    return daxsign_public_key_load((DaxsignPublicKey *)storage, size, certificate.bytes,
                                   certificate.len, &detail);
}

static DaxsignStatus load_no_public(void *storage, size_t size)
{
    return daxsign_public_key_load((DaxsignPublicKey *)storage, size, certificate.bytes, 9, &detail);
}

static DaxsignStatus load_certificate(void *storage, size_t size)
{
    DaxsignTime first, last;
    return daxsign_certificate_load((DaxsignPublicKey *)storage, size, certificate.bytes,
                                    certificate.len, &first, &last, &detail);
}

static DaxsignStatus take_public(void *storage, size_t size)
{
    return daxsign_private_key_public(&private_key.private_key, (DaxsignPublicKey *)storage, size,
                                      &detail);
}

static DaxsignStatus start_signing(void *storage, size_t size)
{
    return daxsign_signing_stream_start((DaxsignSigningStream *)storage, size, &request, NULL, NULL,
                                        18, &detail);
}

static DaxsignStatus start_verifying(void *storage, size_t size)
{
    return daxsign_verifying_stream_start((DaxsignVerifyingStream *)storage, size,
                                          &public_key.public_key, &request, DOCUMENTED, NULL, &now,
                                          18, &detail);
}

static DaxsignReplayEntry entries[2];

static DaxsignStatus start_guard(void *storage, size_t size)
{
    return daxsign_replay_guard_start((DaxsignReplayGuard *)storage, size, entries, 2, &detail);
}

static DaxsignStatus wipe_private(void *storage)
{
    return daxsign_private_key_wipe((DaxsignPrivateKey *)storage);
}

static DaxsignStatus wipe_public(void *storage)
{
    return daxsign_public_key_wipe((DaxsignPublicKey *)storage);
}

static DaxsignStatus wipe_signing(void *storage)
{
    return daxsign_signing_stream_wipe((DaxsignSigningStream *)storage);
}

static DaxsignStatus wipe_verifying(void *storage)
{
    return daxsign_verifying_stream_wipe((DaxsignVerifyingStream *)storage);
}

static DaxsignStatus wipe_guard(void *storage)
{
    return daxsign_replay_guard_wipe((DaxsignReplayGuard *)storage);
}

static void use_private(void *storage, int32_t expected)
{
    const DaxsignPrivateKey *key = (const DaxsignPrivateKey *)storage;
    uint8_t signature[256];
    Large room;
    char text[VALUE_CAP], file[DAXSIGN_REQUEST_LEN(4096)];
    CALL(expected, daxsign_private_key_public(key, &room.public_key, sizeof room, &detail));
    CALL(expected, daxsign_sign(key, &request, NULL, DOCUMENTED, NULL, text, sizeof text, &len,
                                &detail));
    CALL(expected, daxsign_sign_digest(key, &digest, signature, sizeof signature, &len, &detail));
    CALL(expected, daxsign_sign_batch(key, &digest, 1, signature, sizeof signature, &len, &detail));
    CALL(expected, daxsign_write_private_key(key, DAXSIGN_KEY_KIND_PKCS8_PRIVATE,
                                             DAXSIGN_KEY_ENCODING_PEM, file, sizeof file, &len,
                                             &detail));
    CALL(expected, daxsign_write_certificate_request(key, &names, DAXSIGN_KEY_ENCODING_PEM, file,
                                                     sizeof file, &len, &detail));
    CALL(expected, daxsign_sign_digest_with_progress(key, &digest, progress, NULL, signature,
                                                     sizeof signature, &len, &detail));
}

static void use_public(void *storage, int32_t expected)
{
    const DaxsignPublicKey *key = (const DaxsignPublicKey *)storage;
    DaxsignKeyInfo info = DAXSIGN_KEY_INFO_INIT;
    DaxsignExplanation explanation = DAXSIGN_EXPLANATION_INIT;
    DaxsignSigner signer = DAXSIGN_SIGNER_INIT;
    uint8_t bytes[256];
    char text[VALUE_CAP];
    int is_key = expected == DAXSIGN_OK;
    memset(bytes, 1, sizeof bytes);
    CALL(expected, daxsign_public_key_info(key, &info, &detail));
    CALL(expected, daxsign_public_key_modulus(key, bytes, sizeof bytes, &len, &detail));
    CALL(is_key ? DAXSIGN_ERR_SIGNATURE_MISMATCH : expected,
         daxsign_verify_digest(key, &digest, bytes, sizeof bytes, &detail));
    /* The certificate holds the key that signed. */
    CALL(expected, daxsign_verify(key, &request, DOCUMENTED, NULL, &now, NULL, NULL, &detail));
    CALL(expected, daxsign_explain(key, &request, NULL, &explanation, &detail));
    signer.modulus_bits = 2048;
    signer.sign_digest = sign_with_ones;
    signer.public_key = key;
    CALL(is_key ? DAXSIGN_ERR_SIGNING_FAULT : expected,
         daxsign_sign_with(&signer, &request, NULL, DOCUMENTED, NULL, text, sizeof text, &len,
                           &detail));
    {
        DaxsignVerifyingStream stream;
        memset(&stream, 0, sizeof stream);
        CALL(expected, daxsign_verifying_stream_start(&stream, sizeof stream, key, &request,
                                                      DOCUMENTED, NULL, &now, 18, &detail));
        CALL(DAXSIGN_OK, daxsign_verifying_stream_wipe(&stream));
    }
}

static void use_signing(void *storage, int32_t expected)
{
    DaxsignSigningStream *stream = (DaxsignSigningStream *)storage;
    DaxsignDigest made;
    CALL(expected, daxsign_signing_stream_update(stream, "", 0, &detail));
    CALL(expected, daxsign_signing_stream_finish(stream, DOCUMENTED, &made, &detail));
    CALL(DAXSIGN_ERR_NOT_INITIALISED,
         daxsign_signing_stream_finish(stream, DOCUMENTED, &made, &detail));
}

static void use_verifying(void *storage, int32_t expected)
{
    DaxsignVerifyingStream *stream = (DaxsignVerifyingStream *)storage;
    CALL(expected, daxsign_verifying_stream_update(stream, "", 0, &detail));
    CALL(expected, daxsign_verifying_stream_finish(stream, NULL, NULL, &detail));
    CALL(DAXSIGN_ERR_NOT_INITIALISED,
         daxsign_verifying_stream_finish(stream, NULL, NULL, &detail));
}

static void use_guard(void *storage, int32_t expected)
{
    DaxsignReplayGuard *guard = (DaxsignReplayGuard *)storage;
    DaxsignVerifyingStream stream;
    size_t count;
    CALL(expected, daxsign_replay_guard_count(guard, &count, &detail));
    CALL(expected, daxsign_verify(&public_key.public_key, &request, DOCUMENTED, NULL, &now, guard,
                                  NULL, &detail));
    EXPECT(DAXSIGN_OK, start_verifying(&stream, sizeof stream));
    CALL(expected == DAXSIGN_OK ? DAXSIGN_ERR_REPLAYED : expected,
         daxsign_verifying_stream_finish(&stream, guard, NULL, &detail));
    EXPECT(DAXSIGN_OK, daxsign_verifying_stream_wipe(&stream));
}

static const Filler FILLERS[] = {
    { load_private, DAXSIGN_OK, wipe_private, use_private, sizeof(DaxsignPrivateKey) },
    { load_damaged, DAXSIGN_ERR_INVALID_KEY, wipe_private, use_private, sizeof(DaxsignPrivateKey) },
    { generate_nothing, DAXSIGN_ERR_RANDOMNESS_FAILED, wipe_private, use_private,
      sizeof(DaxsignPrivateKey) },
    { load_public, DAXSIGN_OK, wipe_public, use_public, sizeof(DaxsignPublicKey) },
    { load_no_public, DAXSIGN_ERR_INVALID_KEY, wipe_public, use_public, sizeof(DaxsignPublicKey) },
    { load_certificate, DAXSIGN_OK, wipe_public, use_public, sizeof(DaxsignPublicKey) },
    { take_public, DAXSIGN_OK, wipe_public, use_public, sizeof(DaxsignPublicKey) },
    { start_signing, DAXSIGN_OK, wipe_signing, use_signing, sizeof(DaxsignSigningStream) },
    { start_verifying, DAXSIGN_OK, wipe_verifying, use_verifying, sizeof(DaxsignVerifyingStream) },
    { start_guard, DAXSIGN_OK, wipe_guard, use_guard, sizeof(DaxsignReplayGuard) },
};
#define FILLER_COUNT (sizeof FILLERS / sizeof FILLERS[0])

/* How much the library needs. */
static size_t needed_by(const Filler *filler)
{
    uint64_t place;
    EXPECT(DAXSIGN_ERR_TOO_SMALL, filler->fill(&place, 0));
    CHECK(detail.needed > 8 && detail.needed < sizeof(Large));
    return (size_t)detail.needed;
}

/* Storage of one size: filled, used, and overwritten. */
static void one_size(const Filler *filler, size_t size, size_t needed)
{
    Fenced memory = fenced(size);
    int fits = size >= needed;
    int32_t filled = fits ? filler->expected : DAXSIGN_ERR_TOO_SMALL;
    int is_there = filled == DAXSIGN_OK;
    CALL(filled, filler->fill(memory.at, size));
    check_fences(&memory);
    CHECK(fits || untouched(&memory));
    CHECK(!fits || is_there || all(memory.at, needed, 0));
    /* Less than a mark is never initialised: that is what is told by no other function. */
    if (size >= 8) {
        ASAN_POISON_MEMORY_REGION(memory.at + size, ZONE);
        filler->use(memory.at, is_there ? DAXSIGN_OK : DAXSIGN_ERR_NOT_INITIALISED);
        CHECK(fits || untouched(&memory));
        CALL(DAXSIGN_OK, filler->wipe(memory.at));
        CALL(DAXSIGN_OK, filler->wipe(memory.at));
        CHECK(fits ? all(memory.at, needed, 0) : untouched(&memory));
        CHECK(!fits || all(memory.at + needed, size - needed, FILL));
    }
    release(&memory);
}

/* Which takes its time: in the two sizes that matter. */
static const Filler GENERATE = { generate, DAXSIGN_OK, wipe_private, use_private,
                                 sizeof(DaxsignPrivateKey) };

static void storage_of_every_size(void)
{
    size_t at, needed_to_generate = needed_by(&GENERATE);
    one_size(&GENERATE, needed_to_generate - 1, needed_to_generate);
    one_size(&GENERATE, needed_to_generate, needed_to_generate);
    for (at = 0; at < FILLER_COUNT; at++) {
        const Filler *filler = &FILLERS[at];
        size_t needed = needed_by(filler);
        one_size(filler, 0, needed);
        one_size(filler, 8, needed);
        one_size(filler, needed / 16 * 8, needed);
        one_size(filler, needed - 8, needed);
        one_size(filler, needed - 1, needed);
        one_size(filler, needed, needed);
        one_size(filler, needed + 1, needed);
        /* As this program was compiled. */
        one_size(filler, filler->size, needed);
        /* And with another storage's mark. */
        {
            Large other;
            memcpy(&other, &private_key, sizeof other);
            if (filler->wipe == wipe_private) {
                memcpy(&other, &public_key, sizeof other);
            }
            CALL(DAXSIGN_OK, filler->wipe(&other));
            CHECK(memcmp(&other, filler->wipe == wipe_private ? &public_key : &private_key,
                         sizeof other) == 0);
        }
    }
}

/* A detail right behind storage that is too small: that is said, and not that they overlap. */
static void neighbours(void)
{
    size_t at;
    for (at = 0; at < FILLER_COUNT; at++) {
        const Filler *filler = &FILLERS[at];
        struct {
            uint64_t storage[2];
            DaxsignDetail detail;
        } both;
        DaxsignDetail kept = detail;
        DaxsignTime first, last;
        both.detail = kept;
        both.storage[0] = both.storage[1] = 7;
        CALL(DAXSIGN_ERR_TOO_SMALL,
             filler->fill == load_private || filler->fill == load_damaged
                 ? daxsign_private_key_load((DaxsignPrivateKey *)(void *)both.storage, 16,
                                            pem.bytes, pem.len, &both.detail)
             : filler->fill == load_public || filler->fill == load_no_public
                 ? daxsign_public_key_load((DaxsignPublicKey *)(void *)both.storage, 16, pem.bytes,
                                           pem.len, &both.detail)
             : filler->fill == load_certificate
                 ? daxsign_certificate_load((DaxsignPublicKey *)(void *)both.storage, 16,
                                            certificate.bytes, certificate.len, &first, &last,
                                            &both.detail)
             : filler->fill == take_public
                 ? daxsign_private_key_public(&private_key.private_key,
                                              (DaxsignPublicKey *)(void *)both.storage, 16,
                                              &both.detail)
             : filler->fill == start_signing
                 ? daxsign_signing_stream_start((DaxsignSigningStream *)(void *)both.storage, 16,
                                                &request, NULL, NULL, 18, &both.detail)
             : filler->fill == start_verifying
                 ? daxsign_verifying_stream_start((DaxsignVerifyingStream *)(void *)both.storage,
                                                  16, &public_key.public_key, &request, DOCUMENTED,
                                                  NULL, &now, 18, &both.detail)
                 : daxsign_replay_guard_start((DaxsignReplayGuard *)(void *)both.storage, 16,
                                              entries, 2, &both.detail));
        CHECK(both.detail.status == DAXSIGN_ERR_TOO_SMALL && both.detail.found == 16);
        CHECK(both.storage[0] == 7 && both.storage[1] == 7);
    }
}

/* The same of structs of another size, and of storage in which nothing was started. */
static void neighbours_of_other_sizes(void)
{
    struct {
        uint32_t options[2];
        uint8_t out[64];
    } one = { { 8, 0 }, { 0 } };
    struct {
        union {
            DaxsignSigner whole;
            uint32_t size;
        } signer;
    } other;
    struct {
        uint64_t guard;
        DaxsignDetail detail;
    } third = { 0, DAXSIGN_DETAIL_INIT };
    memset(&other, 0, sizeof other);
    other.signer.size = 16;
    CALL(DAXSIGN_ERR_ABI_MISMATCH,
         daxsign_signing_string(&request, NULL, (DaxsignOptions *)(void *)one.options, one.out,
                                sizeof one.out, &len, &detail));
    CALL(DAXSIGN_ERR_ABI_MISMATCH,
         daxsign_sign(&private_key.private_key, &request, NULL, DOCUMENTED,
                      (DaxsignOptions *)(void *)one.options, (char *)one.out, sizeof one.out, &len,
                      &detail));
    CALL(DAXSIGN_ERR_ABI_MISMATCH,
         daxsign_sign_with(&other.signer.whole, &request, NULL, DOCUMENTED, NULL,
                           (char *)&other + 16, 8, &len, &detail));
    CALL(DAXSIGN_ERR_NOT_INITIALISED,
         daxsign_verify(&public_key.public_key, &request, DOCUMENTED, NULL, &now,
                        (DaxsignReplayGuard *)(void *)&third.guard, NULL, &third.detail));
    CALL(DAXSIGN_ERR_NOT_INITIALISED,
         daxsign_public_key_info((DaxsignPublicKey *)(void *)&third.guard,
                                 (DaxsignKeyInfo *)(void *)memcpy(one.out, &KEY_INFO, sizeof KEY_INFO),
                                 &third.detail));
}

/* The entries of a guard: of every count, all of them used, and no byte behind them. */
static void entries_of_a_guard(void)
{
    size_t count, sent;
    for (count = 0; count <= 3; count++) {
        Fenced memory = fenced(count * sizeof(DaxsignReplayEntry));
        DaxsignReplayGuard guard;
        DaxsignTime clock = now;
        CALL(DAXSIGN_OK,
             daxsign_replay_guard_start(&guard, sizeof guard,
                                        (DaxsignReplayEntry *)(void *)memory.at, count, &detail));
        for (sent = 0; sent <= count; sent++) {
            char date[DAXSIGN_DATE_LEN + 1], signature[VALUE_CAP];
            DaxsignRequest another = request;
            DaxsignField own[4];
            memcpy(own, fields, sizeof own);
            clock.seconds++;
            EXPECT(DAXSIGN_OK, daxsign_date_format(&clock, date, sizeof date, &len, &detail));
            own[2] = field("Date", date);
            another.fields = own;
            another.field_count = 3;
            EXPECT(DAXSIGN_OK,
                   daxsign_sign(&private_key.private_key, &another, NULL, DOCUMENTED, NULL,
                                signature, sizeof signature, &len, &detail));
            own[3] = field("Signature", signature);
            another.field_count = 4;
            CALL(sent < count ? DAXSIGN_OK : DAXSIGN_ERR_REPLAY_GUARD_FULL,
                 daxsign_verify(&public_key.public_key, &another, DOCUMENTED, NULL, &now, &guard,
                                NULL, &detail));
        }
        release(&memory);
    }
}

/* A struct that tells its size, and the calls that get it. */
typedef struct Sized {
    const void *good;
    size_t size;
    DaxsignStatus (*call)(void *at, unsigned number);
    unsigned calls;
} Sized;

static DaxsignStatus with_request(void *at, unsigned number)
{
    const DaxsignRequest *sent = (const DaxsignRequest *)at;
    DaxsignSignatureHeader header = DAXSIGN_SIGNATURE_HEADER_INIT;
    DaxsignExplanation explanation = DAXSIGN_EXPLANATION_INIT;
    DaxsignSigningStream signing;
    DaxsignVerifyingStream verifying;
    DaxsignDigest made;
    DaxsignSigner signer = DAXSIGN_SIGNER_INIT;
    char out[VALUE_CAP];
    uint8_t raw[256];
    signer.modulus_bits = 2048;
    signer.sign_digest = sign_with_ones;
    memset(raw, 1, sizeof raw);
    switch (number) {
    case 0: return daxsign_sign(&private_key.private_key, sent, NULL, DOCUMENTED, NULL, out,
                                sizeof out, &len, &detail);
    case 1: return daxsign_signing_string(sent, NULL, NULL, (uint8_t *)out, sizeof out, &len,
                                          &detail);
    case 2: return daxsign_component_list(sent, NULL, out, sizeof out, &len, &detail);
    case 3: return daxsign_signing_digest(sent, NULL, DOCUMENTED, NULL, &made, &detail);
    case 4: return daxsign_sign_with(&signer, sent, NULL, DOCUMENTED, NULL, out, sizeof out, &len,
                                     &detail);
    case 5: return daxsign_signature_header_write(sent, NULL, raw, sizeof raw, out, sizeof out,
                                                  &len, &detail);
    case 6: return daxsign_signing_stream_start(&signing, sizeof signing, sent, NULL, NULL, 18,
                                                &detail);
    case 7: return daxsign_signature_header_find(sent, &header, &detail);
    case 8: return daxsign_verify(&public_key.public_key, sent, DOCUMENTED, NULL, &now, NULL, NULL,
                                  &detail);
    case 9: return daxsign_verifying_stream_start(&verifying, sizeof verifying,
                                                  &public_key.public_key, sent, DOCUMENTED, NULL,
                                                  &now, 18, &detail);
    default: return daxsign_explain(&public_key.public_key, sent, NULL, &explanation, &detail);
    }
}

static DaxsignStatus with_options(void *at, unsigned number)
{
    const DaxsignOptions *options = (const DaxsignOptions *)at;
    DaxsignExplanation explanation = DAXSIGN_EXPLANATION_INIT;
    DaxsignSigningStream signing;
    DaxsignVerifyingStream verifying;
    DaxsignDigest made;
    DaxsignSigner signer = DAXSIGN_SIGNER_INIT;
    char out[VALUE_CAP];
    signer.modulus_bits = 2048;
    signer.sign_digest = sign_with_ones;
    switch (number) {
    case 0: return daxsign_sign(&private_key.private_key, &request, NULL, DOCUMENTED, options, out,
                                sizeof out, &len, &detail);
    case 1: return daxsign_signing_string(&request, NULL, options, (uint8_t *)out, sizeof out, &len,
                                          &detail);
    case 2: return daxsign_signing_digest(&request, NULL, DOCUMENTED, options, &made, &detail);
    case 3: return daxsign_sign_with(&signer, &request, NULL, DOCUMENTED, options, out, sizeof out,
                                     &len, &detail);
    case 4: return daxsign_signing_stream_start(&signing, sizeof signing, &request, NULL, options,
                                                18, &detail);
    case 5: return daxsign_verify(&public_key.public_key, &request, DOCUMENTED, options, &now, NULL,
                                  NULL, &detail);
    case 6: return daxsign_verifying_stream_start(&verifying, sizeof verifying,
                                                  &public_key.public_key, &request, DOCUMENTED,
                                                  options, &now, 18, &detail);
    default: return daxsign_explain(&public_key.public_key, &request, options, &explanation,
                                    &detail);
    }
}

static DaxsignStatus with_detail(void *at, unsigned number)
{
    DaxsignDetail *own = (DaxsignDetail *)at;
    DaxsignTime time;
    char out[512];
    return number == 0   ? daxsign_date_parse("2020-05-17T12:44:30Z", 20, &time, own)
           : number == 1 ? daxsign_detail_message(own, out, sizeof out, &len)
                         : daxsign_enrolling_message(own, out, sizeof out, &len);
}

static DaxsignStatus with_certificate(void *at, unsigned number)
{
    (void)number;
    return daxsign_certificate_read(certificate.bytes, certificate.len, (DaxsignCertificate *)at,
                                    &detail);
}

static DaxsignStatus with_info(void *at, unsigned number)
{
    DaxsignKeyInfo *info = (DaxsignKeyInfo *)at;
    return number == 0 ? daxsign_public_key_info(&public_key.public_key, info, &detail)
                       : daxsign_key_identify(pem.bytes, pem.len, info, &detail);
}

static int32_t sign_again(void *context, const uint8_t *hash, uint8_t *signature, size_t length)
{
    DaxsignDigest of;
    size_t written;
    (void)context;
    memcpy(of.bytes, hash, sizeof of.bytes);
    return daxsign_sign_digest(&private_key.private_key, &of, signature, length, &written, NULL);
}

static DaxsignSigner signer_of_request(void)
{
    DaxsignSigner signer = DAXSIGN_SIGNER_INIT;
    signer.modulus_bits = 2048;
    signer.sign_digest = sign_again;
    signer.public_key = &public_key.public_key;
    return signer;
}

static DaxsignStatus with_names(void *at, unsigned number)
{
    const DaxsignSigner signer = signer_of_request();
    char out[DAXSIGN_REQUEST_LEN(4096)];
    return number == 0
               ? daxsign_write_certificate_request(&private_key.private_key, (DaxsignNames *)at,
                                                   DAXSIGN_KEY_ENCODING_DER, out, sizeof out, &len,
                                                   &detail)
               : daxsign_write_certificate_request_with(&signer, (DaxsignNames *)at,
                                                        DAXSIGN_KEY_ENCODING_PEM, out, sizeof out,
                                                        &len, &detail);
}

static DaxsignStatus with_enrolling_signer(void *at, unsigned number)
{
    char out[DAXSIGN_REQUEST_LEN(4096)];
    (void)number;
    return daxsign_write_certificate_request_with((const DaxsignSigner *)at, &names,
                                                  DAXSIGN_KEY_ENCODING_DER, out, sizeof out, &len,
                                                  &detail);
}

static DaxsignStatus with_signer(void *at, unsigned number)
{
    char out[VALUE_CAP];
    (void)number;
    return daxsign_sign_with((const DaxsignSigner *)at, &request, NULL, DOCUMENTED, NULL, out,
                             sizeof out, &len, &detail);
}

static DaxsignStatus with_header(void *at, unsigned number)
{
    DaxsignSignatureHeader *header = (DaxsignSignatureHeader *)at;
    uint8_t raw[256];
    return number == 0   ? daxsign_signature_header_find(&request, header, &detail)
           : number == 1 ? daxsign_signature_header_parse(value, strlen(value), header, &detail)
                         : daxsign_signature_header_decode(header, 2048, raw, sizeof raw, &len,
                                                           &detail);
}

static DaxsignStatus with_verified(void *at, unsigned number)
{
    DaxsignVerified *verified = (DaxsignVerified *)at;
    DaxsignVerifyingStream stream;
    DaxsignStatus status;
    if (number == 0) {
        return daxsign_verify(&public_key.public_key, &request, DOCUMENTED, NULL, &now, NULL,
                              verified, &detail);
    }
    EXPECT(DAXSIGN_OK, start_verifying(&stream, sizeof stream));
    status = daxsign_verifying_stream_finish(&stream, NULL, verified, &detail);
    EXPECT(DAXSIGN_OK, daxsign_verifying_stream_wipe(&stream));
    return status;
}

static DaxsignStatus with_explanation(void *at, unsigned number)
{
    DaxsignExplanation *explanation = (DaxsignExplanation *)at;
    char out[VALUE_CAP];
    switch (number) {
    case 0: return daxsign_explain(&public_key.public_key, &request, NULL, explanation, &detail);
    case 1: return daxsign_explanation_message(explanation, out, sizeof out, &len, &detail);
    default: return daxsign_explanation_string(explanation, &request, NULL, (uint8_t *)out,
                                               sizeof out, &len, &detail);
    }
}

static void structs_of_every_size(void)
{
    static const int CHANGES[] = { -1000, -8, -4, 0, 4, 8, 1000 };
    const DaxsignOptions options = DAXSIGN_OPTIONS_INIT;
    const DaxsignDetail none = DAXSIGN_DETAIL_INIT;
    const DaxsignKeyInfo info = DAXSIGN_KEY_INFO_INIT;
    DaxsignSigner signer = DAXSIGN_SIGNER_INIT;
    DaxsignSignatureHeader header = DAXSIGN_SIGNATURE_HEADER_INIT;
    const DaxsignVerified verified = DAXSIGN_VERIFIED_INIT;
    DaxsignExplanation explanation = DAXSIGN_EXPLANATION_INIT;
    DaxsignSigner of_request = signer_of_request();
    const DaxsignCertificate blank = DAXSIGN_CERTIFICATE_INIT;
    Sized table[11];
    size_t at, change;
    unsigned number;
    signer.modulus_bits = 2048;
    signer.sign_digest = sign_with_ones;
    EXPECT(DAXSIGN_OK, daxsign_signature_header_find(&request, &header, &detail));
    EXPECT(DAXSIGN_OK, daxsign_explain(&public_key.public_key, &request, NULL, &explanation,
                                       &detail));
#define ROW(index, object, function, count) \
    table[index].good = &(object); \
    table[index].size = sizeof(object); \
    table[index].call = (function); \
    table[index].calls = (count)
    ROW(0, request, with_request, 11);
    ROW(1, options, with_options, 8);
    ROW(2, none, with_detail, 3);
    ROW(3, info, with_info, 2);
    ROW(4, signer, with_signer, 1);
    ROW(5, header, with_header, 3);
    ROW(6, verified, with_verified, 2);
    ROW(7, explanation, with_explanation, 3);
    ROW(8, names, with_names, 2);
    ROW(9, of_request, with_enrolling_signer, 1);
    ROW(10, blank, with_certificate, 1);
    for (at = 0; at < sizeof table / sizeof table[0]; at++) {
        for (change = 0; change < sizeof CHANGES / sizeof CHANGES[0]; change++) {
            for (number = 0; number < table[at].calls; number++) {
                /* At least the size itself is there. */
                size_t told = CHANGES[change] == -1000 ? sizeof(uint32_t)
                                                       : table[at].size + (size_t)CHANGES[change];
                Fenced memory = fenced(told);
                uint32_t size = (uint32_t)told;
                int same_size = told == table[at].size;
                memcpy(memory.at, table[at].good, same_size || told > table[at].size ? table[at].size
                                                                                   : told);
                memcpy(memory.at, &size, sizeof size);
                CALL(same_size ? DAXSIGN_OK : DAXSIGN_ERR_ABI_MISMATCH,
                     table[at].call(memory.at, number));
                if (!same_size) {
                    CHECK(memcmp(memory.at + 4, (const char *)table[at].good + 4,
                                 (told < table[at].size ? told : table[at].size) - 4) == 0);
                }
                release(&memory);
            }
        }
    }
}

/* Outputs of every capacity around what is needed. */
static DaxsignStatus output(unsigned number, void *out, size_t capacity)
{
    const DaxsignBytes list = daxsign_text("(request-target) content-length date");
    DaxsignSignatureHeader header = DAXSIGN_SIGNATURE_HEADER_INIT;
    DaxsignExplanation explanation = DAXSIGN_EXPLANATION_INIT;
    DaxsignSigner signer = DAXSIGN_SIGNER_INIT;
    const DaxsignSigner of_request = signer_of_request();
    static uint8_t raw[256];
    signer.modulus_bits = 2048;
    signer.sign_digest = sign_with_ones;
    raw[0] = 1;
    EXPECT(DAXSIGN_OK, daxsign_signature_header_find(&request, &header, NULL));
    EXPECT(DAXSIGN_OK, daxsign_explain(&public_key.public_key, &request, NULL, &explanation, NULL));
    switch (number) {
    case 0: return daxsign_date_format(&now, (char *)out, capacity, &len, &detail);
    case 1: return daxsign_public_key_modulus(&public_key.public_key, (uint8_t *)out, capacity,
                                              &len, &detail);
    case 2: return daxsign_signing_string(&request, NULL, NULL, (uint8_t *)out, capacity, &len,
                                          &detail);
    case 3: return daxsign_component_list(&request, &list, (char *)out, capacity, &len, &detail);
    case 4: return daxsign_sign(&private_key.private_key, &request, NULL, DOCUMENTED, NULL,
                                (char *)out, capacity, &len, &detail);
    case 5: return daxsign_sign_with(&signer, &request, NULL, DOCUMENTED, NULL, (char *)out,
                                     capacity, &len, &detail);
    case 6: return daxsign_sign_digest(&private_key.private_key, &digest, (uint8_t *)out, capacity,
                                       &len, &detail);
    case 7: return daxsign_sign_batch(&private_key.private_key, &digest, 1, (uint8_t *)out,
                                      capacity, &len, &detail);
    case 8: return daxsign_sign_digest_with_progress(&private_key.private_key, &digest, progress,
                                                     NULL, (uint8_t *)out, capacity, &len, &detail);
    case 9: return daxsign_signature_header_write(&request, NULL, raw, sizeof raw, (char *)out,
                                                  capacity, &len, &detail);
    case 10: return daxsign_signature_header_decode(&header, 2048, (uint8_t *)out, capacity, &len,
                                                    &detail);
    case 11: return daxsign_explanation_message(&explanation, (char *)out, capacity, &len, &detail);
    case 12: return daxsign_explanation_string(&explanation, &request, NULL, (uint8_t *)out,
                                               capacity, &len, &detail);
    case 13: return daxsign_write_private_key(&private_key.private_key,
                                              DAXSIGN_KEY_KIND_PKCS1_PRIVATE,
                                              DAXSIGN_KEY_ENCODING_DER, out, capacity, &len, &detail);
    case 14: return daxsign_write_private_key(&private_key.private_key,
                                              DAXSIGN_KEY_KIND_PKCS8_PRIVATE,
                                              DAXSIGN_KEY_ENCODING_PEM, out, capacity, &len, &detail);
    case 15: return daxsign_write_certificate_request(&private_key.private_key, &names,
                                                      DAXSIGN_KEY_ENCODING_PEM, out, capacity, &len,
                                                      &detail);
    case 16: return daxsign_write_certificate_request_with(&of_request, &names,
                                                           DAXSIGN_KEY_ENCODING_DER, out, capacity,
                                                           &len, &detail);
    case 17: {
        DaxsignDetail about = DAXSIGN_DETAIL_INIT;
        about.status = DAXSIGN_ERR_NO_PRIME;
        return daxsign_enrolling_message(&about, (char *)out, capacity, &len);
    }
    default: {
        DaxsignDetail about = DAXSIGN_DETAIL_INIT;
        about.status = DAXSIGN_ERR_REPLAYED;
        return daxsign_detail_message(&about, (char *)out, capacity, &len);
    }
    }
}

static void outputs_of_every_capacity(void)
{
    unsigned number;
    for (number = 0; number < 19; number++) {
        size_t needed, capacity, step;
        EXPECT(DAXSIGN_ERR_BUFFER_TOO_SMALL, output(number, NULL, 0));
        needed = len;
        CHECK(needed > 8 && needed < 4096);
        for (step = 0; step < 6; step++) {
            const size_t CAPACITIES[6] = { 1, needed / 2, needed - 1, needed, needed + 1,
                                           needed + 100 };
            Fenced memory;
            capacity = CAPACITIES[step];
            memory = fenced(capacity);
            CALL(capacity < needed ? DAXSIGN_ERR_BUFFER_TOO_SMALL : DAXSIGN_OK,
                 output(number, memory.at, capacity));
            CHECK(len == needed);
            CHECK(capacity >= needed || all(memory.at, capacity, 0));
            release(&memory);
        }
    }
    for (number = 0; number < 64; number++) {
        Fenced memory = fenced(number);
        CALL(DAXSIGN_OK, daxsign_wipe(memory.at, number));
        CHECK(all(memory.at, number, 0));
        release(&memory);
    }
}

int main(int count, char **arguments)
{
    CHECK(count == 2);
    key_folder = arguments[1];
    prepare();
    storage_of_every_size();
    neighbours();
    neighbours_of_other_sizes();
    entries_of_a_guard();
    structs_of_every_size();
    outputs_of_every_capacity();
    EXPECT(DAXSIGN_OK, daxsign_private_key_wipe(&private_key.private_key));
    printf("%u calls, storage for %d bits, library for %u\n", calls, DAXSIGN_MAX_MODULUS_BITS,
           (unsigned)daxsign_max_modulus_bits());
    return 0;
}
