// What a C++ program leaves out or chooses, in one call and in pieces: each row names the fault that it
// looks for.
#include "check.h"
#include "post.hpp"
#include <daxsign.hpp>

namespace {

using namespace daxsign;
using namespace std::chrono_literals;

const TimePoint NOW = TimePoint(1589719470s);
const Profile PROFILE = Profile::documented;

PrivateKey load()
{
    File file;
    read_key_file("rsa2048.pkcs8.der", &file);
    return PrivateKey::load(Bytes(file.bytes, file.len)).value();
}

const PrivateKey &key()
{
    static const PrivateKey loaded = load();
    return loaded;
}

PublicKey public_key() { return key().public_key().value(); }

Request sent(const SignOptions &options = {}, Profile profile = PROFILE)
{
    Request request = post();
    request.field("Signature", sign(key(), post(), profile, options).value());
    return request;
}

SignOptions listed(std::string_view list)
{
    SignOptions options;
    options.components = list;
    return options;
}

SignOptions full()
{
    SignOptions options;
    options.target_form = TargetForm::full;
    return options;
}

SignOptions rest()
{
    SignOptions options;
    options.content = Content::rest;
    return options;
}

Verifier plain() { return Verifier(public_key(), PROFILE); }

// The verdict of one call.
Status whole(const Verifier &verifier, const Request &request, TimePoint now = NOW,
             ReplayGuard *guard = nullptr)
{
    return verifier.verify(request, now, guard).status();
}

// The verdict on the same request with its body in pieces.
Status pieces(const Verifier &verifier, Request request, TimePoint now = NOW,
              ReplayGuard *guard = nullptr)
{
    auto stream = verifier.stream(request.body(""), now, 18);
    if (!stream) {
        return stream.status();
    }
    for (const char *at = BODY; *at != '\0'; at++) {
        auto taken = stream.value().update(Bytes(at, 1));
        if (!taken) {
            return taken.status();
        }
    }
    return stream.value().finish(guard).status();
}

// Both must say the same.
void judged(Status expected, const Verifier &verifier, const Request &request, TimePoint now = NOW)
{
    CHECK(whole(verifier, request, now) == expected);
    CHECK(pieces(verifier, request, now) == expected);
}

void guards_of_one_call()
{
    ReplayGuard guard(2);
    CHECK(whole(plain(), sent(), NOW, &guard) == Status::ok && guard.count() == 1);
    CHECK(whole(plain(), sent(), NOW, &guard) == Status::replayed);
    CHECK(pieces(plain(), sent(), NOW, &guard) == Status::replayed);
    CHECK(whole(plain(), sent()) == Status::ok);
}

void guards_of_streams()
{
    ReplayGuard guard(2);
    CHECK(pieces(plain(), sent(), NOW, &guard) == Status::ok && guard.count() == 1);
    CHECK(pieces(plain(), sent(), NOW, &guard) == Status::replayed);
    CHECK(whole(plain(), sent(), NOW, &guard) == Status::replayed);
    CHECK(pieces(plain(), sent()) == Status::ok);
}

void full_guards()
{
    ReplayGuard none(0);
    CHECK(whole(plain(), sent(), NOW, &none) == Status::replay_guard_full);
    CHECK(pieces(plain(), sent(), NOW, &none) == Status::replay_guard_full);
}

void default_window()
{
    judged(Status::ok, plain(), sent(), NOW + 300s);
    judged(Status::stale_date, plain(), sent(), NOW + 301s);
    judged(Status::ok, plain(), sent(), NOW - 300s);
    judged(Status::future_date, plain(), sent(), NOW - 301s);
}

void chosen_window()
{
    judged(Status::ok, plain().window(10s), sent(), NOW + 10s);
    judged(Status::stale_date, plain().window(10s), sent(), NOW + 11s);
    judged(Status::ok, plain().window(400s), sent(), NOW + 400s);
}

void default_policy()
{
    judged(Status::unbound_body, plain(), sent(listed("(request-target) host date")));
    judged(Status::unbound_body, plain(), sent(listed("(request-target) date content-length")));
}

void chosen_policy()
{
    const Request request = sent(listed("(request-target) host date"));
    judged(Status::ok, plain().policy(Policy::interop), request);
    judged(Status::unbound_body, plain().policy(Policy::interop).policy(Policy::strict), request);
}

void chosen_target()
{
    judged(Status::signature_mismatch, plain(), sent(full()));
    judged(Status::ok, plain().target_form(TargetForm::full), sent(full()));
    judged(Status::signature_mismatch, plain().target_form(TargetForm::full), sent());
}

void chosen_content()
{
    judged(Status::invalid_content_type, plain().content(Content::rest), sent());
    CHECK(sign(key(), post(), PROFILE, rest()).status() == Status::invalid_content_type);
    CHECK(SigningStream::start(post(), rest()).status() == Status::invalid_content_type);
    CHECK(signing_string(post(), rest()).status() == Status::invalid_content_type);
    CHECK(signing_digest(post(), PROFILE, rest()).status() == Status::invalid_content_type);
}

void chosen_profile()
{
    const Request request = sent({}, Profile::vendor_sdk);
    judged(Status::signature_mismatch, plain(), request);
    judged(Status::ok, Verifier(public_key(), Profile::vendor_sdk), request);
}

// A stream's digest is that of one call.
void digests_of_streams()
{
    for (const Profile profile : {Profile::documented, Profile::vendor_sdk}) {
        for (const SignOptions &options :
             {SignOptions(), full(), listed("(request-target) content-length date")}) {
            auto stream = SigningStream::start(post().body(""), options, 18).value();
            CHECK(stream.update(BODY).ok());
            CHECK(stream.finish(profile).value() ==
                  signing_digest(post(), profile, options).value());
        }
    }
}

void announced_lengths()
{
    CHECK(SigningStream::start(post(), {}, 17).status() == Status::content_length_mismatch);
    CHECK(plain().stream(sent(), NOW, 17).status() == Status::content_length_mismatch);
    auto stream = plain().stream(Request(sent()).body(""), NOW).value();
    CHECK(stream.update(Bytes(BODY, 17)).ok());
    CHECK(stream.finish().status() == Status::content_length_mismatch);
}

// An empty list is a wrong list, not the default one.
void empty_lists()
{
    CHECK(component_list(post(), listed("")).status() == Status::missing_component);
    CHECK(component_list(post(), listed(std::string_view())).status() ==
          Status::missing_component);
    CHECK(sign(key(), post(), PROFILE, listed("")).status() == Status::missing_component);
    CHECK(write_signature_header(post(), "x", listed("")).status() == Status::missing_component);
}

void lists_of_elsewhere()
{
    const auto options = listed("(request-target) content-length date");
    const auto signature = key().sign_digest(signing_digest(post(), PROFILE, options).value());
    CHECK(write_signature_header(post(), signature.value(), options).value() ==
          sign(key(), post(), PROFILE, options).value());
}

void checked_signers()
{
    auto zeros = [](const Digest &, std::uint8_t *signature, std::size_t len) {
        std::fill(signature, signature + len, std::uint8_t(0));
        return 0;
    };
    CHECK(sign(ExternalSigner(2048, zeros), post(), PROFILE).ok());
    CHECK(sign(ExternalSigner(2048, zeros, public_key()), post(), PROFILE).status() ==
          Status::signing_fault);
}

// A byte order mark, and a byte too many: nothing that follows is accepted.
void refused_streams()
{
    for (const std::string &wrong : {std::string("\xef\xbb\xbf"), BODY + std::string(" ")}) {
        for (std::size_t first = 0; first < 3; first++) {
            ReplayGuard guard(2);
            VerifyingStream verifying = plain().stream(Request(sent()).body(""), NOW).value();
            CHECK(verifying.update(Bytes(wrong.data(), first)).ok());
            CHECK(!verifying.update(Bytes(wrong.data() + first, wrong.size() - first)));
            VerifyingStream moved = std::move(verifying);
            CHECK(!moved.update("") && !moved.update(BODY));
            CHECK(!moved.finish(&guard) && !moved.finish() && guard.count() == 0);
            SigningStream signing = SigningStream::start(post().body(""), {}, 18).value();
            CHECK(signing.update(Bytes(wrong.data(), first)).ok());
            CHECK(!signing.update(Bytes(wrong.data() + first, wrong.size() - first)));
            CHECK(!signing.update("") && !signing.update(BODY) && !signing.finish(PROFILE));
        }
    }
}

void explained_options()
{
    CHECK(explain(public_key(), sent(full())).value().finding() == DAXSIGN_FINDING_MISTAKE);
    CHECK(explain(public_key(), sent(full()), full()).value().finding() ==
          DAXSIGN_FINDING_VERIFIES);
}

void results_of_streams()
{
    auto stream = plain().stream(sent(), NOW).value();
    const Verified verified = stream.finish().value();
    const Verified other = plain().verify(sent(), NOW).value();
    CHECK(verified.date == NOW && other.date == NOW);
    CHECK(verified.components == other.components && verified.string_hash == other.string_hash);
}

struct Row {
    const char *fault;
    void (*look)();
};

const Row ROWS[] = {
    {"verify leaves its guard out", guards_of_one_call},
    {"finish leaves its guard out", guards_of_streams},
    {"a full guard lets pass", full_guards},
    {"another default window, or none in streams", default_window},
    {"a chosen window is lost", chosen_window},
    {"a default policy that accepts bodies that are not bound", default_policy},
    {"a chosen policy is lost", chosen_policy},
    {"a chosen form of the target is lost", chosen_target},
    {"a chosen content is lost", chosen_content},
    {"a chosen profile is lost", chosen_profile},
    {"a signing stream loses options, list or profile", digests_of_streams},
    {"an announced length is lost", announced_lengths},
    {"an empty list is the default one", empty_lists},
    {"the list of a signature made elsewhere is lost", lists_of_elsewhere},
    {"a signer's public key is lost", checked_signers},
    {"a stream that refused goes on", refused_streams},
    {"the options of an explanation are lost", explained_options},
    {"a stream tells another result", results_of_streams},
};

} // namespace

int main(int count, char **arguments)
{
    start(count, arguments);
    std::size_t looked = 0;
    for (const Row &row : ROWS) {
        row.look();
        looked++;
    }
    printf("%zu faults looked for\n", looked);
}
