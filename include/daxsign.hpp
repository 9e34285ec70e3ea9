/* daxsign for C++17: the whole of daxsign.h with storage that cleans up after itself.
 *
 * A first success: sign a request and print its Signature field, then verify it.
 *
 *     #include <daxsign.hpp>
 *     #include <fstream>
 *     #include <iostream>
 *     #include <iterator>
 *
 *     int main(int, char **arguments)
 *     {
 *         std::ifstream file(arguments[1], std::ios::binary);
 *         std::string pem(std::istreambuf_iterator<char>(file), {});
 *         auto key = daxsign::PrivateKey::load(pem);
 *         daxsign::wipe(pem);
 *         if (!key) {
 *             std::cerr << key.error().name() << ": " << key.error().message() << "\n";
 *             return 1;
 *         }
 *         auto now = std::chrono::system_clock::now();
 *         daxsign::Request request("POST", "/api/v2/DaxEndPoint");
 *         request.field("Host", "dax.amido.se")
 *             .field("Content-Length", "18")
 *             .field("Date", daxsign::format_date(now).value())
 *             .body("{\"hello\": \"world\"}");
 *         auto value = daxsign::sign(key.value(), request, daxsign::Profile::documented);
 *         if (!value) {
 *             std::cerr << value.error().name() << ": " << value.error().message() << "\n";
 *             return 1;
 *         }
 *         std::cout << "Signature: " << value.value() << "\n";
 *
 *         request.field("Signature", value.value());
 *         daxsign::Verifier verifier(key.value().public_key().value(), daxsign::Profile::documented);
 *         auto verified = verifier.verify(request, now);
 *         std::cout << (verified ? "verified" : "refused") << "\n";
 *     }
 *
 * Results. What can fail returns a Result<T>: true with a value(), or false with an error(). value()
 * of a failure ends the program, so ask first. With DAXSIGN_HPP_EXCEPTIONS defined before this
 * header is included there is value_or_throw() too, which throws daxsign::Exception. Nothing here
 * throws on its own, but memory may run out (std::bad_alloc). It compiles without exceptions and
 * without RTTI.
 *
 * Memory. Keys, streams and guards lie on the heap, and moving one moves a pointer: of a private key
 * there is one copy from its loading to its destructor, which overwrites it.
 *
 * Moved from. Any object that was moved from is empty until another is assigned to it. Each call of
 * it or with it returns Status::null_pointer; what returns no status returns 0, false or an empty
 * text. An empty guard or key never counts as none: what is not wanted is said by leaving the
 * argument out.
 *
 * Texts. Arguments are only read during the call. A Request copies its head; its body it does
 * not: those bytes must live as long as the Request is used.
 *
 * Threads. A const object may be used by any number of threads at once: one key, request or
 * verifier serves all. What changes (streams, ReplayGuard) belongs to one thread at a time: put a
 * lock around a guard that several threads share.
 *
 * Link with libdaxsign, and see daxsign.h for what each function checks, its timing and its stack.
 */
#ifndef DAXSIGN_HPP
#define DAXSIGN_HPP

/* Visual C++ tells its version of the language in a macro of its own. */
#if defined(_MSVC_LANG)
#define DAXSIGN_HPP_LANGUAGE _MSVC_LANG
#elif defined(__cplusplus)
#define DAXSIGN_HPP_LANGUAGE __cplusplus
#else
#define DAXSIGN_HPP_LANGUAGE 0
#endif
#if DAXSIGN_HPP_LANGUAGE < 201703L
#error "daxsign.hpp needs C++17 or newer: compile with -std=c++17 (Visual C++: /std:c++17); C includes daxsign.h"
#else

#include <daxsign.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#ifdef DAXSIGN_HPP_EXCEPTIONS
#include <stdexcept>
#endif

namespace daxsign {

/* What went wrong; the numbers and names are those of daxsign.h. */
enum class Status : std::int32_t {
    ok = DAXSIGN_OK,
    invalid_component = DAXSIGN_ERR_INVALID_COMPONENT,
    missing_component = DAXSIGN_ERR_MISSING_COMPONENT,
    unsupported_component = DAXSIGN_ERR_UNSUPPORTED_COMPONENT,
    invalid_method = DAXSIGN_ERR_INVALID_METHOD,
    invalid_target = DAXSIGN_ERR_INVALID_TARGET,
    missing_header = DAXSIGN_ERR_MISSING_HEADER,
    invalid_header_value = DAXSIGN_ERR_INVALID_HEADER_VALUE,
    invalid_date = DAXSIGN_ERR_INVALID_DATE,
    content_length_mismatch = DAXSIGN_ERR_CONTENT_LENGTH_MISMATCH,
    unsupported_charset = DAXSIGN_ERR_UNSUPPORTED_CHARSET,
    invalid_content_type = DAXSIGN_ERR_INVALID_CONTENT_TYPE,
    invalid_body = DAXSIGN_ERR_INVALID_BODY,
    buffer_too_small = DAXSIGN_ERR_BUFFER_TOO_SMALL,
    malformed_signature_header = DAXSIGN_ERR_MALFORMED_SIGNATURE_HEADER,
    missing_parameter = DAXSIGN_ERR_MISSING_PARAMETER,
    duplicate_parameter = DAXSIGN_ERR_DUPLICATE_PARAMETER,
    wrong_realm = DAXSIGN_ERR_WRONG_REALM,
    unsupported_algorithm = DAXSIGN_ERR_UNSUPPORTED_ALGORITHM,
    invalid_signature_encoding = DAXSIGN_ERR_INVALID_SIGNATURE_ENCODING,
    signature_mismatch = DAXSIGN_ERR_SIGNATURE_MISMATCH,
    stale_date = DAXSIGN_ERR_STALE_DATE,
    future_date = DAXSIGN_ERR_FUTURE_DATE,
    replayed = DAXSIGN_ERR_REPLAYED,
    replay_guard_full = DAXSIGN_ERR_REPLAY_GUARD_FULL,
    unbound_body = DAXSIGN_ERR_UNBOUND_BODY,
    invalid_key = DAXSIGN_ERR_INVALID_KEY,
    unsupported_key = DAXSIGN_ERR_UNSUPPORTED_KEY,
    key_too_small = DAXSIGN_ERR_KEY_TOO_SMALL,
    signing_fault = DAXSIGN_ERR_SIGNING_FAULT,
    internal_fault = DAXSIGN_ERR_INTERNAL_FAULT,
    invalid_field = DAXSIGN_ERR_INVALID_FIELD,
    key_size = DAXSIGN_ERR_KEY_SIZE,
    randomness_failed = DAXSIGN_ERR_RANDOMNESS_FAILED,
    randomness_stuck = DAXSIGN_ERR_RANDOMNESS_STUCK,
    no_prime = DAXSIGN_ERR_NO_PRIME,
    malformed_certificate = DAXSIGN_ERR_MALFORMED_CERTIFICATE,
    untrusted_certificate = DAXSIGN_ERR_UNTRUSTED_CERTIFICATE,
    malformed_message = DAXSIGN_ERR_MALFORMED_MESSAGE,
    null_pointer = DAXSIGN_ERR_NULL_POINTER,
    invalid_length = DAXSIGN_ERR_INVALID_LENGTH,
    invalid_argument = DAXSIGN_ERR_INVALID_ARGUMENT,
    overlap = DAXSIGN_ERR_OVERLAP,
    misaligned = DAXSIGN_ERR_MISALIGNED,
    too_small = DAXSIGN_ERR_TOO_SMALL,
    abi_mismatch = DAXSIGN_ERR_ABI_MISMATCH,
    not_initialised = DAXSIGN_ERR_NOT_INITIALISED,
    signer_failed = DAXSIGN_ERR_SIGNER_FAILED,
    unknown = DAXSIGN_ERR_UNKNOWN,
};

/* Which reading of the rules both sides use. See DaxsignProfile. */
enum class Profile : std::uint32_t {
    documented = DAXSIGN_PROFILE_DOCUMENTED,
    vendor_sdk = DAXSIGN_PROFILE_VENDOR_SDK,
};

/* How much of the target is signed. See DaxsignTargetForm. */
enum class TargetForm : std::uint32_t {
    path = DAXSIGN_TARGET_FORM_PATH,
    full = DAXSIGN_TARGET_FORM_FULL,
};

/* Which Content-Type a request must have. See DaxsignContent. */
enum class Content : std::uint32_t {
    any = DAXSIGN_CONTENT_ANY,
    rest = DAXSIGN_CONTENT_REST,
};

/* Which component lists are accepted. See DaxsignPolicy. */
enum class Policy : std::uint32_t {
    strict = DAXSIGN_POLICY_STRICT,
    interop = DAXSIGN_POLICY_INTEROP,
};

/* A failure: its status, its name in the rules, a sentence for a log, and the facts. */
class Error {
public:
    explicit Error(const DaxsignDetail &detail) : detail_(detail) {}

