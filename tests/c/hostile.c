/* Calls that break the rules: each is refused, nothing is written where it must not be, and
 * nothing crashes. */
#include "check.h"
#include <stddef.h>

static DaxsignPrivateKey key;
static DaxsignPublicKey public_key;
static DaxsignPrivateKey blank_key;
static DaxsignPublicKey blank_public;
static DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
static DaxsignField fields[5];
static DaxsignRequest request = DAXSIGN_REQUEST_INIT;
static DaxsignOptions options = DAXSIGN_OPTIONS_INIT;
static DaxsignBytes list;
static const DaxsignTime now = { 1589719470, 0 };
static char value[VALUE_CAP];
static unsigned char bytes[4096];
static char text[4096];
static size_t len;
static DaxsignDigest digest;
static DaxsignSignatureHeader header = DAXSIGN_SIGNATURE_HEADER_INIT;
static DaxsignExplanation explanation = DAXSIGN_EXPLANATION_INIT;
static DaxsignVerified verified = DAXSIGN_VERIFIED_INIT;
static DaxsignKeyInfo info = DAXSIGN_KEY_INFO_INIT;
static DaxsignSigner signer = DAXSIGN_SIGNER_INIT;
static DaxsignReplayGuard guard;
static DaxsignReplayEntry entries[4];
static DaxsignSigningStream signing;
static DaxsignVerifyingStream verifying;
static File file;
static unsigned calls;

#define DOCUMENTED DAXSIGN_PROFILE_DOCUMENTED

/* A call that must be refused; its detail says so too. */
#define REFUSED(expected, call) \
    do { \
        EXPECT(expected, call); \
        CHECK(detail.status == (expected)); \
        detail.status = -1; \
        calls++; \
    } while (0)

/* One that gets no detail. */
#define REFUSED_SILENTLY(expected, call) \
    do { \
        EXPECT(expected, call); \
        calls++; \
    } while (0)

#define IS_NULL(call) REFUSED(DAXSIGN_ERR_NULL_POINTER, call)
#define IS_NULL_SILENTLY(call) REFUSED_SILENTLY(DAXSIGN_ERR_NULL_POINTER, call)
#define OVERLAPS(call) REFUSED(DAXSIGN_ERR_OVERLAP, call)

static void prepare(void)
{
    load_private_key("rsa2048.pkcs8.pem", &key);
    load_public_key("rsa2048.spki.pem", &public_key);
    read_key_file("certificate.pem", &file);
    fill_request(fields, &request);
    list = daxsign_text("(request-target) content-length date");
    EXPECT(DAXSIGN_OK, daxsign_sign(&key, &request, NULL, DOCUMENTED, NULL, value, sizeof value,
                                    &len, NULL));
    fields[3] = field("Signature", value);
    request.field_count = 4;
    EXPECT(DAXSIGN_OK, daxsign_signature_header_find(&request, &header, NULL));
    EXPECT(DAXSIGN_OK, daxsign_explain(&public_key, &request, NULL, &explanation, NULL));
    signer.modulus_bits = 2048;
    signer.sign_digest = sign_with_ones;
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_start(&guard, sizeof guard, entries, 4, NULL));
}

static DaxsignStatus start_signing(void)
{
    return daxsign_signing_stream_start(&signing, sizeof signing, &request, NULL, NULL,
                                        DAXSIGN_UNKNOWN_LENGTH, NULL);
}

static DaxsignStatus start_verifying(void)
{
    return daxsign_verifying_stream_start(&verifying, sizeof verifying, &public_key, &request,
                                          DOCUMENTED, NULL, &now, DAXSIGN_UNKNOWN_LENGTH, NULL);
}

static void null_keys(void)
{
    DaxsignTime first, last;
    DaxsignPublicKey room;
    IS_NULL(daxsign_private_key_load(NULL, sizeof key, file.bytes, file.len, &detail));
    IS_NULL(daxsign_private_key_load(&blank_key, sizeof key, NULL, 1, &detail));
    IS_NULL_SILENTLY(daxsign_private_key_wipe(NULL));
    IS_NULL(daxsign_private_key_public(NULL, &room, sizeof room, &detail));
    IS_NULL(daxsign_private_key_public(&key, NULL, sizeof room, &detail));
    IS_NULL(daxsign_public_key_load(NULL, sizeof room, file.bytes, file.len, &detail));
    IS_NULL(daxsign_public_key_load(&room, sizeof room, NULL, 1, &detail));
    IS_NULL(daxsign_certificate_load(NULL, sizeof room, file.bytes, file.len, &first, &last,
                                     &detail));
    IS_NULL(daxsign_certificate_load(&room, sizeof room, NULL, 9, &first, &last, &detail));
    IS_NULL(daxsign_certificate_load(&room, sizeof room, file.bytes, file.len, NULL, &last,
                                     &detail));
    IS_NULL(daxsign_certificate_load(&room, sizeof room, file.bytes, file.len, &first, NULL,
                                     &detail));
    IS_NULL_SILENTLY(daxsign_public_key_wipe(NULL));
    IS_NULL(daxsign_public_key_info(NULL, &info, &detail));
    IS_NULL(daxsign_public_key_info(&public_key, NULL, &detail));
    IS_NULL(daxsign_public_key_modulus(NULL, bytes, sizeof bytes, &len, &detail));
    IS_NULL(daxsign_public_key_modulus(&public_key, NULL, 1, &len, &detail));
    IS_NULL(daxsign_public_key_modulus(&public_key, bytes, sizeof bytes, NULL, &detail));
    IS_NULL(daxsign_key_identify(NULL, 1, &info, &detail));
    IS_NULL(daxsign_key_identify(file.bytes, file.len, NULL, &detail));
}

static void null_signing(void)
{
    DaxsignSigner none = signer;
    IS_NULL(daxsign_signing_string(NULL, NULL, NULL, bytes, 9, &len, &detail));
    IS_NULL(daxsign_signing_string(&request, NULL, NULL, NULL, 9, &len, &detail));
    IS_NULL(daxsign_signing_string(&request, NULL, NULL, bytes, 9, NULL, &detail));
    IS_NULL(daxsign_component_list(NULL, NULL, text, 9, &len, &detail));
    IS_NULL(daxsign_component_list(&request, NULL, NULL, 9, &len, &detail));
    IS_NULL(daxsign_component_list(&request, NULL, text, 9, NULL, &detail));
    IS_NULL(daxsign_signing_digest(NULL, NULL, 1, NULL, &digest, &detail));
    IS_NULL(daxsign_signing_digest(&request, NULL, 1, NULL, NULL, &detail));
    IS_NULL(daxsign_string_digest(NULL, 1, 1, &digest, &detail));
    IS_NULL(daxsign_string_digest("x", 1, 1, NULL, &detail));
    IS_NULL(daxsign_sign(NULL, &request, NULL, 1, NULL, text, sizeof text, &len, &detail));
    IS_NULL(daxsign_sign(&key, NULL, NULL, 1, NULL, text, sizeof text, &len, &detail));
    IS_NULL(daxsign_sign(&key, &request, NULL, 1, NULL, NULL, 1, &len, &detail));
    IS_NULL(daxsign_sign(&key, &request, NULL, 1, NULL, text, sizeof text, NULL, &detail));
    IS_NULL(daxsign_sign_with(NULL, &request, NULL, 1, NULL, text, sizeof text, &len, &detail));
    none.sign_digest = NULL;
    IS_NULL(daxsign_sign_with(&none, &request, NULL, 1, NULL, text, sizeof text, &len, &detail));
    IS_NULL(daxsign_sign_with(&signer, NULL, NULL, 1, NULL, text, sizeof text, &len, &detail));
    IS_NULL(daxsign_sign_with(&signer, &request, NULL, 1, NULL, NULL, 1, &len, &detail));
    IS_NULL(daxsign_sign_with(&signer, &request, NULL, 1, NULL, text, sizeof text, NULL, &detail));
    IS_NULL(daxsign_sign_digest(NULL, &digest, bytes, sizeof bytes, &len, &detail));
    IS_NULL(daxsign_sign_digest(&key, NULL, bytes, sizeof bytes, &len, &detail));
    IS_NULL(daxsign_sign_digest(&key, &digest, NULL, 1, &len, &detail));
    IS_NULL(daxsign_sign_digest(&key, &digest, bytes, sizeof bytes, NULL, &detail));
    IS_NULL(daxsign_sign_batch(NULL, &digest, 1, bytes, sizeof bytes, &len, &detail));
    IS_NULL(daxsign_sign_batch(&key, NULL, 1, bytes, sizeof bytes, &len, &detail));
    IS_NULL(daxsign_sign_batch(&key, &digest, 1, NULL, 1, &len, &detail));
    IS_NULL(daxsign_sign_batch(&key, &digest, 1, bytes, sizeof bytes, NULL, &detail));
    IS_NULL(daxsign_verify_digest(NULL, &digest, bytes, 256, &detail));
    IS_NULL(daxsign_verify_digest(&public_key, NULL, bytes, 256, &detail));
    IS_NULL(daxsign_verify_digest(&public_key, &digest, NULL, 256, &detail));
    IS_NULL(daxsign_signature_header_write(NULL, NULL, bytes, 256, text, 9, &len, &detail));
    IS_NULL(daxsign_signature_header_write(&request, NULL, NULL, 256, text, 9, &len, &detail));
    IS_NULL(daxsign_signature_header_write(&request, NULL, bytes, 256, NULL, 9, &len, &detail));
    IS_NULL(daxsign_signature_header_write(&request, NULL, bytes, 256, text, 9, NULL, &detail));
    IS_NULL(daxsign_signing_stream_start(NULL, sizeof signing, &request, NULL, NULL, 0, &detail));
    IS_NULL(daxsign_signing_stream_start(&signing, sizeof signing, NULL, NULL, NULL, 0, &detail));
    IS_NULL(daxsign_signing_stream_update(NULL, "x", 1, &detail));
    EXPECT(DAXSIGN_OK, start_signing());
    IS_NULL(daxsign_signing_stream_update(&signing, NULL, 1, &detail));
    IS_NULL(daxsign_signing_stream_finish(NULL, 1, &digest, &detail));
    IS_NULL(daxsign_signing_stream_finish(&signing, 1, NULL, &detail));
    IS_NULL_SILENTLY(daxsign_signing_stream_wipe(NULL));
}

