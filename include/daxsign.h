/* daxsign: signs and verifies HTTP requests for DAX, in memory that the caller passes.
 *
 * A first success: sign a request and print its Signature field.
 *
 *     #include <daxsign.h>
 *     #include <stdio.h>
 *
 *     int main(void)
 *     {
 *         static char file[8192];
 *         static DaxsignPrivateKey key;
 *         char value[DAXSIGN_SIGNATURE_HEADER_LEN(4096, 128) + 1];
 *         size_t file_len, value_len;
 *         DaxsignDetail detail = DAXSIGN_DETAIL_INIT;
 *         DaxsignRequest request = DAXSIGN_REQUEST_INIT;
 *         DaxsignStatus status;
 *         const DaxsignField fields[] = {
 *             { DAXSIGN_LITERAL("Host"), DAXSIGN_LITERAL("dax.amido.se") },
 *             { DAXSIGN_LITERAL("Content-Length"), DAXSIGN_LITERAL("18") },
 *             { DAXSIGN_LITERAL("Date"), DAXSIGN_LITERAL("2020-05-17T14:44:30+02:00") },
 *         };
 *
 *         file_len = fread(file, 1, sizeof file, stdin);
 *         status = daxsign_private_key_load(&key, sizeof key, file, file_len, &detail);
 *         daxsign_wipe(file, sizeof file);
 *         if (status == DAXSIGN_OK) {
 *             request.method = daxsign_text("POST");
 *             request.target = daxsign_text("/api/v2/DaxEndPoint");
 *             request.fields = fields;
 *             request.field_count = sizeof fields / sizeof fields[0];
 *             request.body = daxsign_text("{\"hello\": \"world\"}");
 *             status = daxsign_sign(&key, &request, NULL, DAXSIGN_PROFILE_DOCUMENTED, NULL,
 *                                   value, sizeof value, &value_len, &detail);
 *         }
 *         daxsign_private_key_wipe(&key);
 *         if (status != DAXSIGN_OK) {
 *             char message[512];
 *             size_t message_len;
 *             daxsign_detail_message(&detail, message, sizeof message, &message_len);
 *             fprintf(stderr, "%s: %s\n", daxsign_status_name(status), message);
 *             return 1;
 *         }
 *         printf("Signature: %s\n", value);
 *         return 0;
 *     }
 *
 * How the functions work, all alike:
 *
 * Status. Every function that can fail returns a DaxsignStatus; 0, DAXSIGN_OK, is the only success.
 * The last argument, a DaxsignDetail or NULL, gets what was wrong, where and by how much.
 *
 * Output. An output is a buffer, its capacity and a pointer to a length (out, out_cap, out_len).
 * Success writes the length there, without any NUL; behind a text (char *) a NUL is put where there
 * is room, so one byte more makes a C string. When the buffer is too small, the status is
 * DAXSIGN_ERR_BUFFER_TOO_SMALL, and the length is the one needed: ask with NULL and a capacity of 0
 * first if you like. After any other error the length is 0. After every error the buffer holds zeros.
 * Only where a pointer, a length, a struct's size or an overlap is refused both may be as they were.
 *
 * Pointers. NULL with a length of 0 is empty. NULL is also good where the text says so, as a default:
 * options (those of DAXSIGN_OPTIONS_INIT, which are the strict ones), components (the default list of
 * the request), detail and verified (nothing is written; what is checked is the same), guard
 * (a request is accepted as often as it comes while its date is fresh). Any other NULL is
 * DAXSIGN_ERR_NULL_POINTER; a guard or key in which nothing was started or loaded is never taken for
 * none (DAXSIGN_ERR_NOT_INITIALISED). A `const T *` is only read, and may be shared by any number of
 * threads; what a `T *` points to belongs to the call until it returns. Outputs may overlap nothing
 * else that is passed (DAXSIGN_ERR_OVERLAP); no output is written then, and neither is a detail that
 * is one of the two. What cannot be checked is your promise: that a pointer points to as many bytes as
 * you say.
 *
 * Storage. The library allocates nothing and has no global state. Keys, streams and guards live in
 * storage that you declare: a union with the size and alignment needed. Of your own memory take
 * DAXSIGN_..._SIZE bytes at an address that is a multiple of DAXSIGN_..._ALIGN; both are checked
 * (DAXSIGN_ERR_TOO_SMALL, DAXSIGN_ERR_MISALIGNED) before anything is read or written. What is in it
 * beforehand does not matter. Storage may be moved with memcpy as long as nothing points to it; of
 * a private key that leaves a copy behind. Overwrite storage with the function called ..._wipe, which
 * writes where something was loaded or started and nowhere else; nothing else needs to be freed.
 *
 * Structs with a size. A struct that starts with struct_size is initialised with its ..._INIT macro.
 * If the library was built with another version of this header the status is
 * DAXSIGN_ERR_ABI_MISMATCH, and nothing is read or written.
 *
 * Threads. Any function may run on any thread at any time, on the pointers' terms above. One loaded
 * key serves all threads.
 *
 * Secrets. Private keys are used in constant time, checked after every signature and wiped. No
 * error, message or detail holds any part of one.
 *
 * Stack. "Stack: DAXSIGN_STACK_SIGN" names the bound of what a call needs at most, the macros stand
 * at the end; "small" is DAXSIGN_STACK_SMALL. There is no recursion and no variable-length array.
 *
 * C++ programs include daxsign.hpp, which wraps this header.
 */

#ifndef DAXSIGN_H
#define DAXSIGN_H



#include <stddef.h>
#include <stdint.h>

/* The largest modulus, in bits, that storage is declared for: as the library was built (2048, 3072
 * or 4096), or more. Define it before including this header to save memory with a smaller build. */
#ifndef DAXSIGN_MAX_MODULUS_BITS
#define DAXSIGN_MAX_MODULUS_BITS 4096
#endif

/* The functions that fill storage are called by names that end in its size, so that a program whose
 * storage is smaller than the library needs does not link: `daxsign_private_key_load_2048` is
 * undefined where the library was built for 4096. Define DAXSIGN_PLAIN_NAMES to call them by the names
 * that dlsym and other languages use; smaller storage is then refused by each call. */
#if DAXSIGN_MAX_MODULUS_BITS == 2048
#define DAXSIGN_KEY_NAME(name) name##_2048
#elif DAXSIGN_MAX_MODULUS_BITS == 3072
#define DAXSIGN_KEY_NAME(name) name##_3072
#elif DAXSIGN_MAX_MODULUS_BITS == 4096
#define DAXSIGN_KEY_NAME(name) name##_4096
#else
#error "DAXSIGN_MAX_MODULUS_BITS must be 2048, 3072 or 4096: the --bits that the library was built with"
#endif
#define DAXSIGN_SIZED_NAME_(name, size) name##_##size
#define DAXSIGN_SIZED_NAME(name, size) DAXSIGN_SIZED_NAME_(name, size)
#ifndef DAXSIGN_PLAIN_NAMES
#define daxsign_private_key_load DAXSIGN_KEY_NAME(daxsign_private_key_load)
#define daxsign_private_key_public DAXSIGN_KEY_NAME(daxsign_private_key_public)
#define daxsign_public_key_load DAXSIGN_KEY_NAME(daxsign_public_key_load)
#define daxsign_certificate_load DAXSIGN_KEY_NAME(daxsign_certificate_load)
#define daxsign_generate_key DAXSIGN_KEY_NAME(daxsign_generate_key)
#define daxsign_signing_stream_start \
    DAXSIGN_SIZED_NAME(daxsign_signing_stream_start, DAXSIGN_SIGNING_STREAM_SIZE)
#define daxsign_verifying_stream_start \
    DAXSIGN_SIZED_NAME(daxsign_verifying_stream_start, DAXSIGN_VERIFYING_STREAM_SIZE)
#define daxsign_replay_guard_start \
    DAXSIGN_SIZED_NAME(daxsign_replay_guard_start, DAXSIGN_REPLAY_ENTRY_SIZE)
#endif


// The version of this interface: it grows when a function, a struct or a size changes so that a
// program compiled with the older header would not work.
#define DAXSIGN_ABI_VERSION 1

// The room for a text in `DaxsignDetail`, its NUL included.
#define DAXSIGN_DETAIL_TEXT 48

// How far a request's date may lie from `now` on either side, in seconds, unless you choose.
#define DAXSIGN_DEFAULT_WINDOW 300

// The length of the text that `daxsign_date_format` writes, without a NUL.
#define DAXSIGN_DATE_LEN 28

// The alignment of every storage type, in bytes.
#define DAXSIGN_STORAGE_ALIGN 8

// The size of a `DaxsignPrivateKey` in bytes: its numbers and 80 bytes beside them.
#define DAXSIGN_PRIVATE_KEY_SIZE (((DAXSIGN_MAX_MODULUS_BITS * 19) / 32) + 80)

// The alignment of a `DaxsignPrivateKey` in bytes.
#define DAXSIGN_PRIVATE_KEY_ALIGN DAXSIGN_STORAGE_ALIGN

// The size of a `DaxsignPublicKey` in bytes.
#define DAXSIGN_PUBLIC_KEY_SIZE ((DAXSIGN_MAX_MODULUS_BITS / 4) + 24)

// The alignment of a `DaxsignPublicKey` in bytes.
#define DAXSIGN_PUBLIC_KEY_ALIGN DAXSIGN_STORAGE_ALIGN

// The length of a digest in bytes.
#define DAXSIGN_DIGEST_LEN 32

// The bytes of a `Signature` value beside its component list and its base64.
#define DAXSIGN_SIGNATURE_HEADER_OVERHEAD 61

// The size of a `DaxsignSigningStream` in bytes.
#define DAXSIGN_SIGNING_STREAM_SIZE 176

// The alignment of a `DaxsignSigningStream` in bytes.
#define DAXSIGN_SIGNING_STREAM_ALIGN DAXSIGN_STORAGE_ALIGN

// For a body whose length is not known beforehand.
#define DAXSIGN_UNKNOWN_LENGTH UINT64_MAX

// The size of a `DaxsignVerifyingStream` in bytes.
#define DAXSIGN_VERIFYING_STREAM_SIZE 336

// The alignment of a `DaxsignVerifyingStream` in bytes.
#define DAXSIGN_VERIFYING_STREAM_ALIGN DAXSIGN_STORAGE_ALIGN

// The size of a `DaxsignReplayGuard` in bytes.
#define DAXSIGN_REPLAY_GUARD_SIZE 64

// The alignment of a `DaxsignReplayGuard` in bytes.
#define DAXSIGN_REPLAY_GUARD_ALIGN DAXSIGN_STORAGE_ALIGN

// The size of a `DaxsignReplayEntry` in bytes.
#define DAXSIGN_REPLAY_ENTRY_SIZE 48

// The alignment of a `DaxsignReplayEntry` in bytes.
#define DAXSIGN_REPLAY_ENTRY_ALIGN DAXSIGN_STORAGE_ALIGN

// The room for a name in `DaxsignExplanation`, its NUL included.
//
// Each mistake has a name of up to 35 bytes, and a sign behind it; there are up to ten at once.
#define DAXSIGN_EXPLANATION_NAME 360

// How many further names a request may have.
#define DAXSIGN_MAX_OTHER_NAMES 11

// How many further DNS names a request may have.
#define DAXSIGN_MAX_DNS_NAMES 6

// The room for a SHA-1 thumbprint's text, its NUL included.
#define DAXSIGN_SHA1_TEXT 41

// The room for a SHA-256 thumbprint's text, its NUL included.
#define DAXSIGN_SHA256_TEXT 65