    Error(DaxsignStatus status, DaxsignDetail detail) : detail_(detail)
    {
        detail_.status = static_cast<std::int32_t>(status);
    }

    Status status() const { return static_cast<Status>(detail_.status); }

    /* `missing-header`, … */
    std::string_view name() const { return daxsign_status_name(detail_.status); }

    /* The same of a key file, whose message says what the file is, where that is known. */
    Error of_key_file(const void *file, std::size_t file_len) const
    {
        Error error(*this);
        char text[512];
        std::size_t len = 0;
        if (daxsign_key_file_message(&detail_, file, file_len, text, sizeof text, &len) ==
            DAXSIGN_OK) {
            error.said_.assign(text, len);
        }
        return error;
    }

    /* The same of what enrolling refused, whose message has the words of that. */
    Error of_enrolling() const
    {
        Error error(*this);
        char text[512];
        std::size_t len = 0;
        if (daxsign_enrolling_message(&detail_, text, sizeof text, &len) == DAXSIGN_OK) {
            error.said_.assign(text, len);
        }
        return error;
    }

    /* The same of a message as bytes that was refused, whose message has the words of that. */
    Error of_reading() const
    {
        Error error(*this);
        char text[512];
        std::size_t len = 0;
        if (daxsign_reading_message(&detail_, text, sizeof text, &len) == DAXSIGN_OK) {
            error.said_.assign(text, len);
        }
        return error;
    }

    /* What was wrong, where, and what to do. */
    std::string message() const
    {
        if (!said_.empty()) {
            return said_;
        }
        char text[512];
        std::size_t len = 0;
        if (daxsign_detail_message(&detail_, text, sizeof text, &len) != DAXSIGN_OK) {
            return daxsign_status_message(detail_.status);
        }
        return std::string(text, len);
    }

    /* Where and by how much; see DaxsignDetail for what each status fills in. */
    const DaxsignDetail &detail() const { return detail_; }

private:
    DaxsignDetail detail_;
    std::string said_;
};

#ifdef DAXSIGN_HPP_EXCEPTIONS
/* What value_or_throw() throws: `name: message`. */
class Exception : public std::runtime_error {
public:
    explicit Exception(const Error &error)
        : std::runtime_error(std::string(error.name()) + ": " + error.message()), error_(error)
    {
    }

    const Error &error() const { return error_; }

private:
    Error error_;
};
#endif

/* Nothing, as the value of what only succeeds or fails. */
struct Done {};

/* A value or an error. */
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return held_.index() == 0; }
    explicit operator bool() const { return ok(); }

    /* Status::ok, or that of the error. */
    Status status() const { return ok() ? Status::ok : error().status(); }

    /* The value; ends the program if there is none. */
    T &value() & { return *need(std::get_if<0>(&held_)); }
    const T &value() const & { return *need(std::get_if<0>(&held_)); }
    T &&value() && { return std::move(*need(std::get_if<0>(&held_))); }

    /* The error; ends the program if there is none. */
    const Error &error() const { return *need(std::get_if<1>(&held_)); }

#ifdef DAXSIGN_HPP_EXCEPTIONS
    /* The value, or an Exception. */
    T value_or_throw() &&
    {
        if (!ok()) {
            throw Exception(error());
        }
        return std::move(*this).value();
    }
#endif

private:
    template <class P>
    static P *need(P *pointer)
    {
        if (pointer == nullptr) {
            std::abort();
        }
        return pointer;
    }

    std::variant<T, Error> held_;
};

/* Bytes that a call reads: of a string, a string_view, a vector of bytes, or at a pointer. */
class Bytes {
public:
    constexpr Bytes() = default;
    constexpr Bytes(const void *data, std::size_t len) : data_(data), len_(len) {}
    constexpr Bytes(const char *text) : Bytes(std::string_view(text)) {}

    /* Anything contiguous with data() and size() and elements of one byte. */
    template <class C, class E = std::remove_pointer_t<decltype(std::declval<const C &>().data())>,
              class = std::enable_if_t<sizeof(E) == 1>>
    constexpr Bytes(const C &bytes) : data_(bytes.data()), len_(bytes.size())
    {
    }

    constexpr const void *data() const { return data_; }
    constexpr std::size_t size() const { return len_; }
    DaxsignBytes raw() const { return daxsign_bytes(data_, len_); }

private:
    const void *data_ = nullptr;
    std::size_t len_ = 0;
};

/* The 32 bytes that are signed. */
using Digest = std::array<std::uint8_t, DAXSIGN_DIGEST_LEN>;

using TimePoint = std::chrono::system_clock::time_point;

/* Overwrites a string or vector with zeros, in a way that compilers do not leave out, and empties
 * it: for key files that were read. */
template <class C>
void wipe(C &bytes)
{
    volatile auto *at = bytes.data();
    for (std::size_t left = bytes.size(); left > 0; left--) {
        *at++ = 0;
    }
    bytes.clear();
}

