/* What is left out, and bodies in pieces: nothing that is NULL switches a check off that was not asked
 * to be off, and a stream judges as one call does. Each row names the fault that it looks for. */
#include "check.h"

#define DOCUMENTED DAXSIGN_PROFILE_DOCUMENTED
#define BODY_LEN 18

static const char BODY[] = "{\"hello\": \"world\"}";
static DaxsignPrivateKey key;
static DaxsignPublicKey public_key;
static DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
static const DaxsignTime now = { 1589719470, 0 };
static DaxsignField fields[5];
static DaxsignRequest unsigned_request = DAXSIGN_REQUEST_INIT;
static DaxsignRequest sent = DAXSIGN_REQUEST_INIT;
static char value[VALUE_CAP];
static size_t len;
static DaxsignReplayEntry entries[4];
static DaxsignReplayGuard guard;
static size_t remembered;

/* Signs with a list and options; `sent` has the field then. */
static void sign_with(const char *list, uint32_t profile, const DaxsignOptions *options)
{
    DaxsignBytes names = daxsign_text(list);
    sent = unsigned_request;
    EXPECT(DAXSIGN_OK, daxsign_sign(&key, &sent, list == NULL ? NULL : &names, profile, options,
                                    value, sizeof value, &len, &detail));
    fields[4] = field("Signature", value);
    sent.field_count = 5;
}

static void prepare(void)
{
    load_private_key("rsa2048.pkcs8.der", &key);
    EXPECT(DAXSIGN_OK, daxsign_private_key_public(&key, &public_key, sizeof public_key, &detail));
    fields[0] = field("Host", "dax.amido.se");
    fields[1] = field("Content-Type", "text/plain");
    fields[2] = field("Content-Length", "18");
    fields[3] = field("Date", "2020-05-17T14:44:30+02:00");
    unsigned_request.method = daxsign_text("POST");
    unsigned_request.target = daxsign_text("/api/v2/DaxEndPoint?limit=5");
    unsigned_request.fields = fields;
    unsigned_request.field_count = 4;
    unsigned_request.body = daxsign_text(BODY);
}

/* Before each row. */
static void reset(void)
{
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_start(&guard, sizeof guard, entries, 4, &detail));
    sign_with(NULL, DOCUMENTED, NULL);
}

static size_t count(void)
{
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_count(&guard, &remembered, NULL));
    return remembered;
}

/* How a request is judged: in one call, or in pieces of any size. */
enum { WHOLE, PIECES };

static DaxsignStatus judge(int way, uint32_t profile, const DaxsignOptions *options,
                           const DaxsignTime *clock, DaxsignReplayGuard *with,
                           DaxsignVerified *verified, DaxsignDetail *told)
{
    DaxsignVerifyingStream stream;
    DaxsignRequest head = sent;
    DaxsignStatus status;
    size_t at;
    if (way == WHOLE) {
        return daxsign_verify(&public_key, &sent, profile, options, clock, with, verified, told);
    }
    memset(&stream, 0, sizeof stream);
    head.body = daxsign_bytes(sent.body.data, 5);
    status = daxsign_verifying_stream_start(&stream, sizeof stream, &public_key, &head, profile,
                                            options, clock, DAXSIGN_UNKNOWN_LENGTH, told);
    for (at = 5; status == DAXSIGN_OK && at < sent.body.len; at++) {
        status = daxsign_verifying_stream_update(&stream, (const char *)sent.body.data + at, 1,
                                                 told);
    }
    if (status == DAXSIGN_OK) {
        status = daxsign_verifying_stream_finish(&stream, with, verified, told);
    }
    CHECK(all(&stream, sizeof stream, 0));
    return status;
}

#define JUDGED(expected, way, options, clock, with, verified) \
    EXPECT(expected, judge(way, DOCUMENTED, options, clock, with, verified, &detail))

