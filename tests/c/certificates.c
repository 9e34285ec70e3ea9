/* Certificates read, and judged by a pinned authority, as a controller does it. Leaves in the working
 * folder what it read and its verdicts, for OpenSSL to say the same. */
#include "check.h"

static DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
static File file, authority;
static DaxsignTime now;
static uint32_t purpose = DAXSIGN_PURPOSE_ANY;
static unsigned untrusted;

static DaxsignStatus read_it(DaxsignCertificate *certificate)
{
    return daxsign_certificate_read(file.bytes, file.len, certificate, &detail);
}

static DaxsignStatus judge(void)
{
    return daxsign_certificate_verify(file.bytes, file.len, authority.bytes, authority.len, purpose,
                                      &now, &detail);
}

static void read_files(void)
{
    static const char *const NAMES[] = { "certificate2048.pem", "certificate3072.pem",
                                         "certificate4096.pem", "certificate.der", "chain2048.pem",
                                         "certificate9999.pem" };
    FILE *out = fopen("read.txt", "w");
    size_t at;
    CHECK(out != NULL);
    for (at = 0; at < sizeof NAMES / sizeof NAMES[0]; at++) {
        DaxsignCertificate certificate = DAXSIGN_CERTIFICATE_INIT;
        char dates[2][DAXSIGN_DATE_LEN + 1];
        size_t len;
        read_key_file(NAMES[at], &file);
        EXPECT(DAXSIGN_OK, read_it(&certificate));
        CHECK(strlen(certificate.sha1) == 40 && strlen(certificate.sha256) == 64);
        CHECK(certificate.struct_size == sizeof certificate);
        EXPECT(DAXSIGN_OK, daxsign_date_format(&certificate.not_before, dates[0], sizeof dates[0],
                                               &len, &detail));
        EXPECT(DAXSIGN_OK, daxsign_date_format(&certificate.not_after, dates[1], sizeof dates[1],
                                               &len, &detail));
        CHECK(fprintf(out, "%s %s %s %u %.19s %.19s\n", NAMES[at], certificate.sha1,
                      certificate.sha256, (unsigned)certificate.modulus_bits, dates[0],
                      dates[1]) > 0);
    }
    CHECK(fclose(out) == 0);
}

/* The middle of its validity. */
static void set_now(void)
{
    DaxsignCertificate certificate = DAXSIGN_CERTIFICATE_INIT;
    read_key_file("leaf2048.pem", &file);
    EXPECT(DAXSIGN_OK, read_it(&certificate));
    now.seconds = certificate.not_before.seconds / 2 + certificate.not_after.seconds / 2;
    now.nanoseconds = 0;
}

/* The words of the last refusal. */
static const char *words(void)
{
    static char message[512];
    size_t len;
    EXPECT(DAXSIGN_OK, daxsign_enrolling_message(&detail, message, sizeof message, &len));
    CHECK(len == strlen(message));
    return message;
}

/* A verdict, and what it is for; OpenSSL has no such rule where `also` is 0. */
typedef struct Verdict {
    const char *file, *authority;
    uint32_t problem, position;
    const char *text, *sentence;
    int also;
} Verdict;

#define NOT_TRUSTED "the certificate is not trusted: "
#define TRUST(name) DAXSIGN_PROBLEM_TRUST_##name

static const Verdict VERDICTS[] = {
    { "chain2048.pem", "certificate2048.pem", 0, 0, "", "done", 1 },
    { "chain4096.pem", "certificate4096.pem", 0, 0, "", "done", 1 },
    { "leaf3072.pem", "between3072.pem", 0, 0, "", "done", 0 },
    /* A bare key. */
    { "between3072.pem", "rsa3072.spki.pem", 0, 0, "", "done", 0 },
    { "leaf2048.pem", "certificate2048.pem", TRUST(OTHER_ISSUER), 1, "",
      NOT_TRUSTED "the authority above it has another name than the issuer's: give all certificates "
      "of the chain, and the right authority", 1 },
    { "between2048.pem", "certificate3072.pem", TRUST(SIGNATURE), 1, "",
      NOT_TRUSTED "the authority above it did not make the signature: the certificate was changed, "
      "or is another authority's", 1 },
    { "chain2048.pem", "certificate3072.pem", TRUST(SIGNATURE), 2, "",
      NOT_TRUSTED "authority 2 above it did not make the signature: the certificate was changed, or "
      "is another authority's", 1 },
    { "sha512.pem", "certificate2048.pem", TRUST(ALGORITHM), 1, "1.2.840.113549.1.1.13",
      NOT_TRUSTED "the authority above it signed with algorithm 1.2.840.113549.1.1.13, and only "
      "SHA-256 with RSA is taken", 0 },
    { "by-small.pem", "certificate2048.pem", TRUST(KEY), 1, "",
      NOT_TRUSTED "the authority above it has a key that is not taken: an RSA key of 2048 bits or "
      "more is needed", 0 },
    { "old.pem", "certificate2048.pem", TRUST(VERSION), 0, "",
      NOT_TRUSTED "it is of version 1, without the extensions that say what it is for: have it "
      "issued again as version 3", 0 },
    { "by-plain.pem", "certificate2048.pem", TRUST(NOT_AN_AUTHORITY), 1, "",
      NOT_TRUSTED "the authority above it is no authority (basicConstraints without CA:TRUE)", 1 },
    { "by-mute.pem", "certificate2048.pem", TRUST(MAY_NOT_SIGN), 1, "",
      NOT_TRUSTED "the authority above it may not sign certificates (keyUsage without keyCertSign)",
      1 },
    { "by-below.pem", "last.pem", TRUST(PATH_TOO_LONG), 2, "",
      NOT_TRUSTED "authority 2 above it allows 0 authorities below it, and there are more", 0 },
    { "odd.pem", "certificate2048.pem", TRUST(UNKNOWN_CRITICAL), 0, "1.2.3.4",
      NOT_TRUSTED "it has the critical extension 1.2.3.4, which is not understood here", 1 },
};