namespace detail {

inline DaxsignDetail empty() { return DAXSIGN_DETAIL_INIT; }

/* Runs a call that gets a detail. */
template <class Call>
Result<Done> done(Call call)
{
    DaxsignDetail facts = empty();
    const DaxsignStatus status = call(&facts);
    if (status != DAXSIGN_OK) {
        return Error(status, facts);
    }
    return Done{};
}

/* Runs a call that fills a buffer: once for its length, once for its bytes. */
template <class C, class Call>
Result<C> filled(Call call)
{
    using Element = typename C::value_type;
    DaxsignDetail facts = empty();
    std::size_t len = 0;
    DaxsignStatus status = call(static_cast<Element *>(nullptr), std::size_t(0), &len, &facts);
    C out;
    if (status == DAXSIGN_ERR_BUFFER_TOO_SMALL) {
        out.resize(len);
        status = call(out.data(), out.size(), &len, &facts);
    }
    if (status != DAXSIGN_OK) {
        return Error(status, facts);
    }
    out.resize(len);
    return out;
}

/* Of the earliest time that the clock's type can hold, rounding down in that type would overflow. */
inline DaxsignTime raw(TimePoint time)
{
    using namespace std::chrono;
    const auto since = time.time_since_epoch();
    std::int64_t whole = duration_cast<seconds>(since).count();
    auto rest = duration_cast<nanoseconds>(since - seconds(whole)).count();
    if (rest < 0) {
        whole -= 1;
        rest += 1000000000;
    }
    return DaxsignTime{whole, static_cast<std::uint32_t>(rest)};
}

/* The time, or the first or last that the clock's type can hold. */
inline TimePoint cooked(const DaxsignTime &time)
{
    using namespace std::chrono;
    using Span = TimePoint::duration;
    const std::int64_t first = duration_cast<seconds>(Span::min()).count();
    const std::int64_t last = duration_cast<seconds>(Span::max()).count();
    if (time.seconds < 0) {
        /* Backwards from the end of the second. */
        const std::int64_t end = time.seconds + 1;
        const Span back = duration_cast<Span>(nanoseconds(1000000000 - time.nanoseconds));
        if (end < first || (end == first && back > Span(seconds(first)) - Span::min())) {
            return TimePoint::min();
        }
        return TimePoint(seconds(end) - back);
    }
    const Span on = duration_cast<Span>(nanoseconds(time.nanoseconds));
    if (time.seconds > last || (time.seconds == last && on > Span::max() - Span(seconds(last)))) {
        return TimePoint::max();
    }
    return TimePoint(seconds(time.seconds) + on);
}

/* Whether an object still has what it was made with; not once it was moved from. */
class Present {
public:
    Present() = default;
    ~Present() = default;
    Present(const Present &) = default;
    Present &operator=(const Present &) = default;
    Present(Present &&other) noexcept : present_(std::exchange(other.present_, false)) {}

    /* What is moved into itself is lost. */
    Present &operator=(Present &&other) noexcept
    {
        const bool was = std::exchange(other.present_, false);
        present_ = was && &other != this;
        return *this;
    }

    explicit operator bool() const { return present_; }

private:
    bool present_ = true;
};

/* The error for an object that was moved from. */
inline Error moved_from(std::string_view name)
{
    DaxsignDetail facts = empty();
    std::copy(name.begin(), name.end(), facts.name);
    return Error(DAXSIGN_ERR_NULL_POINTER, facts);
}

/* What an object holds, for the other classes; nullptr if it was moved from. */
struct Inside {
    template <class T>
    static auto of(T &object)
    {
        return object.held();
    }
};

/* Storage on the heap that is overwritten before it is freed. */
template <class T, DaxsignStatus (*wipe)(T *)>
struct Wiper {
    void operator()(T *storage) const
    {
        wipe(storage);
        delete storage;
    }
};

template <class T, DaxsignStatus (*wipe)(T *)>
using Storage = std::unique_ptr<T, Wiper<T, wipe>>;

} // namespace detail

/* A time as the Date field must have it: `2020-05-17T12:44:30.2437457Z`. */
inline Result<std::string> format_date(TimePoint time)
{
    const DaxsignTime raw = detail::raw(time);
    return detail::filled<std::string>([&](char *out, std::size_t cap, std::size_t *len,
                                           DaxsignDetail *facts) {
        return daxsign_date_format(&raw, out, cap, len, facts);
    });
}

/* The time in a Date field; beyond what the clock's type can hold, the first or last that it can. With
 * nanoseconds in 64 bits that is 1677 to 2262. */
inline Result<TimePoint> parse_date(std::string_view text)
{
    DaxsignTime time = {};
    auto done = detail::done([&](DaxsignDetail *facts) {
        return daxsign_date_parse(text.data(), text.size(), &time, facts);
    });
    if (!done) {
        return done.error();
    }
    return detail::cooked(time);
}

/* The time in the Date field of an HTTP answer: `Sun, 17 May 2020 12:44:30 GMT`. */
inline Result<TimePoint> parse_http_date(std::string_view text)
{
    DaxsignTime time = {};
    auto done = detail::done([&](DaxsignDetail *facts) {
        return daxsign_date_parse_http(text.data(), text.size(), &time, facts);
    });
    if (!done) {
        return done.error();
    }
    return detail::cooked(time);
}

/* A request to sign or to verify. Copies everything but the body. */
class Request {
public:
    Request(std::string_view method, std::string_view target) : method_(method), target_(target) {}

    /* Reads a message as bytes, as parties of an exchange send each other, with so many fields at most. The
     * body is not copied: `message` must live as long as this is used. Nothing is verified. See
     * daxsign_message_read. */
    static Result<Request> read(Bytes message, std::size_t fields = 64)
    {
        std::vector<DaxsignField> places(fields);
        DaxsignRequest raw = DAXSIGN_REQUEST_INIT;
        auto done = detail::done([&](DaxsignDetail *facts) {
            return daxsign_message_read(message.data(), message.size(), places.data(),
                                        places.size(), &raw, facts);
        });
        if (!done) {
            return done.error().of_reading();
        }
        Request request(text(raw.method), text(raw.target));
        for (std::size_t i = 0; i < raw.field_count; i++) {
            request.field(text(places[i].name), text(places[i].value));
        }
        request.body(Bytes(raw.body.data, raw.body.len));
        return request;
    }

    static Result<Request> read(const char *message, std::size_t fields = 64)
    {
        return read(Bytes(message), fields);
    }

    /* A message that would be gone at once. */
    static Result<Request> read(std::string &&, std::size_t = 64) = delete;
    static Result<Request> read(std::vector<std::uint8_t> &&, std::size_t = 64) = delete;

    /* Adds a header field. */
    Request &field(std::string_view name, std::string_view value)
    {
        fields_.emplace_back(name, value);
        return *this;
    }

    /* The body, which is not copied: it must live as long as this is used. */
    Request &body(Bytes body)
    {
        body_ = body;
        return *this;
    }

    Request &body(const char *text) { return body(Bytes(text)); }

    /* A body that would be gone at once. */
    Request &body(std::string &&) = delete;
    Request &body(std::vector<std::uint8_t> &&) = delete;

    /* What it is made of; empty if it was moved from. */
    std::string_view method() const { return present_ ? std::string_view(method_) : ""; }
    std::string_view target() const { return present_ ? std::string_view(target_) : ""; }
    Bytes body() const { return present_ ? body_ : Bytes(); }