static DaxsignStatus begin(DaxsignVerifyingStream *stream, const DaxsignOptions *options,
                           uint64_t body_len)
{
    DaxsignRequest head = sent;
    head.body = daxsign_bytes(NULL, 0);
    return daxsign_verifying_stream_start(stream, sizeof *stream, &public_key, &head, DOCUMENTED,
                                          options, &now, body_len, &detail);
}

/* A guard, or its entries, where each input lies. */
static void overlapping(int is_guard)
{
    static union {
        DaxsignReplayGuard guard;
        DaxsignReplayEntry entries[4];
        DaxsignTime time;
        DaxsignPublicKey key;
        char text[sizeof(DaxsignPublicKey)];
    } one;
    DaxsignReplayGuard own;
    DaxsignReplayGuard *with = is_guard ? &one.guard : &own;
    DaxsignRequest inside;
    DaxsignField moved[5];
    int part;
    for (part = 0; part < 7; part++) {
        const DaxsignTime *clock = &now;
        const DaxsignPublicKey *loaded = &public_key;
        DaxsignBytes place = daxsign_bytes(&one, 8);
        EXPECT(DAXSIGN_OK, daxsign_replay_guard_start(with, sizeof guard,
                                                      is_guard ? entries : one.entries, 4,
                                                      &detail));
        inside = sent;
        memcpy(moved, fields, sizeof moved);
        inside.fields = moved;
        switch (part) {
        case 0: inside.method = place; break;
        case 1: inside.target = place; break;
        case 2: inside.body = place; break;
        case 3: moved[1].name = place; break;
        case 4: moved[1].value = place; break;
        case 5: clock = &one.time; break;
        default: loaded = &one.key; break;
        }
        if (part == 6 && is_guard) {
            /* What is a guard is no key; its start is refused as that. */
            continue;
        }
        EXPECT(DAXSIGN_ERR_OVERLAP, daxsign_verify(loaded, &inside, DOCUMENTED, NULL, clock, with,
                                                   NULL, &detail));
        EXPECT(DAXSIGN_OK, daxsign_replay_guard_count(with, &remembered, NULL));
        CHECK(remembered == 0);
    }
}

static void guard_over_inputs(void) { overlapping(1); }

static void entries_over_inputs(void) { overlapping(0); }

static void guard_over_the_stream(void)
{
    static union {
        DaxsignVerifyingStream stream;
        DaxsignReplayEntry entries[4];
    } one;
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_start(&guard, sizeof guard, one.entries, 4, &detail));
    EXPECT(DAXSIGN_OK, begin(&one.stream, NULL, BODY_LEN));
    EXPECT(DAXSIGN_OK, daxsign_verifying_stream_update(&one.stream, BODY, BODY_LEN, &detail));
    EXPECT(DAXSIGN_ERR_OVERLAP,
           daxsign_verifying_stream_finish(&one.stream, &guard, NULL, &detail));
    EXPECT(DAXSIGN_OK, daxsign_verifying_stream_finish(&one.stream, NULL, NULL, &detail));
}

/* Accepted once, whatever else is wanted. */
static void once(int way, int wants_verified, DaxsignDetail *told)
{
    DaxsignVerified verified = DAXSIGN_VERIFIED_INIT;
    DaxsignVerified *result = wants_verified ? &verified : NULL;
    EXPECT(DAXSIGN_OK, judge(way, DOCUMENTED, NULL, &now, &guard, result, told));
    CHECK(count() == 1);
    EXPECT(DAXSIGN_ERR_REPLAYED, judge(way, DOCUMENTED, NULL, &now, &guard, result, told));
    EXPECT(DAXSIGN_ERR_REPLAYED, judge(!way, DOCUMENTED, NULL, &now, &guard, result, told));
    CHECK(count() == 1);
    EXPECT(DAXSIGN_OK, judge(way, DOCUMENTED, NULL, &now, NULL, result, told));
}

static void verify_guards_without_verified(void) { once(WHOLE, 0, &detail); }