// What a function says. 0 is the only success. The names are those of the rules
// (`daxsign_status_name`); numbers below 100 are errors of the request, the signature or the key,
// numbers from 101 are errors of the call itself.
enum DaxsignStatus
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // Done; or verified.
    DAXSIGN_OK = 0,
    // A name in the component list is no HTTP field name.
    DAXSIGN_ERR_INVALID_COMPONENT = 1,
    // The component list lacks `(request-target)` or `date`.
    DAXSIGN_ERR_MISSING_COMPONENT = 2,
    // The component list holds a name in parentheses other than `(request-target)`.
    DAXSIGN_ERR_UNSUPPORTED_COMPONENT = 3,
    // The method is not an HTTP token.
    DAXSIGN_ERR_INVALID_METHOD = 4,
    // The target does not start with `/` or is not visible ASCII.
    DAXSIGN_ERR_INVALID_TARGET = 5,
    // A listed field is not in the request, or a request to verify has no `Signature`.
    DAXSIGN_ERR_MISSING_HEADER = 6,
    // A listed field has a value that cannot be signed.
    DAXSIGN_ERR_INVALID_HEADER_VALUE = 7,
    // The `Date` field is not an ISO 8601 time with a zone.
    DAXSIGN_ERR_INVALID_DATE = 8,
    // `Content-Length` is not the body's length.
    DAXSIGN_ERR_CONTENT_LENGTH_MISMATCH = 9,
    // A field names a charset other than UTF-8.
    DAXSIGN_ERR_UNSUPPORTED_CHARSET = 10,
    // `DAXSIGN_CONTENT_REST` asks for `Content-Type: application/json`.
    DAXSIGN_ERR_INVALID_CONTENT_TYPE = 11,
    // The body is not UTF-8 or starts with a byte order mark.
    DAXSIGN_ERR_INVALID_BODY = 12,
    // The output does not fit; the length needed was written.
    DAXSIGN_ERR_BUFFER_TOO_SMALL = 13,
    // The `Signature` field breaks the grammar.
    DAXSIGN_ERR_MALFORMED_SIGNATURE_HEADER = 14,
    // The `Signature` field lacks a parameter.
    DAXSIGN_ERR_MISSING_PARAMETER = 15,
    // The `Signature` field has a parameter twice.
    DAXSIGN_ERR_DUPLICATE_PARAMETER = 16,
    // The realm is not `dax`.
    DAXSIGN_ERR_WRONG_REALM = 17,
    // The algorithm is not `sha256withrsa`.
    DAXSIGN_ERR_UNSUPPORTED_ALGORITHM = 18,
    // The signature is not canonical base64 of exactly the modulus's length.
    DAXSIGN_ERR_INVALID_SIGNATURE_ENCODING = 19,
    // The signature does not belong to this request, key and profile.
    DAXSIGN_ERR_SIGNATURE_MISMATCH = 20,
    // The date lies too far in the past.
    DAXSIGN_ERR_STALE_DATE = 21,
    // The date lies too far ahead.
    DAXSIGN_ERR_FUTURE_DATE = 22,
    // This request was accepted before.
    DAXSIGN_ERR_REPLAYED = 23,
    // The replay guard holds as many fresh requests as it can.
    DAXSIGN_ERR_REPLAY_GUARD_FULL = 24,
    // The strict policy refuses a body that the list does not bind.
    DAXSIGN_ERR_UNBOUND_BODY = 25,
    // The key cannot be read, or its numbers do not belong together.
    DAXSIGN_ERR_INVALID_KEY = 26,
    // The key is of a kind that DAX does not use, or larger than this build can hold.
    DAXSIGN_ERR_UNSUPPORTED_KEY = 27,
    // The modulus has fewer than 2048 bits.
    DAXSIGN_ERR_KEY_TOO_SMALL = 28,
    // The signature just made does not verify; nothing was given out.
    DAXSIGN_ERR_SIGNING_FAULT = 29,
    // A fault of this library, not of the caller's: report it. Nothing was given out.
    DAXSIGN_ERR_INTERNAL_FAULT = 30,
    // What was given for a field of a certificate request cannot stand there.
    DAXSIGN_ERR_INVALID_FIELD = 31,
    // No key of so many bits is made.
    DAXSIGN_ERR_KEY_SIZE = 32,
    // The caller's source of randomness failed.
    DAXSIGN_ERR_RANDOMNESS_FAILED = 33,
    // The caller's source of randomness repeats itself.
    DAXSIGN_ERR_RANDOMNESS_STUCK = 34,
    // No prime was found among as many numbers as may be tried.
    DAXSIGN_ERR_NO_PRIME = 35,
    // A certificate whose structure is not that of one.
    DAXSIGN_ERR_MALFORMED_CERTIFICATE = 36,
    // A certificate that the pinned authority did not issue, or not so that it may be trusted.
    DAXSIGN_ERR_UNTRUSTED_CERTIFICATE = 37,
    // Bytes that are no message which everybody reads in the same way.
    DAXSIGN_ERR_MALFORMED_MESSAGE = 38,
    // A pointer is NULL where something must be.
    DAXSIGN_ERR_NULL_POINTER = 101,
    // A length is larger than any object can be.
    DAXSIGN_ERR_INVALID_LENGTH = 102,
    // A number is not a value of its enum, or out of its range.
    DAXSIGN_ERR_INVALID_ARGUMENT = 103,
    // An output overlaps another output or an input.
    DAXSIGN_ERR_OVERLAP = 104,
    // A pointer does not have its type's alignment.
    DAXSIGN_ERR_MISALIGNED = 105,
    // Caller's storage is smaller than this build of the library needs.
    DAXSIGN_ERR_TOO_SMALL = 106,
    // A struct does not have the size that this library knows: header and library differ.
    DAXSIGN_ERR_ABI_MISMATCH = 107,
    // Nothing was loaded or started in this storage, or it was finished or wiped.
    DAXSIGN_ERR_NOT_INITIALISED = 108,
    // The caller's signing callback reported a failure.
    DAXSIGN_ERR_SIGNER_FAILED = 109,
    // An error that this version of the interface has no number for.
    DAXSIGN_ERR_UNKNOWN = 199,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum DaxsignStatus DaxsignStatus;