    /* The value of the field of this name, in any case, without the white space around it; nothing unless
     * there is exactly one. Verified is what Verified::covers says, and nothing else. */
    std::optional<std::string_view> value_of(std::string_view name) const
    {
        std::optional<std::string_view> found;
        for (const auto &[of, value] : fields_) {
            if (!std::equal(of.begin(), of.end(), name.begin(), name.end(), same_letter)) {
                continue;
            }
            if (found || !present_) {
                return std::nullopt;
            }
            found = trimmed(value);
        }
        return found;
    }

    /* The request as daxsign.h has it, pointing into a Request. */
    struct Raw {
        std::vector<DaxsignField> fields;
        DaxsignRequest request = DAXSIGN_REQUEST_INIT;

        explicit Raw(const Request &from)
        {
            fields.reserve(from.fields_.size());
            for (const auto &[name, value] : from.fields_) {
                fields.push_back(DaxsignField{Bytes(name).raw(), Bytes(value).raw()});
            }
            /* NULL with a length is refused as a null pointer, whatever the request is used for. */
            request.method = from.present_ ? Bytes(from.method_).raw() : daxsign_bytes(nullptr, 1);
            request.target = Bytes(from.target_).raw();
            request.fields = fields.data();
            request.field_count = fields.size();
            request.body = from.body_.raw();
        }

        Raw(const Raw &) = delete;
        Raw &operator=(const Raw &) = delete;
    };

    /* Calls `use` with the request as daxsign.h has it. */
    template <class Use>
    auto with_raw(Use use) const
    {
        const Raw raw(*this);
        return use(raw.request);
    }

private:
    static std::string_view text(const DaxsignBytes &bytes)
    {
        return {static_cast<const char *>(bytes.data), bytes.len};
    }

    static bool same_letter(char one, char other)
    {
        const auto lower = [](char letter) {
            return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter;
        };
        return lower(one) == lower(other);
    }

    static std::string_view trimmed(std::string_view value)
    {
        const auto first = value.find_first_not_of(" \t\r\n");
        if (first == std::string_view::npos) {
            return "";
        }
        return value.substr(first, value.find_last_not_of(" \t\r\n") - first + 1);
    }

    std::string method_;
    std::string target_;
    std::vector<std::pair<std::string, std::string>> fields_;
    Bytes body_;
    detail::Present present_;
};

/* A public key. Copies share it. */
class PublicKey {
public:
    /* SPKI, PKCS#1 or a certificate, PEM or DER. See daxsign_public_key_load. */
    static Result<PublicKey> load(Bytes file)
    {
        auto key = made([&](DaxsignPublicKey *place, DaxsignDetail *facts) {
            return daxsign_public_key_load(place, sizeof *place, file.data(), file.size(), facts);
        });
        if (!key) {
            return key.error().of_key_file(file.data(), file.size());
        }
        return key;
    }

    std::uint32_t modulus_bits() const { return info().modulus_bits; }
    std::uint32_t exponent() const { return info().exponent; }

    /* The modulus in big-endian bytes. */
    Result<std::vector<std::uint8_t>> modulus() const
    {
        return detail::filled<std::vector<std::uint8_t>>(
            [&](std::uint8_t *out, std::size_t cap, std::size_t *len, DaxsignDetail *facts) {
                return daxsign_public_key_modulus(held(), out, cap, len, facts);
            });
    }

    /* Checks a raw signature over a digest. */
    Result<Done> verify_digest(const Digest &digest, Bytes signature) const
    {
        DaxsignDigest copy;
        std::copy(digest.begin(), digest.end(), copy.bytes);
        return detail::done([&](DaxsignDetail *facts) {
            return daxsign_verify_digest(held(), &copy,
                                         static_cast<const std::uint8_t *>(signature.data()),
                                         signature.size(), facts);
        });
    }

    /* For daxsign.h. If it was moved from: storage without a key, which every function refuses, for
     * NULL can mean that a check is not wanted. */
    const DaxsignPublicKey *raw() const
    {
        static const DaxsignPublicKey none = {};
        return storage_ ? storage_.get() : &none;
    }

    /* For the other classes: a key that `make` puts into its storage. */
    template <class Make>
    static Result<PublicKey> made(Make make)
    {
        auto storage = std::make_shared<DaxsignPublicKey>();
        auto done = detail::done([&](DaxsignDetail *facts) { return make(storage.get(), facts); });
        if (!done) {
            return done.error();
        }
        PublicKey key;
        key.storage_ = std::move(storage);
        return key;
    }

private:
    friend struct detail::Inside;

    PublicKey() = default;

    const DaxsignPublicKey *held() const { return storage_.get(); }

    DaxsignKeyInfo info() const
    {
        DaxsignKeyInfo info = DAXSIGN_KEY_INFO_INIT;
        daxsign_public_key_info(held(), &info, nullptr);
        return info;
    }

    std::shared_ptr<const DaxsignPublicKey> storage_;
};

/* A certificate's key, and when it is valid. Who signed it is not judged: a TrustAnchor does that. */
struct Certificate {
    PublicKey key;
    TimePoint not_before;
    TimePoint not_after;

    static Result<Certificate> load(Bytes file)
    {
        DaxsignTime first = {}, last = {};
        auto key = PublicKey::made([&](DaxsignPublicKey *place, DaxsignDetail *facts) {
            return daxsign_certificate_load(place, sizeof *place, file.data(), file.size(), &first,
                                            &last, facts);
        });
        if (!key) {
            return key.error().of_key_file(file.data(), file.size());
        }
        return Certificate{key.value(), detail::cooked(first), detail::cooked(last)};
    }
};

/* What a certificate says, and the hashes that it is named by, which prove nothing. See
 * daxsign_certificate_read. */
struct CertificateFacts {
    std::uint32_t modulus_bits;
    TimePoint not_before;
    TimePoint not_after;
    /* 40 and 64 capital hexadecimal digits: DAX names a certificate by the first. */
    std::string sha1;
    std::string sha256;

    static Result<CertificateFacts> read(Bytes file)
    {
        DaxsignCertificate raw = DAXSIGN_CERTIFICATE_INIT;
        auto done = detail::done([&](DaxsignDetail *facts) {
            return daxsign_certificate_read(file.data(), file.size(), &raw, facts);
        });
        if (!done) {
            return done.error().of_enrolling();
        }
        return CertificateFacts{raw.modulus_bits, detail::cooked(raw.not_before),
                                detail::cooked(raw.not_after), raw.sha1, raw.sha256};
    }
};

/* What a certificate is wanted for. See DaxsignPurpose. */
enum class Purpose : std::uint32_t {
    any = DAXSIGN_PURPOSE_ANY,
    client_auth = DAXSIGN_PURPOSE_CLIENT_AUTH,
    server_auth = DAXSIGN_PURPOSE_SERVER_AUTH,
};

/* An authority that is trusted to issue certificates: its own certificate, or its bare public key, PEM or
 * DER. It is yours: never what came along with a certificate. Copies what it gets. */
class TrustAnchor {
public:
    /* One that cannot be used is refused by verify(). */
    explicit TrustAnchor(Bytes authority)
    {
        if (authority.data() != nullptr) {
            file_.assign(static_cast<const char *>(authority.data()), authority.size());
        }
    }

