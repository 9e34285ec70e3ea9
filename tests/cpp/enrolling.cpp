// A key pair, its files and requests for a certificate, left in the working folder for OpenSSL to judge;
// and what is refused, in words.
#include "check.h"
#include <daxsign.hpp>

#include <fstream>

namespace {

using namespace daxsign;

bool from_the_system(std::uint8_t *bytes, std::size_t len)
{
    static std::ifstream random("/dev/urandom", std::ios::binary);
    random.read(reinterpret_cast<char *>(bytes), static_cast<std::streamsize>(len));
    return bool(random);
}

void write(const char *name, Bytes bytes)
{
    std::ofstream file(name, std::ios::binary);
    file.write(static_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    CHECK(file.flush());
}

CertificateRequest request()
{
    CertificateRequest names("01234567-89AB-CDEF-0123-456789ABCDEF",
                             "7f8c2b1a-0000-4000-8000-00000000abcd");
    names.country("SE").locality("G\xc3\xb6teborg").organization("Partner Name").unit("IS/IT");
    return names;
}

void keys_and_requests()
{
    const PrivateKey key = PrivateKey::generate(2048, from_the_system).value();
    const PublicKey half = key.public_key().value();
    CHECK(half.modulus_bits() == 2048 && half.exponent() == 65537);
    write("made.pkcs8.pem", key.pem().value());
    write("made.pkcs8.der", key.der().value());
    write("made.pkcs1.pem", key.pem(KeyFormat::pkcs1).value());
    write("made.pkcs1.der", key.der(KeyFormat::pkcs1).value());
    std::string file = key.pem().value();
    CHECK(PrivateKey::load(file).value().public_key().value().modulus().value() ==
          half.modulus().value());
    daxsign::wipe(file);

    const std::string pem = request().pem(key).value();
    write("made.request.pem", pem);
    write("made.request.der", request().der(key).value());
    write("made.other.pem", request()
                                .environment("stage")
                                .other("2.5.4.5", "18505934000140")
                                .dns_name("tpp1.demo.axway.com")
                                .pem(key)
                                .value());
    const ExternalSigner elsewhere(
        2048,
        [&](const Digest &digest, std::uint8_t *signature, std::size_t len) {
            const auto made = key.sign_digest(digest).value();
            CHECK(made.size() == len);
            std::copy(made.begin(), made.end(), signature);
            return 0;
        },
        half);
    CHECK(request().pem(elsewhere).value() == pem);
    CHECK(request().der(elsewhere).value() == request().der(key).value());
    // Without its public key there is nothing to ask a certificate for.
    const ExternalSigner nameless(2048, [](const Digest &, std::uint8_t *, std::size_t) { return 0; });
    CHECK(request().pem(nameless).status() == Status::null_pointer);
}

int refused = 0;

template <class T>
void told(const Result<T> &result, Status status, std::string_view message)
{
    CHECK(!result.ok() && result.status() == status);
    if (result.error().message() != message) {
        fprintf(stderr, "%s\n", result.error().message().c_str());
        exit(1);
    }
    refused++;
}

void words()
{
    File file;
    read_key_file("rsa2048.pkcs8.der", &file);
    const PrivateKey key = PrivateKey::load(Bytes(file.bytes, file.len)).value();
    told(request().country("se").pem(key), Status::invalid_field,
         "the country (C) cannot be used: it is not two capital letters: write the country's code of "
         "ISO 3166-1, such as SE");
    told(request().environment("").der(key), Status::invalid_field,
         "the environment cannot be used: it is no DNS name at byte 0: write labels of at most 63 "
         "letters, digits and hyphens, with points between");
    told(PrivateKey::generate(1024, from_the_system), Status::key_size,
         "no key of 1024 bits is made: ask for 2048, 3072 or 4096, and not more than this build can "
         "hold, 4096");
    told(PrivateKey::generate(2048, [](std::uint8_t *, std::size_t) { return false; }),
         Status::randomness_failed,
         "the source of randomness failed, so no key was made: see why it did, and try again "
         "(found: 1)");
    told(PrivateKey::generate(2048,
                              [](std::uint8_t *bytes, std::size_t len) {
                                  std::fill(bytes, bytes + len, std::uint8_t(7));
                                  return true;
                              }),
         Status::randomness_stuck,
         "the source of randomness repeats itself: no key can be made with it; whatever else was made "
         "with it is to be replaced");
    told(PrivateKey::generate(2048, PrivateKey::Random()), Status::null_pointer,
         "the argument `random`: a pointer is NULL: only a length of 0 and what is documented as "
         "optional may come with NULL");
#ifdef DAXSIGN_HPP_EXCEPTIONS
    CHECK(PrivateKey::generate(2048, [](std::uint8_t *, std::size_t) -> bool {
              throw 1;
          }).status() == Status::randomness_failed);
#endif
}

} // namespace

int main(int count, char **arguments)
{
    start(count, arguments);
    keys_and_requests();
    words();
    printf("%d refused\n", refused);
}