static void null_verifying(void)
{
    DaxsignTime time;
    uint32_t contains;
    size_t count;
    IS_NULL(daxsign_signature_header_parse(NULL, 1, &header, &detail));
    IS_NULL(daxsign_signature_header_parse("x", 1, NULL, &detail));
    IS_NULL(daxsign_signature_header_find(NULL, &header, &detail));
    IS_NULL(daxsign_signature_header_find(&request, NULL, &detail));
    IS_NULL(daxsign_signature_header_decode(NULL, 2048, bytes, sizeof bytes, &len, &detail));
    IS_NULL(daxsign_signature_header_decode(&header, 2048, NULL, 256, &len, &detail));
    IS_NULL(daxsign_signature_header_decode(&header, 2048, bytes, sizeof bytes, NULL, &detail));
    IS_NULL(daxsign_components_contain(NULL, "x", 1, &contains, &detail));
    IS_NULL(daxsign_components_contain(&list, NULL, 1, &contains, &detail));
    IS_NULL(daxsign_components_contain(&list, "x", 1, NULL, &detail));
    IS_NULL(daxsign_verify(NULL, &request, 1, NULL, &now, NULL, NULL, &detail));
    IS_NULL(daxsign_verify(&public_key, NULL, 1, NULL, &now, NULL, NULL, &detail));
    IS_NULL(daxsign_verify(&public_key, &request, 1, NULL, NULL, NULL, NULL, &detail));
    IS_NULL(daxsign_verifying_stream_start(NULL, sizeof verifying, &public_key, &request, 1, NULL,
                                           &now, 0, &detail));
    IS_NULL(daxsign_verifying_stream_start(&verifying, sizeof verifying, NULL, &request, 1, NULL,
                                           &now, 0, &detail));
    IS_NULL(daxsign_verifying_stream_start(&verifying, sizeof verifying, &public_key, NULL, 1,
                                           NULL, &now, 0, &detail));
    IS_NULL(daxsign_verifying_stream_start(&verifying, sizeof verifying, &public_key, &request, 1,
                                           NULL, NULL, 0, &detail));
    IS_NULL(daxsign_verifying_stream_update(NULL, "x", 1, &detail));
    EXPECT(DAXSIGN_OK, start_verifying());
    IS_NULL(daxsign_verifying_stream_update(&verifying, NULL, 1, &detail));
    IS_NULL(daxsign_verifying_stream_finish(NULL, NULL, NULL, &detail));
    IS_NULL_SILENTLY(daxsign_verifying_stream_wipe(NULL));
    IS_NULL(daxsign_replay_guard_start(NULL, sizeof guard, entries, 4, &detail));
    IS_NULL(daxsign_replay_guard_start(&guard, sizeof guard, NULL, 4, &detail));
    IS_NULL(daxsign_replay_guard_count(NULL, &count, &detail));
    IS_NULL(daxsign_replay_guard_count(&guard, NULL, &detail));
    IS_NULL_SILENTLY(daxsign_replay_guard_wipe(NULL));
    IS_NULL(daxsign_explain(NULL, &request, NULL, &explanation, &detail));
    IS_NULL(daxsign_explain(&public_key, NULL, NULL, &explanation, &detail));
    IS_NULL(daxsign_explain(&public_key, &request, NULL, NULL, &detail));
    IS_NULL(daxsign_explanation_message(NULL, text, 9, &len, &detail));
    IS_NULL(daxsign_explanation_message(&explanation, NULL, 9, &len, &detail));
    IS_NULL(daxsign_explanation_message(&explanation, text, 9, NULL, &detail));
    IS_NULL(daxsign_explanation_string(NULL, &request, NULL, bytes, 9, &len, &detail));
    IS_NULL(daxsign_explanation_string(&explanation, NULL, NULL, bytes, 9, &len, &detail));
    IS_NULL(daxsign_explanation_string(&explanation, &request, NULL, NULL, 9, &len, &detail));
    IS_NULL(daxsign_explanation_string(&explanation, &request, NULL, bytes, 9, NULL, &detail));
    IS_NULL(daxsign_date_format(NULL, text, 99, &len, &detail));
    IS_NULL(daxsign_date_format(&now, NULL, 99, &len, &detail));
    IS_NULL(daxsign_date_format(&now, text, 99, NULL, &detail));
    IS_NULL(daxsign_date_parse(NULL, 1, &time, &detail));
    IS_NULL(daxsign_date_parse_http(NULL, 1, &time, &detail));
    IS_NULL(daxsign_date_parse("x", 1, NULL, &detail));
    IS_NULL(daxsign_date_parse_http("x", 1, NULL, &detail));
    IS_NULL_SILENTLY(daxsign_detail_message(NULL, text, 9, &len));
    IS_NULL_SILENTLY(daxsign_detail_message(&detail, NULL, 9, &len));
    IS_NULL_SILENTLY(daxsign_detail_message(&detail, text, 9, NULL));
    IS_NULL_SILENTLY(daxsign_key_file_message(NULL, "x", 1, text, 9, &len));
    IS_NULL_SILENTLY(daxsign_key_file_message(&detail, NULL, 1, text, 9, &len));
    IS_NULL_SILENTLY(daxsign_key_file_message(&detail, "x", 1, NULL, 9, &len));
    IS_NULL_SILENTLY(daxsign_key_file_message(&detail, "x", 1, text, 9, NULL));
}

static int32_t no_random(void *context, uint8_t *bytes_out, size_t wanted)
{
    (void)context, (void)bytes_out, (void)wanted;
    return 1;
}

static void fill_names(DaxsignNames *names)
{
    const DaxsignNames fresh = DAXSIGN_NAMES_INIT;
    *names = fresh;
    names->instance_id = daxsign_text("01234567-89AB-CDEF-0123-456789ABCDEF");
    names->partner_id = daxsign_text("7f8c2b1a-0000-4000-8000-00000000abcd");
    names->country = daxsign_text("SE");
    names->locality = names->organization = names->unit = daxsign_text("x");
}

#define ENCODING_PEM DAXSIGN_KEY_ENCODING_PEM
#define PKCS8 DAXSIGN_KEY_KIND_PKCS8_PRIVATE
#define REQUEST_OF(key, names) \
    daxsign_write_certificate_request(key, names, ENCODING_PEM, text, sizeof text, &len, &detail)
