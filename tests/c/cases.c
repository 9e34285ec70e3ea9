/* All cases of the vectors through the C interface. */
#include "cases.h"
#include "check.h"

static DaxsignPrivateKey private_keys[3];
static DaxsignPublicKey public_keys[3];
static const char *const KEYS[3] = { "rsa2048", "rsa3072", "rsa4096" };
static unsigned char buffer[1 << 20];
static char value[VALUE_CAP];
static size_t good_cases, refused_cases, signatures;

static void load_keys(void)
{
    size_t at;
    char name[32];
    for (at = 0; at < 3; at++) {
        sprintf(name, "%s.pkcs8.pem", KEYS[at]);
        load_private_key(name, &private_keys[at]);
        sprintf(name, "%s.spki.der", KEYS[at]);
        load_public_key(name, &public_keys[at]);
    }
}

static size_t key_index(const char *name)
{
    size_t at;
    for (at = 0; at < 3; at++) {
        if (strcmp(KEYS[at], name) == 0) {
            return at;
        }
    }
    CHECK(!"a key of the vectors");
    return 0;
}

static DaxsignRequest request_of(const Case *current)
{
    DaxsignRequest request = DAXSIGN_REQUEST_INIT;
    request.method = current->method;
    request.target = current->target;
    request.fields = current->fields;
    request.field_count = current->field_count;
    request.body = current->body;
    return request;
}

static void check_string(const Case *current, const DaxsignRequest *request)
{
    DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
    DaxsignDigest digest, by_string;
    size_t needed, len;
    uint32_t profile;

    EXPECT(DAXSIGN_ERR_BUFFER_TOO_SMALL,
           daxsign_signing_string(request, &current->components, NULL, NULL, 0, &needed, &detail));
    CHECK(needed == current->string.len && detail.needed == needed);
    CHECK(needed <= sizeof buffer);
    EXPECT(DAXSIGN_OK, daxsign_signing_string(request, &current->components, NULL, buffer, needed,
                                              &len, &detail));
    CHECK(same(current->string, buffer, len));
    CHECK(detail.status == DAXSIGN_OK && detail.needed == 0);
    EXPECT(DAXSIGN_OK, daxsign_component_list(request, &current->components, value, sizeof value,
                                              &len, &detail));
    CHECK(same(current->headers_parameter, value, len) && value[len] == '\0');
    for (profile = 1; profile <= 2; profile++) {
        EXPECT(DAXSIGN_OK, daxsign_signing_digest(request, &current->components, profile, NULL,
                                                  &digest, &detail));
        EXPECT(DAXSIGN_OK, daxsign_string_digest(current->string.data, current->string.len, profile,
                                                 &by_string, &detail));
        CHECK(memcmp(&digest, &by_string, sizeof digest) == 0);
        if (profile == DAXSIGN_PROFILE_DOCUMENTED) {
            CHECK(same(current->sha256, digest.bytes, sizeof digest.bytes));
        }
    }
}

static DaxsignTime date_of(const Case *current)
{
    DaxsignTime time = { 0, 0 };
    DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
    size_t at;
    for (at = 0; at < current->field_count; at++) {
        DaxsignBytes name = current->fields[at].name;
        const char *text = (const char *)name.data;
        if (name.len == 4 && (text[0] | 32) == 'd' && (text[3] | 32) == 'e') {
            DaxsignBytes date = current->fields[at].value;
            EXPECT(DAXSIGN_OK,
                   daxsign_date_parse((const char *)date.data, date.len, &time, &detail));
            return time;
        }
    }
    CHECK(!"a request with a date");
    return time;
}

/* The request with the Signature field, verified in one call. */
static void check_verifying(const Case *current, const KnownSignature *known, size_t value_len)
{
    DaxsignField fields[64];
    DaxsignRequest request = request_of(current);
    DaxsignOptions options = DAXSIGN_OPTIONS_INIT;
    DaxsignVerified verified = DAXSIGN_VERIFIED_INIT;
    DaxsignSignatureHeader header = DAXSIGN_SIGNATURE_HEADER_INIT;
    DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
    DaxsignTime now = date_of(current);
    const DaxsignPublicKey *key = &public_keys[key_index(known->key)];
    uint32_t profile, contains;

    CHECK(current->field_count < 64);
    memcpy(fields, current->fields, current->field_count * sizeof fields[0]);
    fields[current->field_count].name = daxsign_text("signature");
    fields[current->field_count].value = daxsign_bytes(value, value_len);
    request.fields = fields;
    request.field_count++;
    options.policy = DAXSIGN_POLICY_INTEROP;
    for (profile = 1; profile <= 2; profile++) {
        int32_t expected =
            profile == known->profile ? DAXSIGN_OK : DAXSIGN_ERR_SIGNATURE_MISMATCH;
        EXPECT(expected, daxsign_verify(key, &request, profile, &options, &now, NULL, &verified,
                                        &detail));
    }
    CHECK(verified.date.seconds == now.seconds && verified.date.nanoseconds == now.nanoseconds);
    CHECK(same(current->headers_parameter, verified.components.data, verified.components.len));
    CHECK(same(current->sha256, verified.string_hash, sizeof verified.string_hash));
    EXPECT(DAXSIGN_OK,
           daxsign_components_contain(&verified.components, "DATE", 4, &contains, &detail));
    CHECK(contains == 1);
    EXPECT(DAXSIGN_OK, daxsign_signature_header_find(&request, &header, &detail));
    CHECK(same(known->base64, header.signature.data, header.signature.len));
}

