/* A call of every function, in the classes of the header's bounds for the stack. */
#ifndef JOBS_H
#define JOBS_H

#include "check.h"

static DaxsignPrivateKey private_key, room;
static DaxsignPublicKey public_key, public_room;
static DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
static DaxsignField fields[6];
static DaxsignRequest request = DAXSIGN_REQUEST_INIT, signed_request = DAXSIGN_REQUEST_INIT;
static DaxsignOptions options = DAXSIGN_OPTIONS_INIT;
static const DaxsignTime now = { 1589719470, 0 };
static DaxsignTime time_room, other_time;
static DaxsignBytes list;
static DaxsignDigest digest, digests[8];
static DaxsignSignatureHeader header = DAXSIGN_SIGNATURE_HEADER_INIT;
static DaxsignExplanation explanation = DAXSIGN_EXPLANATION_INIT;
static DaxsignVerified verified = DAXSIGN_VERIFIED_INIT;
static DaxsignKeyInfo info = DAXSIGN_KEY_INFO_INIT;
static DaxsignSigner signer = DAXSIGN_SIGNER_INIT;
static DaxsignReplayGuard guard;
static DaxsignReplayEntry entries[4];
static DaxsignSigningStream signing;
static DaxsignVerifyingStream verifying;
static File pkcs1_der, pkcs1_pem, pkcs8_der, pkcs8_pem, spki_pem, certificate, chain;
static DaxsignCertificate told = DAXSIGN_CERTIFICATE_INIT;
static DaxsignTime in_time;
static DaxsignNames names = DAXSIGN_NAMES_INIT;
static DaxsignOtherName others[DAXSIGN_MAX_OTHER_NAMES];
static DaxsignSigner enrolling = DAXSIGN_SIGNER_INIT;
static uint8_t of_request[512];
static char value[VALUE_CAP], text[VALUE_CAP];
static unsigned char bytes[4096], signature[512];
static size_t len, value_len, signature_len;
/* What the names of the key files begin with, and the bits of their keys, which stand behind it. */
static const char *family = "rsa";
static uint32_t bits;
static uint32_t contains;
static DaxsignStatus status;
static const char wire[] = "POST /a HTTP/1.1\r\nHost: a\r\n b\r\nContent-Length: 2\r\n\r\n{}";
static DaxsignField wire_fields[4];
static DaxsignRequest wire_request = DAXSIGN_REQUEST_INIT;

static int32_t give_signature(void *context, const uint8_t *hash, uint8_t *out, size_t out_len)
{
    (void)context, (void)hash;
    memcpy(out, signature, out_len);
    return 0;
}

#define JOB(name, call) \
    static void name(void) { status = (call); }

/* Of no use but for a test. */
static int32_t made_up(void *context, uint8_t *out, size_t wanted)
{
    static uint64_t state = 1;
    size_t at;
    (void)context;
    for (at = 0; at < wanted; at++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        out[at] = (uint8_t)(state >> 56);
    }
    return 0;
}

static int32_t sign_request(void *context, const uint8_t *hash, uint8_t *out, size_t out_len)
{
    DaxsignDigest of;
    size_t written;
    (void)context;
    memcpy(of.bytes, hash, sizeof of.bytes);
    EXPECT(DAXSIGN_OK, daxsign_sign_digest(&private_key, &of, of_request, sizeof of_request, &written,
                                           NULL));
    memcpy(out, of_request, out_len);
    return 0;
}

/* The same signature, made before: so that it does not count. */
static int32_t sign_apart(void *context, const uint8_t *hash, uint8_t *out, size_t out_len)
{
    (void)context, (void)hash;
    memcpy(out, of_request, out_len);
    return 0;
}

/* What a key file is refused with. */
static DaxsignDetail of_key = DAXSIGN_DETAIL_INIT, of_names = DAXSIGN_DETAIL_INIT,
                     of_trust = DAXSIGN_DETAIL_INIT, of_wire = DAXSIGN_DETAIL_INIT;
static void nothing(void) { status = DAXSIGN_OK; }

