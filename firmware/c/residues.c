/* What is left of a key where it must not be: in the dead stack, and in its place once wiped. */
#include "bench.h"
#include "messages.h"

typedef struct File {
    const unsigned char *bytes;
    size_t len;
    bool good;
} File;

static void load(void *context)
{
    File *file = context;
    file->good =
        daxsign_private_key_load(&key, sizeof key, file->bytes, file->len, NULL) == DAXSIGN_OK;
}

static void sign(void *context)
{
    bool *good = context;
    size_t len;
    *good = sign_message(&key, &CARD_EVENT, DAXSIGN_PROFILE_DOCUMENTED, field, sizeof field, &len) ==
            DAXSIGN_OK;
}

/* What an operation would do that does not clean up. */
static void leave_on_stack(void *context)
{
    const KeyFiles *files = context;
    volatile uint32_t copy[8];
    size_t i;
    for (i = 0; i < sizeof copy / sizeof copy[0]; i++) {
        copy[i] = files->secret[i];
    }
}

static size_t in_place(const KeyFiles *files)
{
    const uintptr_t start = (uintptr_t)&key;
    return count_words(files->secret, files->secret_count, start, start + sizeof key);
}

/* Words of d, p, q, dP, dQ and qInv (`words`, must be 0) in the dead stack after loading from PEM,
 * from DER, and after signing, and in the key's place after wiping. Two searches where there is
 * something must find it. */
void residues(const KeyFiles *files)
{
    const uint32_t *secret = files->secret;
    const size_t count = files->secret_count;
    File pem = { files->pem, files->pem_len, false }, der = { files->der, files->der_len, false };
    KeyFiles planted = *files;
    const Cost cost = { 0, 0 };
    size_t loaded, signed_with, wiped;
    bool good = residue(secret, count, leave_on_stack, &planted) >= 1, did_sign = false;

    loaded = residue(secret, count, load, &pem);
    loaded += residue(secret, count, load, &der);
    signed_with = residue(secret, count, sign, &did_sign);
    good = good && pem.good && der.good && did_sign && in_place(files) > 0;
    good = daxsign_private_key_wipe(&key) == DAXSIGN_OK && good;
    wiped = in_place(files);
    good = load_der(files) && good;
    line_start("residue", files->bits, cost);
    line_field("words", loaded + signed_with + wiped);
    line_field("load", loaded);
    line_field("sign", signed_with);
    line_end(good && loaded + signed_with + wiped == 0);
}