static void verify_guards_with_verified(void) { once(WHOLE, 1, &detail); }

static void finish_guards_without_verified(void) { once(PIECES, 0, &detail); }

static void finish_guards_with_verified(void) { once(PIECES, 1, &detail); }

static void verify_guards_without_detail(void) { once(WHOLE, 0, NULL); }

static void finish_guards_without_detail(void) { once(PIECES, 0, NULL); }

static void full_guard_refuses_streams(void)
{
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_start(&guard, sizeof guard, NULL, 0, &detail));
    JUDGED(DAXSIGN_ERR_REPLAY_GUARD_FULL, WHOLE, NULL, &now, &guard, NULL);
    JUDGED(DAXSIGN_ERR_REPLAY_GUARD_FULL, PIECES, NULL, &now, &guard, NULL);
}

/* Both ways at every date around the window. */
static void windows(const DaxsignOptions *options, int64_t window)
{
    int way;
    for (way = WHOLE; way <= PIECES; way++) {
        DaxsignTime clock = now;
        clock.seconds = now.seconds + window;
        JUDGED(DAXSIGN_OK, way, options, &clock, NULL, NULL);
        clock.seconds++;
        JUDGED(DAXSIGN_ERR_STALE_DATE, way, options, &clock, NULL, NULL);
        clock.seconds = now.seconds - window;
        JUDGED(DAXSIGN_OK, way, options, &clock, NULL, NULL);
        clock.seconds--;
        JUDGED(DAXSIGN_ERR_FUTURE_DATE, way, options, &clock, NULL, NULL);
    }
}

static void null_options_have_a_window(void) { windows(NULL, DAXSIGN_DEFAULT_WINDOW); }

static void init_has_the_same_window(void)
{
    const DaxsignOptions options = DAXSIGN_OPTIONS_INIT;
    windows(&options, DAXSIGN_DEFAULT_WINDOW);
}

static void window_of_options(void)
{
    DaxsignOptions options = DAXSIGN_OPTIONS_INIT;
    options.window = 10;
    windows(&options, 10);
    options.window = 0;
    windows(&options, 0);
}

/* A list that does not bind the body. */
static void policies(const DaxsignOptions *options, int32_t expected)
{
    sign_with("(request-target) host date", DOCUMENTED, NULL);
    JUDGED(expected, WHOLE, options, &now, NULL, NULL);
    JUDGED(expected, PIECES, options, &now, NULL, NULL);
    sign_with("(request-target) date content-length", DOCUMENTED, NULL);
    JUDGED(expected, WHOLE, options, &now, NULL, NULL);
    JUDGED(expected, PIECES, options, &now, NULL, NULL);
}

static void null_options_are_strict(void) { policies(NULL, DAXSIGN_ERR_UNBOUND_BODY); }

static void policy_of_options(void)
{
    DaxsignOptions options = DAXSIGN_OPTIONS_INIT;
    policies(&options, DAXSIGN_ERR_UNBOUND_BODY);
    options.policy = DAXSIGN_POLICY_INTEROP;
    policies(&options, DAXSIGN_OK);
}

static void target_of_options(void)
{
    DaxsignOptions full = DAXSIGN_OPTIONS_INIT;
    int way;
    full.target_form = DAXSIGN_TARGET_FORM_FULL;
    for (way = WHOLE; way <= PIECES; way++) {
        sign_with(NULL, DOCUMENTED, NULL);
        JUDGED(DAXSIGN_OK, way, NULL, &now, NULL, NULL);
        JUDGED(DAXSIGN_ERR_SIGNATURE_MISMATCH, way, &full, &now, NULL, NULL);
        sign_with(NULL, DOCUMENTED, &full);
        JUDGED(DAXSIGN_OK, way, &full, &now, NULL, NULL);
        JUDGED(DAXSIGN_ERR_SIGNATURE_MISMATCH, way, NULL, &now, NULL, NULL);
    }
}