#define REQUEST_WITH(signer, names) \
    daxsign_write_certificate_request_with(signer, names, ENCODING_PEM, text, sizeof text, &len, \
                                           &detail)
#define KEY_FILE(key, out, out_cap, out_len) \
    daxsign_write_private_key(key, PKCS8, ENCODING_PEM, out, out_cap, out_len, &detail)

static void null_enrolling(void)
{
    DaxsignNames names, broken;
    DaxsignSigner own = signer;
    fill_names(&names);
    memcpy(&blank_key, &key, sizeof key);
    IS_NULL(daxsign_generate_key(NULL, sizeof key, 2048, no_random, NULL, NULL, &detail));
    IS_NULL(daxsign_generate_key(&blank_key, sizeof key, 2048, NULL, NULL, NULL, &detail));
    CHECK(strcmp(detail.name, "random") == 0 && memcmp(&blank_key, &key, sizeof key) == 0);
    EXPECT(DAXSIGN_OK, daxsign_private_key_wipe(&blank_key));
    IS_NULL(KEY_FILE(NULL, text, sizeof text, &len));
    IS_NULL(KEY_FILE(&key, NULL, 1, &len));
    IS_NULL(KEY_FILE(&key, text, sizeof text, NULL));
    IS_NULL(REQUEST_OF(NULL, &names));
    IS_NULL(REQUEST_OF(&key, NULL));
    IS_NULL(daxsign_write_certificate_request(&key, &names, ENCODING_PEM, NULL, 1, &len, &detail));
    IS_NULL(daxsign_write_certificate_request(&key, &names, ENCODING_PEM, text, 9, NULL, &detail));
    IS_NULL(REQUEST_WITH(NULL, &names));
    own.public_key = &public_key;
    IS_NULL(REQUEST_WITH(&own, NULL));
    own.sign_digest = NULL;
    IS_NULL(REQUEST_WITH(&own, &names));
    own = signer;
    own.public_key = NULL;
    IS_NULL(REQUEST_WITH(&own, &names));
    IS_NULL_SILENTLY(daxsign_enrolling_message(NULL, text, 9, &len));
    IS_NULL_SILENTLY(daxsign_enrolling_message(&detail, NULL, 9, &len));
    IS_NULL_SILENTLY(daxsign_enrolling_message(&detail, text, 9, NULL));
    broken = names;
    broken.unit.data = NULL;
    IS_NULL(REQUEST_OF(&key, &broken));
    CHECK(strcmp(detail.name, "names.unit") == 0);
    broken = names;
    broken.other_count = 1;
    IS_NULL(REQUEST_OF(&key, &broken));
    broken.other_count = 0;
    broken.dns_name_count = 1;
    IS_NULL(REQUEST_OF(&key, &broken));
}

#define MESSAGE(data, len, fields, cap, request) \
    daxsign_message_read(data, len, fields, cap, request, &detail)

static void hostile_messages(void)
{
    static const char GET[] = "GET / HTTP/1.1\r\nA: b\r\n\r\n";
    const size_t get_len = sizeof GET - 1;
    DaxsignRequest read = DAXSIGN_REQUEST_INIT, other = DAXSIGN_REQUEST_INIT;
    DaxsignField room[2];
    union {
        DaxsignRequest request;
        DaxsignField fields[4];
        char bytes[256];
    } one;
    IS_NULL(MESSAGE(NULL, 1, room, 2, &read));
    IS_NULL(MESSAGE(GET, get_len, NULL, 1, &read));
    IS_NULL(MESSAGE(GET, get_len, room, 2, NULL));
    REFUSED(DAXSIGN_ERR_INVALID_LENGTH, MESSAGE(GET, SIZE_MAX, room, 2, &read));
    REFUSED(DAXSIGN_ERR_INVALID_LENGTH, MESSAGE(GET, get_len, room, SIZE_MAX, &read));
    REFUSED(DAXSIGN_ERR_INVALID_LENGTH,
            MESSAGE(GET, get_len, room, SIZE_MAX / sizeof room[0] + 1, &read));
    REFUSED(DAXSIGN_ERR_MISALIGNED,
            MESSAGE(GET, get_len, (DaxsignField *)(void *)(one.bytes + 1), 2, &read));
    REFUSED(DAXSIGN_ERR_MISALIGNED,
            MESSAGE(GET, get_len, room, 2, (DaxsignRequest *)(void *)(one.bytes + 1)));
    other.struct_size -= 8;
    REFUSED(DAXSIGN_ERR_ABI_MISMATCH, MESSAGE(GET, get_len, room, 2, &other));
    memset(&one, 0, sizeof one);
    one.request = read;
    OVERLAPS(MESSAGE(GET, get_len, one.fields, 2, &one.request));
    OVERLAPS(MESSAGE(one.bytes, 99, one.fields, 2, &read));
    OVERLAPS(MESSAGE(one.bytes + 8, 9, room, 2, &one.request));
    CHECK(read.fields == NULL && one.request.fields == NULL);
    IS_NULL_SILENTLY(daxsign_reading_message(NULL, text, 9, &len));
    IS_NULL_SILENTLY(daxsign_reading_message(&detail, NULL, 9, &len));
    IS_NULL_SILENTLY(daxsign_reading_message(&detail, text, 9, NULL));
    REFUSED_SILENTLY(DAXSIGN_ERR_INVALID_LENGTH,
                     daxsign_reading_message(&detail, text, SIZE_MAX, &len));
}

#define READ(file, len, certificate) daxsign_certificate_read(file, len, certificate, &detail)
#define JUDGE(file, len, by, by_len, time) \
    daxsign_certificate_verify(file, len, by, by_len, DAXSIGN_PURPOSE_ANY, time, &detail)

static void hostile_certificates(void)
{
    DaxsignCertificate certificate = DAXSIGN_CERTIFICATE_INIT, other;
    union {
        DaxsignCertificate certificate;
        DaxsignDetail detail;
        uint64_t align;
        char bytes[512];
    } one;
    char *pem = file.bytes;
    uint32_t number;
    IS_NULL(READ(NULL, 1, &certificate));
    IS_NULL(READ(pem, file.len, NULL));
    IS_NULL(JUDGE(NULL, 1, pem, file.len, &now));
    IS_NULL(JUDGE(pem, file.len, NULL, 1, &now));
    IS_NULL(JUDGE(pem, file.len, pem, file.len, NULL));
    REFUSED(DAXSIGN_ERR_INVALID_LENGTH, READ(pem, SIZE_MAX, &certificate));
    REFUSED(DAXSIGN_ERR_INVALID_LENGTH, JUDGE(pem, SIZE_MAX, pem, 1, &now));
    REFUSED(DAXSIGN_ERR_INVALID_LENGTH, JUDGE(pem, 1, pem, SIZE_MAX, &now));
    REFUSED(DAXSIGN_ERR_MISALIGNED, READ(pem, file.len, (DaxsignCertificate *)(void *)(one.bytes + 4)));
    REFUSED(DAXSIGN_ERR_MISALIGNED,
            JUDGE(pem, file.len, pem, file.len, (DaxsignTime *)(void *)(one.bytes + 4)));
    for (number = DAXSIGN_PURPOSE_SERVER_AUTH + 1; number != 0; number <<= 1) {
        REFUSED(DAXSIGN_ERR_INVALID_ARGUMENT, daxsign_certificate_verify(pem, file.len, pem, file.len,
                                                                         number, &now, &detail));
        CHECK(strcmp(detail.name, "purpose") == 0 && detail.found == number);
    }
    other = certificate;
    other.struct_size -= 8;
    REFUSED(DAXSIGN_ERR_ABI_MISMATCH, READ(pem, file.len, &other));
    one.certificate = certificate;
    OVERLAPS(READ(one.bytes + 8, 99, &one.certificate));
    CHECK(one.certificate.modulus_bits == 0 && all(one.certificate.sha1, DAXSIGN_SHA1_TEXT, 0));
    /* Nothing that is not a certificate is trusted, whoever vouches for it. */
    REFUSED(DAXSIGN_ERR_INVALID_KEY, READ(NULL, 0, &certificate));
    REFUSED(DAXSIGN_ERR_INVALID_KEY, JUDGE(NULL, 0, pem, file.len, &now));
    REFUSED(DAXSIGN_ERR_INVALID_KEY, JUDGE(pem, file.len, NULL, 0, &now));
    REFUSED(DAXSIGN_ERR_INVALID_KEY, JUDGE(NULL, 0, NULL, 0, &now));
    CHECK(all(certificate.sha1, sizeof certificate.sha1, 0));
    one.detail = detail;
    REFUSED_SILENTLY(DAXSIGN_ERR_OVERLAP,
                     daxsign_certificate_verify(one.bytes, 99, pem, file.len, DAXSIGN_PURPOSE_ANY, &now,
                                                &one.detail));
    REFUSED_SILENTLY(DAXSIGN_ERR_OVERLAP,
                     daxsign_certificate_verify(pem, file.len, one.bytes, 99, DAXSIGN_PURPOSE_ANY, &now,
                                                &one.detail));
}