static void check_signature(const Case *current, const KnownSignature *known)
{
    DaxsignRequest request = request_of(current);
    DaxsignSignatureHeader header = DAXSIGN_SIGNATURE_HEADER_INIT;
    DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
    DaxsignDigest digest;
    size_t index = key_index(known->key);
    size_t value_len, len;
    uint32_t bits = (uint32_t)known->bytes.len * 8;

    EXPECT(DAXSIGN_OK, daxsign_sign(&private_keys[index], &request, &current->components,
                                    known->profile, NULL, value, sizeof value, &value_len, &detail));
    CHECK(value_len == DAXSIGN_SIGNATURE_HEADER_LEN(bits, current->headers_parameter.len));
    CHECK(value[value_len] == '\0');
    EXPECT(DAXSIGN_OK, daxsign_signature_header_parse(value, value_len, &header, &detail));
    CHECK(same(current->headers_parameter, header.components.data, header.components.len));
    CHECK(same(known->base64, header.signature.data, header.signature.len));
    EXPECT(DAXSIGN_OK, daxsign_signature_header_decode(&header, bits, buffer, sizeof buffer, &len,
                                                       &detail));
    CHECK(same(known->bytes, buffer, len));
    check_verifying(current, known, value_len);

    EXPECT(DAXSIGN_OK, daxsign_signing_digest(&request, &current->components, known->profile, NULL,
                                              &digest, &detail));
    EXPECT(DAXSIGN_OK, daxsign_verify_digest(&public_keys[index], &digest,
                                             (const uint8_t *)known->bytes.data, known->bytes.len,
                                             &detail));
    EXPECT(DAXSIGN_OK, daxsign_sign_digest(&private_keys[index], &digest, buffer,
                                           known->bytes.len, &len, &detail));
    CHECK(same(known->bytes, buffer, len));
}

static void check_good(const Case *current)
{
    DaxsignRequest request = request_of(current);
    size_t at;
    check_string(current, &request);
    for (at = 0; at < current->signature_count; at++) {
        check_signature(current, &current->signatures[at]);
        signatures++;
    }
    good_cases++;
}

static void check_refused(const Case *current)
{
    DaxsignRequest request = request_of(current);
    DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
    DaxsignDigest digest;
    DaxsignStatus status;
    size_t len = 77;
    char message[512];

    memset(buffer, 'x', sizeof buffer);
    status = daxsign_signing_string(&request, &current->components, NULL, buffer, sizeof buffer,
                                    &len, &detail);
    if (strcmp(daxsign_status_name(status), current->status) != 0) {
        fprintf(stderr, "%s: %s\n", current->name, daxsign_status_name(status));
    }
    CHECK(strcmp(daxsign_status_name(status), current->status) == 0);
    CHECK(len == 0 && all(buffer, sizeof buffer, 0));
    CHECK(detail.status == status);
    EXPECT(DAXSIGN_OK, daxsign_detail_message(&detail, message, sizeof message, &len));
    CHECK(len > 0 && len == strlen(message));

    memset(value, 'x', sizeof value);
    EXPECT(status, daxsign_sign(&private_keys[0], &request, &current->components,
                                DAXSIGN_PROFILE_DOCUMENTED, NULL, value, sizeof value, &len,
                                &detail));
    CHECK(len == 0 && all(value, sizeof value, 0));
    memset(&digest, 'x', sizeof digest);
    EXPECT(status, daxsign_signing_digest(&request, &current->components,
                                          DAXSIGN_PROFILE_VENDOR_SDK, NULL, &digest, &detail));
    CHECK(all(&digest, sizeof digest, 0));
    refused_cases++;
}

int main(int count, char **arguments)
{
    size_t at;
    start(count, arguments);
    load_keys();
    for (at = 0; at < sizeof CASES / sizeof CASES[0]; at++) {
        if (strcmp(CASES[at].status, "ok") == 0) {
            check_good(&CASES[at]);
        } else {
            check_refused(&CASES[at]);
        }
    }
    CHECK(good_cases == GOOD_CASES && refused_cases == REFUSED_CASES && signatures == SIGNATURES);
    for (at = 0; at < 3; at++) {
        EXPECT(DAXSIGN_OK, daxsign_private_key_wipe(&private_keys[at]));
        CHECK(all(&private_keys[at], sizeof private_keys[at], 0));
    }
    printf("%zu good, %zu refused, %zu signatures\n", good_cases, refused_cases, signatures);
    return 0;
}
