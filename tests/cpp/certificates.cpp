// Certificates read, and judged by a pinned authority, as a service does it. Leaves in the working folder
// what it read and its verdicts, for OpenSSL to say the same.
#include "check.h"
#include <daxsign.hpp>

#include <fstream>

namespace {

using namespace daxsign;
using namespace std::chrono_literals;

std::string read(const char *name)
{
    File file;
    read_key_file(name, &file);
    return std::string(file.bytes, file.len);
}

// Up to the second: `2026-05-17T14:44:30`.
std::string seconds(TimePoint time) { return format_date(time).value().substr(0, 19); }

void read_files()
{
    std::ofstream out("read.txt");
    for (const char *name : {"certificate2048.pem", "certificate3072.pem", "certificate4096.pem",
                             "certificate.der", "chain2048.pem"}) {
        const auto facts = CertificateFacts::read(read(name)).value();
        out << name << ' ' << facts.sha1 << ' ' << facts.sha256 << ' ' << facts.modulus_bits << ' '
            << seconds(facts.not_before) << ' ' << seconds(facts.not_after) << '\n';
    }
    CHECK(out.flush());
}

// The middle of its validity.
TimePoint middle()
{
    const auto leaf = CertificateFacts::read(read("leaf2048.pem")).value();
    return leaf.not_before + (leaf.not_after - leaf.not_before) / 2;
}

// A verdict, and what it is for; OpenSSL has no such rule where `also` is false.
struct Verdict {
    const char *file, *authority;
    std::uint32_t problem, position;
    bool also;
};

const Verdict VERDICTS[] = {
    {"chain2048.pem", "certificate2048.pem", 0, 0, true},
    {"chain4096.pem", "certificate4096.pem", 0, 0, true},
    {"between3072.pem", "rsa3072.spki.pem", 0, 0, false},
    {"leaf2048.pem", "certificate2048.pem", DAXSIGN_PROBLEM_TRUST_OTHER_ISSUER, 1, true},
    {"chain2048.pem", "certificate3072.pem", DAXSIGN_PROBLEM_TRUST_SIGNATURE, 2, true},
    {"sha512.pem", "certificate2048.pem", DAXSIGN_PROBLEM_TRUST_ALGORITHM, 1, false},
    {"by-small.pem", "certificate2048.pem", DAXSIGN_PROBLEM_TRUST_KEY, 1, false},
    {"old.pem", "certificate2048.pem", DAXSIGN_PROBLEM_TRUST_VERSION, 0, false},
    {"by-plain.pem", "certificate2048.pem", DAXSIGN_PROBLEM_TRUST_NOT_AN_AUTHORITY, 1, true},
    {"by-mute.pem", "certificate2048.pem", DAXSIGN_PROBLEM_TRUST_MAY_NOT_SIGN, 1, true},
    {"by-below.pem", "last.pem", DAXSIGN_PROBLEM_TRUST_PATH_TOO_LONG, 2, false},
    {"odd.pem", "certificate2048.pem", DAXSIGN_PROBLEM_TRUST_UNKNOWN_CRITICAL, 0, true},
};

int untrusted = 0, without = 0;

void verdicts(TimePoint now)
{
    std::ofstream out("verdicts.txt");
    for (const Verdict &row : VERDICTS) {
        const TrustAnchor anchor(read(row.authority));
        const std::string file = read(row.file);
        const auto judged = anchor.verify(file, now);
        if (row.problem == 0) {
            CHECK(judged.ok());
            // The key that was judged, not another of the file.
            CHECK(judged.value().key.modulus().value() ==
                  Certificate::load(file).value().key.modulus().value());
        } else {
            CHECK(judged.status() == Status::untrusted_certificate);
            CHECK(judged.error().detail().problem == row.problem);
            CHECK(judged.error().detail().position == row.position);
            CHECK(judged.error().message().find("the certificate is not trusted: ") == 0);
            untrusted++;
        }
        if (row.also) {
            out << row.file << ' ' << row.authority << ' '
                << (judged ? std::string_view("ok") : judged.error().name()) << '\n';
        }
    }
    CHECK(out.flush());
}

// What the authority between states bounds what it issued.
void purposes(TimePoint now)
{
    const TrustAnchor anchor(read("certificate2048.pem"));
    const std::string chain = read("by-client.pem");
    CHECK(anchor.verify(chain, now).ok());
    CHECK(anchor.verify(chain, now, Purpose::client_auth).ok());
    const auto judged = anchor.verify(chain, now, Purpose::server_auth);
    CHECK(judged.status() == Status::untrusted_certificate);
    CHECK(judged.error().detail().problem == DAXSIGN_PROBLEM_TRUST_OTHER_PURPOSE);
    CHECK(anchor.verify(chain, now, static_cast<Purpose>(3)).status() == Status::invalid_argument);
    untrusted++;
}

void clocks()
{
    const TrustAnchor anchor(read("certificate2048.pem"));
    const std::string chain = read("chain2048.pem");
    const auto leaf = CertificateFacts::read(chain).value();
    CHECK(anchor.verify(chain, leaf.not_after).ok());
    for (const TimePoint now : {leaf.not_after + 1s, leaf.not_before - 1s}) {
        CHECK(anchor.verify(chain, now).status() == Status::untrusted_certificate);
        untrusted++;
    }
}

// Files that are damaged, empty or something else.
void damaged(TimePoint now)
{
    const TrustAnchor anchor(read("certificate2048.pem"));
    std::string file = read("certificate.der");
    CHECK(anchor.verify(file, now).ok());
    for (char &byte : file) {
        byte ^= 0x10;
        CHECK(!anchor.verify(file, now));
        byte ^= 0x10;
    }
    CHECK(file.size() > 700);
    for (std::size_t len = 0; len < file.size(); len++) {
        CHECK(!CertificateFacts::read(Bytes(file.data(), len)));
    }
    const auto cut = CertificateFacts::read(Bytes(file.data(), 300));
    CHECK(cut.status() == Status::malformed_certificate);
    CHECK(cut.error().message().find("the argument `file`: the file is no certificate at byte ") == 0);
    CHECK(CertificateFacts::read(read("rsa2048.spki.pem")).status() == Status::unsupported_key);
    CHECK(CertificateFacts::read(Bytes()).status() == Status::invalid_key);
    CHECK(CertificateFacts::read(Bytes(nullptr, 5)).status() == Status::null_pointer);
    // An authority that is none trusts nobody.
    for (const Bytes &none : {Bytes(), Bytes(""), Bytes("hello"), Bytes(nullptr, 5)}) {
        const auto judged = TrustAnchor(none).verify(file, now);
        CHECK(judged.status() == Status::invalid_key);
        CHECK(judged.error().message().find("`authority`") != std::string::npos);
        without++;
    }
    CHECK(anchor.verify(Bytes(), now).status() == Status::invalid_key);
    CHECK(anchor.verify(Bytes(nullptr, 5), now).status() == Status::null_pointer);
}

} // namespace

int main(int count, char **arguments)
{
    start(count, arguments);
    read_files();
    const TimePoint now = middle();
    verdicts(now);
    purposes(now);
    clocks();
    damaged(now);
    printf("%d untrusted, %d without an authority\n", untrusted, without);
}