static void broken_enrolling(void)
{
    static const uint32_t NUMBERS[3] = { 0, 3, UINT32_MAX };
    static DaxsignPrivateKey none;
    DaxsignNames names, broken;
    DaxsignOtherName other = { DAXSIGN_LITERAL("2.5.4.5"), { NULL, 1 } };
    size_t at;
    fill_names(&names);
    memset(&none, 0, sizeof none);
    REFUSED(DAXSIGN_ERR_TOO_SMALL, daxsign_generate_key(&none, sizeof none - 8, 2048, no_random,
                                                        NULL, NULL, &detail));
    REFUSED(DAXSIGN_ERR_MISALIGNED,
            daxsign_generate_key((DaxsignPrivateKey *)(void *)((char *)&none + 4), sizeof none, 2048,
                                 no_random, NULL, NULL, &detail));
    REFUSED(DAXSIGN_ERR_NOT_INITIALISED, KEY_FILE(&none, text, sizeof text, &len));
    REFUSED(DAXSIGN_ERR_NOT_INITIALISED, REQUEST_OF(&none, &names));
    REFUSED(DAXSIGN_ERR_INVALID_LENGTH, KEY_FILE(&key, text, SIZE_MAX, &len));
    broken = names;
    broken.locality.len = SIZE_MAX;
    REFUSED(DAXSIGN_ERR_INVALID_LENGTH, REQUEST_OF(&key, &broken));
    broken = names;
    broken.others = &other;
    broken.other_count = SIZE_MAX / sizeof other + 1;
    REFUSED(DAXSIGN_ERR_INVALID_LENGTH, REQUEST_OF(&key, &broken));
    broken.other_count = 1;
    IS_NULL(REQUEST_OF(&key, &broken));
    CHECK(strcmp(detail.name, "names.others[].value") == 0);
    broken = names;
    broken.struct_size -= 8;
    REFUSED(DAXSIGN_ERR_ABI_MISMATCH, REQUEST_OF(&key, &broken));
    REFUSED(DAXSIGN_ERR_MISALIGNED,
            REQUEST_OF(&key, (const DaxsignNames *)(const void *)((const char *)&names + 2)));
    for (at = 0; at < 3; at++) {
        memset(text, 'x', sizeof text);
        REFUSED(DAXSIGN_ERR_INVALID_ARGUMENT,
                daxsign_write_private_key(&key, NUMBERS[at], ENCODING_PEM, text, sizeof text, &len,
                                          &detail));
        CHECK(len == 0 && all(text, sizeof text, 0) && detail.found == NUMBERS[at]);
        REFUSED(DAXSIGN_ERR_INVALID_ARGUMENT,
                daxsign_write_private_key(&key, PKCS8, NUMBERS[at], text, sizeof text, &len,
                                          &detail));
        CHECK(strcmp(detail.name, "encoding") == 0);
        REFUSED(DAXSIGN_ERR_INVALID_ARGUMENT,
                daxsign_write_certificate_request(&key, &names, NUMBERS[at], text, sizeof text, &len,
                                                  &detail));
        CHECK(len == 0 && all(text, sizeof text, 0));
    }
}

/* The pointers inside a request. */
static void null_parts(void)
{
    DaxsignRequest broken = request;
    DaxsignField none[1];
    DaxsignBytes nothing = { NULL, 3 };
    broken.method.data = NULL;
    IS_NULL(daxsign_signing_string(&broken, NULL, NULL, bytes, 9, &len, &detail));
    CHECK(strcmp(detail.name, "request.method") == 0);
    broken = request;
    broken.target.data = NULL;
    IS_NULL(daxsign_signing_digest(&broken, NULL, 1, NULL, &digest, &detail));
    broken = request;
    broken.body.data = NULL;
    IS_NULL(daxsign_verify(&public_key, &broken, 1, NULL, &now, NULL, NULL, &detail));
    broken = request;
    broken.fields = NULL;
    IS_NULL(daxsign_sign(&key, &broken, NULL, 1, NULL, text, sizeof text, &len, &detail));
    none[0] = field("x", "y");
    none[0].value.data = NULL;
    broken.fields = none;
    broken.field_count = 1;
    IS_NULL(daxsign_explain(&public_key, &broken, NULL, &explanation, &detail));
    IS_NULL(daxsign_signing_string(&request, &nothing, NULL, bytes, 9, &len, &detail));
    CHECK(strcmp(detail.name, "components") == 0);
    /* NULL with a length of 0 is empty. */
    broken = request;
    broken.body = daxsign_bytes(NULL, 0);
    broken.fields = NULL;
    broken.field_count = 0;
    REFUSED(DAXSIGN_ERR_MISSING_HEADER,
            daxsign_signing_string(&broken, NULL, NULL, bytes, 9, &len, &detail));
    nothing.len = 0;
    REFUSED(DAXSIGN_ERR_MISSING_COMPONENT,
            daxsign_signing_string(&request, &nothing, NULL, bytes, 9, &len, &detail));
    REFUSED(DAXSIGN_ERR_INVALID_KEY,
            daxsign_private_key_load(&blank_key, sizeof blank_key, NULL, 0, &detail));
    REFUSED(DAXSIGN_ERR_INVALID_DATE, daxsign_date_parse(NULL, 0, (DaxsignTime *)bytes, &detail));
    REFUSED(DAXSIGN_ERR_INVALID_DATE, daxsign_date_parse_http(NULL, 0, (DaxsignTime *)bytes, &detail));
    EXPECT(DAXSIGN_OK, daxsign_string_digest(NULL, 0, 1, &digest, &detail));
    EXPECT(DAXSIGN_OK, start_signing());
    EXPECT(DAXSIGN_OK, daxsign_signing_stream_update(&signing, NULL, 0, &detail));
    EXPECT(DAXSIGN_OK, daxsign_signing_stream_wipe(&signing));
}

/* `offset` bytes into some memory that is well aligned itself. */
static void *odd(size_t offset)
{
    static uint64_t memory[1024];
    memset(memory, 0, sizeof memory);
    return (char *)memory + offset;
}

#define CROOKED(call) REFUSED(DAXSIGN_ERR_MISALIGNED, call)

