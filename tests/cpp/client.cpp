// What a C++ program relies on beside signing: moves, wiping, results, streams, signers, guards.
// Compiled with and without exceptions.
#include "check.h"
#include "post.hpp"
#include <daxsign.hpp>

#include <algorithm>
#include <new>
#include <type_traits>

namespace {

using namespace daxsign;
using namespace std::chrono_literals;

static_assert(!std::is_copy_constructible_v<PrivateKey> && !std::is_copy_assignable_v<PrivateKey>);
static_assert(std::is_nothrow_move_constructible_v<PrivateKey>);
static_assert(!std::is_copy_constructible_v<SigningStream>);
static_assert(!std::is_copy_constructible_v<VerifyingStream>);
static_assert(!std::is_copy_constructible_v<ReplayGuard>);
static_assert(std::is_copy_constructible_v<PublicKey> && std::is_copy_constructible_v<Verifier>);

// Where a private key's storage is freed, and whether it was zero then.
const void *watched = nullptr;
int wiped = 0;

const TimePoint NOW = TimePoint(1589719470s);

Result<PrivateKey> load(const char *name)
{
    File file;
    read_key_file(name, &file);
    return PrivateKey::load(Bytes(file.bytes, file.len));
}

void moves_and_wiping()
{
    {
        PrivateKey key = load("rsa2048.pkcs1.pem").value();
        const void *place = key.raw();
        PrivateKey moved = std::move(key);
        CHECK(moved.raw() == place && key.raw() == nullptr);
        CHECK(sign(key, post(), Profile::documented).status() == Status::null_pointer);
        CHECK(sign(moved, post(), Profile::documented).ok());
        watched = place;
        wiped = 0;
        // The key that was there before goes.
        PrivateKey other = load("rsa2048.pkcs8.pem").value();
        moved = std::move(other);
        CHECK(wiped == 1);
        watched = moved.raw();
    }
    CHECK(wiped == 2);
    watched = nullptr;
    std::string secret = "a file";
    char *data = secret.data();
    wipe(secret);
    CHECK(secret.empty() && all(data + 1, 5, 0));
}

void results()
{
    auto refused = PrivateKey::load("no key");
    CHECK(!refused && refused.status() == Status::invalid_key);
    CHECK(refused.error().name() == "invalid-key");
    CHECK(refused.error().detail().problem == DAXSIGN_PROBLEM_KEY_NOT_A_KEY);
    CHECK(refused.error().message() ==
          "the key cannot be used: it is neither PEM nor DER: pass the key file's bytes as they "
          "are");
    /* Key files are named, by every reader. */
    const std::string ssh = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ";
    for (const Error &error : { PrivateKey::load(ssh).error(), PublicKey::load(ssh).error(),
                                Certificate::load(ssh).error() }) {
        CHECK(error.message() ==
              "this is a public key in OpenSSH's one-line format: turn it into PEM with "
              "`ssh-keygen -e -m pkcs8 -f FILE > public.pem`");
    }
    CHECK(PrivateKey::load("").error().message().substr(0, 17) == "the file is empty");
    CHECK(format_date(NOW + 243745700ns).value() == "2020-05-17T12:44:30.2437457Z");
    CHECK(format_date(TimePoint(-1ns)).value() == "1969-12-31T23:59:59.9999999Z");
    CHECK(parse_date("2020-05-17T14:44:30+02:00").value() == NOW);
    CHECK(parse_date("yesterday").status() == Status::invalid_date);
    CHECK(parse_http_date("Sun, 17 May 2020 12:44:30 GMT").value() == NOW);
    CHECK(parse_http_date("2020-05-17T14:44:30+02:00").status() == Status::invalid_date);
    File file;
    read_key_file("certificate.pem", &file);
    auto certificate = Certificate::load(Bytes(file.bytes, file.len));
    CHECK(certificate.value().key.modulus_bits() == 2048);
    CHECK(certificate.value().key.exponent() == 65537);
    CHECK(certificate.value().key.modulus().value().size() == 256);
    CHECK(certificate.value().not_after - certificate.value().not_before > 24h * 3000);
#ifdef DAXSIGN_HPP_EXCEPTIONS
    bool thrown = false;
    try {
        (void)PrivateKey::load("no key").value_or_throw();
    } catch (const Exception &failure) {
        thrown = failure.error().status() == Status::invalid_key &&
                 std::string_view(failure.what()).substr(0, 13) == "invalid-key: ";
    }
    CHECK(thrown);
    CHECK(parse_date("2020-05-17T14:44:30+02:00").value_or_throw() == NOW);
#endif
}

void streams_and_guards(const PrivateKey &key, const PublicKey &public_key)
{
    const Request request = post();
    const std::string value = sign(key, request, Profile::documented).value();
    auto stream = SigningStream::start(Request(post()).body(""), {}, 18).value();
    CHECK(stream.update(Bytes(BODY, 7)).ok());
    SigningStream moved = std::move(stream);
    CHECK(moved.update(Bytes(BODY + 7, 11)).ok());
    auto digest = moved.finish(Profile::documented);
    CHECK(moved.update("x").status() == Status::not_initialised);
    auto signature = key.sign_digest(digest.value());
    CHECK(write_signature_header(request, signature.value()).value() == value);
    auto batch = key.sign_batch(std::vector<Digest>(9, digest.value())).value();
    CHECK(batch.size() == 9 * signature.value().size());
    CHECK(std::equal(signature.value().begin(), signature.value().end(), batch.end() - 256));
    CHECK(key.sign_batch({}).value().empty());

    Verifier verifier(public_key, Profile::documented);
    ReplayGuard first(4);
    ReplayGuard guard = std::move(first);
    auto pieces = [&] {
        // The request is gone when the stream goes on: it has its own copy.
        Request head = post();
        head.field("Signature", value).body("");
        return verifier.stream(head, NOW);
    }();
    VerifyingStream verifying = std::move(pieces).value();
    CHECK(verifying.update(Bytes(BODY, 18)).ok());
    CHECK(verifying.finish(&guard).value().components ==
          "(request-target) host content-length date");
    CHECK(guard.count() == 1);
    Request again = post();
    again.field("Signature", value);
    CHECK(verifier.verify(again, NOW, &guard).status() == Status::replayed);
    CHECK(verifier.verify(again, NOW + 301s).status() == Status::stale_date);
    CHECK(verifier.window(std::chrono::minutes(10)).verify(again, NOW + 301s).ok());
    CHECK(verifier.content(Content::rest).verify(again, NOW).status() ==
          Status::invalid_content_type);
}

/* One guard for two keys, and what a signer is told before a verifier refuses it. */
void senders(const PrivateKey &key, const PublicKey &public_key)
{
    File file;
    read_key_file("rsa3072.pkcs8.der", &file);
    auto other = PrivateKey::load(Bytes(file.bytes, file.len)).value();
    ReplayGuard guard(2);
    auto verify = [&](const PrivateKey &sender, const PublicKey &known) {
        Request request = post();
        request.field("Signature", sign(sender, request, Profile::documented).value());
        return Verifier(known, Profile::documented).verify(request, NOW, &guard).status();
    };
    const PublicKey other_public = other.public_key().value();
    CHECK(verify(other, other_public) == Status::ok);
    CHECK(verify(key, public_key) == Status::ok);
    CHECK(verify(key, public_key) == Status::replayed);
    CHECK(verify(other, other_public) == Status::replayed);
    CHECK(guard.count() == 2);

    Request open("POST", "/doors");
    open.field("Date", "2020-05-17T14:44:30+02:00").body(BODY);
    SignOptions options;
    auto refused = sign(key, open, Profile::documented, options);
    CHECK(refused.status() == Status::unbound_body);
    CHECK(refused.error().message().find("add Content-Length") != std::string::npos);
    CHECK(signing_digest(open, Profile::documented).status() == Status::unbound_body);
    CHECK(SigningStream::start(open, options).status() == Status::unbound_body);
    options.policy = Policy::interop;
    CHECK(sign(key, open, Profile::documented, options).ok());
    options = SignOptions();
    options.components = "(request-target) date";
    CHECK(sign(key, open, Profile::documented, options).ok());
}

void signers(const PrivateKey &key, const PublicKey &public_key)
{
    const std::string value = sign(key, post(), Profile::documented).value();
    int calls = 0;
    ExternalSigner signer(
        2048,
        [&](const Digest &digest, std::uint8_t *signature, std::size_t len) -> std::int32_t {
            calls++;
            auto made = key.sign_digest(digest).value();
            CHECK(made.size() == len);
            std::copy(made.begin(), made.end(), signature);
            return 0;
        },
        public_key);
    CHECK(sign(signer, post(), Profile::documented).value() == value && calls == 1);
    ExternalSigner failing(2048, [](const Digest &, std::uint8_t *, std::size_t) { return 17; });
    auto failed = sign(failing, post(), Profile::documented);
    CHECK(failed.status() == Status::signer_failed && failed.error().detail().found == 17);
    CHECK(sign(ExternalSigner(2048, nullptr), post(), Profile::documented).status() ==
          Status::null_pointer);
#ifdef DAXSIGN_HPP_EXCEPTIONS
    ExternalSigner throwing(2048, [](const Digest &, std::uint8_t *, std::size_t) -> std::int32_t {
        throw std::runtime_error("the device is gone");
    });
    auto thrown = sign(throwing, post(), Profile::documented);
    CHECK(thrown.status() == Status::signer_failed);
    CHECK(thrown.error().detail().found ==
          static_cast<std::uint64_t>(std::int64_t(ExternalSigner::threw)));
#endif
}

void explanations(const PrivateKey &key, const PublicKey &public_key)
{
    SignOptions full;
    full.target_form = TargetForm::full;
    Request request = post();
    const std::string signed_string = signing_string(request, full).value();
    request.field("Signature", sign(key, request, Profile::vendor_sdk, full).value());
    auto found = explain(public_key, request);
    CHECK(found.value().finding() == DAXSIGN_FINDING_MISTAKE);
    CHECK(found.value().name() == "full-target");
    CHECK(found.value().message().find("(profile vendor-sdk)") != std::string::npos);
    CHECK(found.value().string(request).value() == signed_string);
    CHECK(!found.value().refusal());
    // A rule is broken, and the signature shows what was signed all the same.
    Request broken = request;
    broken.body("{}");
    CHECK(explain(public_key, broken).status() == Status::content_length_mismatch);
    auto told = explain_broken(public_key, broken, SignOptions(), 1 << 16);
    CHECK(told.value().refusal()->status() == Status::content_length_mismatch);
    CHECK(told.value().finding() == DAXSIGN_FINDING_UNEXPLAINED);
    CHECK(told.value().raw().budget == 1 << 16 && told.value().raw().searched > 0);
    CHECK(explain_broken(public_key, post()).status() == Status::missing_header);
}

} // namespace

// The storage of a private key must hold zeros when it is given back.
void operator delete(void *memory) noexcept
{
    if (watched != nullptr && memory == watched) {
        CHECK(all(memory, sizeof(DaxsignPrivateKey), 0));
        wiped++;
    }
    std::free(memory);
}

// Some compilers call this one.
void operator delete(void *memory, std::size_t) noexcept { operator delete(memory); }

void *operator new(std::size_t size)
{
    void *memory = std::malloc(size == 0 ? 1 : size);
    CHECK(memory != nullptr);
    return memory;
}

int main(int count, char **arguments)
{
    start(count, arguments);
    moves_and_wiping();
    results();
    PrivateKey key = load("rsa2048.pkcs8.der").value();
    PublicKey public_key = key.public_key().value();
    streams_and_guards(key, public_key);
    senders(key, public_key);
    signers(key, public_key);
    explanations(key, public_key);
    puts("all kept");
}
