/* Bodies in pieces, signers elsewhere, replay, windows, dates, keys, and the explanation. */
#include "check.h"

static DaxsignPrivateKey key;
static DaxsignPublicKey public_key;
static DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
static DaxsignField fields[5];
static DaxsignRequest request = DAXSIGN_REQUEST_INIT;
static const DaxsignTime now = { 1589719470, 0 };
static const char BODY[] = "{\"hello\": \"world\"}";
static char whole[VALUE_CAP], value[VALUE_CAP];
static size_t whole_len, len;

#define BODY_LEN (sizeof BODY - 1)
#define DOCUMENTED DAXSIGN_PROFILE_DOCUMENTED

static void prepare(void)
{
    load_private_key("rsa2048.pkcs8.der", &key);
    EXPECT(DAXSIGN_OK, daxsign_private_key_public(&key, &public_key, sizeof public_key, &detail));
    fill_request(fields, &request);
    request.target = daxsign_text("/api/v2/DaxEndPoint?limit=5");
    request.body = daxsign_text(BODY);
    EXPECT(DAXSIGN_OK, daxsign_sign(&key, &request, NULL, DOCUMENTED, NULL, whole, sizeof whole,
                                    &whole_len, &detail));
    fields[3] = field("Signature", whole);
}

/* Signed in pieces of every size, the first of them in the request or not, makes the same field. */
static void signing_in_pieces(void)
{
    size_t piece, first;
    for (piece = 1; piece <= BODY_LEN; piece++) {
        for (first = 0; first <= piece; first += piece) {
            DaxsignSigningStream stream;
            DaxsignRequest head = request;
            DaxsignDigest digest;
            uint8_t signature[256];
            size_t at = first, signature_len;
            uint64_t known = piece % 2 ? BODY_LEN : DAXSIGN_UNKNOWN_LENGTH;
            /* What is in it beforehand does not matter; bytes beyond what is used stay. */
            memset(&stream, piece == 1 ? 'x' : 0, sizeof stream);
            head.body = daxsign_bytes(BODY, first);
            EXPECT(DAXSIGN_OK, daxsign_signing_stream_start(&stream, sizeof stream, &head, NULL,
                                                            NULL, known, &detail));
            for (; at < BODY_LEN; at += piece) {
                size_t left = BODY_LEN - at < piece ? BODY_LEN - at : piece;
                EXPECT(DAXSIGN_OK,
                       daxsign_signing_stream_update(&stream, BODY + at, left, &detail));
            }
            EXPECT(DAXSIGN_OK,
                   daxsign_signing_stream_finish(&stream, DOCUMENTED, &digest, &detail));
            CHECK(piece == 1 || all(&stream, sizeof stream, 0));
            EXPECT(DAXSIGN_OK, daxsign_sign_digest(&key, &digest, signature, sizeof signature,
                                                   &signature_len, &detail));
            EXPECT(DAXSIGN_OK, daxsign_signature_header_write(&request, NULL, signature,
                                                              signature_len, value, sizeof value,
                                                              &len, &detail));
            CHECK(len == whole_len && memcmp(value, whole, len) == 0);
        }
    }
}

/* A body of another length than it was announced with is not signed. */
static void another_length(void)
{
    DaxsignSigningStream stream;
    DaxsignRequest head = request;
    DaxsignDigest digest;
    DaxsignStatus status;
    memset(&stream, 0, sizeof stream);
    head.body = daxsign_bytes(BODY, BODY_LEN);
    status = daxsign_signing_stream_start(&stream, sizeof stream, &head, NULL, NULL, BODY_LEN + 1,
                                          &detail);
    if (status == DAXSIGN_OK) {
        status = daxsign_signing_stream_finish(&stream, DOCUMENTED, &digest, &detail);
    }
    CHECK(status == DAXSIGN_ERR_CONTENT_LENGTH_MISMATCH);
}