static void misaligned(void)
{
    DaxsignTime time;
    DaxsignPublicKey room;
    DaxsignRequest crooked = request;
    size_t count;
    CROOKED(daxsign_private_key_load((DaxsignPrivateKey *)odd(4), sizeof key, "x", 1, &detail));
    CROOKED(daxsign_public_key_load((DaxsignPublicKey *)odd(1), sizeof room, "x", 1, &detail));
    CROOKED(daxsign_sign((DaxsignPrivateKey *)odd(4), &request, NULL, 1, NULL, text, sizeof text,
                         &len, &detail));
    CROOKED(daxsign_sign(&key, (DaxsignRequest *)odd(4), NULL, 1, NULL, text, sizeof text, &len,
                         &detail));
    CROOKED(daxsign_sign(&key, &request, (DaxsignBytes *)odd(4), 1, NULL, text, sizeof text, &len,
                         &detail));
    CROOKED(daxsign_sign(&key, &request, NULL, 1, (DaxsignOptions *)odd(2), text, sizeof text,
                         &len, &detail));
    CROOKED(daxsign_sign(&key, &request, NULL, 1, NULL, text, sizeof text, (size_t *)odd(4),
                         &detail));
    REFUSED_SILENTLY(DAXSIGN_ERR_MISALIGNED,
                     daxsign_sign(&key, &request, NULL, 1, NULL, text, sizeof text, &len,
                                  (DaxsignDetail *)odd(4)));
    crooked.fields = (DaxsignField *)odd(4);
    CROOKED(daxsign_signing_string(&crooked, NULL, NULL, bytes, 9, &len, &detail));
    CROOKED(daxsign_sign_with((DaxsignSigner *)odd(4), &request, NULL, 1, NULL, text, sizeof text,
                              &len, &detail));
    CROOKED(daxsign_date_parse("x", 1, (DaxsignTime *)odd(4), &detail));
    CROOKED(daxsign_date_parse_http("x", 1, (DaxsignTime *)odd(4), &detail));
    CROOKED(daxsign_date_format((DaxsignTime *)odd(4), text, 99, &len, &detail));
    CROOKED(daxsign_certificate_load(&room, sizeof room, file.bytes, file.len, &time,
                                     (DaxsignTime *)odd(4), &detail));
    CROOKED(daxsign_verify(&public_key, &request, 1, NULL, (DaxsignTime *)odd(4), NULL, NULL,
                           &detail));
    CROOKED(daxsign_verify(&public_key, &request, 1, NULL, &now, (DaxsignReplayGuard *)odd(4),
                           NULL, &detail));
    CROOKED(daxsign_verify(&public_key, &request, 1, NULL, &now, NULL, (DaxsignVerified *)odd(4),
                           &detail));
    CROOKED(daxsign_replay_guard_start(&guard, sizeof guard, (DaxsignReplayEntry *)odd(4), 1,
                                       &detail));
    CROOKED(daxsign_replay_guard_count(&guard, (size_t *)odd(4), &detail));
    CROOKED(daxsign_replay_guard_count((DaxsignReplayGuard *)odd(4), &count, &detail));
    CROOKED(daxsign_signing_stream_update((DaxsignSigningStream *)odd(4), "x", 1, &detail));
    CROOKED(daxsign_verifying_stream_update((DaxsignVerifyingStream *)odd(4), "x", 1, &detail));
    CROOKED(daxsign_public_key_info(&public_key, (DaxsignKeyInfo *)odd(2), &detail));
    CROOKED(daxsign_explain(&public_key, &request, NULL, (DaxsignExplanation *)odd(2), &detail));
    CROOKED(daxsign_components_contain(&list, "x", 1, (uint32_t *)odd(2), &detail));
    REFUSED_SILENTLY(DAXSIGN_ERR_MISALIGNED,
                     daxsign_private_key_wipe((DaxsignPrivateKey *)odd(1)));
    REFUSED_SILENTLY(DAXSIGN_ERR_MISALIGNED,
                     daxsign_signing_stream_wipe((DaxsignSigningStream *)odd(1)));
}

#define TOO_SMALL(call) REFUSED(DAXSIGN_ERR_TOO_SMALL, call)

static void short_storage(void)
{
    DaxsignPublicKey room;
    DaxsignTime first, last;
    size_t needed;
    memset(&room, 'x', sizeof room);
    TOO_SMALL(daxsign_private_key_load(&blank_key, sizeof key - 8, file.bytes, 1, &detail));
    TOO_SMALL(daxsign_public_key_load(&room, sizeof room - 8, file.bytes, file.len, &detail));
    TOO_SMALL(daxsign_public_key_load(&room, 0, file.bytes, file.len, &detail));
    TOO_SMALL(daxsign_certificate_load(&room, sizeof room - 8, file.bytes, file.len, &first, &last,
                                       &detail));
    TOO_SMALL(daxsign_private_key_public(&key, &room, sizeof room - 8, &detail));
    needed = (size_t)detail.needed;
    CHECK(needed > sizeof room - 8 && needed <= sizeof room);
    TOO_SMALL(daxsign_private_key_public(&key, &room, needed - 1, &detail));
    CHECK(all(&room, sizeof room, 'x'));
    TOO_SMALL(daxsign_signing_stream_start(&signing, 8, &request, NULL, NULL, 18, &detail));
    needed = (size_t)detail.needed;
    CHECK(needed <= sizeof signing);
    TOO_SMALL(daxsign_signing_stream_start(&signing, needed - 1, &request, NULL, NULL, 18, &detail));
    TOO_SMALL(daxsign_verifying_stream_start(&verifying, 8, &public_key, &request, 1, NULL, &now,
                                             18, &detail));
    TOO_SMALL(daxsign_replay_guard_start(&guard, 8, entries, 4, &detail));
}

#define TOO_LONG(call) REFUSED(DAXSIGN_ERR_INVALID_LENGTH, call)

static void huge_lengths(void)
{
    static const size_t LENGTHS[3] = { SIZE_MAX, SIZE_MAX / 2 + 1, SIZE_MAX / 2 + 2 };
    DaxsignRequest broken;
    DaxsignBytes names;
    size_t at;
    for (at = 0; at < 3; at++) {
        size_t huge = LENGTHS[at];
        TOO_LONG(daxsign_private_key_load(&blank_key, sizeof key, file.bytes, huge, &detail));
        TOO_LONG(daxsign_public_key_load(&blank_public, sizeof blank_public, file.bytes, huge,
                                         &detail));
        TOO_LONG(daxsign_key_identify(file.bytes, huge, &info, &detail));
        TOO_LONG(daxsign_date_parse("x", huge, (DaxsignTime *)bytes, &detail));
        TOO_LONG(daxsign_date_parse_http("x", huge, (DaxsignTime *)bytes, &detail));
        TOO_LONG(daxsign_string_digest("x", huge, 1, &digest, &detail));
        TOO_LONG(daxsign_signature_header_parse("x", huge, &header, &detail));
        TOO_LONG(daxsign_sign(&key, &request, NULL, 1, NULL, text, huge, &len, &detail));
        TOO_LONG(daxsign_signing_string(&request, NULL, NULL, bytes, huge, &len, &detail));
        TOO_LONG(daxsign_verify_digest(&public_key, &digest, bytes, huge, &detail));
        TOO_LONG(daxsign_signature_header_write(&request, NULL, bytes, huge, text, 9, &len,
                                                &detail));
        TOO_LONG(daxsign_components_contain(&list, "x", huge, (uint32_t *)bytes, &detail));
        REFUSED_SILENTLY(DAXSIGN_ERR_INVALID_LENGTH,
                         daxsign_detail_message(&detail, text, huge, &len));
        REFUSED_SILENTLY(DAXSIGN_ERR_INVALID_LENGTH,
                         daxsign_key_file_message(&detail, "x", huge, text, 9, &len));
        REFUSED_SILENTLY(DAXSIGN_ERR_INVALID_LENGTH,
                         daxsign_key_file_message(&detail, "x", 1, text, huge, &len));
        TOO_LONG(daxsign_replay_guard_start(&guard, sizeof guard, entries, huge, &detail));
        EXPECT(DAXSIGN_OK, start_signing());
        TOO_LONG(daxsign_signing_stream_update(&signing, "x", huge, &detail));
        broken = request;
        broken.body.len = huge;
        TOO_LONG(daxsign_sign(&key, &broken, NULL, 1, NULL, text, sizeof text, &len, &detail));
        broken = request;
        broken.field_count = huge;
        TOO_LONG(daxsign_sign(&key, &broken, NULL, 1, NULL, text, sizeof text, &len, &detail));
        /* Counts whose product with a size passes the end of the numbers. */
        broken.field_count = SIZE_MAX / sizeof(DaxsignField) + at + 1;
        TOO_LONG(daxsign_verify(&public_key, &broken, 1, NULL, &now, NULL, NULL, &detail));
        TOO_LONG(daxsign_replay_guard_start(&guard, sizeof guard, entries,
                                            SIZE_MAX / sizeof entries[0] + at + 1, &detail));
        names.data = "date";
        names.len = huge;
        TOO_LONG(daxsign_signing_string(&request, &names, NULL, bytes, 9, &len, &detail));
    }
    /* At the end of the addresses. */
    broken = request;
    broken.body = daxsign_bytes((void *)(UINTPTR_MAX - 10), PTRDIFF_MAX);
    TOO_LONG(daxsign_signing_digest(&broken, NULL, 1, NULL, &digest, &detail));
    broken.body = daxsign_bytes((void *)(UINTPTR_MAX - 10), 12);
    TOO_LONG(daxsign_signing_digest(&broken, NULL, 1, NULL, &digest, &detail));
}