static void content_of_options(void)
{
    DaxsignOptions rest = DAXSIGN_OPTIONS_INIT;
    DaxsignSigningStream stream;
    rest.content = DAXSIGN_CONTENT_REST;
    JUDGED(DAXSIGN_ERR_INVALID_CONTENT_TYPE, WHOLE, &rest, &now, NULL, NULL);
    JUDGED(DAXSIGN_ERR_INVALID_CONTENT_TYPE, PIECES, &rest, &now, NULL, NULL);
    EXPECT(DAXSIGN_ERR_INVALID_CONTENT_TYPE,
           daxsign_signing_stream_start(&stream, sizeof stream, &unsigned_request, NULL, &rest,
                                        BODY_LEN, &detail));
}

static void profile_of_the_stream(void)
{
    sign_with(NULL, DAXSIGN_PROFILE_VENDOR_SDK, NULL);
    EXPECT(DAXSIGN_OK, judge(PIECES, DAXSIGN_PROFILE_VENDOR_SDK, NULL, &now, NULL, NULL, NULL));
    JUDGED(DAXSIGN_ERR_SIGNATURE_MISMATCH, PIECES, NULL, &now, NULL, NULL);
    sign_with(NULL, DOCUMENTED, NULL);
    EXPECT(DAXSIGN_ERR_SIGNATURE_MISMATCH,
           judge(PIECES, DAXSIGN_PROFILE_VENDOR_SDK, NULL, &now, NULL, NULL, NULL));
}

/* The digest of a stream is that of one call, for every list, form of the target and profile. */
static void digests_of_streams(void)
{
    static const char *const LISTS[3] = { NULL, "(request-target) content-length date",
                                          "(request-target) date" };
    unsigned list, form;
    uint32_t profile;
    for (list = 0; list < 3; list++) {
        for (form = 0; form < 3; form++) {
            for (profile = 1; profile <= 2; profile++) {
                DaxsignOptions options = DAXSIGN_OPTIONS_INIT;
                const DaxsignOptions *chosen = form == 0 ? NULL : &options;
                DaxsignBytes names = daxsign_text(LISTS[list]);
                const DaxsignBytes *listed = LISTS[list] == NULL ? NULL : &names;
                DaxsignDigest whole, pieces;
                DaxsignSigningStream stream;
                DaxsignRequest head = unsigned_request;
                options.target_form = form == 2;
                head.body.len = 7;
                EXPECT(DAXSIGN_OK, daxsign_signing_digest(&unsigned_request, listed, profile,
                                                          chosen, &whole, &detail));
                EXPECT(DAXSIGN_OK, daxsign_signing_stream_start(&stream, sizeof stream, &head,
                                                                listed, chosen, BODY_LEN, NULL));
                EXPECT(DAXSIGN_OK, daxsign_signing_stream_update(&stream, BODY + 7, 11, NULL));
                EXPECT(DAXSIGN_OK, daxsign_signing_stream_finish(&stream, profile, &pieces, NULL));
                CHECK(memcmp(&whole, &pieces, sizeof whole) == 0);
            }
        }
    }
}