static DaxsignStatus verify_in_pieces(const char *body, size_t body_len, DaxsignReplayGuard *guard,
                                      DaxsignVerified *verified)
{
    DaxsignVerifyingStream stream;
    DaxsignRequest head = request;
    DaxsignStatus status;
    memset(&stream, 0, sizeof stream);
    head.field_count = 4;
    head.body = daxsign_bytes(NULL, 0);
    EXPECT(DAXSIGN_OK, daxsign_verifying_stream_start(&stream, sizeof stream, &public_key, &head,
                                                      DOCUMENTED, NULL, &now,
                                                      DAXSIGN_UNKNOWN_LENGTH, &detail));
    status = daxsign_verifying_stream_update(&stream, body, body_len / 2, &detail);
    if (status == DAXSIGN_OK) {
        status = daxsign_verifying_stream_update(&stream, body + body_len / 2,
                                                 body_len - body_len / 2, &detail);
    }
    if (status == DAXSIGN_OK) {
        status = daxsign_verifying_stream_finish(&stream, guard, verified, &detail);
    }
    CHECK(all(&stream, sizeof stream, 0));
    return status;
}

static void verifying_in_pieces(void)
{
    DaxsignVerified verified = DAXSIGN_VERIFIED_INIT;
    DaxsignReplayGuard guard;
    DaxsignReplayEntry entries[2];
    size_t count;
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_start(&guard, sizeof guard, entries, 2, &detail));
    EXPECT(DAXSIGN_ERR_SIGNATURE_MISMATCH,
           verify_in_pieces("{\"hello\": \"wOrld\"}", BODY_LEN, &guard, &verified));
    CHECK(verified.components.data == NULL);
    EXPECT(DAXSIGN_ERR_CONTENT_LENGTH_MISMATCH,
           verify_in_pieces("{\"hello\": \"world\"} ", BODY_LEN + 1, &guard, &verified));
    EXPECT(DAXSIGN_ERR_CONTENT_LENGTH_MISMATCH,
           verify_in_pieces(BODY, BODY_LEN - 1, &guard, &verified));
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_count(&guard, &count, &detail));
    CHECK(count == 0);
    EXPECT(DAXSIGN_OK, verify_in_pieces(BODY, BODY_LEN, &guard, &verified));
    CHECK(verified.date.seconds == now.seconds);
    CHECK(same(daxsign_text("(request-target) host content-length date"), verified.components.data,
               verified.components.len));
    EXPECT(DAXSIGN_ERR_REPLAYED, verify_in_pieces(BODY, BODY_LEN, &guard, &verified));
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_count(&guard, &count, &detail));
    CHECK(count == 1);
}

/* A guard with room for two takes two, refuses the third, and takes it once the first are stale. */
static void replay(void)
{
    static const char *const DATES[3] = { "2020-05-17T12:44:30Z", "2020-05-17T12:44:31Z",
                                          "2020-05-17T12:50:00Z" };
    static const int32_t EXPECTED[3] = { DAXSIGN_OK, DAXSIGN_OK, DAXSIGN_ERR_REPLAY_GUARD_FULL };
    DaxsignReplayGuard guard;
    DaxsignReplayEntry entries[2];
    DaxsignRequest sent = request;
    DaxsignField own[4];
    DaxsignTime clock = now;
    size_t at, count;
    memcpy(own, fields, sizeof own);
    sent.fields = own;
    memset(entries, 0xff, sizeof entries);
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_start(&guard, sizeof guard, entries, 2, &detail));
    clock.seconds += 200;
    for (at = 0; at < 3; at++) {
        own[2] = field("Date", DATES[at]);
        sent.field_count = 3;
        EXPECT(DAXSIGN_OK, daxsign_sign(&key, &sent, NULL, DOCUMENTED, NULL, value, sizeof value,
                                        &len, &detail));
        own[3] = field("Signature", value);
        sent.field_count = 4;
        EXPECT(EXPECTED[at], daxsign_verify(&public_key, &sent, DOCUMENTED, NULL, &clock, &guard,
                                            NULL, &detail));
    }
    CHECK(detail.found == 2);
    clock.seconds += 200;
    EXPECT(DAXSIGN_OK, daxsign_verify(&public_key, &sent, DOCUMENTED, NULL, &clock, &guard, NULL,
                                      &detail));
    EXPECT(DAXSIGN_ERR_REPLAYED, daxsign_verify(&public_key, &sent, DOCUMENTED, NULL, &clock,
                                                &guard, NULL, &detail));
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_count(&guard, &count, &detail));
    CHECK(count >= 1 && count <= 2);
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_wipe(&guard));
}

