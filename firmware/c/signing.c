/* Signing and verifying the controller's messages under both profiles. */
#include "bench.h"
#include "messages.h"

typedef struct Signing {
    const Message *message;
    uint32_t profile;
    size_t len;
    DaxsignStatus status;
} Signing;

static void sign(void *context)
{
    Signing *signing = context;
    signing->status = sign_message(&key, signing->message, signing->profile, field, sizeof field,
                                   &signing->len);
}

static void verify(void *context)
{
    Signing *signing = context;
    const DaxsignTime now = { NOW, 0 };
    Message sent = *signing->message;
    const DaxsignRequest request = signed_request(&sent, field, signing->len);
    signing->status = daxsign_verify(&public_key, &request, signing->profile, NULL, &now, NULL, NULL,
                                     NULL);
}

/* One message; `verify_name` is NULL where verifying has a line already. */
static void one(const KeyFiles *files, const char *sign_name, const char *verify_name,
                const Message *message, uint32_t profile)
{
    Signing signing = { message, profile, 0, DAXSIGN_OK };
    Cost cost = measure(sign, &signing);
    line_start(sign_name, files->bits, cost);
    line_end(signing.status == DAXSIGN_OK);
    cost = measure(verify, &signing);
    if (verify_name != NULL) {
        line_start(verify_name, files->bits, cost);
        line_end(signing.status == DAXSIGN_OK);
    } else if (signing.status != DAXSIGN_OK) {
        all_good = false;
    }
}

void signing(const KeyFiles *files)
{
    one(files, "sign", "verify", &CARD_EVENT, DAXSIGN_PROFILE_DOCUMENTED);
    one(files, "sign-sdk", NULL, &CARD_EVENT, DAXSIGN_PROFILE_VENDOR_SDK);
    one(files, "sign-get", "verify-get", &QUESTION, DAXSIGN_PROFILE_DOCUMENTED);
}