#else
typedef int32_t DaxsignStatus;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What exactly is wrong, where a status has several reasons.
enum DaxsignProblem
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // The status says all.
    DAXSIGN_PROBLEM_NONE = 0,
    // `invalid-header-value`: not UTF-8.
    DAXSIGN_PROBLEM_VALUE_NOT_UTF8 = 1,
    // `invalid-header-value`: a CR or LF that does not start a folded line.
    DAXSIGN_PROBLEM_VALUE_LINE_BREAK = 2,
    // `invalid-header-value`: a control character.
    DAXSIGN_PROBLEM_VALUE_CONTROL_CHARACTER = 3,
    // `invalid-header-value`: white space other than space and tab at the start or end.
    DAXSIGN_PROBLEM_VALUE_EDGE_WHITE_SPACE = 4,
    // `invalid-header-value`: an empty field beside others of its name.
    DAXSIGN_PROBLEM_VALUE_EMPTY_INSTANCE = 5,
    // `invalid-date`: not `YYYY-MM-DDTHH:MM:SS`; `offset` tells where.
    DAXSIGN_PROBLEM_DATE_FORMAT = 11,
    // `invalid-date`: an RFC 1123 date, as most HTTP stacks write it.
    DAXSIGN_PROBLEM_DATE_RFC1123 = 12,
    // `invalid-date`: a fraction that is not 1 to 9 digits.
    DAXSIGN_PROBLEM_DATE_FRACTION = 13,
    // `invalid-date`: no `Z` or `±hh:mm` at the end.
    DAXSIGN_PROBLEM_DATE_ZONE = 14,
    // `invalid-date`: the part called `name` is out of range.
    DAXSIGN_PROBLEM_DATE_RANGE = 15,
    // `invalid-date`: a zone without its colon, such as `+0100`.
    DAXSIGN_PROBLEM_DATE_ZONE_COLON = 16,
    // `invalid-date`: something behind the zone.
    DAXSIGN_PROBLEM_DATE_AFTER_ZONE = 17,
    // `invalid-date`: a fraction behind a comma.
    DAXSIGN_PROBLEM_DATE_DECIMAL_COMMA = 18,
    // `invalid-date`: the request has more than one `Date`.
    DAXSIGN_PROBLEM_DATE_REPEATED = 19,
    // `invalid-date`: not the format of HTTP, `Sun, 17 May 2020 12:44:30 GMT`; `offset` tells where.
    DAXSIGN_PROBLEM_DATE_NOT_HTTP = 20,
    // `content-length-mismatch`: the field is not one decimal number.
    DAXSIGN_PROBLEM_CONTENT_LENGTH_NOT_A_NUMBER = 21,
    // `content-length-mismatch`: the field counts the body's characters.
    DAXSIGN_PROBLEM_CONTENT_LENGTH_CHARACTERS = 22,
    // `content-length-mismatch`: the field counts the body with LF line ends.
    DAXSIGN_PROBLEM_CONTENT_LENGTH_LF_FORM = 23,
    // `content-length-mismatch`: the field counts the body with CRLF line ends.
    DAXSIGN_PROBLEM_CONTENT_LENGTH_CRLF_FORM = 24,
    // `invalid-body`: a byte order mark.
    DAXSIGN_PROBLEM_BODY_BYTE_ORDER_MARK = 31,
    // `invalid-body`: not UTF-8.
    DAXSIGN_PROBLEM_BODY_NOT_UTF8 = 32,
    // `invalid-body`: compressed.
    DAXSIGN_PROBLEM_BODY_COMPRESSED = 33,
    // `invalid-body`: UTF-16.
    DAXSIGN_PROBLEM_BODY_UTF16 = 34,
    // `malformed-signature-header`: no parameter name where one must start.
    DAXSIGN_PROBLEM_SYNTAX_NAME = 41,
    // `malformed-signature-header`: no `="` behind a name.
    DAXSIGN_PROBLEM_SYNTAX_QUOTE = 42,
    // `malformed-signature-header`: a character that a value cannot hold.
    DAXSIGN_PROBLEM_SYNTAX_VALUE = 43,
    // `malformed-signature-header`: a value without its closing quote.
    DAXSIGN_PROBLEM_SYNTAX_UNTERMINATED = 44,
    // `malformed-signature-header`: no space between two parameters.
    DAXSIGN_PROBLEM_SYNTAX_SEPARATOR = 45,
    // `malformed-signature-header`: a second `Signature` field.
    DAXSIGN_PROBLEM_SYNTAX_REPEATED = 46,
    // `malformed-signature-header`: a line break in a value.
    DAXSIGN_PROBLEM_SYNTAX_LINE_BREAK = 47,
    // `unbound-body`: `content-length` is not listed.
    DAXSIGN_PROBLEM_BINDING_CONTENT_LENGTH_NOT_LISTED = 51,
    // `unbound-body`: `date` is not the last component.
    DAXSIGN_PROBLEM_BINDING_DATE_NOT_LAST = 52,
    // `unbound-body`: the request to be signed has no `Content-Length` for the default list.
    DAXSIGN_PROBLEM_BINDING_NO_CONTENT_LENGTH = 53,
    // `invalid-key`: neither PEM nor DER.
    DAXSIGN_PROBLEM_KEY_NOT_A_KEY = 61,
    // `invalid-key`: a PEM block without its end line.
    DAXSIGN_PROBLEM_KEY_PEM_END = 62,
    // `invalid-key`: a byte that is not base64, or wrong padding.
    DAXSIGN_PROBLEM_KEY_BASE64 = 63,
    // `invalid-key`: a DER structure that is not that of the format; `offset` tells where.
    DAXSIGN_PROBLEM_KEY_DER = 64,
    // `invalid-key`: the modulus is even or has leading zeros.
    DAXSIGN_PROBLEM_KEY_MODULUS = 65,
    // `invalid-key`: the public exponent is even or below 3.
    DAXSIGN_PROBLEM_KEY_PUBLIC_EXPONENT = 66,
    // `invalid-key`: p or q is even, or too short for the modulus.
    DAXSIGN_PROBLEM_KEY_PRIMES = 67,
    // `invalid-key`: p and q are the same.
    DAXSIGN_PROBLEM_KEY_PRIMES_EQUAL = 68,
    // `invalid-key`: p · q is not n.
    DAXSIGN_PROBLEM_KEY_PRODUCT = 69,
    // `invalid-key`: d does not belong to e, p and q.
    DAXSIGN_PROBLEM_KEY_D = 70,
    // `invalid-key`: dP does not belong to e and p.
    DAXSIGN_PROBLEM_KEY_DP = 71,
    // `invalid-key`: dQ does not belong to e and q.
    DAXSIGN_PROBLEM_KEY_DQ = 72,
    // `invalid-key`: qInv is not the inverse of q modulo p.
    DAXSIGN_PROBLEM_KEY_Q_INV = 73,
    // `invalid-key`: no key was loaded.
    DAXSIGN_PROBLEM_KEY_EMPTY = 74,
    // `invalid-key`: a certificate's validity is not a time.
    DAXSIGN_PROBLEM_KEY_VALIDITY = 75,
    // `missing-header`: the request was signed with the field.
    DAXSIGN_PROBLEM_HEADER_LOST = 101,
    // `missing-header`: what belongs into `Signature` stands in `Authorization`.
    DAXSIGN_PROBLEM_HEADER_IN_AUTHORIZATION = 102,
    // `invalid-signature-encoding`: bytes of another length than the modulus.
    DAXSIGN_PROBLEM_ENCODING_BYTES = 111,
    // `invalid-signature-encoding`: text of another length.
    DAXSIGN_PROBLEM_ENCODING_LENGTH = 112,
    // `invalid-signature-encoding`: not base64, or not the canonical one.
    DAXSIGN_PROBLEM_ENCODING_NOT_BASE64 = 113,
    // `invalid-signature-encoding`: the padding is missing.
    DAXSIGN_PROBLEM_ENCODING_PADDING = 114,
    // `invalid-signature-encoding`: white space, as where a line break stood.
    DAXSIGN_PROBLEM_ENCODING_WHITE_SPACE = 115,
    // `invalid-signature-encoding`: base64url.
    DAXSIGN_PROBLEM_ENCODING_BASE64_URL = 116,
    // `invalid-signature-encoding`: hexadecimal.
    DAXSIGN_PROBLEM_ENCODING_HEXADECIMAL = 117,
    // `invalid-signature-encoding`: percent-encoded.
    DAXSIGN_PROBLEM_ENCODING_PERCENT_ENCODED = 118,
    // `invalid-field`: nothing stands there.
    DAXSIGN_PROBLEM_FIELD_EMPTY = 121,
    // `invalid-field`: not a GUID; `offset` tells where.
    DAXSIGN_PROBLEM_FIELD_NOT_A_GUID = 122,
    // `invalid-field`: not two capital letters.
    DAXSIGN_PROBLEM_FIELD_NOT_A_COUNTRY = 123,
    // `invalid-field`: `found` characters where `needed` are allowed.
    DAXSIGN_PROBLEM_FIELD_TOO_LONG = 124,
    // `invalid-field`: a control character at `offset`.
    DAXSIGN_PROBLEM_FIELD_CONTROL_CHARACTER = 125,
    // `invalid-field`: a character at `offset` that a PrintableString cannot hold.
    DAXSIGN_PROBLEM_FIELD_NOT_PRINTABLE = 126,
    // `invalid-field`: a character beyond ASCII at `offset`.
    DAXSIGN_PROBLEM_FIELD_NOT_ASCII = 127,
    // `invalid-field`: not UTF-8; `offset` tells where.
    DAXSIGN_PROBLEM_FIELD_NOT_UTF8 = 128,
    // `invalid-field`: not a DNS name; `offset` tells where.
    DAXSIGN_PROBLEM_FIELD_NOT_A_DNS_NAME = 129,
    // `invalid-field`: more than the `needed` that a request can hold.
    DAXSIGN_PROBLEM_FIELD_TOO_MANY = 130,
    // `invalid-field`: not numbers with points between.
    DAXSIGN_PROBLEM_FIELD_NOT_AN_OBJECT_IDENTIFIER = 131,
    // `untrusted-certificate`: nobody who is known has the name of the issuer.
    DAXSIGN_PROBLEM_TRUST_OTHER_ISSUER = 141,
    // `untrusted-certificate`: the signature on the certificate below is not this key's.
    DAXSIGN_PROBLEM_TRUST_SIGNATURE = 142,
    // `untrusted-certificate`: the certificate below is signed with the algorithm `text`, not with SHA-256 and RSA.
    DAXSIGN_PROBLEM_TRUST_ALGORITHM = 143,
    // `untrusted-certificate`: its key is none that this library takes.
    DAXSIGN_PROBLEM_TRUST_KEY = 144,
    // `untrusted-certificate`: its validity has not begun.
    DAXSIGN_PROBLEM_TRUST_NOT_YET_VALID = 145,
    // `untrusted-certificate`: its validity is over.
    DAXSIGN_PROBLEM_TRUST_EXPIRED = 146,
    // `untrusted-certificate`: it is of version `found`, not of version 3.
    DAXSIGN_PROBLEM_TRUST_VERSION = 147,
    // `untrusted-certificate`: it is no authority's certificate.
    DAXSIGN_PROBLEM_TRUST_NOT_AN_AUTHORITY = 148,
    // `untrusted-certificate`: it is an authority's that may not sign certificates.
    DAXSIGN_PROBLEM_TRUST_MAY_NOT_SIGN = 149,
    // `untrusted-certificate`: more authorities stand below it than the `needed` that it allows.
    DAXSIGN_PROBLEM_TRUST_PATH_TOO_LONG = 150,
    // `untrusted-certificate`: it has the critical extension `text`, which is not understood.
    DAXSIGN_PROBLEM_TRUST_UNKNOWN_CRITICAL = 151,
    // `untrusted-certificate`: it states purposes, and not the one that is wanted.
    DAXSIGN_PROBLEM_TRUST_OTHER_PURPOSE = 152,
    // `malformed-message`: the first line is not method, target and `HTTP/1.1` with one space between.
    DAXSIGN_PROBLEM_MESSAGE_REQUEST_LINE = 161,
    // `malformed-message`: the line does not end in CRLF.
    DAXSIGN_PROBLEM_MESSAGE_LINE_END = 162,
    // `malformed-message`: white space starts the line, and no field stands before it.
    DAXSIGN_PROBLEM_MESSAGE_FOLD = 163,
    // `malformed-message`: the line has no colon.
    DAXSIGN_PROBLEM_MESSAGE_NO_COLON = 164,
    // `malformed-message`: no field name stands before the colon.
    DAXSIGN_PROBLEM_MESSAGE_NAME = 165,
    // `malformed-message`: white space stands before the colon.
    DAXSIGN_PROBLEM_MESSAGE_SPACED_COLON = 166,
    // `malformed-message`: `Transfer-Encoding`.
    DAXSIGN_PROBLEM_MESSAGE_TRANSFER_ENCODING = 167,
    // `malformed-message`: a CR or LF at `offset` of the value that starts no folded line.
    DAXSIGN_PROBLEM_MESSAGE_LINE_BREAK = 168,
    // `malformed-message`: a control character at `offset` of the value.
    DAXSIGN_PROBLEM_MESSAGE_CONTROL_CHARACTER = 169,
    // `malformed-message`: a second `Host` or `Content-Length`; the first stands on line `needed`.
    DAXSIGN_PROBLEM_MESSAGE_REPEATED = 170,
    // `malformed-message`: a field more than there are places for.
    DAXSIGN_PROBLEM_MESSAGE_TOO_MANY_FIELDS = 171,
    // `malformed-message`: no empty line ends the head.
    DAXSIGN_PROBLEM_MESSAGE_NO_EMPTY_LINE = 172,
    // `malformed-message`: `Content-Length` is not the number of bytes behind the head.
    DAXSIGN_PROBLEM_MESSAGE_LENGTH = 173,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum DaxsignProblem DaxsignProblem;
#else
typedef uint32_t DaxsignProblem;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Which reading of "SHA256withRSA over `sha256(signingstring)`" is used. Both sides must use the
// same one, so there is no default: 0 is no profile.
enum DaxsignProfile
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // The signature is over the signing string: its SHA-256 is signed. What the text of DAX says.
    DAXSIGN_PROFILE_DOCUMENTED = 1,
    // The signature is over the SHA-256 of the signing string. What the vendor's SDK does and the
    // production service was seen to accept.
    DAXSIGN_PROFILE_VENDOR_SDK = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum DaxsignProfile DaxsignProfile;
#else
typedef uint32_t DaxsignProfile;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// How much of the request target is signed.
enum DaxsignTargetForm
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // The path: everything before the first `?`. What DAX expects; the query is not protected.
    DAXSIGN_TARGET_FORM_PATH = 0,
    // The whole target with its query, for peers that expect it.
    DAXSIGN_TARGET_FORM_FULL = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum DaxsignTargetForm DaxsignTargetForm;
#else
typedef uint32_t DaxsignTargetForm;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Which `Content-Type` a request must have.
enum DaxsignContent
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // Any, as long as a charset named in it is UTF-8.
    DAXSIGN_CONTENT_ANY = 0,
    // `application/json`, as the DAX REST API demands (it answers 400 otherwise).
    DAXSIGN_CONTENT_REST = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum DaxsignContent DaxsignContent;
#else
typedef uint32_t DaxsignContent;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Which component lists are accepted for a request with a body.
enum DaxsignPolicy
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // `content-length` is listed and `date` comes last, so that no byte can move between the lines
    // and the body.
    DAXSIGN_POLICY_STRICT = 0,
    // Any list with the required components, as the vendor's SDK sends them.
    DAXSIGN_POLICY_INTEROP = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum DaxsignPolicy DaxsignPolicy;
#else
typedef uint32_t DaxsignPolicy;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What a key file holds.
enum DaxsignKeyKind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // A private key in PKCS#1 (`BEGIN RSA PRIVATE KEY`).
    DAXSIGN_KEY_KIND_PKCS1_PRIVATE = 1,
    // A private key in PKCS#8 (`BEGIN PRIVATE KEY`).
    DAXSIGN_KEY_KIND_PKCS8_PRIVATE = 2,
    // A public key in PKCS#1 (`BEGIN RSA PUBLIC KEY`).
    DAXSIGN_KEY_KIND_PKCS1_PUBLIC = 3,
    // A public key in SPKI (`BEGIN PUBLIC KEY`).
    DAXSIGN_KEY_KIND_SPKI = 4,
    // An X.509 certificate (`BEGIN CERTIFICATE`).
    DAXSIGN_KEY_KIND_CERTIFICATE = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum DaxsignKeyKind DaxsignKeyKind;
#else
typedef uint32_t DaxsignKeyKind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// How a key file is written.
enum DaxsignKeyEncoding
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // Base64 between `-----BEGIN …-----` and `-----END …-----`.
    DAXSIGN_KEY_ENCODING_PEM = 1,
    // Binary.
    DAXSIGN_KEY_ENCODING_DER = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum DaxsignKeyEncoding DaxsignKeyEncoding;