/* One guard for two keys: what B signs does not stand in A's way, though it is A's own string. */
static void one_guard_for_two_keys(void)
{
    static DaxsignPrivateKey other;
    static DaxsignPublicKey other_public;
    const DaxsignPrivateKey *private_keys[2] = { &other, &key };
    const DaxsignPublicKey *public_keys[2] = { &other_public, &public_key };
    uint8_t hashes[2][DAXSIGN_DIGEST_LEN];
    DaxsignReplayGuard guard;
    DaxsignReplayEntry entries[2];
    size_t at, again, count;
    load_private_key("rsa3072.pkcs8.der", &other);
    EXPECT(DAXSIGN_OK, daxsign_private_key_public(&other, &other_public, sizeof other_public,
                                                  &detail));
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_start(&guard, sizeof guard, entries, 2, &detail));
    for (again = 0; again < 2; again++) {
        for (at = 0; at < 2; at++) {
            DaxsignVerified verified = DAXSIGN_VERIFIED_INIT;
            DaxsignRequest sent = request;
            DaxsignField own[4];
            memcpy(own, fields, sizeof own);
            sent.fields = own;
            EXPECT(DAXSIGN_OK, daxsign_sign(private_keys[at], &sent, NULL, DOCUMENTED, NULL, value,
                                            sizeof value, &len, &detail));
            own[3] = field("Signature", value);
            sent.field_count = 4;
            EXPECT(again ? DAXSIGN_ERR_REPLAYED : DAXSIGN_OK,
                   daxsign_verify(public_keys[at], &sent, DOCUMENTED, NULL, &now, &guard, &verified,
                                  &detail));
            if (!again) {
                memcpy(hashes[at], verified.string_hash, sizeof hashes[at]);
            }
        }
    }
    CHECK(memcmp(hashes[0], hashes[1], sizeof hashes[0]) == 0);
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_count(&guard, &count, &detail));
    CHECK(count == 2);
    daxsign_private_key_wipe(&other);
}

/* The default list signs no body of a request without Content-Length, unless that is chosen. */
static void a_body_without_its_length(void)
{
    DaxsignSigningStream stream;
    DaxsignOptions interop = DAXSIGN_OPTIONS_INIT;
    DaxsignBytes own = daxsign_text("(request-target) host date");
    DaxsignDigest digest;
    DaxsignRequest open = request, head;
    DaxsignField two[2];
    size_t way;
    two[0] = fields[0];
    two[1] = fields[2];
    open.fields = two;
    open.field_count = 2;
    head = open;
    head.body = daxsign_bytes(NULL, 0);
    interop.policy = DAXSIGN_POLICY_INTEROP;
    for (way = 0; way < 4; way++) {
        const DaxsignBytes *list = way % 2 ? &own : NULL;
        const DaxsignOptions *chosen = way / 2 ? &interop : NULL;
        DaxsignStatus expected = way == 0 ? DAXSIGN_ERR_UNBOUND_BODY : DAXSIGN_OK;
        EXPECT(expected, daxsign_sign(&key, &open, list, DOCUMENTED, chosen, value, sizeof value,
                                      &len, &detail));
        CHECK(detail.problem == (way ? DAXSIGN_PROBLEM_NONE
                                     : DAXSIGN_PROBLEM_BINDING_NO_CONTENT_LENGTH));
        EXPECT(expected, daxsign_signing_digest(&open, list, DOCUMENTED, chosen, &digest, &detail));
        CHECK(way || all(&digest, sizeof digest, 0));
        EXPECT(expected, daxsign_signing_stream_start(&stream, sizeof stream, &head, list, chosen,
                                                      BODY_LEN, &detail));
        EXPECT(DAXSIGN_OK, daxsign_signing_stream_start(&stream, sizeof stream, &head, list, chosen,
                                                        DAXSIGN_UNKNOWN_LENGTH, &detail));
        EXPECT(DAXSIGN_OK, daxsign_signing_stream_update(&stream, BODY, 0, &detail));
        EXPECT(expected, daxsign_signing_stream_update(&stream, BODY, 1, &detail));
        EXPECT(way ? DAXSIGN_OK : DAXSIGN_ERR_NOT_INITIALISED,
               daxsign_signing_stream_update(&stream, BODY, 1, &detail));
        EXPECT(DAXSIGN_OK, daxsign_signing_stream_wipe(&stream));
        EXPECT(DAXSIGN_OK, daxsign_sign(&key, &head, list, DOCUMENTED, chosen, value, sizeof value,
                                        &len, &detail));
    }
}