static void bad_numbers(void)
{
    static const uint32_t PROFILES[4] = { 0, 3, 0x80000000u, UINT32_MAX };
    DaxsignOptions odd_options = DAXSIGN_OPTIONS_INIT;
    size_t at;
    for (at = 0; at < 4; at++) {
        uint32_t bad = PROFILES[at];
        int32_t expected = DAXSIGN_ERR_INVALID_ARGUMENT;
        memset(text, 'x', sizeof text);
        REFUSED(expected, daxsign_sign(&key, &request, NULL, bad, NULL, text, sizeof text, &len,
                                       &detail));
        CHECK(len == 0 && all(text, sizeof text, 0));
        REFUSED(expected, daxsign_signing_digest(&request, NULL, bad, NULL, &digest, &detail));
        CHECK(all(&digest, sizeof digest, 0));
        REFUSED(expected, daxsign_string_digest("x", 1, bad, &digest, &detail));
        REFUSED(expected, daxsign_verify(&public_key, &request, bad, NULL, &now, NULL, NULL,
                                         &detail));
        EXPECT(DAXSIGN_OK, start_signing());
        REFUSED(expected, daxsign_signing_stream_finish(&signing, bad, &digest, &detail));
        if (bad != 0) {
            odd_options.target_form = bad;
            memset(bytes, 'x', sizeof bytes);
            len = 7;
            REFUSED(expected, daxsign_signing_string(&request, NULL, &odd_options, bytes,
                                                     sizeof bytes, &len, &detail));
            CHECK(len == 0 && all(bytes, sizeof bytes, 0));
            odd_options.target_form = 0;
            odd_options.content = bad;
            REFUSED(expected, daxsign_signing_digest(&request, NULL, 1, &odd_options, &digest,
                                                     &detail));
            odd_options.content = 0;
            odd_options.policy = bad;
            REFUSED(expected, daxsign_verify(&public_key, &request, 1, &odd_options, &now, NULL,
                                             NULL, &detail));
            odd_options.policy = 0;
        }
    }
    REFUSED(DAXSIGN_ERR_INVALID_ARGUMENT,
            daxsign_signature_header_decode(&header, 0, bytes, sizeof bytes, &len, &detail));
    REFUSED(DAXSIGN_ERR_INVALID_ARGUMENT,
            daxsign_signature_header_decode(&header, UINT32_MAX, bytes, sizeof bytes, &len, &detail));
    {
        DaxsignExplanation made_up = DAXSIGN_EXPLANATION_INIT;
        REFUSED(DAXSIGN_ERR_INVALID_ARGUMENT,
                daxsign_explanation_message(&made_up, text, sizeof text, &len, &detail));
        made_up.finding = DAXSIGN_FINDING_MISTAKE;
        memset(made_up.name, 'x', sizeof made_up.name);
        REFUSED(DAXSIGN_ERR_INVALID_ARGUMENT,
                daxsign_explanation_message(&made_up, text, sizeof text, &len, &detail));
        REFUSED(DAXSIGN_ERR_INVALID_ARGUMENT,
                daxsign_explanation_string(&made_up, &request, NULL, bytes, sizeof bytes, &len,
                                           &detail));
    }
    {
        DaxsignTime late = now;
        late.nanoseconds = 1000000000;
        memset(text, 'x', sizeof text);
        len = 7;
        REFUSED(DAXSIGN_ERR_INVALID_DATE,
                daxsign_date_format(&late, text, sizeof text, &len, &detail));
        CHECK(len == 0 && all(text, sizeof text, 0));
        REFUSED(DAXSIGN_ERR_INVALID_DATE,
                daxsign_verify(&public_key, &request, 1, NULL, &late, NULL, NULL, &detail));
    }
    /* A detail that no function wrote. */
    {
        DaxsignDetail made_up = DAXSIGN_DETAIL_INIT;
        int32_t status;
        memset(made_up.name, 'x', sizeof made_up.name);
        memset(made_up.text, 0xff, sizeof made_up.text);
        made_up.offset = made_up.needed = made_up.found = UINT64_MAX;
        made_up.problem = made_up.position = UINT32_MAX;
        for (status = -2; status < 210; status++) {
            made_up.status = status;
            EXPECT(DAXSIGN_OK, daxsign_detail_message(&made_up, text, 512, &len));
            CHECK(len > 0 && strlen(text) == len);
            EXPECT(DAXSIGN_OK, daxsign_key_file_message(&made_up, "x", 1, text, 512, &len));
            CHECK(len > 0 && strlen(text) == len);
        }
    }
}

static void struct_sizes(void)
{
    static const int CHANGES[3] = { -4, 8, 0 };
    size_t at;
    for (at = 0; at < 3; at++) {
#define OTHER_SIZE(object) \
    object.struct_size = CHANGES[at] == 0 ? 0 : object.struct_size + (uint32_t)CHANGES[at]
#define MISMATCH(call) REFUSED(DAXSIGN_ERR_ABI_MISMATCH, call)
        DaxsignRequest a = request;
        DaxsignOptions b = options;
        DaxsignDetail c = detail;
        DaxsignSigner d = signer;
        DaxsignSignatureHeader e = header;
        DaxsignVerified f = verified;
        DaxsignExplanation g = explanation;
        DaxsignKeyInfo h = info;
        OTHER_SIZE(a);
        OTHER_SIZE(b);
        OTHER_SIZE(c);
        OTHER_SIZE(d);
        OTHER_SIZE(e);
        OTHER_SIZE(f);
        OTHER_SIZE(g);
        OTHER_SIZE(h);
        MISMATCH(daxsign_sign(&key, &a, NULL, 1, NULL, text, sizeof text, &len, &detail));
        MISMATCH(daxsign_sign(&key, &request, NULL, 1, &b, text, sizeof text, &len, &detail));
        c.status = 55;
        REFUSED_SILENTLY(DAXSIGN_ERR_ABI_MISMATCH,
                         daxsign_sign(&key, &request, NULL, 1, NULL, text, sizeof text, &len, &c));
        CHECK(c.status == 55);
        REFUSED_SILENTLY(DAXSIGN_ERR_ABI_MISMATCH, daxsign_detail_message(&c, text, 512, &len));
        REFUSED_SILENTLY(DAXSIGN_ERR_ABI_MISMATCH,
                         daxsign_key_file_message(&c, "x", 1, text, 512, &len));
        MISMATCH(daxsign_sign_with(&d, &request, NULL, 1, NULL, text, sizeof text, &len, &detail));
        MISMATCH(daxsign_signature_header_find(&request, &e, &detail));
        MISMATCH(daxsign_signature_header_decode(&e, 2048, bytes, sizeof bytes, &len, &detail));
        MISMATCH(daxsign_verify(&public_key, &request, 1, NULL, &now, NULL, &f, &detail));
        MISMATCH(daxsign_explain(&public_key, &request, NULL, &g, &detail));
        MISMATCH(daxsign_explanation_message(&g, text, sizeof text, &len, &detail));
        MISMATCH(daxsign_public_key_info(&public_key, &h, &detail));
        MISMATCH(daxsign_key_identify(file.bytes, file.len, &h, &detail));
    }
}

