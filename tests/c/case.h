/* One case of the vectors, as the generated cases.h has it. */
#ifndef CASE_H
#define CASE_H

#include <daxsign.h>

typedef struct KnownSignature {
    /* rsa2048, rsa3072 or rsa4096. */
    const char *key;
    uint32_t profile;
    DaxsignBytes base64;
    DaxsignBytes bytes;
} KnownSignature;

typedef struct Case {
    const char *name;
    DaxsignBytes method;
    DaxsignBytes target;
    const DaxsignField *fields;
    size_t field_count;
    DaxsignBytes body;
    DaxsignBytes components;
    /* "ok", or the name of the error; then nothing follows. */
    const char *status;
    DaxsignBytes string;
    DaxsignBytes sha256;
    DaxsignBytes headers_parameter;
    const KnownSignature *signatures;
    size_t signature_count;
} Case;

#endif