/* DAXSIGN_STACK_SMALL */
JOB(message, daxsign_detail_message(&detail, text, 512, &len))
JOB(enrolling_message, daxsign_enrolling_message(&of_names, text, 512, &len))
JOB(trust_message, daxsign_enrolling_message(&of_trust, text, 512, &len))
JOB(reading_message, daxsign_reading_message(&of_wire, text, 512, &len))
JOB(format, daxsign_date_format(&now, text, 29, &len, &detail))
JOB(parse_date, daxsign_date_parse("2020-05-17T14:44:30+02:00", 25, &time_room, &detail))
JOB(parse_http_date, daxsign_date_parse_http("Sun, 17 May 2020 12:44:30 GMT", 29, &time_room, &detail))
JOB(identify, daxsign_key_identify(pkcs8_pem.bytes, pkcs8_pem.len, &info, &detail))
JOB(identify_certificate,
    daxsign_key_identify(certificate.bytes, certificate.len, &info, &detail))
JOB(key_info, daxsign_public_key_info(&public_key, &info, &detail))
JOB(modulus, daxsign_public_key_modulus(&public_key, bytes, 512, &len, &detail))
JOB(string_digest, daxsign_string_digest(value, 200, 2, &digest, &detail))
JOB(parse_header, daxsign_signature_header_parse(value, value_len, &header, &detail))
JOB(find_header, daxsign_signature_header_find(&signed_request, &header, &detail))
JOB(decode, daxsign_signature_header_decode(&header, bits, bytes, 512, &len, &detail))
JOB(contain, daxsign_components_contain(&list, "Date", 4, &contains, &detail))
JOB(guard_start, daxsign_replay_guard_start(&guard, sizeof guard, entries, 4, &detail))
JOB(guard_count, daxsign_replay_guard_count(&guard, &len, &detail))
JOB(explain_text, daxsign_explanation_message(&explanation, text, 1024, &len, &detail))
JOB(wipe_private, daxsign_private_key_wipe(&room))
JOB(wipe_public, daxsign_public_key_wipe(&public_room))
/* DAXSIGN_STACK_STRING */
JOB(read_message, daxsign_message_read(wire, sizeof wire - 1, wire_fields, 4, &wire_request, &detail))
JOB(string, daxsign_signing_string(&request, &list, &options, bytes, 4096, &len, &detail))
JOB(default_string, daxsign_signing_string(&request, NULL, NULL, bytes, 4096, &len, &detail))
JOB(components, daxsign_component_list(&request, &list, text, 512, &len, &detail))
JOB(hash, daxsign_signing_digest(&request, &list, 2, NULL, &digest, &detail))
JOB(write_header, daxsign_signature_header_write(&request, &list, signature, signature_len, text,
                                                 sizeof text, &len, &detail))
JOB(signing_start, daxsign_signing_stream_start(&signing, sizeof signing, &request, &list, NULL,
                                                DAXSIGN_UNKNOWN_LENGTH, &detail))
JOB(signing_update, daxsign_signing_stream_update(&signing, "", 0, &detail))
JOB(signing_finish, daxsign_signing_stream_finish(&signing, 2, &digest, &detail))
JOB(verifying_start, daxsign_verifying_stream_start(&verifying, sizeof verifying, &public_key,
                                                    &signed_request, 1, NULL, &now,
                                                    DAXSIGN_UNKNOWN_LENGTH, &detail))
JOB(verifying_update, daxsign_verifying_stream_update(&verifying, "", 0, &detail))
JOB(explain_string, daxsign_explanation_string(&explanation, &signed_request, NULL, bytes, 4096,
                                               &len, &detail))
/* DAXSIGN_STACK_PUBLIC */
/* The digest of profile 1 again, which the signature is over. */
JOB(digest_again, daxsign_signing_digest(&request, &list, 1, NULL, &digest, &detail))
JOB(public_half, daxsign_private_key_public(&private_key, &public_room, sizeof public_room,
                                            &detail))
JOB(key_message, daxsign_key_file_message(&of_key, pkcs8_pem.bytes, pkcs8_pem.len, text, 512, &len))
JOB(load_public, daxsign_public_key_load(&public_room, sizeof public_room, spki_pem.bytes,
                                         spki_pem.len, &detail))
JOB(load_certificate,
    daxsign_certificate_load(&public_room, sizeof public_room, certificate.bytes, certificate.len,
                             &time_room, &other_time, &detail))
