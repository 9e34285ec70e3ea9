namespace Daxsign
{
    /// <summary>What went wrong with a call.</summary>
    public enum DaxErrorKind
    {
        /// <summary>What was asked for does not exist (404).</summary>
        NotFound,

        /// <summary>Token or password are refused (401).</summary>
        Unauthorised,

        /// <summary>The signature is refused.</summary>
        SignatureRefused,

        /// <summary>No contract allows it (403).</summary>
        ContractRefused,

        /// <summary>Too many calls (429).</summary>
        RateLimited,

        /// <summary>The request is not accepted (400, 409, 422 and so on).</summary>
        Rejected,

        /// <summary>The server failed (500 to 599); whether it did something is not known.</summary>
        ServerFailed,

        /// <summary>There is no answer: no connection, none in time, or one that broke off.</summary>
        Unreachable,

        /// <summary>The answer is not signed as it must be.</summary>
        AnswerRefused,

        /// <summary>Refused before anything was sent.</summary>
        Invalid,

        /// <summary>What holds the key does not sign: an HSM that is away, a card that is locked. The request is not to
        /// blame, and nothing of it was sent; the inner exception tells more.</summary>
        SignerFailed,

        /// <summary>An answer that the API does not describe.</summary>
        Unexpected,
    }
}