#else
typedef uint32_t DaxsignKeyEncoding;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What a certificate is wanted for.
enum DaxsignPurpose
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // Whatever it states: that is not judged.
    DAXSIGN_PURPOSE_ANY = 0,
    // To be known as a client (clientAuth).
    DAXSIGN_PURPOSE_CLIENT_AUTH = 1,
    // To be known as a server (serverAuth).
    DAXSIGN_PURPOSE_SERVER_AUTH = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum DaxsignPurpose DaxsignPurpose;
#else
typedef uint32_t DaxsignPurpose;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What `daxsign_explain` found out.
enum DaxsignFinding
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    // The signature covers exactly the signing string, under `profile`.
    DAXSIGN_FINDING_VERIFIES = 1,
    // The signature covers another string, made by the mistake `name`, under `profile`.
    DAXSIGN_FINDING_MISTAKE = 2,
    // The signature opens with this key but holds the hash `name`.
    DAXSIGN_FINDING_OTHER_HASH = 3,
    // Nothing known stands in the signature: another key, another operation, or damage.
    DAXSIGN_FINDING_WRONG_KEY = 4,
    // The signature opens and holds the SHA-256 `digest`, which no known mistake leads to.
    DAXSIGN_FINDING_UNEXPLAINED = 5,
    // The signature opens with this key and was made wrongly, by `name`; of what string is not known.
    DAXSIGN_FINDING_WRONG_ENCODING = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum DaxsignFinding DaxsignFinding;
#else
typedef uint32_t DaxsignFinding;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What went wrong, where, and by how much. Every function takes a pointer to one, or NULL, and
// writes it once at its end, after success too. It holds no secret.
//
// Initialise it with `DAXSIGN_DETAIL_INIT`. `daxsign_detail_message` turns it into a sentence for
// a log. What a status does not use is 0 or empty.
typedef struct DaxsignDetail {
    // `sizeof(DaxsignDetail)`.
    uint32_t struct_size;
    // The `DaxsignStatus` that the function returned.
    int32_t status;
    // A `DaxsignProblem`: what exactly is wrong.
    uint32_t problem;
    // Which one, counted from 1: the entry of the component list, the field among those of
    // its name, or the line of a message.
    uint32_t position;
    // The first byte that does not belong, counted from 0: in the method, target, field value,
    // date, body, `Signature` value or DER.
    uint64_t offset;
    // What is needed or allowed: a buffer's or storage's size, a signature's or body's length in
    // bytes, an alignment, or the window in seconds.
    uint64_t needed;
    // What was found instead: the declared length, the signature's characters (its bytes for
    // `DAXSIGN_PROBLEM_ENCODING_BYTES`), the key's bits, the age or lead in seconds, the
    // guard's capacity, a struct's size, or the signing callback's number (a negative one as its
    // 64-bit two's complement).
    uint64_t found;
    // The field, component, parameter or argument concerned; ends in NUL.
    char name[DAXSIGN_DETAIL_TEXT];
    // What was found instead: a charset, realm, algorithm or kind of key; ends in NUL.
    char text[DAXSIGN_DETAIL_TEXT];
} DaxsignDetail;

// A point in time. The library has no clock: pass what yours says.
typedef struct DaxsignTime {
    // Seconds since 1970-01-01T00:00:00Z without leap seconds, as `time_t` counts them.
    int64_t seconds;
    // Nanoseconds into the second, below 1 000 000 000.
    uint32_t nanoseconds;
} DaxsignTime;

// Storage for an RSA private key: declare one, fill it with `daxsign_private_key_load`, and
// end it with `daxsign_private_key_wipe`. Secret; keep it where nothing copies it.
typedef union DaxsignPrivateKey {
    // Private to the library.
    uint8_t opaque[DAXSIGN_PRIVATE_KEY_SIZE];
    // Gives the storage its alignment.
    uint64_t align;
} DaxsignPrivateKey;

// Storage for an RSA public key: declare one and fill it with `daxsign_public_key_load`.
typedef union DaxsignPublicKey {
    // Private to the library.
    uint8_t opaque[DAXSIGN_PUBLIC_KEY_SIZE];
    // Gives the storage its alignment.
    uint64_t align;
} DaxsignPublicKey;

// What is known of a key or a key file. Initialise it with `DAXSIGN_KEY_INFO_INIT`.
typedef struct DaxsignKeyInfo {
    // `sizeof(DaxsignKeyInfo)`.
    uint32_t struct_size;
    // A `DaxsignKeyKind`; 0 where it is a loaded key that is asked.
    uint32_t kind;
    // A `DaxsignKeyEncoding`; 0 where it is a loaded key that is asked.
    uint32_t encoding;
    // The modulus's size in bits; 0 for a file. A signature has an eighth of it in bytes, rounded
    // up.
    uint32_t modulus_bits;
    // The public exponent; 0 for a file.
    uint32_t exponent;
} DaxsignKeyInfo;

// Some bytes of the caller: a text or a body. `data` may be NULL where `len` is 0; there is no NUL
// at the end, and none is looked for.
//
// `DAXSIGN_LITERAL("text")` initialises one, `daxsign_text(string)` makes one of a C string.
typedef struct DaxsignBytes {
    // The first byte.
    const void *data;
    // How many bytes.
    size_t len;
} DaxsignBytes;

// One header field: its name in any case and without the colon, and its value's bytes as they
// stood on the line. The value may be folded and surrounded by white space.
typedef struct DaxsignField {
    // The name.
    struct DaxsignBytes name;
    // The value.
    struct DaxsignBytes value;
} DaxsignField;

// An HTTP request. Initialise it with `DAXSIGN_REQUEST_INIT`, then fill in. The library reads it
// where it is and copies nothing.
typedef struct DaxsignRequest {
    // `sizeof(DaxsignRequest)`; tells the library which header you compiled with.
    uint32_t struct_size;
    // The method in any case: `POST`.
    struct DaxsignBytes method;
    // The target as it stands on the request line, percent-encoded: `/api/v2.0/cards?limit=5`.
    struct DaxsignBytes target;
    // The header fields in the order they are sent. NULL where `field_count` is 0.
    const struct DaxsignField *fields;
    // How many fields.
    size_t field_count;
    // The body; empty for none. When the body comes in pieces: its first piece, or empty.
    struct DaxsignBytes body;
} DaxsignRequest;

// Options with a default. Initialise with `DAXSIGN_OPTIONS_INIT`, or pass NULL for what DAX expects.
typedef struct DaxsignOptions {
    // `sizeof(DaxsignOptions)`.
    uint32_t struct_size;
    // A `DaxsignTargetForm`.
    uint32_t target_form;
    // A `DaxsignContent`.
    uint32_t content;
    // A `DaxsignPolicy`: for verifying, and for signing with the default list, which signs a body
    // without `Content-Length` under `DAXSIGN_POLICY_INTEROP` only.
    uint32_t policy;
    // Seconds that a date may lie before and after `now`; for verifying only.
    uint32_t window;
} DaxsignOptions;

// The 32 bytes that stand in the signature's DigestInfo: what an external signer signs as an
// already made SHA-256 ("sign hash", "sign prehashed"; never "sign data").
typedef struct DaxsignDigest {
    // The bytes.
    uint8_t bytes[DAXSIGN_DIGEST_LEN];
} DaxsignDigest;

// A key that stays elsewhere: in Windows CNG, an HSM, a TPM or a secure element. Initialise it with
// `DAXSIGN_SIGNER_INIT`.
typedef struct DaxsignSigner {
    // `sizeof(DaxsignSigner)`.
    uint32_t struct_size;
    // The size of the key's modulus in bits.
    uint32_t modulus_bits;
    // Passed to your function as it is.
    void *context;
    // Your function: signs an already made SHA-256 with RSASSA-PKCS1-v1_5, that is, writes exactly
    // `signature_len` bytes to `signature` and returns 0, or any other number for a failure.
    // `digest` has 32 bytes. It is called on the caller's thread, at most once, and must not throw
    // or jump out.
    int32_t (*sign_digest)(void *context,
                           const uint8_t *digest,
                           uint8_t *signature,
                           size_t signature_len);
    // The key's public half, to check each signature before it is given out. By default, with NULL,
    // signatures are given out as your function made them.
    const union DaxsignPublicKey *public_key;
} DaxsignSigner;

// Storage for the hash of a request whose body comes in pieces.
typedef union DaxsignSigningStream {
    // Private to the library.
    uint8_t opaque[DAXSIGN_SIGNING_STREAM_SIZE];
    // Gives the storage its alignment.
    uint64_t align;
} DaxsignSigningStream;

// A parsed `Signature` value. Initialise it with `DAXSIGN_SIGNATURE_HEADER_INIT`. Its members point
// into the text that was parsed, which must stay where it is.
typedef struct DaxsignSignatureHeader {
    // `sizeof(DaxsignSignatureHeader)`.
    uint32_t struct_size;
    // The `headers` parameter as it was sent: a component list, which was checked.
    struct DaxsignBytes components;
    // The `signature` parameter as it was sent, in base64 that was not checked.
    struct DaxsignBytes signature;
} DaxsignSignatureHeader;

// Storage for a replay guard. It points to the entries that it was started with.
typedef union DaxsignReplayGuard {
    // Private to the library.
    uint8_t opaque[DAXSIGN_REPLAY_GUARD_SIZE];
    // Gives the storage its alignment.
    uint64_t align;
} DaxsignReplayGuard;

// What a verified request proves: these components and the body were signed by the key's owner.
// Initialise it with `DAXSIGN_VERIFIED_INIT`.
typedef struct DaxsignVerified {
    // `sizeof(DaxsignVerified)`.
    uint32_t struct_size;
    // The request's date.
    struct DaxsignTime date;
    // The components covered, as they were sent: a part of the request's `Signature` value. What
    // is not among them (the query, other fields) is not protected; ask with
    // `daxsign_components_contain`.
    struct DaxsignBytes components;
    // The SHA-256 of the signing string. To refuse replays by other means than a guard, keep it
    // together with whose key this was: another key's signature over the same string is another
    // request.
    uint8_t string_hash[DAXSIGN_DIGEST_LEN];
} DaxsignVerified;

// Storage for a verification whose body comes in pieces. It points to the key and into the
// request that it was started with.
typedef union DaxsignVerifyingStream {
    // Private to the library.
    uint8_t opaque[DAXSIGN_VERIFYING_STREAM_SIZE];
    // Gives the storage its alignment.
    uint64_t align;
} DaxsignVerifyingStream;

// Room for one accepted request. Declare an array of as many as requests may be fresh at one time:
// the requests per second, times twice the window in seconds.
typedef union DaxsignReplayEntry {
    // Private to the library.
    uint8_t opaque[DAXSIGN_REPLAY_ENTRY_SIZE];
    // Gives the storage its alignment.
    uint64_t align;
} DaxsignReplayEntry;

// What `daxsign_explain` found out. Initialise it with `DAXSIGN_EXPLANATION_INIT`.
typedef struct DaxsignExplanation {
    // `sizeof(DaxsignExplanation)`.
    uint32_t struct_size;
    // A `DaxsignFinding`.
    uint32_t finding;
    // The `DaxsignProfile` that the signer used; 0 where it is not known.
    uint32_t profile;
    // The hash in the signature, where nothing explains it; else zeros.
    uint8_t digest[DAXSIGN_DIGEST_LEN];
    // The mistake (`crlf-line-ends`, `body-left-out+full-target`, …) or the hash (`SHA-1`); ends in
    // NUL.
    char name[DAXSIGN_EXPLANATION_NAME];
    // Read: about how many bytes the search may hash; 0 for 64 MiB, which a PC does in a second or
    // two and a microcontroller in minutes. Written: as it was.
    uint64_t budget;
    // How many bytes it took.
    uint64_t searched;
    // 1 if all combinations of up to three mistakes were tried; else 0, as where a string was found
    // before.
    uint32_t complete;
    // 0.
    uint32_t reserved;
} DaxsignExplanation;

