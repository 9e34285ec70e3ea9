namespace Daxsign
{
    /// <summary>What a call says. <see cref="Ok"/> is the only success; every other value comes in a <see
    /// cref="DaxSignException"/>. The numbers are those of the C header: below 100 what is wrong with a request, a
    /// signature or a key, from 101 what is wrong with the call.</summary>
    public enum DaxSignStatus : int
    {
        /// <summary>Done; or verified.</summary>
        Ok = 0,

        /// <summary>A name in the component list is no HTTP field name.</summary>
        InvalidComponent = 1,

        /// <summary>The component list lacks <c>(request-target)</c> or <c>date</c>.</summary>
        MissingComponent = 2,

        /// <summary>The component list holds a name in parentheses other than <c>(request-target)</c>.</summary>
        UnsupportedComponent = 3,

        /// <summary>The method is not an HTTP token.</summary>
        InvalidMethod = 4,

        /// <summary>The target does not start with <c>/</c> or is not visible ASCII.</summary>
        InvalidTarget = 5,

        /// <summary>A listed field is not in the request, or a request to verify has no <c>Signature</c>.</summary>
        MissingHeader = 6,

        /// <summary>A listed field has a value that cannot be signed.</summary>
        InvalidHeaderValue = 7,

        /// <summary>The <c>Date</c> field is not an ISO 8601 time with a zone.</summary>
        InvalidDate = 8,

        /// <summary><c>Content-Length</c> is not the body's length.</summary>
        ContentLengthMismatch = 9,

        /// <summary>A field names a charset other than UTF-8.</summary>
        UnsupportedCharset = 10,

        /// <summary><see cref="DaxContent.Rest"/> asks for <c>Content-Type: application/json</c>.</summary>
        InvalidContentType = 11,

        /// <summary>The body is not UTF-8 or starts with a byte order mark.</summary>
        InvalidBody = 12,

        /// <summary>The output does not fit; the length needed was written.</summary>
        BufferTooSmall = 13,

        /// <summary>The <c>Signature</c> field breaks the grammar.</summary>
        MalformedSignatureHeader = 14,

        /// <summary>The <c>Signature</c> field lacks a parameter.</summary>
        MissingParameter = 15,

        /// <summary>The <c>Signature</c> field has a parameter twice.</summary>
        DuplicateParameter = 16,

        /// <summary>The realm is not <c>dax</c>.</summary>
        WrongRealm = 17,

        /// <summary>The algorithm is not <c>sha256withrsa</c>.</summary>
        UnsupportedAlgorithm = 18,

        /// <summary>The signature is not canonical base64 of exactly the modulus's length.</summary>
        InvalidSignatureEncoding = 19,

        /// <summary>The signature does not belong to this request, key and profile.</summary>
        SignatureMismatch = 20,

        /// <summary>The date lies too far in the past.</summary>
        StaleDate = 21,

        /// <summary>The date lies too far ahead.</summary>
        FutureDate = 22,

        /// <summary>This request was accepted before.</summary>
        Replayed = 23,

        /// <summary>The replay guard holds as many fresh requests as it can.</summary>
        ReplayGuardFull = 24,

        /// <summary>The strict policy refuses a body that the list does not bind; so does signing with the default
        /// list.</summary>
        UnboundBody = 25,

        /// <summary>The key cannot be read, or its numbers do not belong together.</summary>
        InvalidKey = 26,

        /// <summary>The key is of a kind that DAX does not use, or larger than this build can hold.</summary>
        UnsupportedKey = 27,

        /// <summary>The modulus has fewer than 2048 bits.</summary>
        KeyTooSmall = 28,

        /// <summary>The signature just made does not verify; nothing was given out.</summary>
        SigningFault = 29,

        /// <summary>A fault of this library, not of the caller's: report it. Nothing was given out.</summary>
        InternalFault = 30,

        /// <summary>What was given for a field of a certificate request cannot stand there.</summary>
        InvalidField = 31,

        /// <summary>No key of so many bits is made.</summary>
        KeySize = 32,

        /// <summary>The source of randomness failed.</summary>
        RandomnessFailed = 33,

        /// <summary>The source of randomness repeats itself.</summary>
        RandomnessStuck = 34,

        /// <summary>No prime was found among as many numbers as may be tried.</summary>
        NoPrime = 35,

        /// <summary>A certificate whose structure is not that of one.</summary>
        MalformedCertificate = 36,

        /// <summary>A certificate that the pinned authority did not issue, or not so that it may be trusted.</summary>
        UntrustedCertificate = 37,

        /// <summary>Bytes that are no message which everybody reads in the same way.</summary>
        MalformedMessage = 38,

        /// <summary>A pointer is NULL where something must be.</summary>
        NullPointer = 101,

        /// <summary>A length is larger than any object can be.</summary>
        InvalidLength = 102,

        /// <summary>A number is not a value of its enum, or out of its range.</summary>
        InvalidArgument = 103,

        /// <summary>An output overlaps another output or an input.</summary>
        Overlap = 104,

        /// <summary>A pointer does not have its type's alignment.</summary>
        Misaligned = 105,

        /// <summary>Caller's storage is smaller than this build of the library needs.</summary>
        TooSmall = 106,

        /// <summary>A struct does not have the size that this library knows: header and library differ.</summary>
        AbiMismatch = 107,

        /// <summary>Nothing was loaded or started in this storage, or it was finished or wiped.</summary>
        NotInitialised = 108,

        /// <summary>The caller's signing callback reported a failure.</summary>
        SignerFailed = 109,

        /// <summary>An error that this version of the interface has no number for.</summary>
        Unknown = 199,
    }
}
