/* The test vectors, all of them: each signature comes out byte for byte, each refusal by its name. */
#include "bench.h"

#include "cases.h"

static bool same(const void *left, const void *right, size_t len)
{
    const unsigned char *one = left, *other = right;
    while (len > 0 && *one == *other) {
        one++, other++, len--;
    }
    return len == 0;
}

static bool same_text(const char *left, const char *right)
{
    const DaxsignBytes one = daxsign_text(left), other = daxsign_text(right);
    return one.len == other.len && same(left, right, one.len);
}

typedef struct Signing {
    const Case *vector;
    uint32_t profile;
    size_t len;
    DaxsignStatus status;
} Signing;

static void sign(void *context)
{
    Signing *signing = context;
    DaxsignRequest request = DAXSIGN_REQUEST_INIT;
    request.method = signing->vector->method;
    request.target = signing->vector->target;
    request.fields = signing->vector->fields;
    request.field_count = signing->vector->field_count;
    request.body = signing->vector->body;
    signing->status = daxsign_sign(&key, &request, &signing->vector->components, signing->profile,
                                   NULL, field, sizeof field, &signing->len, NULL);
}

/* Moves behind `text` if the field goes on with it. */
static bool goes_on(const char **at, size_t *left, DaxsignBytes text)
{
    if (*left < text.len || !same(*at, text.data, text.len)) {
        return false;
    }
    *at += text.len;
    *left -= text.len;
    return true;
}

/* The whole field is the expected one. */
static bool is_expected(const Signing *signing, const KnownSignature *known)
{
    const char *at = field;
    size_t left = signing->len;
    return signing->status == DAXSIGN_OK &&
           goes_on(&at, &left, daxsign_text("realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"")) &&
           goes_on(&at, &left, signing->vector->headers_parameter) &&
           goes_on(&at, &left, daxsign_text("\" signature=\"")) &&
           goes_on(&at, &left, known->base64) && goes_on(&at, &left, daxsign_text("\"")) &&
           left == 0 && *at == '\0';
}

void vectors(const KeyFiles *files)
{
    static const char *const names[] = { "rsa2048", "rsa3072", "rsa4096" };
    const char *const name = names[(files->bits - 2048) / 1024];
    Cost total = { 0, 0 };
    size_t cases = 0, i, j;
    bool good = load_der(files);

    for (i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        for (j = 0; j < CASES[i].signature_count; j++) {
            const KnownSignature *known = &CASES[i].signatures[j];
            Signing signing = { &CASES[i], known->profile, 0, DAXSIGN_OK };
            if (!same_text(known->key, name)) {
                continue;
            }
            add_cost(&total, measure(sign, &signing));
            good = is_expected(&signing, known) && good;
            cases++;
        }
    }
    line_start("vectors", files->bits, total);
    line_field("cases", cases);
    line_end(good);
}

/* The request is refused with the error that it must be, and nothing is given out. */
static bool is_refused(const Signing *signing)
{
    size_t i;
    for (i = 0; i < sizeof field; i++) {
        if (field[i] != '\0') {
            return false;
        }
    }
    return signing->len == 0 &&
           same_text(daxsign_status_name(signing->status), signing->vector->status);
}

void refusals(void)
{
    Cost total = { 0, 0 };
    size_t cases = 0, i, at;
    bool good = load_der(&key_files[0]);

    for (i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        Signing signing = { &CASES[i], DAXSIGN_PROFILE_DOCUMENTED, 1, DAXSIGN_OK };
        if (same_text(CASES[i].status, "ok")) {
            continue;
        }
        for (at = 0; at < sizeof field; at++) {
            field[at] = 'x';
        }
        add_cost(&total, measure(sign, &signing));
        good = is_refused(&signing) && good;
        cases++;
    }
    line_start("refused", key_files[0].bits, total);
    line_field("cases", cases);
    line_end(good);
}