static void overlaps(void)
{
    DaxsignPublicKey room;
    DaxsignTime times[2];
    /* A length inside the buffer, and a buffer inside every input. */
    union {
        size_t length;
        char out[64];
    } both;
    memset(both.out, 'x', sizeof both.out);
    REFUSED_SILENTLY(DAXSIGN_ERR_OVERLAP, daxsign_key_file_message(&detail, both.out + 8, 9, both.out,
                                                                   sizeof both.out, &len));
    REFUSED_SILENTLY(DAXSIGN_ERR_OVERLAP,
                     daxsign_key_file_message(&detail, "x", 1, (char *)&detail, sizeof detail, &len));
    OVERLAPS(daxsign_date_format(&now, both.out, sizeof both.out, &both.length, &detail));
    times[0] = now;
    OVERLAPS(daxsign_date_format(&times[0], (char *)times, sizeof times, &len, &detail));
    CHECK(times[0].seconds == now.seconds);
    OVERLAPS(daxsign_date_parse((char *)times, 8, times, &detail));
    OVERLAPS(daxsign_date_parse_http((char *)times, 8, times, &detail));
    OVERLAPS(daxsign_sign(&key, &request, NULL, 1, NULL, (char *)&key, sizeof key, &len, &detail));
    OVERLAPS(daxsign_sign(&key, &request, NULL, 1, NULL, (char *)&request, 8, &len, &detail));
    OVERLAPS(daxsign_sign(&key, &request, NULL, 1, NULL, (char *)fields, 8, &len, &detail));
    OVERLAPS(daxsign_sign(&key, &request, NULL, 1, NULL, value, sizeof value, &len, &detail));
    OVERLAPS(daxsign_sign(&key, &request, &list, 1, NULL, (char *)&list, 8, &len, &detail));
    OVERLAPS(daxsign_sign(&key, &request, NULL, 1, &options, (char *)&options, 8, &len, &detail));
    OVERLAPS(daxsign_sign(&key, &request, NULL, 1, NULL, text, sizeof text,
                          &request.field_count, &detail));
    CHECK(request.field_count == 4);
    OVERLAPS(daxsign_signing_string(&request, NULL, &options, (uint8_t *)&options, 4, &len,
                                    &detail));
    REFUSED_SILENTLY(DAXSIGN_ERR_OVERLAP,
                     daxsign_sign(&key, &request, NULL, 1, NULL, (char *)&detail, sizeof detail,
                                  &len, &detail));
    signer.public_key = &public_key;
    OVERLAPS(daxsign_sign_with(&signer, &request, NULL, 1, NULL, (char *)&public_key, 300, &len,
                               &detail));
    OVERLAPS(daxsign_sign_with(&signer, &request, NULL, 1, NULL, (char *)&signer, 8, &len,
                               &detail));
    signer.public_key = NULL;
    OVERLAPS(daxsign_sign_digest(&key, &digest, digest.bytes, sizeof digest, &len, &detail));
    OVERLAPS(daxsign_sign_digest(&key, &digest, (uint8_t *)&key, 256, &len, &detail));
    OVERLAPS(daxsign_sign_batch(&key, &digest, 1, digest.bytes, sizeof digest, &len, &detail));
    OVERLAPS(daxsign_sign_batch(&key, &digest, 1, (uint8_t *)&key, 256, &len, &detail));
    OVERLAPS(daxsign_string_digest(digest.bytes, 32, 1, &digest, &detail));
    OVERLAPS(daxsign_signing_digest(&request, NULL, 1, &options, (DaxsignDigest *)(void *)&options,
                                    &detail));
    OVERLAPS(daxsign_signature_header_write(&request, NULL, bytes, 256, (char *)bytes, 512, &len,
                                            &detail));
    OVERLAPS(daxsign_private_key_load(&blank_key, sizeof blank_key, &blank_key, 99, &detail));
    OVERLAPS(daxsign_public_key_load(&room, sizeof room, (char *)&room + 9, 99, &detail));
    OVERLAPS(daxsign_certificate_load(&room, sizeof room, file.bytes, file.len, times, times,
                                      &detail));
    OVERLAPS(daxsign_public_key_modulus(&public_key, (uint8_t *)&public_key, 256, &len, &detail));
    OVERLAPS(daxsign_signature_header_parse((char *)&header, 9, &header, &detail));
    {
        /* A request inside the storage. */
        union {
            DaxsignRequest request;
            DaxsignSigningStream stream;
        } one;
        one.request = request;
        OVERLAPS(daxsign_signing_stream_start(&one.stream, sizeof one.stream, &one.request, NULL,
                                              NULL, 0, &detail));
    }
    EXPECT(DAXSIGN_OK, start_signing());
    OVERLAPS(daxsign_signing_stream_update(&signing, &signing, 9, &detail));
    OVERLAPS(daxsign_signing_stream_finish(&signing, 1, (DaxsignDigest *)(void *)&signing, &detail));
    EXPECT(DAXSIGN_OK, daxsign_signing_stream_finish(&signing, 1, &digest, &detail));
    OVERLAPS(daxsign_replay_guard_start(&guard, sizeof guard, (DaxsignReplayEntry *)(void *)&guard,
                                        1, &detail));
    OVERLAPS(daxsign_replay_guard_count(&guard, (size_t *)(void *)&guard, &detail));
    OVERLAPS(daxsign_explanation_message(&explanation, explanation.name, 9, &len, &detail));
    OVERLAPS(daxsign_explanation_string(&explanation, &request, NULL, (uint8_t *)&explanation, 9,
                                        &len, &detail));
    {
        /* A result inside the guard. */
        union {
            DaxsignReplayGuard guard;
            DaxsignVerified verified;
        } one;
        DaxsignVerified kept = DAXSIGN_VERIFIED_INIT;
        memset(&one, 0, sizeof one);
        one.verified = kept;
        OVERLAPS(daxsign_verify(&public_key, &request, 1, NULL, &now, &one.guard, &one.verified,
                                &detail));
        EXPECT(DAXSIGN_OK, start_verifying());
        OVERLAPS(daxsign_verifying_stream_finish(&verifying, &one.guard, &one.verified, &detail));
        /* The stream goes on after a refusal of the arguments. */
        OVERLAPS(daxsign_verifying_stream_finish(&verifying, (DaxsignReplayGuard *)(void *)&verifying,
                                                 NULL, &detail));
        EXPECT(DAXSIGN_OK, daxsign_verifying_stream_finish(&verifying, NULL, NULL, &detail));
    }
}

/* A detail inside an input: refused, and neither is written. */
static void details_inside_inputs(void)
{
    union {
        DaxsignDetail detail;
        char bytes[1024];
        DaxsignReplayEntry entries[4];
    } one, before;
    DaxsignReplayGuard entries_guard;
    DaxsignDetail kept = DAXSIGN_DETAIL_INIT;
    DaxsignRequest inside = request;
    DaxsignTime times[1];
    memset(&one, ' ', sizeof one);
    one.detail = kept;
    before = one;
    inside.body = daxsign_bytes(&one, 8);
#define KEPT(call) REFUSED_SILENTLY(DAXSIGN_ERR_OVERLAP, call); CHECK(memcmp(&one, &before, sizeof one) == 0)
    KEPT(daxsign_sign(&key, &inside, NULL, 1, NULL, text, sizeof text, &len, &one.detail));
    KEPT(daxsign_signing_digest(&inside, NULL, 1, NULL, &digest, &one.detail));
    KEPT(daxsign_signing_stream_start(&signing, sizeof signing, &inside, NULL, NULL, 8, &one.detail));
    KEPT(daxsign_verify(&public_key, &inside, 1, NULL, &now, NULL, NULL, &one.detail));
    KEPT(daxsign_public_key_load(&blank_public, sizeof blank_public, &one, 99, &one.detail));
    KEPT(daxsign_date_parse(one.bytes, 99, &times[0], &one.detail));
    KEPT(daxsign_date_parse_http(one.bytes, 99, &times[0], &one.detail));
    KEPT(daxsign_signature_header_parse(one.bytes, 99, &header, &one.detail));
    KEPT(daxsign_key_identify(&one, 99, &info, &one.detail));
    KEPT(daxsign_verify_digest(&public_key, &digest, (const uint8_t *)one.bytes, 256, &one.detail));
    /* And inside the entries of a guard. */
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_start(&entries_guard, sizeof entries_guard, one.entries,
                                                  4, NULL));
    one.detail = kept;
    before = one;
    KEPT(daxsign_verify(&public_key, &request, 1, NULL, &now, &entries_guard, NULL, &one.detail));
#undef KEPT
}

static void wiping(void)
{
    memset(bytes, 'x', 9);
    EXPECT(DAXSIGN_OK, daxsign_wipe(bytes + 1, 7));
    CHECK(bytes[0] == 'x' && all(bytes + 1, 7, 0) && bytes[8] == 'x');
    EXPECT(DAXSIGN_OK, daxsign_wipe(NULL, 0));
    IS_NULL_SILENTLY(daxsign_wipe(NULL, 1));
    REFUSED_SILENTLY(DAXSIGN_ERR_INVALID_LENGTH, daxsign_wipe(bytes, SIZE_MAX));
}