/* The length that was announced counts where the request has no field for it. */
static void announced_length(void)
{
    DaxsignRequest head = unsigned_request;
    DaxsignField few[2];
    DaxsignSigningStream stream;
    DaxsignDigest digest;
    DaxsignBytes list = daxsign_text("(request-target) date");
    few[0] = fields[0];
    few[1] = fields[3];
    head.fields = few;
    head.field_count = 2;
    head.body.len = 0;
    EXPECT(DAXSIGN_OK, daxsign_signing_stream_start(&stream, sizeof stream, &head, &list, NULL, 5,
                                                    &detail));
    EXPECT(DAXSIGN_OK, daxsign_signing_stream_update(&stream, BODY, 4, &detail));
    EXPECT(DAXSIGN_ERR_CONTENT_LENGTH_MISMATCH,
           daxsign_signing_stream_finish(&stream, DOCUMENTED, &digest, &detail));
    EXPECT(DAXSIGN_OK, daxsign_signing_stream_start(&stream, sizeof stream, &head, &list, NULL, 5,
                                                    &detail));
    EXPECT(DAXSIGN_ERR_CONTENT_LENGTH_MISMATCH,
           daxsign_signing_stream_update(&stream, BODY, 6, &detail));
    /* Against the field, when verifying too. */
    {
        DaxsignVerifyingStream verifying;
        EXPECT(DAXSIGN_ERR_CONTENT_LENGTH_MISMATCH, begin(&verifying, NULL, BODY_LEN + 1));
        EXPECT(DAXSIGN_ERR_CONTENT_LENGTH_MISMATCH, begin(&verifying, NULL, 0));
    }
}

/* A verdict is given once. */
static void finishing_twice(void)
{
    DaxsignVerifyingStream stream;
    EXPECT(DAXSIGN_OK, begin(&stream, NULL, BODY_LEN));
    EXPECT(DAXSIGN_OK, daxsign_verifying_stream_update(&stream, BODY, BODY_LEN, &detail));
    EXPECT(DAXSIGN_OK, daxsign_verifying_stream_finish(&stream, NULL, NULL, &detail));
    EXPECT(DAXSIGN_ERR_NOT_INITIALISED,
           daxsign_verifying_stream_finish(&stream, NULL, NULL, &detail));
}

/* A byte order mark, whole and in pieces, and a byte too many: nothing that follows is accepted. */
static void refused_streams(void)
{
    static const struct {
        const char *piece;
        size_t len;
        int32_t status;
    } REFUSED[3] = { { "\xef\xbb\xbf", 3, DAXSIGN_ERR_INVALID_BODY },
                     { "\xef\xbb\xbf{\"hello\": \"wor", 18, DAXSIGN_ERR_INVALID_BODY },
                     { "{\"hello\": \"world\"} ", 19, DAXSIGN_ERR_CONTENT_LENGTH_MISMATCH } };
    size_t row, first;
    for (row = 0; row < 3; row++) {
        for (first = 0; first < 3; first++) {
            DaxsignVerifyingStream verifying;
            DaxsignSigningStream signing;
            DaxsignVerified verified = DAXSIGN_VERIFIED_INIT;
            DaxsignDigest digest;
            EXPECT(DAXSIGN_OK, begin(&verifying, NULL, BODY_LEN));
            EXPECT(DAXSIGN_OK, daxsign_verifying_stream_update(&verifying, REFUSED[row].piece,
                                                               first, &detail));
            EXPECT(REFUSED[row].status,
                   daxsign_verifying_stream_update(&verifying, REFUSED[row].piece + first,
                                                   REFUSED[row].len - first, &detail));
            CHECK(daxsign_verifying_stream_update(&verifying, NULL, 0, NULL) != DAXSIGN_OK);
            CHECK(daxsign_verifying_stream_update(&verifying, BODY, BODY_LEN, NULL) != DAXSIGN_OK);
            CHECK(daxsign_verifying_stream_finish(&verifying, &guard, &verified, NULL)
                  != DAXSIGN_OK);
            CHECK(daxsign_verifying_stream_finish(&verifying, NULL, NULL, NULL) != DAXSIGN_OK);
            CHECK(count() == 0 && verified.components.data == NULL);
            sent.body.len = 0;
            EXPECT(DAXSIGN_OK, daxsign_signing_stream_start(&signing, sizeof signing, &sent, NULL,
                                                            NULL, BODY_LEN, &detail));
            sent.body.len = BODY_LEN;
            EXPECT(DAXSIGN_OK, daxsign_signing_stream_update(&signing, REFUSED[row].piece, first,
                                                             &detail));
            EXPECT(REFUSED[row].status,
                   daxsign_signing_stream_update(&signing, REFUSED[row].piece + first,
                                                 REFUSED[row].len - first, &detail));
            CHECK(daxsign_signing_stream_update(&signing, NULL, 0, NULL) != DAXSIGN_OK);
            CHECK(daxsign_signing_stream_update(&signing, BODY, BODY_LEN, NULL) != DAXSIGN_OK);
            memset(&digest, 7, sizeof digest);
            CHECK(daxsign_signing_stream_finish(&signing, DOCUMENTED, &digest, NULL) != DAXSIGN_OK);
            CHECK(all(&digest, sizeof digest, 0));
        }
    }
}