// A further name of the subject: its type, and its value.
typedef struct DaxsignOtherName {
    // The type's object identifier, numbers with points between: `2.5.4.5` for a serial number.
    struct DaxsignBytes oid;
    // The value in UTF-8.
    struct DaxsignBytes value;
} DaxsignOtherName;

// Who asks DAX for a certificate: what stands in `request.conf` of its documentation. Initialise it with
// `DAXSIGN_NAMES_INIT`, then fill in. All texts are UTF-8.
//
// The subject is C, L, O, OU, then `<instance id>.instance.<environment>.dax.amido.io` as CN, then
// `others`; the subjectAltName that common name, `<partner id>.partner.<environment>.dax.amido.io`, and
// `dns_names`.
typedef struct DaxsignNames {
    // `sizeof(DaxsignNames)`.
    uint32_t struct_size;
    // The instance id that you were given, a GUID in any case.
    struct DaxsignBytes instance_id;
    // The partner id that you were given, a GUID in any case.
    struct DaxsignBytes partner_id;
    // The environment: `prod`, as `DAXSIGN_NAMES_INIT` has it, unless you were told another.
    struct DaxsignBytes environment;
    // The country (C), two capital letters: `SE`.
    struct DaxsignBytes country;
    // The city or place (L).
    struct DaxsignBytes locality;
    // The partner's name (O).
    struct DaxsignBytes organization;
    // The part of it that is to own the certificate (OU).
    struct DaxsignBytes unit;
    // Further names, behind these. NULL where `other_count` is 0.
    const struct DaxsignOtherName *others;
    // How many: up to `DAXSIGN_MAX_OTHER_NAMES`.
    size_t other_count;
    // Further DNS names. NULL where `dns_name_count` is 0.
    const struct DaxsignBytes *dns_names;
    // How many: up to `DAXSIGN_MAX_DNS_NAMES`.
    size_t dns_name_count;
} DaxsignNames;

// What a certificate says. Initialise it with `DAXSIGN_CERTIFICATE_INIT`.
typedef struct DaxsignCertificate {
    // `sizeof(DaxsignCertificate)`.
    uint32_t struct_size;
    // The size of its key in bits.
    uint32_t modulus_bits;
    // The first second of its validity.
    struct DaxsignTime not_before;
    // The last second of its validity.
    struct DaxsignTime not_after;
    // Its SHA-1, by which DAX and .NET name it: 40 capital hexadecimal digits; ends in NUL.
    char sha1[DAXSIGN_SHA1_TEXT];
    // Its SHA-256: 64 capital hexadecimal digits; ends in NUL.
    char sha256[DAXSIGN_SHA256_TEXT];
} DaxsignCertificate;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The version of the interface that the library was built with. Compare it with
// `DAXSIGN_ABI_VERSION`, the version that your program was compiled with, before anything else, and
// refuse to start if they differ.
//
// A program that does not is still safe: structs and storage of another size are refused with
// `abi-mismatch` and `too-small`. Any thread, any time. Stack: small.
uint32_t daxsign_abi_version(void);

// The version of the library, such as `0.1.0`: a constant string that ends in NUL. Any thread, any
// time. Stack: small.
const char *daxsign_version(void);

// The largest modulus that this build of the library can hold, in bits: 2048, 3072 or 4096. Your
// `DAXSIGN_MAX_MODULUS_BITS` must be at least this. Any thread, any time. Stack: small.
uint32_t daxsign_max_modulus_bits(void);

// The name of a status: `missing-header`, `invalid-date`, …; `ok` for 0, and `unknown` for a number
// that is no status. The same names stand in the rules, in Rust and in the tool's messages.
//
// Returns a constant string that ends in NUL; never NULL. Any thread, any time. Stack: small.
const char *daxsign_status_name(int32_t status);

// What a status means and what to do, in one English sentence. `daxsign_detail_message` says it
// with the names and numbers of the case at hand.
//
// Returns a constant string that ends in NUL; never NULL. Any thread, any time. Stack: small.
const char *daxsign_status_message(int32_t status);

// Writes one English sentence for a log: what was wrong, where, and what to do, with the names and
// numbers of `about`. Call it with what a function wrote; a detail of your own making becomes the
// general sentence of its status.
//
// `out` of 512 bytes holds every message and a NUL behind it. Errors: `buffer-too-small`. Any
// thread. Stack: small.
DaxsignStatus daxsign_detail_message(const struct DaxsignDetail *about,
                                     char *out,
                                     size_t out_cap,
                                     size_t *out_len);

// Writes a time as a `Date` field must have it: `2020-05-17T12:44:30.2437457Z`.
//
// `out` needs `DAXSIGN_DATE_LEN` bytes, one more for a NUL behind the text.
//
// Errors: `invalid-date` for nanoseconds of 1 000 000 000 and more, or a year outside 1 to 9999;
// `buffer-too-small`. Any thread. Stack: small.
DaxsignStatus daxsign_date_format(const struct DaxsignTime *time,
                                  char *out,
                                  size_t out_cap,
                                  size_t *out_len,
                                  struct DaxsignDetail *detail);

// Reads a date as a `Date` field has it: `YYYY-MM-DDTHH:MM:SS`, optionally `.` and 1 to 9 digits,
// then `Z` or `±hh:mm`.
//
// Errors: `invalid-date`, with what is expected; `time` is then as it was. Any thread. Stack: small.
DaxsignStatus daxsign_date_parse(const char *text,
                                 size_t text_len,
                                 struct DaxsignTime *time,
                                 struct DaxsignDetail *detail);

// Reads a date as other HTTP messages have it, such as a server's answer to a controller without a
// clock: `Sun, 17 May 2020 12:44:30 GMT`. DAX itself does not take such a date in a request.
//
// Errors: `invalid-date`, with where it differs; `time` is then as it was. Any thread. Stack: small.
DaxsignStatus daxsign_date_parse_http(const char *text,
                                      size_t text_len,
                                      struct DaxsignTime *time,
                                      struct DaxsignDetail *detail);

// Loads a private key: PKCS#1 or PKCS#8, PEM or DER, the file's bytes as they are. Of several PEM
// blocks the first private key counts. `private_key_size` is `sizeof *private_key`.
//
// The numbers are checked against each other. They go straight into `private_key`; no copy is made.
// After an error of the file `private_key` holds zeros. The file is a secret of its own: wipe it, or
// keep it in flash.
//
// Errors: `invalid-key`, `unsupported-key`, `key-too-small`; `too-small` or `misaligned` storage.
// Timing depends on the key's size and on how the file is laid out, not on its secret numbers.
// Exclusive: `private_key`. Stack: DAXSIGN_STACK_LOAD.
DaxsignStatus daxsign_private_key_load(union DaxsignPrivateKey *private_key,
                                       size_t private_key_size,
                                       const void *file,
                                       size_t file_len,
                                       struct DaxsignDetail *detail);

// Overwrites a private key with zeros. Call it when the key is no longer needed; a loaded key is
// overwritten by loading another one too. Storage without a key is left as it is.
//
// Errors: `null-pointer`, `misaligned`. Exclusive: `private_key`. Stack: small.
DaxsignStatus daxsign_private_key_wipe(union DaxsignPrivateKey *private_key);

// Puts the public half of a private key into `public_key`. `public_key_size` is
// `sizeof *public_key`.
//
// Errors: `not-initialised`, `too-small`, `misaligned`. Shared: `private_key`; exclusive:
// `public_key`. Stack: DAXSIGN_STACK_PUBLIC.
DaxsignStatus daxsign_private_key_public(const union DaxsignPrivateKey *private_key,
                                         union DaxsignPublicKey *public_key,
                                         size_t public_key_size,
                                         struct DaxsignDetail *detail);

// Loads a public key: SPKI, PKCS#1 or an X.509 certificate, PEM or DER, the file's bytes as they
// are. Of several PEM blocks the first public key or certificate counts. `public_key_size` is
// `sizeof *public_key`.
//
// Who signed a certificate and when it is valid is not judged: see `daxsign_certificate_load`.
//
// Errors: `invalid-key`, `unsupported-key`, `key-too-small`; `too-small` or `misaligned` storage.
// Exclusive: `public_key`, which holds zeros after an error of the file. Stack: DAXSIGN_STACK_PUBLIC.
DaxsignStatus daxsign_public_key_load(union DaxsignPublicKey *public_key,
                                      size_t public_key_size,
                                      const void *file,
                                      size_t file_len,
                                      struct DaxsignDetail *detail);

// Loads the public key of an X.509 certificate, PEM or DER, and tells when the certificate is
// valid: from `not_before` to `not_after`, both included. Compare them with your clock, and the
// certificate with the ones you trust: its own signature, issuer and extensions are not judged.
//
// Errors: as `daxsign_public_key_load`. Exclusive: `public_key`, `not_before`, `not_after`. After an
// error of the file `public_key` holds zeros and the times are as they were. Stack:
// DAXSIGN_STACK_PUBLIC.
DaxsignStatus daxsign_certificate_load(union DaxsignPublicKey *public_key,
                                       size_t public_key_size,
                                       const void *file,
                                       size_t file_len,
                                       struct DaxsignTime *not_before,
                                       struct DaxsignTime *not_after,
                                       struct DaxsignDetail *detail);

// Overwrites a public key with zeros. Storage without a key is left as it is.
//
// Errors: `null-pointer`, `misaligned`. Exclusive: `public_key`. Stack: small.
DaxsignStatus daxsign_public_key_wipe(union DaxsignPublicKey *public_key);

// Tells a public key's size and exponent.
//
// Errors: `not-initialised`, `abi-mismatch`. Shared: `public_key`; exclusive: `info`. Stack: small.
DaxsignStatus daxsign_public_key_info(const union DaxsignPublicKey *public_key,
                                      struct DaxsignKeyInfo *info,
                                      struct DaxsignDetail *detail);

// Writes a public key's modulus in big-endian bytes, as many as a signature has.
//
// Errors: `not-initialised`, `buffer-too-small`. Shared: `public_key`. Stack: small.
DaxsignStatus daxsign_public_key_modulus(const union DaxsignPublicKey *public_key,
                                         uint8_t *out,
                                         size_t out_cap,
                                         size_t *out_len,
                                         struct DaxsignDetail *detail);

// Tells what a key file holds without reading the key itself: `kind` and `encoding`.
//
// Errors: `invalid-key` if it is no key file, `unsupported-key` for a key of another kind.
// Exclusive: `info`. Stack: small.
DaxsignStatus daxsign_key_identify(const void *file,
                                   size_t file_len,
                                   struct DaxsignKeyInfo *info,
                                   struct DaxsignDetail *detail);

// Writes one English sentence on a key file that a load function refused with `about`: what the file
// is and the command that helps, such as "this is a PKCS#12 file (.p12, .pfx): take the key out with
// …"; where nothing more is known, what `daxsign_detail_message` writes. `FILE` in a sentence stands
// for the file's name. No sentence holds a part of the file but a header line's name.
//
// Takes time by the file's length and contents. For hosts: a program that does not call it does not
// link it. `out` of 512 bytes holds every message and a NUL behind it. Errors: `buffer-too-small`.
// Any thread. Stack: DAXSIGN_STACK_PUBLIC.
DaxsignStatus daxsign_key_file_message(const struct DaxsignDetail *about,
                                       const void *file,
                                       size_t file_len,
                                       char *out,
                                       size_t out_cap,
                                       size_t *out_len);

