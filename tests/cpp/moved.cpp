// Objects that were moved from: each call of one, and with one, is refused. The names of the cases are
// compared with the header: a call without one is missed.
#include "check.h"
#include <daxsign.hpp>

#include <functional>
#include <map>

namespace {

using namespace daxsign;
using namespace std::chrono_literals;

const TimePoint NOW = TimePoint(1589719470s);
const Profile PROFILE = Profile::documented;

Request post()
{
    Request request("POST", "/api/v2/DaxEndPoint");
    request.field("Host", "dax.amido.se")
        .field("Content-Length", "18")
        .field("Date", "2020-05-17T14:44:30+02:00")
        .body("{\"hello\": \"world\"}");
    return request;
}

PrivateKey private_key()
{
    File file;
    read_key_file("rsa2048.pkcs8.der", &file);
    return PrivateKey::load(Bytes(file.bytes, file.len)).value();
}

PublicKey public_key() { return private_key().public_key().value(); }

Request sent()
{
    static const std::string value = sign(private_key(), post(), PROFILE).value();
    Request request = post();
    request.field("Signature", value);
    return request;
}

Certificate certificate()
{
    File file;
    read_key_file("certificate.pem", &file);
    return Certificate::load(Bytes(file.bytes, file.len)).value();
}

std::int32_t signs(const Digest &digest, std::uint8_t *signature, std::size_t)
{
    static const PrivateKey key = private_key();
    const auto made = key.sign_digest(digest).value();
    std::copy(made.begin(), made.end(), signature);
    return 0;
}

ExternalSigner external() { return ExternalSigner(2048, signs, public_key()); }

SigningStream signing() { return SigningStream::start(post()).value(); }

VerifyingStream verifying() { return Verifier(public_key(), PROFILE).stream(sent(), NOW).value(); }

Verifier verifier() { return Verifier(public_key(), PROFILE); }

// An object that was moved from.
template <class T>
T empty(T object)
{
    T taken(std::move(object));
    return object;
}

// And the same by assignment, and into itself.
template <class T>
void lose(T &object)
{
    T &same = object;
    object = std::move(same);
}

std::map<std::string, std::function<bool()>> cases;

// A call that must be refused.
#define REFUSED(name, ...) \
    CHECK(cases.emplace(name, [] { return (__VA_ARGS__).status() == Status::null_pointer; }).second)
// One that gives no status: what else must hold.
#define HOLDS(name, ...) \
    CHECK(cases.emplace(name, []() -> bool { return __VA_ARGS__; }).second)

// What the C interface says of what a wrapper hands it.
Status said(DaxsignStatus status) { return static_cast<Status>(status); }

DaxsignStatus signed_with(const DaxsignSigner &signer)
{
    return post().with_raw([&](const DaxsignRequest &request) {
        char value[1024];
        std::size_t len;
        return daxsign_sign_with(&signer, &request, nullptr, DAXSIGN_PROFILE_DOCUMENTED, nullptr,
                                 value, sizeof value, &len, nullptr);
    });
}

DaxsignStatus string_of(const DaxsignRequest &request)
{
    std::size_t len;
    return daxsign_signing_string(&request, nullptr, nullptr, nullptr, 0, &len, nullptr);
}

void requests()
{
    // What gives the request itself gives one that is refused.
    REFUSED("Request::field", signing_string(empty(post()).field("Date", "2020-05-17T12:44:30Z")));
    REFUSED("Request::body", signing_string(empty(post()).body(Bytes("x", 1))));
    REFUSED("Request::body 2", signing_string(empty(post()).body("x")));
    HOLDS("Request::method", empty(post()).method().empty());
    HOLDS("Request::target", empty(post()).target().empty());
    HOLDS("Request::body 3", empty(post()).body().size() == 0);
    HOLDS("Request::value_of", !empty(post()).value_of("Host"));
    HOLDS("Request::with_raw",
          said(empty(post()).with_raw(string_of)) == Status::null_pointer);
    HOLDS("Raw::Raw(Request)",
          said(string_of(Request::Raw(empty(post())).request)) == Status::null_pointer);
    REFUSED("signing_string(Request)", signing_string(empty(post())));
    REFUSED("component_list(Request)", component_list(empty(post())));
    REFUSED("signing_digest(Request)", signing_digest(empty(post()), PROFILE));
    REFUSED("write_signature_header(Request)", write_signature_header(empty(post()), "x"));
    REFUSED("sign(Request)", sign(private_key(), empty(post()), PROFILE));
    REFUSED("sign 2(Request)", sign(external(), empty(post()), PROFILE));
    REFUSED("SigningStream::start(Request)", SigningStream::start(empty(post())));
    REFUSED("Verifier::verify(Request)", verifier().verify(empty(sent()), NOW));
    REFUSED("Verifier::stream(Request)", verifier().stream(empty(sent()), NOW));
    REFUSED("explain(Request)", explain(public_key(), empty(sent())));
    REFUSED("explain_broken(Request)", explain_broken(public_key(), empty(sent())));
    REFUSED("Explanation::string(Request)",
            explain(public_key(), sent()).value().string(empty(sent())));
}

void keys()
{
    REFUSED("PrivateKey::public_key", empty(private_key()).public_key());
    REFUSED("PrivateKey::sign_digest", empty(private_key()).sign_digest(Digest()));
    REFUSED("PrivateKey::sign_batch", empty(private_key()).sign_batch({Digest()}));
    HOLDS("PrivateKey::raw", empty(private_key()).raw() == nullptr);
    REFUSED("sign(PrivateKey)", sign(empty(private_key()), post(), PROFILE));
    HOLDS("PublicKey::modulus_bits", empty(public_key()).modulus_bits() == 0);
    HOLDS("PublicKey::exponent", empty(public_key()).exponent() == 0);
    REFUSED("PublicKey::modulus", empty(public_key()).modulus());
    REFUSED("PublicKey::verify_digest", empty(public_key()).verify_digest(Digest(), "x"));
    // NULL would mean that signatures are not to be checked.
    HOLDS("PublicKey::raw", [] {
        const PublicKey key = empty(public_key());
        DaxsignSigner signer = external().with_raw([](const DaxsignSigner &raw) { return raw; });
        signer.public_key = key.raw();
        return said(signed_with(signer)) == Status::not_initialised;
    }());
    REFUSED("explain(PublicKey)", explain(empty(public_key()), sent()));
    REFUSED("explain_broken(PublicKey)", explain_broken(empty(public_key()), sent()));
    REFUSED("ExternalSigner::ExternalSigner(PublicKey)",
            sign(ExternalSigner(2048, signs, empty(public_key())), post(), PROFILE));
    REFUSED("Verifier::Verifier(PublicKey)",
            Verifier(empty(public_key()), PROFILE).verify(sent(), NOW));
    HOLDS("ExternalSigner::with_raw",
          said(empty(external()).with_raw(signed_with)) == Status::null_pointer &&
              said(ExternalSigner(2048, signs, empty(public_key())).with_raw(signed_with)) ==
                  Status::null_pointer);
    REFUSED("sign 2(ExternalSigner)", sign(empty(external()), post(), PROFILE));
}

TrustAnchor anchor()
{
    File file;
    read_key_file("certificate2048.pem", &file);
    return TrustAnchor(Bytes(file.bytes, file.len));
}

// With the middle of its validity, the verdict on a certificate that the authority issued.
Result<Certificate> judged(const TrustAnchor &authority)
{
    File file;
    read_key_file("chain2048.pem", &file);
    const Bytes bytes(file.bytes, file.len);
    const Certificate leaf = Certificate::load(bytes).value();
    return authority.verify(bytes, leaf.not_before + (leaf.not_after - leaf.not_before) / 2);
}

CertificateRequest names()
{
    CertificateRequest request("01234567-89AB-CDEF-0123-456789ABCDEF",
                               "7f8c2b1a-0000-4000-8000-00000000abcd");
    request.country("SE").locality("Gothenburg").organization("Partner Name").unit("IS/IT");
    return request;
}

void enrolling()
{
    CHECK(names().pem(private_key()).ok() && names().pem(external()).ok());
    REFUSED("PrivateKey::pem", empty(private_key()).pem());
    REFUSED("PrivateKey::der", empty(private_key()).der());
    REFUSED("CertificateRequest::environment",
            empty(names()).environment("prod").pem(private_key()));
    REFUSED("CertificateRequest::country", empty(names()).country("SE").pem(private_key()));
    REFUSED("CertificateRequest::locality", empty(names()).locality("x").pem(private_key()));
    REFUSED("CertificateRequest::organization", empty(names()).organization("x").pem(private_key()));
    REFUSED("CertificateRequest::unit", empty(names()).unit("x").pem(private_key()));
    REFUSED("CertificateRequest::other", empty(names()).other("2.5.4.5", "1").pem(private_key()));
    REFUSED("CertificateRequest::dns_name", empty(names()).dns_name("a.b").pem(private_key()));
    REFUSED("CertificateRequest::pem", empty(names()).pem(private_key()));
    REFUSED("CertificateRequest::der", empty(names()).der(private_key()));
    REFUSED("CertificateRequest::pem 2", empty(names()).pem(external()));
    REFUSED("CertificateRequest::der 2", empty(names()).der(external()));
    REFUSED("CertificateRequest::pem(PrivateKey)", names().pem(empty(private_key())));
    REFUSED("CertificateRequest::der(PrivateKey)", names().der(empty(private_key())));
    REFUSED("CertificateRequest::pem 2(ExternalSigner)", names().pem(empty(external())));
    REFUSED("CertificateRequest::der 2(ExternalSigner)", names().der(empty(external())));
    CHECK(judged(anchor()).ok());
    REFUSED("TrustAnchor::verify", judged(empty(anchor())));
}

void streams_and_guards()
{
    REFUSED("SigningStream::update", empty(signing()).update("x"));
    REFUSED("SigningStream::finish", empty(signing()).finish(PROFILE));
    REFUSED("VerifyingStream::update", empty(verifying()).update("x"));
    REFUSED("VerifyingStream::finish", empty(verifying()).finish());
    REFUSED("VerifyingStream::finish(ReplayGuard)", [] {
        ReplayGuard guard = empty(ReplayGuard(4));
        VerifyingStream stream = verifying();
        auto result = stream.finish(&guard);
        // A refused argument is no verdict.
        CHECK(stream.finish().ok());
        return result;
    }());
    HOLDS("ReplayGuard::count", empty(ReplayGuard(4)).count() == 0);
    // NULL would mean that replays are not to be refused.
    HOLDS("ReplayGuard::raw", [] {
        ReplayGuard guard = empty(ReplayGuard(4));
        const PublicKey key = public_key();
        const DaxsignTime now = {1589719470, 0};
        const DaxsignStatus status = sent().with_raw([&](const DaxsignRequest &request) {
            return daxsign_verify(key.raw(), &request, DAXSIGN_PROFILE_DOCUMENTED, nullptr, &now,
                                  guard.raw(), nullptr, nullptr);
        });
        return said(status) == Status::not_initialised;
    }());
    REFUSED("Verifier::verify(ReplayGuard)", [] {
        ReplayGuard guard = empty(ReplayGuard(4));
        return verifier().verify(sent(), NOW, &guard);
    }());
}

void verifiers()
{
    REFUSED("Verifier::verify", empty(verifier()).verify(sent(), NOW));
    REFUSED("Verifier::stream", empty(verifier()).stream(sent(), NOW));
    REFUSED("Verifier::policy", empty(verifier()).policy(Policy::interop).verify(sent(), NOW));
    REFUSED("Verifier::window", empty(verifier()).window(10s).verify(sent(), NOW));
    REFUSED("Verifier::target_form",
            empty(verifier()).target_form(TargetForm::path).verify(sent(), NOW));
    REFUSED("Verifier::content", empty(verifier()).content(Content::any).verify(sent(), NOW));
    CHECK(Verifier(empty(certificate()).key, PROFILE).verify(sent(), NOW).status() ==
          Status::null_pointer);
}

// Moved into itself, or copied from what is empty: never another thing than before, or empty.
void corners()
{
    Request request = post();
    lose(request);
    CHECK(signing_string(request).status() == Status::null_pointer);
    Request copy = request;
    CHECK(signing_string(copy).status() == Status::null_pointer);
    copy = post();
    CHECK(signing_string(copy).ok());
    ExternalSigner signer = external();
    ExternalSigner other = signer;
    lose(signer);
    CHECK(sign(signer, post(), PROFILE).status() == Status::null_pointer);
    CHECK(sign(other, post(), PROFILE).ok());
    ReplayGuard guard(4);
    lose(guard);
    CHECK(verifier().verify(sent(), NOW, &guard).ok());
    CHECK(verifier().verify(sent(), NOW, &guard).status() == Status::replayed);
    guard = ReplayGuard(4);
    CHECK(guard.count() == 0 && verifier().verify(sent(), NOW, &guard).ok());
    // Left out, a guard is not wanted.
    CHECK(verifier().verify(sent(), NOW).ok() && verifier().verify(sent(), NOW, nullptr).ok());
    TrustAnchor authority = anchor();
    TrustAnchor same = authority;
    lose(authority);
    CHECK(judged(authority).status() == Status::null_pointer && judged(same).ok());
    authority = anchor();
    CHECK(judged(authority).ok());
    // What was wrong is named.
    CHECK(judged(empty(anchor())).error().message().find("`authority`") != std::string::npos);
    CHECK(verifier().verify(sent(), NOW, &(guard = empty(ReplayGuard(4)))).error().message().find(
              "`guard`") != std::string::npos);
    CHECK(sign(empty(external()), post(), PROFILE).error().message().find("`signer`") !=
          std::string::npos);
}

} // namespace

int main(int count, char **arguments)
{
    start(count, arguments);
    requests();
    keys();
    enrolling();
    streams_and_guards();
    verifiers();
    corners();
    for (const auto &[name, is_refused] : cases) {
        if (!is_refused()) {
            fprintf(stderr, "not refused: %s\n", name.c_str());
            return 1;
        }
        puts(name.c_str());
    }
}