typedef struct Device {
    int calls;
    int32_t answer;
    size_t signature_len;
} Device;

static int32_t device_signs(void *context, const uint8_t *digest, uint8_t *signature,
                            size_t signature_len)
{
    Device *device = (Device *)context;
    DaxsignDigest copy;
    size_t written;
    device->calls++;
    device->signature_len = signature_len;
    if (device->answer != 0) {
        return device->answer;
    }
    memcpy(copy.bytes, digest, sizeof copy.bytes);
    return daxsign_sign_digest(&key, &copy, signature, signature_len, &written, NULL);
}

static void signing_elsewhere(void)
{
    Device device = { 0, 0, 0 };
    DaxsignSigner signer = DAXSIGN_SIGNER_INIT;
    DaxsignRequest broken = request;
    DaxsignPublicKey other;
    signer.modulus_bits = 2048;
    signer.context = &device;
    signer.sign_digest = device_signs;
    EXPECT(DAXSIGN_OK, daxsign_sign_with(&signer, &request, NULL, DOCUMENTED, NULL, value,
                                         sizeof value, &len, &detail));
    CHECK(device.calls == 1 && device.signature_len == 256);
    CHECK(len == whole_len && memcmp(value, whole, len) == 0);
    signer.public_key = &public_key;
    EXPECT(DAXSIGN_OK, daxsign_sign_with(&signer, &request, NULL, DOCUMENTED, NULL, value,
                                         sizeof value, &len, &detail));
    load_public_key("rsa4096.spki.pem", &other);
    signer.public_key = &other;
    EXPECT(DAXSIGN_ERR_SIGNING_FAULT,
           daxsign_sign_with(&signer, &request, NULL, DOCUMENTED, NULL, value, sizeof value, &len,
                             &detail));
    CHECK(len == 0 && all(value, sizeof value, 0));
    device.answer = 1234;
    EXPECT(DAXSIGN_ERR_SIGNER_FAILED,
           daxsign_sign_with(&signer, &request, NULL, DOCUMENTED, NULL, value, sizeof value, &len,
                             &detail));
    CHECK(detail.found == 1234 && len == 0 && all(value, sizeof value, 0));
    /* A request that cannot be signed, or a buffer too small, does not trouble the device. */
    device.calls = 0;
    broken.method = daxsign_text("P OST");
    EXPECT(DAXSIGN_ERR_INVALID_METHOD,
           daxsign_sign_with(&signer, &broken, NULL, DOCUMENTED, NULL, value, sizeof value, &len,
                             &detail));
    EXPECT(DAXSIGN_ERR_BUFFER_TOO_SMALL,
           daxsign_sign_with(&signer, &request, NULL, DOCUMENTED, NULL, value, whole_len - 1, &len,
                             &detail));
    CHECK(device.calls == 0 && len == whole_len);
}

static void options(void)
{
    DaxsignOptions full = DAXSIGN_OPTIONS_INIT;
    DaxsignRequest sent = request;
    DaxsignTime late = now;
    uint8_t with_query[512], without[512];
    size_t with_len, without_len;
    sent.field_count = 4;
    EXPECT(DAXSIGN_OK, daxsign_signing_string(&request, NULL, NULL, without, sizeof without,
                                              &without_len, &detail));
    full.target_form = DAXSIGN_TARGET_FORM_FULL;
    EXPECT(DAXSIGN_OK, daxsign_signing_string(&request, NULL, &full, with_query,
                                              sizeof with_query, &with_len, &detail));
    CHECK(with_len == without_len + strlen("?limit=5"));
    EXPECT(DAXSIGN_ERR_SIGNATURE_MISMATCH,
           daxsign_verify(&public_key, &sent, DOCUMENTED, &full, &now, NULL, NULL, &detail));
    full.target_form = DAXSIGN_TARGET_FORM_PATH;
    full.content = DAXSIGN_CONTENT_REST;
    EXPECT(DAXSIGN_ERR_INVALID_CONTENT_TYPE,
           daxsign_verify(&public_key, &sent, DOCUMENTED, &full, &now, NULL, NULL, &detail));
    full.content = DAXSIGN_CONTENT_ANY;
    late.seconds += 300;
    EXPECT(DAXSIGN_OK,
           daxsign_verify(&public_key, &sent, DOCUMENTED, NULL, &late, NULL, NULL, &detail));
    full.window = 299;
    EXPECT(DAXSIGN_ERR_STALE_DATE,
           daxsign_verify(&public_key, &sent, DOCUMENTED, &full, &late, NULL, NULL, &detail));
    CHECK(detail.found == 300 && detail.needed == 299);
}