/* A start that is refused leaves nothing of the stream that was there. */
static void refused_start(void)
{
    DaxsignVerifyingStream verifying;
    DaxsignSigningStream signing;
    DaxsignDigest digest;
    DaxsignRequest bad = sent;
    bad.target = daxsign_text("no target");
    EXPECT(DAXSIGN_OK, begin(&verifying, NULL, BODY_LEN));
    EXPECT(DAXSIGN_OK, daxsign_verifying_stream_update(&verifying, BODY, BODY_LEN, &detail));
    EXPECT(DAXSIGN_ERR_INVALID_TARGET,
           daxsign_verifying_stream_start(&verifying, sizeof verifying, &public_key, &bad,
                                          DOCUMENTED, NULL, &now, BODY_LEN, &detail));
    EXPECT(DAXSIGN_ERR_NOT_INITIALISED,
           daxsign_verifying_stream_finish(&verifying, NULL, NULL, &detail));
    EXPECT(DAXSIGN_OK, daxsign_signing_stream_start(&signing, sizeof signing, &sent, NULL, NULL,
                                                    BODY_LEN, &detail));
    EXPECT(DAXSIGN_ERR_INVALID_TARGET,
           daxsign_signing_stream_start(&signing, sizeof signing, &bad, NULL, NULL, BODY_LEN,
                                        &detail));
    EXPECT(DAXSIGN_ERR_NOT_INITIALISED,
           daxsign_signing_stream_finish(&signing, DOCUMENTED, &digest, &detail));
}

/* What is verified is told alike, and not at all after a refusal. */
static void results_of_streams(void)
{
    DaxsignVerified whole = DAXSIGN_VERIFIED_INIT, pieces = DAXSIGN_VERIFIED_INIT;
    DaxsignVerified none = DAXSIGN_VERIFIED_INIT;
    JUDGED(DAXSIGN_OK, WHOLE, NULL, &now, NULL, &whole);
    JUDGED(DAXSIGN_OK, PIECES, NULL, &now, NULL, &pieces);
    CHECK(whole.date.seconds == pieces.date.seconds && whole.date.seconds == now.seconds);
    CHECK(same(whole.components, pieces.components.data, pieces.components.len));
    CHECK(memcmp(whole.string_hash, pieces.string_hash, sizeof whole.string_hash) == 0);
    sent.body = daxsign_text("{\"hello\": \"wOrld\"}");
    JUDGED(DAXSIGN_ERR_SIGNATURE_MISMATCH, WHOLE, NULL, &now, &guard, &none);
    JUDGED(DAXSIGN_ERR_SIGNATURE_MISMATCH, PIECES, NULL, &now, &guard, &none);
    CHECK(none.struct_size == sizeof none && none.date.seconds == 0 && none.components.data == NULL);
    CHECK(all(none.string_hash, sizeof none.string_hash, 0) && count() == 0);
}