JOB(load_public_of_certificate,
    daxsign_public_key_load(&public_room, sizeof public_room, certificate.bytes, certificate.len,
                            &detail))
JOB(verify, daxsign_verify(&public_key, &signed_request, 1, &options, &now, NULL, &verified,
                           &detail))
JOB(verify_once, daxsign_verify(&public_key, &signed_request, 1, &options, &now, &guard, &verified,
                                &detail))
JOB(verify_digest, daxsign_verify_digest(&public_key, &digest, signature, signature_len, &detail))
JOB(verifying_finish, daxsign_verifying_stream_finish(&verifying, &guard, &verified, &detail))
JOB(read_certificate,
    daxsign_certificate_read(certificate.bytes, certificate.len, &told, &detail))
/* DAXSIGN_STACK_CERTIFICATE */
JOB(verify_certificate,
    daxsign_certificate_verify(certificate.bytes, certificate.len, certificate.bytes,
                               certificate.len, DAXSIGN_PURPOSE_ANY, &in_time, &detail))
JOB(verify_chain,
    daxsign_certificate_verify(chain.bytes, chain.len, certificate.bytes, certificate.len,
                               DAXSIGN_PURPOSE_CLIENT_AUTH, &in_time, &detail))
JOB(verify_by_key,
    daxsign_certificate_verify(certificate.bytes, certificate.len, spki_pem.bytes, spki_pem.len,
                               DAXSIGN_PURPOSE_SERVER_AUTH, &in_time, &detail))
/* DAXSIGN_STACK_EXPLAIN */
JOB(explain, daxsign_explain(&public_key, &signed_request, NULL, &explanation, &detail))
JOB(sign_with, daxsign_sign_with(&signer, &request, &list, 1, NULL, text, sizeof text, &len,
                                 &detail))
/* DAXSIGN_STACK_LOAD */
#define LOAD(file) daxsign_private_key_load(&room, sizeof room, file.bytes, file.len, &detail)
JOB(load_pkcs1_der, LOAD(pkcs1_der))
JOB(load_pkcs1_pem, LOAD(pkcs1_pem))
JOB(load_pkcs8_der, LOAD(pkcs8_der))
JOB(load_pkcs8_pem, LOAD(pkcs8_pem))
/* DAXSIGN_STACK_SIGN */
JOB(sign, daxsign_sign(&private_key, &request, &list, 1, &options, text, sizeof text, &len,
                       &detail))
JOB(sign_digest, daxsign_sign_digest(&private_key, &digest, bytes, 512, &len, &detail))

/* DAXSIGN_STACK_WRITE_KEY */
#define WRITE(kind, encoding) \
    daxsign_write_private_key(&private_key, kind, encoding, bytes, sizeof bytes, &len, &detail)
JOB(write_pkcs1_der, WRITE(DAXSIGN_KEY_KIND_PKCS1_PRIVATE, DAXSIGN_KEY_ENCODING_DER))
JOB(write_pkcs8_pem, WRITE(DAXSIGN_KEY_KIND_PKCS8_PRIVATE, DAXSIGN_KEY_ENCODING_PEM))
/* DAXSIGN_STACK_REQUEST */
#define REQUEST(encoding) \
    daxsign_write_certificate_request(&private_key, &names, encoding, bytes, sizeof bytes, &len, \
                                      &detail)
JOB(request_der, REQUEST(DAXSIGN_KEY_ENCODING_DER))
JOB(request_pem, REQUEST(DAXSIGN_KEY_ENCODING_PEM))
JOB(request_with, daxsign_write_certificate_request_with(&enrolling, &names, DAXSIGN_KEY_ENCODING_PEM,
                                                         bytes, sizeof bytes, &len, &detail))
/* DAXSIGN_STACK_GENERATE */
JOB(generate, daxsign_generate_key(&room, sizeof room, bits, made_up, NULL, NULL, &detail))

/* DAXSIGN_STACK_BATCH */
JOB(sign_batch, daxsign_sign_batch(&private_key, digests, 8, bytes, sizeof bytes, &len, &detail))

typedef struct Job {
    const char *name;
    void (*run)(void);
} Job;

#define RUN(name) { #name, name }