// Writes the signing string: the exact bytes that are signed. For logs and for comparing with
// a peer's; to sign, there is `daxsign_sign`, which needs no buffer for it.
//
// `components` is the list as the `headers` parameter has it, names separated by single spaces, or
// NULL for the default list of the request.
//
// Errors: the first rule that the request breaks; `buffer-too-small` with the length in
// `*out_len`. Shared: `request`, `components`, `options`. Stack: DAXSIGN_STACK_STRING.
DaxsignStatus daxsign_signing_string(const struct DaxsignRequest *request,
                                     const struct DaxsignBytes *components,
                                     const struct DaxsignOptions *options,
                                     uint8_t *out,
                                     size_t out_cap,
                                     size_t *out_len,
                                     struct DaxsignDetail *detail);

// Writes the component list as it is signed and sent: in lowercase, each name once at its last
// place, single spaces between. For NULL that is the default list of the request:
// `(request-target)`, then `host`, `content-type` and `content-length` as far as the request has
// them, then `date`.
//
// Errors: `invalid-component`, `unsupported-component`, `missing-component`, `buffer-too-small`.
// Shared: `request`, `components`. Stack: DAXSIGN_STACK_STRING.
DaxsignStatus daxsign_component_list(const struct DaxsignRequest *request,
                                     const struct DaxsignBytes *components,
                                     char *out,
                                     size_t out_cap,
                                     size_t *out_len,
                                     struct DaxsignDetail *detail);

// Hashes a request for a key that signs elsewhere: the first of two steps. The key's owner signs
// `digest` as an already made SHA-256 with RSASSA-PKCS1-v1_5 (32 bytes, to be put into a
// DigestInfo), then `daxsign_signature_header_write` makes the field of it.
//
// Errors: the first rule that the request breaks; `unbound-body` as in `daxsign_sign`; `digest` is
// then zeroed. Shared: `request`, `components`, `options`. Stack: DAXSIGN_STACK_STRING.
DaxsignStatus daxsign_signing_digest(const struct DaxsignRequest *request,
                                     const struct DaxsignBytes *components,
                                     uint32_t profile,
                                     const struct DaxsignOptions *options,
                                     struct DaxsignDigest *digest,
                                     struct DaxsignDetail *detail);

// The digest that is signed for a signing string that you have.
//
// Errors: `invalid-argument` for an unknown profile; `digest` is then zeroed. Stack: small.
DaxsignStatus daxsign_string_digest(const void *string,
                                    size_t string_len,
                                    uint32_t profile,
                                    struct DaxsignDigest *digest,
                                    struct DaxsignDetail *detail);

// Signs a request and writes the value of its `Signature` field.
//
// `components` is the list as the `headers` parameter has it, or NULL for the default list of the
// request (see `daxsign_component_list`). `out` needs `DAXSIGN_SIGNATURE_HEADER_LEN(bits, list)`
// bytes, one more for a NUL. The signing string needs no memory: the request is hashed where it is.
//
// The default list does not sign a body of a request without `Content-Length`, since verifiers
// refuse it unless they choose the interop policy; with `options.policy` you choose it too. A list
// of your own is signed as it is.
//
// Errors: the first rule that the request breaks; `unbound-body` for such a body;
// `buffer-too-small`; `signing-fault` if the signature made does not verify. After an error `out`
// holds zeros.
// Timing: constant for a key's size; the request's content and length show, the key does not.
// Shared: `private_key`, `request`, `components`, `options`. Stack: DAXSIGN_STACK_SIGN.
DaxsignStatus daxsign_sign(const union DaxsignPrivateKey *private_key,
                           const struct DaxsignRequest *request,
                           const struct DaxsignBytes *components,
                           uint32_t profile,
                           const struct DaxsignOptions *options,
                           char *out,
                           size_t out_cap,
                           size_t *out_len,
                           struct DaxsignDetail *detail);

// As `daxsign_sign`, with a key that stays elsewhere and signs through your function.
//
// Errors: as `daxsign_sign`; `signer-failed` with your number in `detail.found`; `signing-fault` if
// `signer.public_key` is given and the signature does not verify with it; `invalid-argument` for
// `signer.modulus_bits` below 2048 or above what this build holds. Stack: DAXSIGN_STACK_PUBLIC and
// what your function takes.
DaxsignStatus daxsign_sign_with(const struct DaxsignSigner *signer,
                                const struct DaxsignRequest *request,
                                const struct DaxsignBytes *components,
                                uint32_t profile,
                                const struct DaxsignOptions *options,
                                char *out,
                                size_t out_cap,
                                size_t *out_len,
                                struct DaxsignDetail *detail);

// Signs a digest: `signature` gets the raw signature, an eighth of the modulus's bits in bytes.
// With `daxsign_signature_header_write` it becomes the field.
//
// Errors: `not-initialised`, `buffer-too-small`, `signing-fault`; `signature` then holds zeros.
// Timing: constant for a key's size. Shared: `private_key`, `digest`. Stack: DAXSIGN_STACK_SIGN.
DaxsignStatus daxsign_sign_digest(const union DaxsignPrivateKey *private_key,
                                  const struct DaxsignDigest *digest,
                                  uint8_t *signature,
                                  size_t signature_cap,
                                  size_t *signature_len,
                                  struct DaxsignDetail *detail);

// Signs `digest_count` digests with one key, for hosts that relay many messages: the signatures
// stand one behind the other in `signatures`, in the digests' order, each an eighth of the
// modulus's bits in bytes, together `*signatures_len`. Each is the one that `daxsign_sign_digest`
// makes.
//
// On x86-64 with AVX-512 IFMA, with keys of 2048, 3072 or 4096 bits whose primes have half of that,
// eight are computed at once in about two thirds of the time of one by one: hand over multiples of
// eight. Elsewhere it is as good as a loop, and the stack is that of `daxsign_sign_digest`.
//
// Errors: `not-initialised`, `buffer-too-small`; `signing-fault` if any of the signatures made does
// not verify. `signatures` then holds zeros. Timing: constant for a key's size and a number of
// digests. Shared: `private_key`, `digests`. Stack: DAXSIGN_STACK_BATCH.
DaxsignStatus daxsign_sign_batch(const union DaxsignPrivateKey *private_key,
                                 const struct DaxsignDigest *digests,
                                 size_t digest_count,
                                 uint8_t *signatures,
                                 size_t signatures_cap,
                                 size_t *signatures_len,
                                 struct DaxsignDetail *detail);

// As `daxsign_sign_digest`, and calls `progress(context)` again and again while it signs: to feed
// a watchdog or give way to another task. It is called about 2600 times for 2048 bits; between two
// calls there is never more than a hundredth of the signature's work. When it is called depends on
// the key's size only. It runs on the caller's thread, on top of the stack that signing takes; it
// cannot end the signature and must not throw or jump out.
//
// Errors: as `daxsign_sign_digest`; `null-pointer` for no function. Shared: `private_key`,
// `digest`. Stack: DAXSIGN_STACK_SIGN and what your function takes.
DaxsignStatus daxsign_sign_digest_with_progress(const union DaxsignPrivateKey *private_key,
                                                const struct DaxsignDigest *digest,
                                                void (*progress)(void *context),
                                                void *context,
                                                uint8_t *signature,
                                                size_t signature_cap,
                                                size_t *signature_len,
                                                struct DaxsignDetail *detail);

// Checks a raw signature over a digest. To verify a request there is `daxsign_verify`.
//
// Errors: `signature-mismatch`; `invalid-signature-encoding` for a signature of another length than
// the modulus; `not-initialised`. Shared: `public_key`, `digest`, `signature`. Stack:
// DAXSIGN_STACK_PUBLIC.
DaxsignStatus daxsign_verify_digest(const union DaxsignPublicKey *public_key,
                                    const struct DaxsignDigest *digest,
                                    const uint8_t *signature,
                                    size_t signature_len,
                                    struct DaxsignDetail *detail);

// Writes the value of the `Signature` field for a signature made by any means: the second of the
// two steps of signing elsewhere. `request` and `components` are those of the first step.
//
// Errors: what is wrong with the list; `invalid-signature-encoding` for an empty signature;
// `buffer-too-small`. Shared: `request`, `components`, `signature`. Stack: DAXSIGN_STACK_STRING.
DaxsignStatus daxsign_signature_header_write(const struct DaxsignRequest *request,
                                             const struct DaxsignBytes *components,
                                             const uint8_t *signature,
                                             size_t signature_len,
                                             char *out,
                                             size_t out_cap,
                                             size_t *out_len,
                                             struct DaxsignDetail *detail);

// Checks and hashes everything but the body. A body in `request` counts as the first piece.
// `stream_size` is `sizeof *stream`; `body_len` is the whole body's length in bytes, or
// `DAXSIGN_UNKNOWN_LENGTH`. The request is not needed any more for the stream.
//
// Errors: the first rule that the request breaks; `unbound-body` as in `daxsign_sign`, where it is
// known by now that there is a body; `too-small` or `misaligned` storage; the stream is then wiped.
// Shared: `request`, `components`, `options`; exclusive: `stream`. Stack: DAXSIGN_STACK_STRING.
DaxsignStatus daxsign_signing_stream_start(union DaxsignSigningStream *stream,
                                           size_t stream_size,
                                           const struct DaxsignRequest *request,
                                           const struct DaxsignBytes *components,
                                           const struct DaxsignOptions *options,
                                           uint64_t body_len,
                                           struct DaxsignDetail *detail);

// Takes the next piece of the body.
//
// UTF-8 is not checked in pieces; a byte order mark at the start is.
//
// Errors: `content-length-mismatch` as soon as more bytes came than expected; `invalid-body`;
// `unbound-body` for the first byte of a body that the list does not bind; `not-initialised`. The
// stream is wiped after an error. Exclusive: `stream`. Stack:
// DAXSIGN_STACK_STRING.
DaxsignStatus daxsign_signing_stream_update(union DaxsignSigningStream *stream,
                                            const void *piece,
                                            size_t piece_len,
                                            struct DaxsignDetail *detail);

// Writes the digest to sign and wipes the stream. Sign it with `daxsign_sign_digest` or elsewhere;
// `daxsign_signature_header_write` makes the field.
//
// Errors: `content-length-mismatch` if fewer bytes came than expected; `not-initialised`; the
// digest is then zeroed. Exclusive: `stream`, `digest`. Stack: DAXSIGN_STACK_STRING.
DaxsignStatus daxsign_signing_stream_finish(union DaxsignSigningStream *stream,
                                            uint32_t profile,
                                            struct DaxsignDigest *digest,
                                            struct DaxsignDetail *detail);

// Overwrites a stream with zeros: for giving up half-way. Storage without a stream is left as it is.
//
// Errors: `null-pointer`, `misaligned`. Exclusive: `stream`. Stack: small.
DaxsignStatus daxsign_signing_stream_wipe(union DaxsignSigningStream *stream);

// Parses the value of a `Signature` field. To verify a request there is `daxsign_verify`, which
// finds and parses the field itself.
//
// Errors: `malformed-signature-header` with the offset, `missing-parameter`, `duplicate-parameter`,
// `wrong-realm`, `unsupported-algorithm`, and what is wrong with the list; `header` is then as it
// was. Shared: `value`; exclusive: `header`. Stack: small.
DaxsignStatus daxsign_signature_header_parse(const char *value,
                                             size_t value_len,
                                             struct DaxsignSignatureHeader *header,
                                             struct DaxsignDetail *detail);

// Finds and parses the `Signature` field of a request.
//
// Errors: `missing-header`; else as `daxsign_signature_header_parse`. Shared: `request`; exclusive:
// `header`. Stack: DAXSIGN_STACK_STRING.
DaxsignStatus daxsign_signature_header_find(const struct DaxsignRequest *request,
                                            struct DaxsignSignatureHeader *header,
                                            struct DaxsignDetail *detail);