    /* The first certificate in `file`, if the authority issued it, itself or through up to two others that
     * follow in `file`, and it is valid now. See daxsign_certificate_verify for what is not checked. */
    Result<Certificate> verify(Bytes file, TimePoint now, Purpose purpose = Purpose::any) const
    {
        if (!present_) {
            return detail::moved_from("authority");
        }
        const DaxsignTime clock = detail::raw(now);
        auto done = detail::done([&](DaxsignDetail *facts) {
            return daxsign_certificate_verify(file.data(), file.size(), file_.data(), file_.size(),
                                              static_cast<std::uint32_t>(purpose), &clock, facts);
        });
        if (!done) {
            return done.error().of_enrolling();
        }
        return Certificate::load(file);
    }

private:
    std::string file_;
    detail::Present present_;
};

/* How a private key is written: PKCS#8, which every program reads, or PKCS#1. */
enum class KeyFormat : std::uint32_t {
    pkcs8 = DAXSIGN_KEY_KIND_PKCS8_PRIVATE,
    pkcs1 = DAXSIGN_KEY_KIND_PKCS1_PRIVATE,
};

/* A private key: cannot be copied, is overwritten when it goes. */
class PrivateKey {
public:
    /* Fills `len` bytes with randomness of the operating system, or of a generator that was seeded with
     * enough of it; true for success. It may throw: that is a failure. See daxsign_generate_key. */
    using Random = std::function<bool(std::uint8_t *bytes, std::size_t len)>;

    /* Makes a new key of 2048, 3072 or 4096 bits. */
    static Result<PrivateKey> generate(std::uint32_t bits, const Random &random)
    {
        PrivateKey key;
        auto done = detail::done([&](DaxsignDetail *facts) {
            return daxsign_generate_key(key.storage_.get(), sizeof(DaxsignPrivateKey), bits,
                                        random ? fill : nullptr, nullptr,
                                        const_cast<Random *>(&random), facts);
        });
        if (!done) {
            return done.error().of_enrolling();
        }
        return key;
    }

    /* PKCS#1 or PKCS#8, PEM or DER. Wipe the file's bytes afterwards. */
    static Result<PrivateKey> load(Bytes file)
    {
        PrivateKey key;
        auto done = detail::done([&](DaxsignDetail *facts) {
            return daxsign_private_key_load(key.storage_.get(), sizeof(DaxsignPrivateKey),
                                            file.data(), file.size(), facts);
        });
        if (!done) {
            return done.error().of_key_file(file.data(), file.size());
        }
        return key;
    }

    Result<PublicKey> public_key() const
    {
        return PublicKey::made([&](DaxsignPublicKey *key, DaxsignDetail *facts) {
            return daxsign_private_key_public(raw(), key, sizeof *key, facts);
        });
    }

    /* A raw signature over a digest. */
    Result<std::vector<std::uint8_t>> sign_digest(const Digest &digest) const
    {
        DaxsignDigest copy;
        std::copy(digest.begin(), digest.end(), copy.bytes);
        return detail::filled<std::vector<std::uint8_t>>(
            [&](std::uint8_t *out, std::size_t cap, std::size_t *len, DaxsignDetail *facts) {
                return daxsign_sign_digest(raw(), &copy, out, cap, len, facts);
            });
    }

    /* Raw signatures over many digests, one behind the other, all of the same length: faster than
     * one by one where daxsign_sign_batch is. */
    Result<std::vector<std::uint8_t>> sign_batch(const std::vector<Digest> &digests) const
    {
        std::vector<DaxsignDigest> copies(digests.size());
        for (std::size_t i = 0; i < digests.size(); i++) {
            std::copy(digests[i].begin(), digests[i].end(), copies[i].bytes);
        }
        return detail::filled<std::vector<std::uint8_t>>(
            [&](std::uint8_t *out, std::size_t cap, std::size_t *len, DaxsignDetail *facts) {
                return daxsign_sign_batch(raw(), copies.data(), copies.size(), out, cap, len, facts);
            });
    }

    /* The key as a file. As secret as the key: wipe it when it is stored. */
    Result<std::string> pem(KeyFormat format = KeyFormat::pkcs8) const
    {
        return written<std::string>(format, DAXSIGN_KEY_ENCODING_PEM);
    }

    Result<std::vector<std::uint8_t>> der(KeyFormat format = KeyFormat::pkcs8) const
    {
        return written<std::vector<std::uint8_t>>(format, DAXSIGN_KEY_ENCODING_DER);
    }

    const DaxsignPrivateKey *raw() const { return storage_.get(); }

private:
    PrivateKey() : storage_(new DaxsignPrivateKey()) {}

    template <class C>
    Result<C> written(KeyFormat format, std::uint32_t encoding) const
    {
        return detail::filled<C>(
            [&](void *out, std::size_t cap, std::size_t *len, DaxsignDetail *facts) {
                return daxsign_write_private_key(raw(), static_cast<std::uint32_t>(format), encoding,
                                                 out, cap, len, facts);
            });
    }

    static std::int32_t fill(void *context, std::uint8_t *bytes, std::size_t len)
    {
        const Random &random = *static_cast<const Random *>(context);
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
        try {
            return random(bytes, len) ? 0 : 1;
        } catch (...) {
            return INT32_MIN;
        }
#else
        return random(bytes, len) ? 0 : 1;
#endif
    }

    detail::Storage<DaxsignPrivateKey, daxsign_private_key_wipe> storage_;
};

/* A key that stays elsewhere: in an HSM, a TPM, a key store. */
class ExternalSigner {
public:
    /* Signs an already made SHA-256 with RSASSA-PKCS1-v1_5: writes `len` bytes and returns 0, or any
     * other number for a failure. It may throw: that is a failure with the number `threw`. */
    using Function =
        std::function<std::int32_t(const Digest &digest, std::uint8_t *signature, std::size_t len)>;

    static constexpr std::int32_t threw = INT32_MIN;

    /* With the public key each signature is checked before it is given out. */
    ExternalSigner(std::uint32_t modulus_bits, Function function,
                   std::optional<PublicKey> public_key = std::nullopt)
        : bits_(modulus_bits), function_(std::move(function)), public_key_(std::move(public_key))
    {
    }

    /* Calls `use` with the signer as daxsign.h has it; without a function if it, or its public key,
     * was moved from. */
    template <class Use>
    auto with_raw(Use use) const
    {
        DaxsignSigner raw = DAXSIGN_SIGNER_INIT;
        raw.modulus_bits = bits_;
        raw.context = const_cast<Function *>(&function_);
        if (held() != nullptr) {
            raw.sign_digest = function_ ? call : nullptr;
            raw.public_key = public_key_ ? public_key_->raw() : nullptr;
        }
        return use(raw);
    }

private:
    friend struct detail::Inside;

    const ExternalSigner *held() const
    {
        const bool checks = !public_key_ || detail::Inside::of(*public_key_) != nullptr;
        return present_ && checks ? this : nullptr;
    }