static void dates(void)
{
    DaxsignTime time = { 1589719470, 243745700 }, parsed;
    char text[DAXSIGN_DATE_LEN + 1];
    EXPECT(DAXSIGN_OK, daxsign_date_format(&time, text, sizeof text, &len, &detail));
    CHECK(strcmp(text, "2020-05-17T12:44:30.2437457Z") == 0);
    EXPECT(DAXSIGN_OK, daxsign_date_parse(text, len, &parsed, &detail));
    CHECK(parsed.seconds == time.seconds && parsed.nanoseconds == time.nanoseconds);
    EXPECT(DAXSIGN_ERR_INVALID_DATE, daxsign_date_parse("2020-02-30T00:00:00Z", 20, &parsed,
                                                        &detail));
    CHECK(parsed.seconds == time.seconds);
    EXPECT(DAXSIGN_ERR_INVALID_DATE,
           daxsign_date_parse_http("Sun, 17 May 2020 12:60:30 GMT", 29, &parsed, &detail));
    CHECK(detail.problem == DAXSIGN_PROBLEM_DATE_NOT_HTTP && detail.offset == 20);
    CHECK(parsed.seconds == time.seconds && parsed.nanoseconds == time.nanoseconds);
    EXPECT(DAXSIGN_OK,
           daxsign_date_parse_http("Sun, 17 May 2020 12:44:30 GMT", 29, &parsed, &detail));
    CHECK(parsed.seconds == time.seconds && parsed.nanoseconds == 0);
    time.seconds = INT64_MAX;
    EXPECT(DAXSIGN_ERR_INVALID_DATE,
           daxsign_date_format(&time, text, sizeof text, &len, &detail));
}

static void identified(const char *name, uint32_t kind, uint32_t encoding)
{
    DaxsignKeyInfo info = DAXSIGN_KEY_INFO_INIT;
    File file;
    read_key_file(name, &file);
    EXPECT(DAXSIGN_OK, daxsign_key_identify(file.bytes, file.len, &info, &detail));
    CHECK(info.kind == kind && info.encoding == encoding && info.modulus_bits == 0);
}

static void keys(void)
{
    DaxsignKeyInfo info = DAXSIGN_KEY_INFO_INIT;
    DaxsignPublicKey read;
    DaxsignTime before = { 0, 0 }, after = { 0, 0 };
    uint8_t one[512], other[512];
    size_t other_len;
    File file;
    identified("rsa3072.pkcs1.pem", DAXSIGN_KEY_KIND_PKCS1_PRIVATE, DAXSIGN_KEY_ENCODING_PEM);
    identified("rsa3072.pkcs8.der", DAXSIGN_KEY_KIND_PKCS8_PRIVATE, DAXSIGN_KEY_ENCODING_DER);
    identified("rsa3072.public-pkcs1.der", DAXSIGN_KEY_KIND_PKCS1_PUBLIC,
               DAXSIGN_KEY_ENCODING_DER);
    identified("rsa3072.spki.pem", DAXSIGN_KEY_KIND_SPKI, DAXSIGN_KEY_ENCODING_PEM);
    identified("certificate.pem", DAXSIGN_KEY_KIND_CERTIFICATE, DAXSIGN_KEY_ENCODING_PEM);
    identified("certificate.der", DAXSIGN_KEY_KIND_CERTIFICATE, DAXSIGN_KEY_ENCODING_DER);
    EXPECT(DAXSIGN_OK, daxsign_public_key_info(&public_key, &info, &detail));
    CHECK(info.modulus_bits == 2048 && info.exponent == 65537 && info.kind == 0);
    read_key_file("certificate.der", &file);
    EXPECT(DAXSIGN_OK, daxsign_certificate_load(&read, sizeof read, file.bytes, file.len, &before,
                                                &after, &detail));
    CHECK(before.seconds > 1500000000 && after.seconds - before.seconds > 3000 * 86400);
    EXPECT(DAXSIGN_OK, daxsign_public_key_modulus(&public_key, one, sizeof one, &len, &detail));
    EXPECT(DAXSIGN_OK, daxsign_public_key_modulus(&read, other, sizeof other, &other_len, &detail));
    CHECK(len == 256 && len == other_len && memcmp(one, other, len) == 0);
    EXPECT(DAXSIGN_OK, daxsign_public_key_wipe(&read));
    CHECK(all(&read, sizeof read, 0));
}