// Decodes the `signature` parameter of a parsed header for a key of `modulus_bits`: canonical
// base64 of exactly the modulus's length.
//
// Errors: `invalid-signature-encoding`, `buffer-too-small`, `invalid-argument` for `modulus_bits`
// of 0 or above what this build holds. Shared: `header` and what it points to. Stack: small.
DaxsignStatus daxsign_signature_header_decode(const struct DaxsignSignatureHeader *header,
                                              uint32_t modulus_bits,
                                              uint8_t *out,
                                              size_t out_cap,
                                              size_t *out_len,
                                              struct DaxsignDetail *detail);

// Tells whether a component list holds `name`, compared without case: `*contains` is 1 or 0. For a
// verified request (`DaxsignVerified.components`) that is whether the field is protected.
//
// Errors: what is wrong with the list; `*contains` is then 0. Shared: `components`, `name`. Stack:
// small.
DaxsignStatus daxsign_components_contain(const struct DaxsignBytes *components,
                                         const char *name,
                                         size_t name_len,
                                         uint32_t *contains,
                                         struct DaxsignDetail *detail);

// Verifies a request: its `Signature` field, its date, that its list binds the body, and its
// signature. With a guard it is accepted once: the second time it is `replayed`.
//
// `now` is your clock; the request's date must lie within `options.window` seconds of it.
// `guard` and `verified` may be NULL: then the request is accepted as often as it comes while it is
// fresh, and the result is not written. Success is `DAXSIGN_OK` and nothing else; the request must
// not be acted on otherwise.
//
// Errors: what is wrong with the `Signature` field; the first rule that the request breaks;
// `stale-date`, `future-date`; `unbound-body`; `signature-mismatch`; `replayed`,
// `replay-guard-full`. `verified` is then as it was.
// Shared: `public_key`, `request`, `options`, `now`; exclusive: `guard`, `verified`. Stack:
// DAXSIGN_STACK_PUBLIC.
DaxsignStatus daxsign_verify(const union DaxsignPublicKey *public_key,
                             const struct DaxsignRequest *request,
                             uint32_t profile,
                             const struct DaxsignOptions *options,
                             const struct DaxsignTime *now,
                             union DaxsignReplayGuard *guard,
                             struct DaxsignVerified *verified,
                             struct DaxsignDetail *detail);

// Starts to verify a request whose body comes in pieces; a body in `request` counts as the first
// piece. `stream_size` is `sizeof *stream`; `body_len` is the whole body's length in bytes, or
// `DAXSIGN_UNKNOWN_LENGTH`.
//
// The stream points to `public_key` and into `request`: both, and every byte that the request's fields
// point to, must stay where they are and as they are until the stream is finished or wiped.
// Nothing of the body may be acted on before `daxsign_verifying_stream_finish` has accepted it.
//
// The date is judged now, and so is the list where it is known that there is a body: by `body_len`,
// a `Content-Length` or a first piece. Else the first byte of a body that the list does not bind is
// refused.
//
// Errors: as `daxsign_verify`, as far as the body is not needed; the stream is then wiped. Shared:
// `public_key`, `request`, `options`, `now`; exclusive: `stream`. Stack: DAXSIGN_STACK_STRING.
DaxsignStatus daxsign_verifying_stream_start(union DaxsignVerifyingStream *stream,
                                             size_t stream_size,
                                             const union DaxsignPublicKey *public_key,
                                             const struct DaxsignRequest *request,
                                             uint32_t profile,
                                             const struct DaxsignOptions *options,
                                             const struct DaxsignTime *now,
                                             uint64_t body_len,
                                             struct DaxsignDetail *detail);

// Takes the next piece of the body.
//
// Errors: as `daxsign_signing_stream_update`. Exclusive: `stream`. Stack: DAXSIGN_STACK_STRING.
DaxsignStatus daxsign_verifying_stream_update(union DaxsignVerifyingStream *stream,
                                              const void *piece,
                                              size_t piece_len,
                                              struct DaxsignDetail *detail);

// The verdict; the stream is wiped. `guard` and `verified` may be NULL, as in `daxsign_verify`.
//
// Errors: as `daxsign_verify`; `not-initialised`. Exclusive: `stream`, `guard`, `verified`. Stack:
// DAXSIGN_STACK_PUBLIC.
DaxsignStatus daxsign_verifying_stream_finish(union DaxsignVerifyingStream *stream,
                                              union DaxsignReplayGuard *guard,
                                              struct DaxsignVerified *verified,
                                              struct DaxsignDetail *detail);

// Overwrites a stream with zeros: for giving up half-way. Storage without a stream is left as it is.
//
// Errors: `null-pointer`, `misaligned`. Exclusive: `stream`. Stack: small.
DaxsignStatus daxsign_verifying_stream_wipe(union DaxsignVerifyingStream *stream);

// Reads a message as bytes, of the type `message/http`, as parties of an exchange send each other: request
// line, fields, an empty line, the body. `request` then tells its parts, with `fields` for its fields, ready
// for `daxsign_verify`. Nothing is copied: it points into `message` and to `fields`, which must stay as they
// are; folds stay in the values. Nothing is verified.
//
// Refused is what two readers could take differently: lines that do not end in CRLF, white space before a
// colon, a second `Host` or `Content-Length`, `Transfer-Encoding`, control characters, a body of another
// length than `Content-Length` says, and without one any.
//
// Errors: `malformed-message` with the line as `position` (where the body is at fault, its first one) and
// the place in a field's value as `offset`; `daxsign_reading_message` says it in words. `request` is then as
// it was, `fields` is not. Shared: `message`; exclusive: `fields`, `request`. Stack:
// DAXSIGN_STACK_STRING.
DaxsignStatus daxsign_message_read(const void *message,
                                   size_t message_len,
                                   struct DaxsignField *fields,
                                   size_t field_cap,
                                   struct DaxsignRequest *request,
                                   struct DaxsignDetail *detail);

// Writes one English sentence for a log on what `daxsign_message_read` said; for what other functions refuse,
// too, it is what `daxsign_detail_message` writes, which knows of messages the general sentence only: so a
// program that reads none does not link these.
//
// `out` of 512 bytes holds every message and a NUL behind it. Errors: `buffer-too-small`. Any
// thread. Stack: small.
DaxsignStatus daxsign_reading_message(const struct DaxsignDetail *about,
                                      char *out,
                                      size_t out_cap,
                                      size_t *out_len);

// Starts an empty guard over `count` entries. `guard_size` is `sizeof *guard`. What is in the
// entries does not matter. Guard and entries must stay where they are until the guard is wiped.
//
// The guard never forgets an accepted request that is still fresh: when it is full it refuses new
// ones with `replay-guard-full`. One guard serves any number of keys: a request of one key never
// makes another key's look repeated. It lives in this memory: after a restart, requests of the last
// window could be replayed; wait that long before accepting any.
//
// Errors: `too-small`, `misaligned`, `null-pointer`, `overlap`. Exclusive: `guard`, `entries`.
// Stack: small.
DaxsignStatus daxsign_replay_guard_start(union DaxsignReplayGuard *guard,
                                         size_t guard_size,
                                         union DaxsignReplayEntry *entries,
                                         size_t count,
                                         struct DaxsignDetail *detail);

// Tells how many requests a guard remembers now, to `*count`.
//
// Errors: `not-initialised`. Shared: `guard`; exclusive: `count`. Stack: small.
DaxsignStatus daxsign_replay_guard_count(const union DaxsignReplayGuard *guard,
                                         size_t *count,
                                         struct DaxsignDetail *detail);

// Overwrites a guard with zeros; storage without one is left as it is. Its entries are then free for
// other use; they hold no secret.
//
// Errors: `null-pointer`, `misaligned`. Exclusive: `guard`. Stack: small.
DaxsignStatus daxsign_replay_guard_wipe(union DaxsignReplayGuard *guard);

// Finds out what the `Signature` field of a request covers: the hash is taken out of the signature
// and the mistakes that people make are tried, up to four at once, until some lead to it, under both
// profiles. The date may be of any time. A diagnosis, never a verdict: to accept a request there is
// `daxsign_verify`.
//
// Errors: what is wrong with the `Signature` field, and `explanation` is as it was; or the first
// rule that the request breaks, and `explanation` tells all the same what the signature covers.
// Shared: `public_key`, `request`, `options`; exclusive: `explanation`. Stack: DAXSIGN_STACK_EXPLAIN.
DaxsignStatus daxsign_explain(const union DaxsignPublicKey *public_key,
                              const struct DaxsignRequest *request,
                              const struct DaxsignOptions *options,
                              struct DaxsignExplanation *explanation,
                              struct DaxsignDetail *detail);

// Writes what was found as one English sentence.
//
// `out` of 1024 bytes holds every sentence and a NUL behind it. Errors: `invalid-argument` for an
// explanation that `daxsign_explain` did not write; `buffer-too-small`. Stack:
// DAXSIGN_STACK_EXPLAIN(2048).
DaxsignStatus daxsign_explanation_message(const struct DaxsignExplanation *explanation,
                                          char *out,
                                          size_t out_cap,
                                          size_t *out_len,
                                          struct DaxsignDetail *detail);

// Writes the string that the signer signed by the mistake that was found, to be compared with
// `daxsign_signing_string`. `request` and `options` are those that were explained.
//
// Errors: `invalid-argument` for an explanation without a known string; what is wrong with the
// `Signature` field; `buffer-too-small`. Shared: all inputs. Stack: DAXSIGN_STACK_EXPLAIN(2048).
DaxsignStatus daxsign_explanation_string(const struct DaxsignExplanation *explanation,
                                         const struct DaxsignRequest *request,
                                         const struct DaxsignOptions *options,
                                         uint8_t *out,
                                         size_t out_cap,
                                         size_t *out_len,
                                         struct DaxsignDetail *detail);

// Makes a new private key in `private_key`: two random primes and the exponent 65537, after FIPS 186-5
// A.1.3. `bits` is 2048, 3072 or 4096, and not more than this build holds. `private_key_size` is
// `sizeof *private_key`.
//
// `random(context, bytes, len)` is your source of randomness: it fills all of `len` bytes and returns
// 0, or any other number for a failure. Every bit must be unpredictable: take the operating system's
// (`getrandom`, `BCryptGenRandom`), or a generator of NIST SP 800-90A that the chip's noise source has
// seeded; `rand` of the C library will not do. It is called with a `len` of 32, for 2048 bits about
// 3400 times. What repeats itself is refused; what is merely bad cannot be told.
//
// `progress(context)`, or NULL, is called again and again, never more than a hundredth of a
// signature's work apart: to feed a watchdog or give way to another task. Neither function may throw or
// jump out; both run on the caller's thread, on top of the stack that this call takes.
//
// How long it takes varies by chance around the mean, several times. The key is checked as a loaded
// one, and has signed, before it is given out; write it down with `daxsign_write_private_key`.
//
// Errors: `key-size`; `randomness-failed` with your function's number, `randomness-stuck`, `no-prime`;
// `signing-fault`, `invalid-key` and `internal-fault` where the machine computed wrongly; `null-pointer` for no
// `random`; `too-small` or `misaligned` storage. After an error of making it `private_key` holds zeros.
// Exclusive: `private_key`. Stack: DAXSIGN_STACK_GENERATE and what your functions take.
DaxsignStatus daxsign_generate_key(union DaxsignPrivateKey *private_key,
                                   size_t private_key_size,
                                   uint32_t bits,
                                   int32_t (*random)(void *context,
                                                     uint8_t *bytes,
                                                     size_t len),
                                   void (*progress)(void *context),
                                   void *context,
                                   struct DaxsignDetail *detail);