    static std::int32_t call(void *context, const std::uint8_t *bytes, std::uint8_t *signature,
                             std::size_t len)
    {
        Digest digest;
        std::copy(bytes, bytes + digest.size(), digest.begin());
        const Function &function = *static_cast<const Function *>(context);
#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
        try {
            return function(digest, signature, len);
        } catch (...) {
            return threw;
        }
#else
        return function(digest, signature, len);
#endif
    }

    std::uint32_t bits_;
    Function function_;
    std::optional<PublicKey> public_key_;
    detail::Present present_;
};

/* A request for the certificate that DAX wants (PKCS#10). Copies what it gets. See DaxsignNames. */
class CertificateRequest {
public:
    /* The ids are those that you were given. */
    CertificateRequest(std::string_view instance_id, std::string_view partner_id)
        : instance_id_(instance_id), partner_id_(partner_id)
    {
    }

    /* `prod` unless you were told another. */
    CertificateRequest &environment(std::string_view name) { return set(environment_, name); }

    /* Two capital letters. */
    CertificateRequest &country(std::string_view code) { return set(country_, code); }
    CertificateRequest &locality(std::string_view name) { return set(locality_, name); }
    CertificateRequest &organization(std::string_view name) { return set(organization_, name); }
    CertificateRequest &unit(std::string_view name) { return set(unit_, name); }

    /* A further name of the subject, by the object identifier of its type: `2.5.4.5`. */
    CertificateRequest &other(std::string_view oid, std::string_view value)
    {
        others_.emplace_back(oid, value);
        return *this;
    }

    /* A further DNS name. */
    CertificateRequest &dns_name(std::string_view name)
    {
        dns_names_.emplace_back(name);
        return *this;
    }

    /* The request, signed with the key that the certificate is to be for. */
    Result<std::string> pem(const PrivateKey &key) const
    {
        return written<std::string>(key, DAXSIGN_KEY_ENCODING_PEM);
    }

    Result<std::vector<std::uint8_t>> der(const PrivateKey &key) const
    {
        return written<std::vector<std::uint8_t>>(key, DAXSIGN_KEY_ENCODING_DER);
    }

    /* The same with a key that stays elsewhere. The signer must have the public key. Its function is
     * called at most once. */
    Result<std::string> pem(const ExternalSigner &signer) const
    {
        return written<std::string>(signer, DAXSIGN_KEY_ENCODING_PEM);
    }

    Result<std::vector<std::uint8_t>> der(const ExternalSigner &signer) const
    {
        return written<std::vector<std::uint8_t>>(signer, DAXSIGN_KEY_ENCODING_DER);
    }

private:
    CertificateRequest &set(std::string &member, std::string_view value)
    {
        member = value;
        return *this;
    }

    template <class C>
    Result<C> written(const PrivateKey &key, std::uint32_t encoding) const
    {
        return write<C>([&](const DaxsignNames *names, void *out, std::size_t cap, std::size_t *len,
                            DaxsignDetail *facts) {
            return daxsign_write_certificate_request(key.raw(), names, encoding, out, cap, len, facts);
        });
    }

    template <class C>
    Result<C> written(const ExternalSigner &signer, std::uint32_t encoding) const
    {
        if (detail::Inside::of(signer) == nullptr) {
            return detail::moved_from("signer");
        }
        return signer.with_raw([&](const DaxsignSigner &external) {
            return write<C>([&](const DaxsignNames *names, void *out, std::size_t cap,
                                std::size_t *len, DaxsignDetail *facts) {
                return daxsign_write_certificate_request_with(&external, names, encoding, out, cap,
                                                              len, facts);
            });
        });
    }

    /* Calls `use` with the names as daxsign.h has them. */
    template <class C, class Use>
    Result<C> write(Use use) const
    {
        if (!present_) {
            return detail::moved_from("names");
        }
        std::vector<DaxsignOtherName> others;
        for (const auto &[oid, value] : others_) {
            others.push_back(DaxsignOtherName{Bytes(oid).raw(), Bytes(value).raw()});
        }
        std::vector<DaxsignBytes> dns_names;
        for (const auto &name : dns_names_) {
            dns_names.push_back(Bytes(name).raw());
        }
        DaxsignNames names = DAXSIGN_NAMES_INIT;
        names.instance_id = Bytes(instance_id_).raw();
        names.partner_id = Bytes(partner_id_).raw();
        names.environment = Bytes(environment_).raw();
        names.country = Bytes(country_).raw();
        names.locality = Bytes(locality_).raw();
        names.organization = Bytes(organization_).raw();
        names.unit = Bytes(unit_).raw();
        names.others = others.data();
        names.other_count = others.size();
        names.dns_names = dns_names.data();
        names.dns_name_count = dns_names.size();
        auto made = detail::filled<C>(
            [&](void *out, std::size_t cap, std::size_t *len, DaxsignDetail *facts) {
                return use(&names, out, cap, len, facts);
            });
        if (!made) {
            return made.error().of_enrolling();
        }
        return made;
    }

    std::string instance_id_;
    std::string partner_id_;
    std::string environment_ = "prod";
    std::string country_;
    std::string locality_;
    std::string organization_;
    std::string unit_;
    std::vector<std::pair<std::string, std::string>> others_;
    std::vector<std::string> dns_names_;
    detail::Present present_;
};

/* What a signer chooses; the defaults are what DAX expects. */
struct SignOptions {
    /* As the `headers` parameter has it; without, the default list of the request. */
    std::optional<std::string_view> components;
    TargetForm target_form = TargetForm::path;
    Content content = Content::any;
    /* Policy::interop signs a body without Content-Length with the default list too. */
    Policy policy = Policy::strict;

    /* Calls `use` with the list, or NULL, and the options as daxsign.h has them. */
    template <class Use>
    auto with_raw(Use use) const
    {
        DaxsignOptions options = DAXSIGN_OPTIONS_INIT;
        options.target_form = static_cast<std::uint32_t>(target_form);
        options.content = static_cast<std::uint32_t>(content);
        options.policy = static_cast<std::uint32_t>(policy);
        const DaxsignBytes list = Bytes(components.value_or(std::string_view())).raw();
        return use(components ? &list : nullptr, &options);
    }
};

namespace detail {

/* Calls `use` with everything of a request and its options. */
template <class Use>
auto with(const Request &request, const SignOptions &options, Use use)
{
    return request.with_raw([&](const DaxsignRequest &raw) {
        return options.with_raw([&](const DaxsignBytes *list, const DaxsignOptions *chosen) {
            return use(&raw, list, chosen);
        });
    });
}

inline Digest cooked(const DaxsignDigest &digest)
{
    Digest copy;
    std::copy(digest.bytes, digest.bytes + copy.size(), copy.begin());
    return copy;
}

} // namespace detail

/* The exact bytes that are signed: for logs, and to compare with a peer's. */
inline Result<std::string> signing_string(const Request &request, const SignOptions &options = {})
{
    return detail::with(request, options, [](auto *raw, auto *list, auto *chosen) {
        return detail::filled<std::string>([&](char *out, std::size_t cap, std::size_t *len,
                                               DaxsignDetail *facts) {
            return daxsign_signing_string(raw, list, chosen, reinterpret_cast<std::uint8_t *>(out),
                                          cap, len, facts);
        });
    });
}

