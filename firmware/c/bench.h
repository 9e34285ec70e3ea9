/* What all checks share: the key, the room for a field, and the lines for the host. */
#ifndef BENCH_H
#define BENCH_H

#include <daxsign.h>

#include "measure.h"

/* The longest component list of the vectors, in bytes. */
#define MAX_LIST 300

/* A key's files, as a controller has them in its flash, and its secret words. */
typedef struct KeyFiles {
    uint32_t bits;
    const unsigned char *pem, *der;
    size_t pem_len, der_len;
    const uint32_t *secret;
    size_t secret_count;
} KeyFiles;

/* As many as this build holds; the first has 2048 bits. */
#define KEYS (DAXSIGN_MAX_MODULUS_BITS == 2048 ? 1 : DAXSIGN_MAX_MODULUS_BITS == 3072 ? 2 : 3)
extern const KeyFiles key_files[KEYS];

/* Where the key lies once it is loaded, its public half, and where the Signature field is written. */
extern DaxsignPrivateKey key;
extern DaxsignPublicKey public_key;
extern char field[DAXSIGN_SIGNATURE_HEADER_LEN(DAXSIGN_MAX_MODULUS_BITS, MAX_LIST) + 1];

/* False once anything went wrong. */
extern bool all_good;

/* Prints a line `op=… bits=… instructions=… stack=… result=ok`: its start, fields of its own, its end. */
void line_start(const char *operation, uint32_t bits, Cost cost);
void line_field(const char *name, uint64_t value);
void line_end(bool good);

/* Loads the key and its public half. */
bool load_der(const KeyFiles *files);

/* The checks. */
void loading(const KeyFiles *files);
void signing(const KeyFiles *files);
void watchdog(const KeyFiles *files);
void residues(const KeyFiles *files);
void vectors(const KeyFiles *files);
void refusals(void);
void errors(void);

#endif