// Writes a private key as a file: `kind` is `DAXSIGN_KEY_KIND_PKCS8_PRIVATE`, which every program
// reads, or `DAXSIGN_KEY_KIND_PKCS1_PRIVATE`; `encoding` a `DaxsignKeyEncoding`. Behind PEM a NUL is
// put where there is room.
//
// The file is as secret as the key: wipe `out` with `daxsign_wipe` when it is stored. The
// private exponent in it is made anew, as every program may: where it differs from that of the file
// the key came from, both are right.
//
// `DAXSIGN_KEY_FILE_LEN(bits)` bytes hold each of the four and a NUL, for primes of half the key's size. Errors: `not-initialised`,
// `buffer-too-small`; `invalid-argument` for `kind` or `encoding`. Timing: constant for a key's size.
// Shared: `private_key`. Stack: DAXSIGN_STACK_WRITE_KEY.
DaxsignStatus daxsign_write_private_key(const union DaxsignPrivateKey *private_key,
                                        uint32_t kind,
                                        uint32_t encoding,
                                        void *out,
                                        size_t out_cap,
                                        size_t *out_len,
                                        struct DaxsignDetail *detail);

// Writes the request for a certificate (PKCS#10) that DAX wants: signed with the key that the certificate
// is to be for. `encoding` is a `DaxsignKeyEncoding`; behind PEM a NUL is put where there is room. Send
// it to DAX; it is no secret.
//
// To feed a watchdog meanwhile, call `daxsign_write_certificate_request_with` with a function that calls
// `daxsign_sign_digest_with_progress`.
//
// `DAXSIGN_REQUEST_LEN(bits)` bytes hold each request without `others` and `dns_names`, and a NUL; usual
// names with a key of 2048 bits make 897 bytes of DER, 1285 of PEM. Errors: `invalid-field`, where `name` in the detail is the
// field and `problem` what is wrong with it; `buffer-too-small`; `signing-fault`; `not-initialised`;
// `invalid-argument` for `encoding`. `daxsign_enrolling_message` says it in words. Timing: constant for
// a key's size and names. Shared: `private_key`, `names` and what it points to. Stack:
// DAXSIGN_STACK_REQUEST.
DaxsignStatus daxsign_write_certificate_request(const union DaxsignPrivateKey *private_key,
                                                const struct DaxsignNames *names,
                                                uint32_t encoding,
                                                void *out,
                                                size_t out_cap,
                                                size_t *out_len,
                                                struct DaxsignDetail *detail);

// The same with a key that stays elsewhere. `signer.public_key` must be its public half, which stands in
// the request and checks the signature.
//
// Errors: as `daxsign_write_certificate_request`; `signer-failed` with your function's number;
// `null-pointer` for no function or no public key; `invalid-argument` where `signer.modulus_bits` is
// not that key's. Shared: `signer`, `names` and what they point to. Stack:
// DAXSIGN_STACK_REQUEST and what your function takes.
DaxsignStatus daxsign_write_certificate_request_with(const struct DaxsignSigner *signer,
                                                     const struct DaxsignNames *names,
                                                     uint32_t encoding,
                                                     void *out,
                                                     size_t out_cap,
                                                     size_t *out_len,
                                                     struct DaxsignDetail *detail);

// Reads an X.509 certificate, PEM or DER, the file's bytes as they are: its thumbprints, validity and
// size of key. Of several PEM blocks the first certificate counts.
//
// A thumbprint is a name and proves nothing: whether to trust the certificate, see
// `daxsign_certificate_verify`.
//
// Errors: `malformed-certificate`, with `offset` in its DER; of a file without a certificate, and of its
// key, as `daxsign_public_key_load`. `daxsign_enrolling_message` says it in words. Exclusive:
// `certificate`, which is as it was after every error. Stack: DAXSIGN_STACK_PUBLIC.
DaxsignStatus daxsign_certificate_read(const void *file,
                                       size_t file_len,
                                       struct DaxsignCertificate *certificate,
                                       struct DaxsignDetail *detail);

// Checks that the first certificate in `file` was issued by `authority`, itself or through up to two
// others that follow in `file`, in any order, of which eight are looked at: so that a controller takes
// the exchange's next certificate without new firmware. `authority` is your own: the certificate of an
// authority, or its bare public key (SPKI, PKCS#1), whose name and time nobody states; of a file with both,
// the first certificate. Both are PEM or DER, the files' bytes as they are; a certificate in them that is
// damaged or cut off is refused, and not passed over.
//
// Each certificate on the way is of version 3, signed with SHA-256 and RSA by the key of the next, which
// has the name of its issuer; each is valid at `now`, and has no critical extension that is not
// understood; each but the first is an authority's that may sign certificates, with no more authorities
// below it than it allows. With a `purpose` (a `DaxsignPurpose`) each one that states purposes (extended
// key usage) names it, or any. Not checked: whether one was revoked, and whose it is: compare its
// thumbprint or names with what you expect. Then load its key with `daxsign_certificate_load`.
//
// DAXSIGN_OK is the only yes. Errors: `untrusted-certificate`, with a `DaxsignProblem`, where `position`
// is 0 for the certificate itself, 1 for the authority above it, and so on; `malformed-certificate`, with
// the argument as `name` and, behind the first of `file`, which one as `position`; `invalid-key`,
// `unsupported-key` and `key-too-small` for a file without a certificate or key, and for the key of
// `authority`; `invalid-date` for `now`; `invalid-argument` for `purpose`. `daxsign_enrolling_message` says it in words.
// Shared: all inputs. Stack: DAXSIGN_STACK_CERTIFICATE.
DaxsignStatus daxsign_certificate_verify(const void *file,
                                         size_t file_len,
                                         const void *authority,
                                         size_t authority_len,
                                         uint32_t purpose,
                                         const struct DaxsignTime *now,
                                         struct DaxsignDetail *detail);

// Writes one English sentence for a log on what a function of enrolling said: `daxsign_generate_key`,
// `daxsign_write_certificate_request`, `daxsign_certificate_verify` and the like. For what other functions
// may refuse, too, it is what `daxsign_detail_message` writes, which knows of fields, randomness and
// certificates the general sentence only: so a program that does not enrol does not link these.
//
// `out` of 512 bytes holds every message and a NUL behind it. Errors: `buffer-too-small`. Any
// thread. Stack: small.
DaxsignStatus daxsign_enrolling_message(const struct DaxsignDetail *about,
                                        char *out,
                                        size_t out_cap,
                                        size_t *out_len);

// Overwrites memory with zeros, in a way that no compiler leaves out as it may a `memset`: for the
// buffer that a key file was read into.
//
// Errors: `null-pointer`, `invalid-length`. Exclusive: `data`. Stack: small.
DaxsignStatus daxsign_wipe(void *data,
                           size_t len);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

/* Initial values of the structs with a size. */
#define DAXSIGN_REQUEST_INIT { (uint32_t)sizeof(DaxsignRequest), { NULL, 0 }, { NULL, 0 }, NULL, 0, { NULL, 0 } }
#define DAXSIGN_OPTIONS_INIT { (uint32_t)sizeof(DaxsignOptions), 0, 0, 0, DAXSIGN_DEFAULT_WINDOW }
#define DAXSIGN_DETAIL_INIT { (uint32_t)sizeof(DaxsignDetail), 0, 0, 0, 0, 0, 0, { 0 }, { 0 } }
#define DAXSIGN_KEY_INFO_INIT { (uint32_t)sizeof(DaxsignKeyInfo), 0, 0, 0, 0 }
#define DAXSIGN_SIGNER_INIT { (uint32_t)sizeof(DaxsignSigner), 0, NULL, NULL, NULL }
#define DAXSIGN_SIGNATURE_HEADER_INIT { (uint32_t)sizeof(DaxsignSignatureHeader), { NULL, 0 }, { NULL, 0 } }
#define DAXSIGN_VERIFIED_INIT { (uint32_t)sizeof(DaxsignVerified), { 0, 0 }, { NULL, 0 }, { 0 } }
#define DAXSIGN_NAMES_INIT { (uint32_t)sizeof(DaxsignNames), { NULL, 0 }, { NULL, 0 }, \
    DAXSIGN_LITERAL("prod"), { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, NULL, 0, NULL, 0 }
#define DAXSIGN_CERTIFICATE_INIT { (uint32_t)sizeof(DaxsignCertificate), 0, { 0, 0 }, { 0, 0 }, { 0 }, { 0 } }
#define DAXSIGN_EXPLANATION_INIT { (uint32_t)sizeof(DaxsignExplanation), 0, 0, { 0 }, { 0 }, 0, 0, 0, 0 }

/* A DaxsignBytes of a string literal, in an initialiser. */
#define DAXSIGN_LITERAL(text) { (text), sizeof(text) - 1 }

/* The length of a Signature value for a modulus of `bits` and a component list of `list_len` bytes:
 * a compile-time constant that always suffices. A NUL behind it takes one more. */
#define DAXSIGN_SIGNATURE_HEADER_LEN(bits, list_len) \
    (((((bits) + 7) / 8 + 2) / 3) * 4 + (list_len) + DAXSIGN_SIGNATURE_HEADER_OVERHEAD)

/* Room for every file that daxsign_write_private_key writes of a key of `bits`, and for every request for
 * a certificate without other names or DNS names, with a NUL behind it. */
#define DAXSIGN_KEY_FILE_LEN(bits) ((bits) * 49 / 64 + 160)
#define DAXSIGN_REQUEST_LEN(bits) ((bits) * 11 / 32 + 1984)

/* Upper bounds of the stack that a call needs, in bytes, for keys of `bits`, with room to spare: measured
 * on x86-64 (on Linux, and for Windows under Wine) and on Cortex-M, CERTIFICATE on x86-64
 * only. On a Cortex-M4, making a key of 2048 bits took 3296 bytes, a request 5096. */
#ifdef _WIN32
/* Functions keep more registers there. */
#define DAXSIGN_STACK_SMALL 2048
#define DAXSIGN_STACK_STRING 3584
#else
#define DAXSIGN_STACK_SMALL 1536
#define DAXSIGN_STACK_STRING 3072
#endif
#if defined(__x86_64__) || defined(_M_X64)
/* With AVX-512, where the processor has it; without it about a quarter. */
#define DAXSIGN_STACK_PUBLIC(bits) ((bits) * 3 + 12288)
#define DAXSIGN_STACK_SIGN(bits) ((bits) * 8 + 11264)
#else
#define DAXSIGN_STACK_PUBLIC(bits) ((bits) * 3 / 4 + 4608)
#define DAXSIGN_STACK_SIGN(bits) ((bits) * 3 / 2 + 3072)
#endif
#define DAXSIGN_STACK_EXPLAIN(bits) (DAXSIGN_STACK_PUBLIC(bits) + 8192)
#define DAXSIGN_STACK_LOAD(bits) ((bits) * 3 / 2 + 3584)
#define DAXSIGN_STACK_BATCH(bits) ((bits) * 20 + 6144)
#define DAXSIGN_STACK_GENERATE(bits) DAXSIGN_STACK_SIGN(bits)
#define DAXSIGN_STACK_WRITE_KEY(bits) ((bits) * 5 / 8 + 2816)
#define DAXSIGN_STACK_REQUEST(bits) (DAXSIGN_STACK_SIGN(bits) + 4096)
#define DAXSIGN_STACK_CERTIFICATE(bits) (DAXSIGN_STACK_PUBLIC(bits) + 18432)

/* The bytes of a C string. */
static inline DaxsignBytes daxsign_text(const char *string)
{
    DaxsignBytes bytes = { string, 0 };
    while (string != NULL && string[bytes.len] != '\0') {
        bytes.len++;
    }
    return bytes;
}

/* Some bytes. */
static inline DaxsignBytes daxsign_bytes(const void *data, size_t len)
{
    DaxsignBytes bytes;
    bytes.data = data;
    bytes.len = len;
    return bytes;
}

#endif /* DAXSIGN_H */