/* The component list as it is signed and sent. */
inline Result<std::string> component_list(const Request &request, const SignOptions &options = {})
{
    return detail::with(request, options, [](auto *raw, auto *list, auto *) {
        return detail::filled<std::string>(
            [&](char *out, std::size_t cap, std::size_t *len, DaxsignDetail *facts) {
                return daxsign_component_list(raw, list, out, cap, len, facts);
            });
    });
}

/* The digest for a key that signs elsewhere; write_signature_header makes the field's value. */
inline Result<Digest> signing_digest(const Request &request, Profile profile,
                                     const SignOptions &options = {})
{
    DaxsignDigest digest = {};
    auto done = detail::with(request, options, [&](auto *raw, auto *list, auto *chosen) {
        return detail::done([&](DaxsignDetail *facts) {
            return daxsign_signing_digest(raw, list, static_cast<std::uint32_t>(profile), chosen,
                                          &digest, facts);
        });
    });
    if (!done) {
        return done.error();
    }
    return detail::cooked(digest);
}

/* The value of the Signature field for a signature made by any means. */
inline Result<std::string> write_signature_header(const Request &request, Bytes signature,
                                                  const SignOptions &options = {})
{
    return detail::with(request, options, [&](auto *raw, auto *list, auto *) {
        return detail::filled<std::string>([&](char *out, std::size_t cap, std::size_t *len,
                                               DaxsignDetail *facts) {
            return daxsign_signature_header_write(
                raw, list, static_cast<const std::uint8_t *>(signature.data()), signature.size(),
                out, cap, len, facts);
        });
    });
}

/* Signs a request: the value of its Signature field. */
inline Result<std::string> sign(const PrivateKey &key, const Request &request, Profile profile,
                                const SignOptions &options = {})
{
    return detail::with(request, options, [&](auto *raw, auto *list, auto *chosen) {
        return detail::filled<std::string>([&](char *out, std::size_t cap, std::size_t *len,
                                               DaxsignDetail *facts) {
            return daxsign_sign(key.raw(), raw, list, static_cast<std::uint32_t>(profile), chosen,
                                out, cap, len, facts);
        });
    });
}

/* The same with a key that stays elsewhere; its function is called at most once. */
inline Result<std::string> sign(const ExternalSigner &signer, const Request &request,
                                Profile profile, const SignOptions &options = {})
{
    if (detail::Inside::of(signer) == nullptr) {
        return detail::moved_from("signer");
    }
    return detail::with(request, options, [&](auto *raw, auto *list, auto *chosen) {
        return signer.with_raw([&](const DaxsignSigner &external) {
            return detail::filled<std::string>([&](char *out, std::size_t cap, std::size_t *len,
                                                   DaxsignDetail *facts) {
                return daxsign_sign_with(&external, raw, list, static_cast<std::uint32_t>(profile),
                                         chosen, out, cap, len, facts);
            });
        });
    });
}

/* Signing a request whose body comes in pieces. */
class SigningStream {
public:
    /* `body_len` is the whole body's length. The request is not needed any more afterwards. */
    static Result<SigningStream> start(const Request &request, const SignOptions &options = {},
                                       std::uint64_t body_len = DAXSIGN_UNKNOWN_LENGTH)
    {
        SigningStream stream;
        auto done = detail::with(request, options, [&](auto *raw, auto *list, auto *chosen) {
            return detail::done([&](DaxsignDetail *facts) {
                return daxsign_signing_stream_start(stream.storage_.get(),
                                                    sizeof(DaxsignSigningStream), raw, list,
                                                    chosen, body_len, facts);
            });
        });
        if (!done) {
            return done.error();
        }
        return stream;
    }

    Result<Done> update(Bytes piece)
    {
        return detail::done([&](DaxsignDetail *facts) {
            return daxsign_signing_stream_update(storage_.get(), piece.data(), piece.size(), facts);
        });
    }

    /* The digest to sign; the stream is over. */
    Result<Digest> finish(Profile profile)
    {
        DaxsignDigest digest = {};
        auto done = detail::done([&](DaxsignDetail *facts) {
            return daxsign_signing_stream_finish(
                storage_.get(), static_cast<std::uint32_t>(profile), &digest, facts);
        });
        if (!done) {
            return done.error();
        }
        return detail::cooked(digest);
    }

private:
    SigningStream() : storage_(new DaxsignSigningStream()) {}

    detail::Storage<DaxsignSigningStream, daxsign_signing_stream_wipe> storage_;
};

/* Accepts each request once. See daxsign_replay_guard_start for how many entries it needs. */
class ReplayGuard {
public:
    explicit ReplayGuard(std::size_t entries) : held_(new Held(entries)) {}

    /* How many requests it remembers now. */
    std::size_t count() const
    {
        std::size_t count = 0;
        daxsign_replay_guard_count(held(), &count, nullptr);
        return count;
    }

    /* For daxsign.h. If it was moved from: storage without a guard, which every function refuses, for
     * NULL means that no guard is wanted. */
    DaxsignReplayGuard *raw() { return held_ ? held() : &none_; }

private:
    friend struct detail::Inside;

    /* The guard and what it points to, which go together. */
    struct Held {
        std::vector<DaxsignReplayEntry> entries;
        DaxsignReplayGuard guard = {};

        explicit Held(std::size_t count) : entries(count)
        {
            /* Cannot fail: the storage is the guard's own. */
            daxsign_replay_guard_start(&guard, sizeof guard, entries.data(), entries.size(),
                                       nullptr);
        }

        Held(const Held &) = delete;
        Held &operator=(const Held &) = delete;
        ~Held() { daxsign_replay_guard_wipe(&guard); }
    };

    DaxsignReplayGuard *held() const { return held_ ? &held_->guard : nullptr; }

    std::unique_ptr<Held> held_;
    DaxsignReplayGuard none_ = {};
};

/* What a verified request proves. */
struct Verified {
    TimePoint date;
    /* The components covered, as they were sent. */
    std::string components;
    Digest string_hash;

    /* Whether the field is protected. */
    bool covers(std::string_view name) const
    {
        const DaxsignBytes list = Bytes(components).raw();
        std::uint32_t contains = 0;
        daxsign_components_contain(&list, name.data(), name.size(), &contains, nullptr);
        return contains == 1;
    }

    static Verified of(const DaxsignVerified &raw)
    {
        Verified verified;
        verified.date = detail::cooked(raw.date);
        verified.components.assign(static_cast<const char *>(raw.components.data),
                                   raw.components.len);
        std::copy(raw.string_hash, raw.string_hash + verified.string_hash.size(),
                  verified.string_hash.begin());
        return verified;
    }
};

/* Verifying a request whose body comes in pieces: nothing of the body may be acted on before
 * finish() has accepted it. It keeps its own copy of the request's head. */
class VerifyingStream {
public:
    Result<Done> update(Bytes piece)
    {
        return detail::done([&](DaxsignDetail *facts) {
            return daxsign_verifying_stream_update(storage_.get(), piece.data(), piece.size(),
                                                   facts);
        });
    }