static void explained(const DaxsignRequest *sent, uint32_t finding, uint32_t profile,
                      const char *name, const char *sentence)
{
    DaxsignExplanation explanation = DAXSIGN_EXPLANATION_INIT;
    char text[1024];
    explanation.budget = 1 << 20;
    EXPECT(DAXSIGN_OK, daxsign_explain(&public_key, sent, NULL, &explanation, &detail));
    EXPECT(DAXSIGN_OK,
           daxsign_explanation_message(&explanation, text, sizeof text, &len, &detail));
    if (explanation.finding != finding || explanation.profile != profile ||
        strcmp(explanation.name, name) != 0 || strcmp(text, sentence) != 0) {
        fprintf(stderr, "%u %u `%s`: %s\n", (unsigned)explanation.finding,
                (unsigned)explanation.profile, explanation.name, text);
        exit(1);
    }
}

/* By OpenSSL: printf %s daxsign | openssl dgst -sha512 -sign rsa2048.pkcs8.pem | base64 */
static const char OF_SHA_512[] =
    "MYx9NVnCvZDvlXGy4hj4pjTV1Ls781FCl318D4Vu2/mUZL8aQa0Qh0XTH7eRR8YE"
    "NooZEMwh0GdgzUmSyh8yhaPgIT6puQPYvIj+9Al5H940RCULxZj+Df2hpNQdKz+V"
    "hqp7A9Xv+vA2oKwL/Flty26LahOCIBoiouzM2T4/vYAAyN6gIaBJegVJYtH+T0Q3"
    "t5cjAifOqXeYsPGf9DpGFb+pmpjHcsYce1Goy1G3kgPuhvKYei0nR17Sgl67xAJJ"
    "ryPBZVhRjZ0QIgxAAJE6NmyuEDXZPzVixCeCZTCzMxvblX59GL1rWIbC7t1c6v9x"
    "gQKTSQbMP09GdWJrdK5zBw==";
/* The same with -sha256, and what sha256sum says. */
static const char OF_SHA_256[] =
    "DdyuC+UdfrzThrPwC8XUUZlJzqoVeAsUpwhRIwB+Z4rcgmrxmJ1E78ZwYjcyqDi9"
    "qF8iSX84A0VAb1A2x8x43VLC+gGqqzs/Rr6U0P8rXb03zZiIdXzQ3C4tWgtV9ejy"
    "JyeqKJ0bIO0RVImaRcDepm5DUS0TkA3eBTczaRoenLKZinXP/odBRGXGSZTli9ol"
    "viKCebdMj8pqC+fGqmglqv/2wCOFJIBQ27Rhcdjex0FbE2y9Ek4Jf5EsAhQfNeiO"
    "z7WkOcok6aCXPjveBxa9yo4VJA9KD2C212WQEQPSCcDlcEu44tJoccJqXf+mRV6u"
    "S58cyHug/p5saoTHadcixw==";
static const char SHA_256_OF_DAXSIGN[] =
    "bc9dcc7f362fb21581a21922183c282d54d22455332a068b45f56828fcdccf8e";

/* The same with PSS: openssl pkeyutl -sign -pkeyopt digest:sha256 -pkeyopt rsa_padding_mode:pss. */
static const char BY_PSS[] =
    "DYxuules5O4qCqBvR7OjZwMkTA54FR83dLCqr7yUj/JXcHWp/RyNeRYjQOFah7cI"
    "3ifAIj27dNUYn+Klmlieavu9jY/o5XMn0nvqhZy9r340fUY/jF3it4sFp++NsSYT"
    "5qAhyLKg6FeNG/BS0lkcNtOo/1Oj4y33NDBN4WRMJFemhSpHqf4o8N9P95m3KWwT"
    "GV9+L4h61BKRRGwzbQCzj/AJF8MvP+w1tOPdX7dKwTe+QpZq0iIa9g5UtzC85Aq7"
    "k1wofeP0sY1WMHi4aWE/RTzr/hajWgBEuso/kjig+r9tKJBqkyTwUbMKKOZtOIH8"
    "GEamSZBEyvAHpozJdfDYZQ==";