static const Job SMALL[] = {
    RUN(message), RUN(enrolling_message), RUN(trust_message), RUN(reading_message), RUN(format), RUN(parse_date), RUN(parse_http_date), RUN(identify), RUN(identify_certificate),
    RUN(key_info), RUN(modulus), RUN(string_digest), RUN(parse_header), RUN(decode),
    RUN(contain), RUN(guard_start), RUN(guard_count),
    RUN(wipe_private), RUN(wipe_public),
};
static const Job STRING[] = {
    RUN(find_header), RUN(string), RUN(default_string), RUN(components), RUN(hash), RUN(write_header),
    RUN(signing_start), RUN(signing_update), RUN(signing_finish), RUN(verifying_start),
    RUN(verifying_update), RUN(read_message),
};
static const Job PUBLIC[] = {
    RUN(digest_again), RUN(public_half), RUN(key_message), RUN(load_public), RUN(load_certificate), RUN(load_public_of_certificate), RUN(read_certificate),
    RUN(verify), RUN(guard_start), RUN(verify_once), RUN(verify_digest),
    RUN(guard_start), RUN(verifying_start), RUN(verifying_finish), RUN(sign_with),
};
static const Job CERTIFICATE[] = {
    RUN(verify_certificate), RUN(verify_chain), RUN(verify_by_key),
};
static const Job EXPLAIN[] = { RUN(explain), RUN(explain_text), RUN(explain_string) };
static const Job LOAD_JOBS[] = {
    RUN(load_pkcs1_der), RUN(load_pkcs1_pem), RUN(load_pkcs8_der), RUN(load_pkcs8_pem),
};
static const Job SIGN[] = { RUN(sign), RUN(sign_digest) };
static const Job WRITE_KEY[] = { RUN(write_pkcs1_der), RUN(write_pkcs8_pem) };
static const Job REQUEST[] = { RUN(request_der), RUN(request_pem), RUN(request_with) };
static const Job GENERATE[] = { RUN(generate) };
static const Job BATCH[] = { RUN(sign_batch) };

static void read_files(void)
{
    static const struct {
        const char *suffix;
        File *file;
    } FILES[] = {
        { "pkcs1.der", &pkcs1_der }, { "pkcs1.pem", &pkcs1_pem }, { "pkcs8.der", &pkcs8_der },
        { "pkcs8.pem", &pkcs8_pem }, { "spki.pem", &spki_pem },
    };
    size_t at;
    char name[64];
    for (at = 0; at < sizeof FILES / sizeof FILES[0]; at++) {
        sprintf(name, "%s%u.%s", family, (unsigned)bits, FILES[at].suffix);
        read_key_file(name, FILES[at].file);
    }
    sprintf(name, "certificate%u.pem", (unsigned)bits);
    read_key_file(name, &certificate);
    sprintf(name, "chain%u.pem", (unsigned)bits);
    read_key_file(name, &chain);
    EXPECT(DAXSIGN_OK, daxsign_certificate_read(chain.bytes, chain.len, &told, NULL));
    in_time = told.not_before;
}

static void prepare_names(void)
{
    size_t at;
    for (at = 0; at < DAXSIGN_MAX_OTHER_NAMES; at++) {
        others[at].oid = daxsign_text("2.5.4.5");
        others[at].value = daxsign_text("18505934000140");
    }
    names.instance_id = daxsign_text("01234567-89AB-CDEF-0123-456789ABCDEF");
    names.partner_id = daxsign_text("7f8c2b1a-0000-4000-8000-00000000abcd");
    names.country = daxsign_text("SE");
    names.locality = daxsign_text("Gothenburg");
    names.organization = daxsign_text("Partner Name");
    names.unit = daxsign_text("IS/IT");
    names.others = others;
    names.other_count = DAXSIGN_MAX_OTHER_NAMES;
    enrolling.modulus_bits = bits;
    enrolling.public_key = &public_key;
    enrolling.sign_digest = sign_request;
    EXPECT(DAXSIGN_OK, daxsign_write_certificate_request_with(&enrolling, &names,
                                                              DAXSIGN_KEY_ENCODING_PEM, bytes,
                                                              sizeof bytes, &len, &detail));
    enrolling.sign_digest = sign_apart;
    names.country = daxsign_text("se");
    EXPECT(DAXSIGN_ERR_INVALID_FIELD,
           daxsign_write_certificate_request(&private_key, &names, DAXSIGN_KEY_ENCODING_DER, bytes,
                                             sizeof bytes, &len, &of_names));
    names.country = daxsign_text("SE");
}