    /* The verdict; the stream is over. With a guard the request is accepted once; without one, as
     * often as it comes while it is fresh. */
    Result<Verified> finish(ReplayGuard *guard = nullptr)
    {
        if (guard != nullptr && detail::Inside::of(*guard) == nullptr) {
            return detail::moved_from("guard");
        }
        DaxsignVerified verified = DAXSIGN_VERIFIED_INIT;
        auto done = detail::done([&](DaxsignDetail *facts) {
            return daxsign_verifying_stream_finish(storage_.get(), guard ? guard->raw() : nullptr,
                                                   &verified, facts);
        });
        if (!done) {
            return done.error();
        }
        return Verified::of(verified);
    }

private:
    friend class Verifier;

    VerifyingStream(PublicKey key, const Request &request)
        : key_(std::move(key)), request_(new Held(request)),
          storage_(new DaxsignVerifyingStream())
    {
    }

    struct Held {
        Request request;
        Request::Raw raw;

        explicit Held(const Request &from) : request(from), raw(request) {}
    };

    /* The stream points to both; they go after it. */
    PublicKey key_;
    std::unique_ptr<const Held> request_;
    detail::Storage<DaxsignVerifyingStream, daxsign_verifying_stream_wipe> storage_;
};

/* Verifies requests that one key signed. */
class Verifier {
public:
    Verifier(PublicKey key, Profile profile) : key_(std::move(key)), profile_(profile) {}

    Verifier &policy(Policy policy)
    {
        options_.policy = static_cast<std::uint32_t>(policy);
        return *this;
    }

    /* How far the date may lie from now on either side, in whole seconds: 0 for less than none, and
     * 2^32 - 1 for more than can be told. */
    Verifier &window(std::chrono::duration<double> window)
    {
        const double longest = UINT32_MAX;
        const double seconds = window.count();
        options_.window = seconds >= longest ? UINT32_MAX
                          : seconds > 0      ? static_cast<std::uint32_t>(seconds)
                                             : 0;
        return *this;
    }

    Verifier &target_form(TargetForm form)
    {
        options_.target_form = static_cast<std::uint32_t>(form);
        return *this;
    }

    Verifier &content(Content content)
    {
        options_.content = static_cast<std::uint32_t>(content);
        return *this;
    }

    /* Verifies a request with its Signature field. With a guard it is accepted once; without one, as
     * often as it comes while it is fresh. */
    Result<Verified> verify(const Request &request, TimePoint now,
                            ReplayGuard *guard = nullptr) const
    {
        if (guard != nullptr && detail::Inside::of(*guard) == nullptr) {
            return detail::moved_from("guard");
        }
        const DaxsignTime clock = detail::raw(now);
        return request.with_raw([&](const DaxsignRequest &raw) -> Result<Verified> {
            DaxsignVerified verified = DAXSIGN_VERIFIED_INIT;
            auto done = detail::done([&](DaxsignDetail *facts) {
                return daxsign_verify(detail::Inside::of(key_), &raw, static_cast<std::uint32_t>(profile_),
                                      &options_, &clock, guard ? guard->raw() : nullptr, &verified,
                                      facts);
            });
            if (!done) {
                return done.error();
            }
            return Verified::of(verified);
        });
    }

    /* Starts to verify a request whose body comes in pieces. */
    Result<VerifyingStream> stream(const Request &request, TimePoint now,
                                   std::uint64_t body_len = DAXSIGN_UNKNOWN_LENGTH) const
    {
        const DaxsignTime clock = detail::raw(now);
        VerifyingStream stream(key_, request);
        auto done = detail::done([&](DaxsignDetail *facts) {
            return daxsign_verifying_stream_start(
                stream.storage_.get(), sizeof(DaxsignVerifyingStream), detail::Inside::of(stream.key_),
                &stream.request_->raw.request, static_cast<std::uint32_t>(profile_), &options_,
                &clock, body_len, facts);
        });
        if (!done) {
            return done.error();
        }
        return stream;
    }

private:
    PublicKey key_;
    Profile profile_;
    DaxsignOptions options_ = DAXSIGN_OPTIONS_INIT;
};

/* What explain() found out; see DaxsignExplanation. */
class Explanation {
public:
    DaxsignFinding finding() const { return static_cast<DaxsignFinding>(raw_.finding); }

    /* The mistake or the hash. */
    std::string_view name() const { return raw_.name; }

    /* One English sentence. */
    std::string message() const
    {
        auto text = detail::filled<std::string>([&](char *out, std::size_t cap, std::size_t *len,
                                                    DaxsignDetail *facts) {
            return daxsign_explanation_message(&raw_, out, cap, len, facts);
        });
        return text ? text.value() : std::string();
    }

    /* What the signer signed, to be compared with signing_string(). */
    Result<std::string> string(const Request &request, const SignOptions &options = {}) const
    {
        return detail::with(request, options, [&](auto *raw, auto *, auto *chosen) {
            return detail::filled<std::string>([&](char *out, std::size_t cap, std::size_t *len,
                                                   DaxsignDetail *facts) {
                return daxsign_explanation_string(&raw_, raw, chosen,
                                                  reinterpret_cast<std::uint8_t *>(out), cap, len,
                                                  facts);
            });
        });
    }

    /* The first rule that the request breaks: only from explain_broken(). */
    const std::optional<Error> &refusal() const { return refusal_; }

    const DaxsignExplanation &raw() const { return raw_; }

private:
    friend Result<Explanation> explain_broken(const PublicKey &, const Request &,
                                              const SignOptions &, std::uint64_t);

    DaxsignExplanation raw_ = DAXSIGN_EXPLANATION_INIT;
    std::optional<Error> refusal_;
};

/* Finds out what the Signature field of a request covers, even if the request breaks a rule: that is
 * then its refusal(). A budget is about how many bytes the search may hash; 0 for 64 MiB. An error
 * tells that the signature cannot be opened. */
inline Result<Explanation> explain_broken(const PublicKey &key, const Request &request,
                                          const SignOptions &options = SignOptions(),
                                          std::uint64_t budget = 0)
{
    Explanation explanation;
    explanation.raw_.budget = budget;
    auto done = detail::with(request, options, [&](auto *raw, auto *, auto *chosen) {
        return detail::done([&](DaxsignDetail *facts) {
            return daxsign_explain(detail::Inside::of(key), raw, chosen, &explanation.raw_, facts);
        });
    });
    if (!done) {
        if (explanation.raw_.finding == 0) {
            return done.error();
        }
        explanation.refusal_ = done.error();
    }
    return explanation;
}

/* The same for a request that keeps the rules: a rule that it breaks is the error. A diagnosis, never
 * a verdict. */
inline Result<Explanation> explain(const PublicKey &key, const Request &request,
                                   const SignOptions &options = SignOptions(),
                                   std::uint64_t budget = 0)
{
    auto explanation = explain_broken(key, request, options, budget);
    if (explanation && explanation.value().refusal()) {
        return *explanation.value().refusal();
    }
    return explanation;
}

} // namespace daxsign

#endif /* C++17 */

#endif /* DAXSIGN_HPP */