/* The field with another signature. */
static void replace_signature(const char *base64)
{
    memcpy(value + whole_len - 1 - strlen(base64), base64, strlen(base64));
}

/* A request that breaks a rule is refused, and its signature opened all the same. */
static void refused_and_explained(const DaxsignRequest *sent)
{
    DaxsignRequest broken = *sent;
    DaxsignExplanation told = DAXSIGN_EXPLANATION_INIT;
    uint8_t string[512];
    broken.body = daxsign_text("{}");
    told.budget = 100000;
    EXPECT(DAXSIGN_ERR_CONTENT_LENGTH_MISMATCH,
           daxsign_explain(&public_key, &broken, NULL, &told, &detail));
    CHECK(told.finding == DAXSIGN_FINDING_WRONG_ENCODING && told.budget == 100000);
    CHECK(strcmp(told.name, "pss-padding") == 0);
    CHECK(told.searched > 0 && told.searched <= 101000 && told.complete == 0);
    EXPECT(DAXSIGN_ERR_INVALID_ARGUMENT,
           daxsign_explanation_string(&told, &broken, NULL, string, sizeof string, &len, &detail));
    /* Without a signature there is nothing to tell. */
    memset(&told.name, 0, sizeof told.name);
    told.finding = 0;
    broken.field_count--;
    EXPECT(DAXSIGN_ERR_MISSING_HEADER,
           daxsign_explain(&public_key, &broken, NULL, &told, &detail));
    CHECK(told.finding == 0);
}

static void explanations(void)
{
    DaxsignRequest sent = request;
    DaxsignOptions full = DAXSIGN_OPTIONS_INIT;
    DaxsignExplanation explanation = DAXSIGN_EXPLANATION_INIT;
    uint8_t string[512], expected[512];
    char hex[2 * sizeof explanation.digest + 1];
    size_t expected_len, i;
    sent.field_count = 4;
    explained(&sent, DAXSIGN_FINDING_VERIFIES, DOCUMENTED, "",
              "the signature covers exactly the signing string (profile documented)");
    /* Signed with its query. */
    full.target_form = DAXSIGN_TARGET_FORM_FULL;
    EXPECT(DAXSIGN_OK, daxsign_sign(&key, &request, NULL, DAXSIGN_PROFILE_VENDOR_SDK, &full, value,
                                    sizeof value, &len, &detail));
    fields[3] = field("Signature", value);
    EXPECT(DAXSIGN_OK, daxsign_explain(&public_key, &sent, NULL, &explanation, &detail));
    CHECK(explanation.finding == DAXSIGN_FINDING_MISTAKE);
    CHECK(explanation.profile == DAXSIGN_PROFILE_VENDOR_SDK);
    CHECK(strcmp(explanation.name, "full-target") == 0);
    EXPECT(DAXSIGN_OK, daxsign_signing_string(&request, NULL, &full, expected, sizeof expected,
                                              &expected_len, &detail));
    EXPECT(DAXSIGN_OK, daxsign_explanation_string(&explanation, &sent, NULL, string, sizeof string,
                                                  &len, &detail));
    CHECK(len == expected_len && memcmp(string, expected, len) == 0);
    /* Of another hash, and of something else. */
    replace_signature(OF_SHA_512);
    explained(&sent, DAXSIGN_FINDING_OTHER_HASH, 0, "SHA-512",
              "the signature opens with this key but holds another hash than SHA-256: SHA-512");
    replace_signature(OF_SHA_256);
    explained(&sent, DAXSIGN_FINDING_UNEXPLAINED, 0, "",
              "the signature opens with this key and holds a SHA-256 that no known mistake gives: "
              "compare the signing strings of both sides byte by byte");
    explanation.budget = 1 << 20;
    EXPECT(DAXSIGN_OK, daxsign_explain(&public_key, &sent, NULL, &explanation, &detail));
    for (i = 0; i < sizeof explanation.digest; i++) {
        sprintf(hex + 2 * i, "%02x", (unsigned)explanation.digest[i]);
    }
    CHECK(strcmp(hex, SHA_256_OF_DAXSIGN) == 0);
    replace_signature(BY_PSS);
    explained(&sent, DAXSIGN_FINDING_WRONG_ENCODING, 0, "pss-padding",
              "the signature opens with this key; of what string it was made is not known, but the "
              "signer used PSS padding, not PKCS#1 v1.5");
    refused_and_explained(&sent);
    /* Another key. */
    load_public_key("rsa2048.public-pkcs1.pem", &public_key);
    value[whole_len - 100] = value[whole_len - 100] == 'A' ? 'B' : 'A';
    explained(&sent, DAXSIGN_FINDING_WRONG_KEY, 0, "",
              "the signature does not open with this key: it was made with another key or by another "
              "operation, or damaged");
}