static void expect_refusal(const char *name, uint32_t problem, uint32_t position, const char *text,
                           const char *sentence)
{
    const char *said = words();
    if (detail.problem != problem || detail.position != position || strcmp(detail.text, text) != 0 ||
        strcmp(said, sentence) != 0) {
        fprintf(stderr, "%s: problem %u, position %u, text `%s`: %s\n", name,
                (unsigned)detail.problem, (unsigned)detail.position, detail.text, said);
        exit(1);
    }
    CHECK(detail.status == (problem == 0 ? DAXSIGN_OK : DAXSIGN_ERR_UNTRUSTED_CERTIFICATE));
    untrusted += problem != 0;
}

static void verdicts(void)
{
    FILE *out = fopen("verdicts.txt", "w");
    size_t at;
    CHECK(out != NULL);
    for (at = 0; at < sizeof VERDICTS / sizeof VERDICTS[0]; at++) {
        const Verdict *verdict = &VERDICTS[at];
        DaxsignStatus status;
        read_key_file(verdict->file, &file);
        read_key_file(verdict->authority, &authority);
        status = judge();
        expect_refusal(verdict->file, verdict->problem, verdict->position, verdict->text,
                       verdict->sentence);
        if (verdict->also) {
            CHECK(fprintf(out, "%s %s %s\n", verdict->file, verdict->authority,
                          daxsign_status_name(status)) > 0);
        }
    }
    CHECK(fclose(out) == 0);
}

/* What the authority between states bounds what it issued. */
static void purposes(void)
{
    read_key_file("by-client.pem", &file);
    read_key_file("certificate2048.pem", &authority);
    for (purpose = DAXSIGN_PURPOSE_ANY; purpose <= DAXSIGN_PURPOSE_CLIENT_AUTH; purpose++) {
        EXPECT(DAXSIGN_OK, judge());
    }
    purpose = DAXSIGN_PURPOSE_SERVER_AUTH;
    EXPECT(DAXSIGN_ERR_UNTRUSTED_CERTIFICATE, judge());
    expect_refusal("for a server", TRUST(OTHER_PURPOSE), 1, "",
                   NOT_TRUSTED "the authority above it does not allow what the certificate is wanted "
                   "for (extendedKeyUsage): have it issued for that purpose");
    read_key_file("chain2048.pem", &file);
    EXPECT(DAXSIGN_OK, judge());
    purpose = DAXSIGN_PURPOSE_ANY;
}

static void clocks(void)
{
    const DaxsignTime kept = now, never = { 0, 1000000000 };
    DaxsignCertificate certificate = DAXSIGN_CERTIFICATE_INIT;
    read_key_file("leaf2048.pem", &file);
    EXPECT(DAXSIGN_OK, read_it(&certificate));
    read_key_file("chain2048.pem", &file);
    read_key_file("certificate2048.pem", &authority);
    now = certificate.not_after;
    EXPECT(DAXSIGN_OK, judge());
    now.seconds++;
    EXPECT(DAXSIGN_ERR_UNTRUSTED_CERTIFICATE, judge());
    expect_refusal("later", TRUST(EXPIRED), 0, "",
                   NOT_TRUSTED "it has expired: get a new one, or check the clock");
    now = certificate.not_before;
    now.seconds--;
    EXPECT(DAXSIGN_ERR_UNTRUSTED_CERTIFICATE, judge());
    expect_refusal("sooner", TRUST(NOT_YET_VALID), 0, "",
                   NOT_TRUSTED "it is not valid yet: check the clock");
    now = never;
    EXPECT(DAXSIGN_ERR_INVALID_DATE, judge());
    now = kept;
}

