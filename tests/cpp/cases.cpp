// All cases of the vectors through the C++ classes.
#include "cases.h"
#include "check.h"
#include <daxsign.hpp>

#include <map>

namespace {

std::map<std::string, daxsign::PrivateKey> private_keys;
std::map<std::string, daxsign::PublicKey> public_keys;

std::string text(DaxsignBytes bytes)
{
    return std::string(static_cast<const char *>(bytes.data), bytes.len);
}

daxsign::Request request_of(const Case &current)
{
    daxsign::Request request(text(current.method), text(current.target));
    for (size_t at = 0; at < current.field_count; at++) {
        request.field(text(current.fields[at].name), text(current.fields[at].value));
    }
    request.body(daxsign::Bytes(current.body.data, current.body.len));
    return request;
}

daxsign::TimePoint date_of(const Case &current)
{
    for (size_t at = 0; at < current.field_count; at++) {
        std::string name = text(current.fields[at].name);
        if (name == "Date" || name == "date" || name == "DATE") {
            return daxsign::parse_date(text(current.fields[at].value)).value();
        }
    }
    CHECK(!"a date");
    return {};
}

void check_signature(const Case &current, const KnownSignature &known)
{
    const auto profile = static_cast<daxsign::Profile>(known.profile);
    const auto other = profile == daxsign::Profile::documented ? daxsign::Profile::vendor_sdk
                                                                : daxsign::Profile::documented;
    daxsign::Request request = request_of(current);
    const std::string components = text(current.components);
    daxsign::SignOptions options;
    options.components = components;
    auto value = daxsign::sign(private_keys.at(known.key), request, profile, options);
    CHECK(value.value() == "realm=\"dax\" algorithm=\"sha256withrsa\" headers=\"" +
                               text(current.headers_parameter) + "\" signature=\"" +
                               text(known.base64) + "\"");
    auto written = daxsign::write_signature_header(
        request, daxsign::Bytes(known.bytes.data, known.bytes.len), options);
    CHECK(written.value() == value.value());
    auto digest = daxsign::signing_digest(request, profile, options);
    auto raw = private_keys.at(known.key).sign_digest(digest.value());
    CHECK(same(known.bytes, raw.value().data(), raw.value().size()));
    CHECK(public_keys.at(known.key).verify_digest(digest.value(), raw.value()).ok());

    request.field("Signature", value.value());
    daxsign::Verifier verifier(public_keys.at(known.key), profile);
    verifier.policy(daxsign::Policy::interop);
    auto verified = verifier.verify(request, date_of(current));
    CHECK(verified.value().components == text(current.headers_parameter));
    CHECK(same(current.sha256, verified.value().string_hash.data(), 32));
    CHECK(verified.value().date == date_of(current));
    CHECK(verified.value().covers("Date") && !verified.value().covers("x-none"));
    daxsign::Verifier wrong(public_keys.at(known.key), other);
    wrong.policy(daxsign::Policy::interop);
    CHECK(wrong.verify(request, date_of(current)).status() ==
          daxsign::Status::signature_mismatch);
}

void check_refused(const Case &current)
{
    daxsign::Request request = request_of(current);
    const std::string components = text(current.components);
    daxsign::SignOptions options;
    options.components = components;
    auto string = daxsign::signing_string(request, options);
    CHECK(!string && string.error().name() == current.status);
    CHECK(!string.error().message().empty());
    auto value = daxsign::sign(private_keys.at("rsa2048"), request, daxsign::Profile::documented,
                               options);
    CHECK(value.status() == string.status());
}

} // namespace

int main(int count, char **arguments)
{
    start(count, arguments);
    for (const char *name : {"rsa2048", "rsa3072", "rsa4096"}) {
        File file;
        read_key_file((std::string(name) + ".pkcs8.der").c_str(), &file);
        auto key = daxsign::PrivateKey::load(daxsign::Bytes(file.bytes, file.len));
        public_keys.emplace(name, key.value().public_key().value());
        private_keys.emplace(name, std::move(key).value());
    }
    size_t good = 0, refused = 0, signatures = 0;
    for (const Case &current : CASES) {
        if (std::string_view(current.status) == "ok") {
            const std::string components = text(current.components);
            daxsign::SignOptions options;
            options.components = components;
            auto string = daxsign::signing_string(request_of(current), options);
            CHECK(same(current.string, string.value().data(), string.value().size()));
            auto list = daxsign::component_list(request_of(current), options);
            CHECK(list.value() == text(current.headers_parameter));
            for (size_t at = 0; at < current.signature_count; at++) {
                check_signature(current, current.signatures[at]);
                signatures++;
            }
            good++;
        } else {
            check_refused(current);
            refused++;
        }
    }
    printf("%zu good, %zu refused, %zu signatures\n", good, refused, signatures);
}
