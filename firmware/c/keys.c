/* Loading the key from flash, where it lies as PEM and as DER. */
#include "bench.h"

#include "keys.h"

#define FILES(size) \
    { size, KEY_PEM_##size, KEY_DER_##size, sizeof KEY_PEM_##size, sizeof KEY_DER_##size, \
      SECRET_##size, sizeof SECRET_##size / sizeof SECRET_##size[0] }

const KeyFiles key_files[KEYS] = {
    FILES(2048),
#if DAXSIGN_MAX_MODULUS_BITS >= 3072
    FILES(3072),
#endif
#if DAXSIGN_MAX_MODULUS_BITS >= 4096
    FILES(4096),
#endif
};

typedef struct Loading {
    const unsigned char *file;
    size_t len;
    DaxsignStatus status;
} Loading;

static void load(void *context)
{
    Loading *loading = context;
    loading->status = daxsign_private_key_load(&key, sizeof key, loading->file, loading->len, NULL);
}

bool load_der(const KeyFiles *files)
{
    Loading loading = { files->der, files->der_len, DAXSIGN_OK };
    load(&loading);
    return loading.status == DAXSIGN_OK &&
           daxsign_private_key_public(&key, &public_key, sizeof public_key, NULL) == DAXSIGN_OK;
}

/* Measures loading from PEM and from DER; the key stays loaded. */
void loading(const KeyFiles *files)
{
    Loading pem = { files->pem, files->pem_len, DAXSIGN_OK };
    Loading der = { files->der, files->der_len, DAXSIGN_OK };
    line_start("load-pem", files->bits, measure(load, &pem));
    line_end(pem.status == DAXSIGN_OK);
    line_start("load-der", files->bits, measure(load, &der));
    line_end(der.status == DAXSIGN_OK && load_der(files));
}