static int is_blank(const DaxsignCertificate *certificate)
{
    return certificate->struct_size == sizeof *certificate && certificate->modulus_bits == 0 &&
           certificate->not_before.seconds == 0 && certificate->not_after.seconds == 0 &&
           all(certificate->sha1, DAXSIGN_SHA1_TEXT, 0) &&
           all(certificate->sha256, DAXSIGN_SHA256_TEXT, 0);
}

/* Files that are damaged or something else; nothing is half written. */
static void damaged(void)
{
    static const DaxsignCertificate NONE = DAXSIGN_CERTIFICATE_INIT;
    DaxsignCertificate certificate = NONE;
    size_t at, told = 0;
    read_key_file("certificate2048.pem", &authority);
    read_key_file("certificate.der", &file);
    for (at = 0; at < file.len; at++) {
        DaxsignStatus status;
        file.bytes[at] ^= 0x10;
        CHECK(judge() != DAXSIGN_OK);
        status = read_it(&certificate);
        file.bytes[at] ^= 0x10;
        if (status != DAXSIGN_OK) {
            CHECK(is_blank(&certificate));
            told += status == DAXSIGN_ERR_MALFORMED_CERTIFICATE;
        }
        certificate = NONE;
    }
    CHECK(told > 10);
    for (at = 0; at < file.len; at++) {
        CHECK(daxsign_certificate_read(file.bytes, at, &certificate, &detail) != DAXSIGN_OK);
        CHECK(is_blank(&certificate));
    }
    EXPECT(DAXSIGN_ERR_MALFORMED_CERTIFICATE,
           daxsign_certificate_read(file.bytes, 300, &certificate, &detail));
    CHECK(strcmp(detail.name, "file") == 0 && detail.offset > 0 && detail.problem == 0);
    CHECK(strncmp(words(), "the argument `file`: the file is no certificate at byte ", 56) == 0);
    /* A key, where a certificate is needed; and what is neither, where either will do. */
    read_key_file("rsa2048.spki.pem", &file);
    EXPECT(DAXSIGN_ERR_UNSUPPORTED_KEY, read_it(&certificate));
    EXPECT(DAXSIGN_ERR_UNSUPPORTED_KEY, judge());
    CHECK(strcmp(detail.name, "file") == 0);
    read_key_file("chain2048.pem", &file);
    EXPECT(DAXSIGN_ERR_INVALID_KEY, daxsign_certificate_verify(file.bytes, file.len, "hello", 5,
                                                               purpose, &now, &detail));
    CHECK(strcmp(detail.name, "authority") == 0 &&
          detail.problem == DAXSIGN_PROBLEM_KEY_NOT_A_KEY);
    CHECK(strncmp(words(), "the argument `authority`: the key ", 34) == 0);
    EXPECT(DAXSIGN_ERR_INVALID_KEY, daxsign_certificate_verify(NULL, 0, file.bytes, file.len, purpose,
                                                               &now, &detail));
}

/* What is damaged or cut off is not passed over for what stands behind it. */
static void parts(void)
{
    read_key_file("between2048.pem", &file);
    read_key_file("pair.pem", &authority);
    EXPECT(DAXSIGN_ERR_UNTRUSTED_CERTIFICATE, judge());
    authority.bytes[100] = '!';
    EXPECT(DAXSIGN_ERR_INVALID_KEY, judge());
    CHECK(strcmp(detail.name, "authority") == 0 && detail.problem == DAXSIGN_PROBLEM_KEY_BASE64);

    read_key_file("certificate2048.pem", &authority);
    read_key_file("leaf2048.pem", &file);
    authority.len -= 100;
    EXPECT(DAXSIGN_ERR_INVALID_KEY, judge());
    CHECK(strcmp(detail.name, "authority") == 0 && detail.problem == DAXSIGN_PROBLEM_KEY_PEM_END);
    authority.len += 100;
    read_key_file("chain2048.pem", &file);
    EXPECT(DAXSIGN_OK, judge());
    file.len -= 100;
    EXPECT(DAXSIGN_ERR_INVALID_KEY, judge());
    CHECK(strcmp(detail.name, "file") == 0 && detail.problem == DAXSIGN_PROBLEM_KEY_PEM_END);
}

int main(int count, char **arguments)
{
    start(count, arguments);
    read_files();
    set_now();
    verdicts();
    purposes();
    clocks();
    damaged();
    parts();
    printf("%u untrusted\n", untrusted);
    return 0;
}
