// Times between the library's, which reach from year 1 to 9999, and the clock's, which may not.
#include "check.h"
#include <daxsign.hpp>

namespace {

using namespace daxsign;
using namespace std::chrono;
using Span = TimePoint::duration;

TimePoint parsed(const char *text) { return parse_date(text).value(); }

// A time that the clock's type holds comes back as it is.
void kept(const char *text, std::int64_t since, std::int64_t nanos)
{
    const TimePoint time = parsed(text);
    CHECK(time == TimePoint(seconds(since) + duration_cast<Span>(nanoseconds(nanos))));
    const DaxsignTime raw = detail::raw(time);
    CHECK(raw.seconds == since && raw.nanoseconds == nanos);
    CHECK(detail::cooked(raw) == time);
}

void dates()
{
    kept("1970-01-01T00:00:00Z", 0, 0);
    kept("1969-12-31T23:59:59.9999999Z", -1, 999999900);
    kept("1969-12-31T23:59:59Z", -1, 0);
    kept("1969-12-31T23:59:58.5Z", -2, 500000000);
    kept("2020-05-17T14:44:30.2437457+02:00", 1589719470, 243745700);
    kept("1700-01-01T00:00:00Z", -8520336000, 0);
    kept("2262-04-11T23:47:16Z", 9223372036, 0);
    // Those that no count of nanoseconds holds are the first and last that it does.
    const bool is_short = Span::period::den >= 1000000000;
    for (const char *text : {"0001-01-01T00:00:00Z", "1000-01-01T00:00:00Z", "1677-09-21T00:12:43Z"}) {
        CHECK(!is_short || parsed(text) == TimePoint::min());
        CHECK(parsed(text) < parsed("1677-09-21T00:12:44Z"));
    }
    for (const char *text : {"2262-04-11T23:47:16.9Z", "2262-04-11T23:47:17Z", "9999-12-31T23:59:59Z"}) {
        CHECK(!is_short || parsed(text) == TimePoint::max());
        CHECK(parsed(text) > parsed("2262-04-11T23:47:16Z"));
    }
}

// Every instant at the ends of the clock's type is told right, in both directions.
void ends()
{
    for (int step = 0; step < 2000; step++) {
        const Span away = Span(Span(seconds(3)).count() / 1000 * step);
        for (const TimePoint time : {TimePoint::min() + away, TimePoint::max() - away,
                                     TimePoint() - away, TimePoint() + away}) {
            const DaxsignTime raw = detail::raw(time);
            CHECK(raw.nanoseconds < 1000000000);
            CHECK(detail::cooked(raw) == time);
        }
    }
    for (const std::int64_t far : {std::int64_t(9223372037), INT64_MAX}) {
        CHECK(Span::period::den < 1000000000 ||
              detail::cooked(DaxsignTime{far, 999999999}) == TimePoint::max());
        CHECK(Span::period::den < 1000000000 ||
              detail::cooked(DaxsignTime{-far - 1, 0}) == TimePoint::min());
    }
    // What the library cannot write it says.
    CHECK(format_date(TimePoint::max()).value().substr(0, 4) == "2262");
    CHECK(format_date(TimePoint::min()).value().substr(0, 4) == "1677");
}

// A certificate without end (RFC 5280, 4.1.2.5) is valid now.
void certificates()
{
    File file;
    read_key_file("certificate9999.pem", &file);
    const Certificate read = Certificate::load(Bytes(file.bytes, file.len)).value();
    const TimePoint now = system_clock::now();
    CHECK(read.not_before < now && now < read.not_after);
    CHECK(read.not_after > now + hours(24) * 36500);
}

void windows()
{
    File file;
    read_key_file("rsa2048.pkcs8.der", &file);
    const PrivateKey key = PrivateKey::load(Bytes(file.bytes, file.len)).value();
    const TimePoint now(seconds(1589719470));
    Request request("GET", "/");
    request.field("Date", format_date(now).value());
    request.field("Signature", sign(key, request, Profile::documented).value());
    Verifier verifier(key.public_key().value(), Profile::documented);
    const seconds century(3155760000);
    CHECK(verifier.window(seconds(-1)).verify(request, now + seconds(1)).status() ==
          Status::stale_date);
    CHECK(verifier.window(seconds(-1)).verify(request, now).ok());
    CHECK(verifier.window(hours(1)).verify(request, now + seconds(3600)).ok());
    CHECK(verifier.window(hours(1)).verify(request, now + seconds(3601)).status() ==
          Status::stale_date);
    CHECK(verifier.window(milliseconds(1999)).verify(request, now + seconds(1)).ok());
    CHECK(verifier.window(milliseconds(1999)).verify(request, now + seconds(2)).status() ==
          Status::stale_date);
    // 2^32 s and more are not a short window.
    CHECK(verifier.window(seconds(4294967296 + 5)).verify(request, now + century).ok());
    CHECK(verifier.window(hours::max()).verify(request, now + century).ok());
    CHECK(verifier.window(hours::min()).verify(request, now + seconds(1)).status() ==
          Status::stale_date);
}

} // namespace

int main(int count, char **arguments)
{
    start(count, arguments);
    dates();
    ends();
    certificates();
    windows();
    puts("all kept");
}