/* A guard in which nothing was started is no guard that is left out. */
static void blank_guard(void)
{
    DaxsignReplayGuard blank;
    DaxsignVerifyingStream stream;
    memset(&blank, 0, sizeof blank);
    JUDGED(DAXSIGN_ERR_NOT_INITIALISED, WHOLE, NULL, &now, &blank, NULL);
    EXPECT(DAXSIGN_OK, begin(&stream, NULL, BODY_LEN));
    EXPECT(DAXSIGN_OK, daxsign_verifying_stream_update(&stream, BODY, BODY_LEN, &detail));
    EXPECT(DAXSIGN_ERR_NOT_INITIALISED,
           daxsign_verifying_stream_finish(&stream, &blank, NULL, &detail));
    /* The arguments were refused, not the request. */
    EXPECT(DAXSIGN_OK, daxsign_verifying_stream_finish(&stream, &guard, NULL, &detail));
    CHECK(count() == 1);
}

static void explanations_have_options(void)
{
    DaxsignOptions full = DAXSIGN_OPTIONS_INIT;
    DaxsignExplanation found = DAXSIGN_EXPLANATION_INIT;
    full.target_form = DAXSIGN_TARGET_FORM_FULL;
    sign_with(NULL, DOCUMENTED, &full);
    EXPECT(DAXSIGN_OK, daxsign_explain(&public_key, &sent, NULL, &found, &detail));
    CHECK(found.finding == DAXSIGN_FINDING_MISTAKE);
    EXPECT(DAXSIGN_OK, daxsign_explain(&public_key, &sent, &full, &found, &detail));
    CHECK(found.finding == DAXSIGN_FINDING_VERIFIES);
}

/* What is told where a check does not hold. */
static const char *looked_for;

static void tell(void)
{
    if (looked_for != NULL) {
        fprintf(stderr, "found: %s\n", looked_for);
    }
}

typedef struct Row {
    const char *fault;
    void (*look)(void);
} Row;

static const Row ROWS[] = {
    { "a guard may lie where the request, the clock or the key does", guard_over_inputs },
    { "a guard's entries may lie where the request, the clock or the key does",
      entries_over_inputs },
    { "a guard's entries may lie where the stream does", guard_over_the_stream },
    { "verify leaves the guard out where verified is NULL", verify_guards_without_verified },
    { "verify leaves the guard out where verified is wanted", verify_guards_with_verified },
    { "finish leaves the guard out where verified is NULL", finish_guards_without_verified },
    { "finish leaves the guard out where verified is wanted", finish_guards_with_verified },
    { "verify leaves the guard out where detail is NULL", verify_guards_without_detail },
    { "finish leaves the guard out where detail is NULL", finish_guards_without_detail },
    { "a full guard lets streams pass", full_guard_refuses_streams },
    { "NULL options have another window than 300 s, or none", null_options_have_a_window },
    { "DAXSIGN_OPTIONS_INIT is not what NULL is", init_has_the_same_window },
    { "a stream has the default window, whatever its options say", window_of_options },
    { "NULL options accept bodies that are not bound", null_options_are_strict },
    { "a stream has the default policy, whatever its options say", policy_of_options },
    { "a stream signs or verifies another form of the target", target_of_options },
    { "a stream takes any Content-Type, whatever its options say", content_of_options },
    { "a stream has one profile", profile_of_the_stream },
    { "a signing stream has the default list, options or profile", digests_of_streams },
    { "a stream takes any length, whatever was announced", announced_length },
    { "a verdict can be had twice", finishing_twice },
    { "a stream that refused goes on", refused_streams },
    { "a refused start leaves the stream before it", refused_start },
    { "a stream tells another result, or one after a refusal", results_of_streams },
    { "a guard that was never started counts as none", blank_guard },
    { "an explanation has the default options", explanations_have_options },
};

int main(int arguments_count, char **arguments)
{
    size_t at;
    CHECK(arguments_count == 2);
    key_folder = arguments[1];
    CHECK(atexit(tell) == 0);
    prepare();
    for (at = 0; at < sizeof ROWS / sizeof ROWS[0]; at++) {
        reset();
        looked_for = ROWS[at].fault;
        ROWS[at].look();
    }
    looked_for = NULL;
    printf("%u faults looked for\n", (unsigned)at);
    return 0;
}