static void prepare(void)
{
    of_key.status = DAXSIGN_ERR_INVALID_KEY;
    of_key.problem = DAXSIGN_PROBLEM_KEY_BASE64;
    of_wire.status = DAXSIGN_ERR_MALFORMED_MESSAGE;
    of_wire.problem = DAXSIGN_PROBLEM_MESSAGE_REPEATED;
    of_wire.position = of_wire.needed = 4294967295u;
    of_trust.status = DAXSIGN_ERR_UNTRUSTED_CERTIFICATE;
    of_trust.problem = DAXSIGN_PROBLEM_TRUST_ALGORITHM;
    strcpy(of_trust.text, "1.2.840.113549.1.1.13");
    read_files();
    nothing();
    EXPECT(DAXSIGN_OK, daxsign_private_key_load(&private_key, sizeof private_key, pkcs8_pem.bytes,
                                                pkcs8_pem.len, NULL));
    EXPECT(DAXSIGN_OK,
           daxsign_private_key_public(&private_key, &public_key, sizeof public_key, NULL));
    fields[0] = field("Host", "dax.amido.se");
    fields[1] = field("Content-Type", "application/json; charset=utf-8");
    fields[2] = field("Content-Length", "18");
    fields[3] = field("Date", "2020-05-17T14:44:30+02:00");
    fields[4] = field("X-Folded", "one\r\n  two");
    request.method = daxsign_text("POST");
    request.target = daxsign_text("/api/v2/DaxEndPoint");
    request.fields = fields;
    request.field_count = 5;
    request.body = daxsign_text("{\"hello\": \"world\"}");
    list = daxsign_text("(request-target) host x-folded content-type content-length date");
    EXPECT(DAXSIGN_OK, daxsign_sign(&private_key, &request, &list, 1, NULL, value, sizeof value,
                                    &value_len, NULL));
    EXPECT(DAXSIGN_OK, daxsign_signing_digest(&request, &list, 1, NULL, &digest, NULL));
    EXPECT(DAXSIGN_OK, daxsign_sign_digest(&private_key, &digest, signature, sizeof signature,
                                           &signature_len, NULL));
    fields[5] = field("Signature", value);
    signed_request = request;
    signed_request.field_count = 6;
    EXPECT(DAXSIGN_OK, daxsign_signature_header_find(&signed_request, &header, NULL));
    /* A message with much to say. */
    EXPECT(DAXSIGN_ERR_INVALID_DATE, daxsign_date_parse("2020-13-17T14:44:30Z", 20, &time_room,
                                                        &detail));
    EXPECT(DAXSIGN_OK, daxsign_explain(&public_key, &signed_request, NULL, &explanation, NULL));
    signer.modulus_bits = bits;
    signer.sign_digest = give_signature;
    signer.public_key = &public_key;
    prepare_names();
}

/* Each class by its name, its calls, in an order in which all succeed, and its bound. */
#define EACH_CLASS(DO) \
    DO("small", SMALL, DAXSIGN_STACK_SMALL) \
    DO("string", STRING, DAXSIGN_STACK_STRING) \
    DO("public", PUBLIC, DAXSIGN_STACK_PUBLIC(bits)) \
    DO("certificate", CERTIFICATE, DAXSIGN_STACK_CERTIFICATE(bits)) \
    DO("explain", EXPLAIN, DAXSIGN_STACK_EXPLAIN(bits)) \
    DO("load", LOAD_JOBS, DAXSIGN_STACK_LOAD(bits)) \
    DO("sign", SIGN, DAXSIGN_STACK_SIGN(bits)) \
    DO("write-key", WRITE_KEY, DAXSIGN_STACK_WRITE_KEY(bits)) \
    DO("request", REQUEST, DAXSIGN_STACK_REQUEST(bits)) \
    DO("generate", GENERATE, DAXSIGN_STACK_GENERATE(bits)) \
    DO("batch", BATCH, DAXSIGN_STACK_BATCH(bits))

#endif