/* A batch holds what each digest's signature is by itself; none are none. */
static void many_at_once(void)
{
    enum { COUNT = 11 };
    static uint8_t batch[COUNT * 512];
    DaxsignDigest digests[COUNT];
    uint8_t single[512];
    size_t batch_len, single_len, i;
    for (i = 0; i < COUNT; i++) {
        memset(&digests[i], (int)i, sizeof digests[i]);
    }
    EXPECT(DAXSIGN_OK, daxsign_sign_batch(&key, digests, COUNT, batch, sizeof batch, &batch_len,
                                          &detail));
    for (i = 0; i < COUNT; i++) {
        EXPECT(DAXSIGN_OK, daxsign_sign_digest(&key, &digests[i], single, sizeof single,
                                               &single_len, &detail));
        CHECK(memcmp(batch + i * single_len, single, single_len) == 0);
    }
    CHECK(batch_len == COUNT * single_len);
    EXPECT(DAXSIGN_OK, daxsign_sign_batch(&key, NULL, 0, NULL, 0, &batch_len, &detail));
    CHECK(batch_len == 0);
}

/* What has no length touches nothing: it may point into an output, or be misaligned. */
static void empty_arguments(void)
{
    static uint8_t out[1024];
    DaxsignRequest sent = request;
    DaxsignField unsigned_fields[2];
    size_t out_len;
    unsigned_fields[0] = fields[0];
    unsigned_fields[1] = fields[2];
    sent.fields = unsigned_fields;
    sent.field_count = 2;
    sent.body.data = out + 100;
    sent.body.len = 0;
    EXPECT(DAXSIGN_OK, daxsign_signing_string(&sent, NULL, NULL, out, sizeof out, &out_len, &detail));
    sent.body.data = NULL;
    sent.fields = (const DaxsignField *)(const void *)(out + 1);
    sent.field_count = 0;
    EXPECT(DAXSIGN_ERR_MISSING_HEADER,
           daxsign_signing_string(&sent, NULL, NULL, out, sizeof out, &out_len, &detail));
}

static void count_up(void *context)
{
    ++*(unsigned *)context;
}

/* The same signature, with so many calls on the way that a watchdog can be fed. */
static void progress(void)
{
    uint8_t plain[512], called[512];
    size_t plain_len, called_len;
    DaxsignDigest digest;
    unsigned calls = 0;
    memset(&digest, 7, sizeof digest);
    EXPECT(DAXSIGN_OK, daxsign_sign_digest(&key, &digest, plain, sizeof plain, &plain_len, &detail));
    EXPECT(DAXSIGN_OK,
           daxsign_sign_digest_with_progress(&key, &digest, count_up, &calls, called, sizeof called,
                                             &called_len, &detail));
    CHECK(calls > 2000 && calls < 10000);
    CHECK(plain_len == called_len && memcmp(plain, called, plain_len) == 0);
    EXPECT(DAXSIGN_ERR_NULL_POINTER,
           daxsign_sign_digest_with_progress(&key, &digest, NULL, NULL, called, sizeof called,
                                             &called_len, &detail));
    CHECK(called_len == 0 && all(called, sizeof called, 0));
}

int main(int count, char **arguments)
{
    start(count, arguments);
    prepare();
    signing_in_pieces();
    another_length();
    verifying_in_pieces();
    replay();
    one_guard_for_two_keys();
    a_body_without_its_length();
    signing_elsewhere();
    progress();
    many_at_once();
    empty_arguments();
    options();
    dates();
    keys();
    explanations();
    puts("all kept");
    return 0;
}