#define UNSTARTED(call) REFUSED(DAXSIGN_ERR_NOT_INITIALISED, call)

static void not_initialised(void)
{
    DaxsignPublicKey room;
    DaxsignReplayGuard none;
    size_t count;
    memset(&blank_key, 0, sizeof blank_key);
    memset(&blank_public, 0, sizeof blank_public);
    memset(&none, 0, sizeof none);
    memset(bytes, 'x', sizeof bytes);
    len = 7;
    UNSTARTED(daxsign_sign_digest(&blank_key, &digest, bytes, 256, &len, &detail));
    CHECK(len == 0 && all(bytes, 256, 0) && bytes[256] == 'x');
    memset(bytes, 'x', sizeof bytes);
    len = 7;
    UNSTARTED(daxsign_sign_batch(&blank_key, &digest, 1, bytes, 256, &len, &detail));
    CHECK(len == 0 && all(bytes, 256, 0) && bytes[256] == 'x');
    memset(bytes, 'x', sizeof bytes);
    len = 7;
    UNSTARTED(daxsign_public_key_modulus(&blank_public, bytes, 256, &len, &detail));
    CHECK(len == 0 && all(bytes, 256, 0));
    UNSTARTED(daxsign_sign(&blank_key, &request, NULL, 1, NULL, text, sizeof text, &len, &detail));
    CHECK(len == 0 && all(text, sizeof text, 0));
    UNSTARTED(daxsign_private_key_public(&blank_key, &room, sizeof room, &detail));
    UNSTARTED(daxsign_public_key_info(&blank_public, &info, &detail));
    UNSTARTED(daxsign_verify_digest(&blank_public, &digest, bytes, 256, &detail));
    UNSTARTED(daxsign_verify(&blank_public, &request, 1, NULL, &now, NULL, NULL, &detail));
    UNSTARTED(daxsign_verify(&public_key, &request, 1, NULL, &now, &none, NULL, &detail));
    UNSTARTED(daxsign_explain(&blank_public, &request, NULL, &explanation, &detail));
    UNSTARTED(daxsign_replay_guard_count(&none, &count, &detail));
    /* Of another type: a public key where a private one must be. */
    memcpy(&blank_key, &public_key, sizeof public_key);
    UNSTARTED(daxsign_sign_digest(&blank_key, &digest, bytes, 256, &len, &detail));
    signer.public_key = &blank_public;
    memset(text, 'x', sizeof text);
    UNSTARTED(daxsign_sign_with(&signer, &request, NULL, 1, NULL, text, sizeof text, &len,
                                &detail));
    CHECK(len == 0 && all(text, sizeof text, 0));
    signer.public_key = NULL;
    /* Finished, wiped, or ended by an error. */
    UNSTARTED(daxsign_signing_stream_update(&signing, "x", 1, &detail));
    UNSTARTED(daxsign_signing_stream_finish(&signing, 1, &digest, &detail));
    CHECK(all(&digest, sizeof digest, 0));
    UNSTARTED(daxsign_verifying_stream_update(&verifying, "x", 1, &detail));
    UNSTARTED(daxsign_verifying_stream_finish(&verifying, NULL, NULL, &detail));
    EXPECT(DAXSIGN_OK, start_verifying());
    EXPECT(DAXSIGN_OK, daxsign_verifying_stream_wipe(&verifying));
    CHECK(all(&verifying, sizeof verifying, 0));
    UNSTARTED(daxsign_verifying_stream_finish(&verifying, NULL, NULL, &detail));
    EXPECT(DAXSIGN_OK, daxsign_signing_stream_start(&signing, sizeof signing, &request, NULL, NULL,
                                                    18, NULL));
    REFUSED(DAXSIGN_ERR_CONTENT_LENGTH_MISMATCH,
            daxsign_signing_stream_update(&signing, "x", 1, &detail));
    CHECK(all(&signing, sizeof signing, 0));
    UNSTARTED(daxsign_signing_stream_finish(&signing, 1, &digest, &detail));
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_start(&guard, sizeof guard, entries, 4, &detail));
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_wipe(&guard));
    UNSTARTED(daxsign_replay_guard_count(&guard, &count, &detail));
    /* After a failure to load, the storage of the key before is zeroed. */
    memcpy(&blank_public, &public_key, sizeof public_key);
    REFUSED(DAXSIGN_ERR_INVALID_KEY,
            daxsign_public_key_load(&blank_public, sizeof blank_public, "no key", 6, &detail));
    CHECK(all(&blank_public, sizeof blank_public, 0));
    memcpy(&blank_key, &key, sizeof key);
    REFUSED(DAXSIGN_ERR_INVALID_KEY,
            daxsign_private_key_load(&blank_key, sizeof blank_key, "no key", 6, &detail));
    CHECK(all(&blank_key, sizeof blank_key, 0));
}

/* One output at its exact size, with one byte more and with one less. */
static void capacities(void)
{
    size_t needed;
    EXPECT(DAXSIGN_OK,
           daxsign_sign(&key, &request, &list, 1, NULL, text, sizeof text, &needed, &detail));
    memset(text, 'x', sizeof text);
    EXPECT(DAXSIGN_OK, daxsign_sign(&key, &request, &list, 1, NULL, text, needed, &len, &detail));
    CHECK(len == needed && text[needed - 1] == '"' && text[needed] == 'x');
    memset(text, 'x', sizeof text);
    EXPECT(DAXSIGN_OK,
           daxsign_sign(&key, &request, &list, 1, NULL, text, needed + 1, &len, &detail));
    CHECK(len == needed && text[needed] == '\0' && text[needed + 1] == 'x');
    memset(text, 'x', sizeof text);
    REFUSED(DAXSIGN_ERR_BUFFER_TOO_SMALL,
            daxsign_sign(&key, &request, &list, 1, NULL, text, needed - 1, &len, &detail));
    CHECK(len == needed && detail.needed == needed);
    CHECK(all(text, needed - 1, 0) && text[needed - 1] == 'x');
    memset(bytes, 'x', sizeof bytes);
    REFUSED(DAXSIGN_ERR_BUFFER_TOO_SMALL,
            daxsign_sign_digest(&key, &digest, bytes, 255, &len, &detail));
    CHECK(len == 256 && all(bytes, 255, 0) && bytes[255] == 'x');
    memset(bytes, 'x', sizeof bytes);
    REFUSED(DAXSIGN_ERR_BUFFER_TOO_SMALL,
            daxsign_sign_batch(&key, &digest, 1, bytes, 255, &len, &detail));
    CHECK(len == 256 && all(bytes, 255, 0) && bytes[255] == 'x');
    REFUSED(DAXSIGN_ERR_BUFFER_TOO_SMALL, daxsign_date_format(&now, text, 27, &len, &detail));
    CHECK(len == DAXSIGN_DATE_LEN);
    memset(text, 'x', sizeof text);
    EXPECT(DAXSIGN_OK, daxsign_date_format(&now, text, 28, &len, &detail));
    CHECK(len == 28 && text[28] == 'x');
    REFUSED(DAXSIGN_ERR_BUFFER_TOO_SMALL,
            daxsign_signature_header_decode(&header, 2048, bytes, 255, &len, &detail));
    CHECK(len == 256);
    /* A guard without room refuses; it does not forget. */
    EXPECT(DAXSIGN_OK, daxsign_replay_guard_start(&guard, sizeof guard, NULL, 0, &detail));
    REFUSED(DAXSIGN_ERR_REPLAY_GUARD_FULL,
            daxsign_verify(&public_key, &request, 1, NULL, &now, &guard, NULL, &detail));
    EXPECT(DAXSIGN_OK, daxsign_verify(&public_key, &request, 1, NULL, &now, NULL, NULL, &detail));
}

int main(int count, char **arguments)
{
    start(count, arguments);
    prepare();
    null_keys();
    null_signing();
    null_verifying();
    null_parts();
    null_enrolling();
    broken_enrolling();
    hostile_certificates();
    hostile_messages();
    misaligned();
    short_storage();
    huge_lengths();
    bad_numbers();
    struct_sizes();
    overlaps();
    details_inside_inputs();
    wiping();
    not_initialised();
    capacities();
    printf("%u hostile calls\n", calls);
    return 0;
}
