using System;
using System.Collections.Generic;

namespace Daxsign
{
    /// <summary>What is known of a call that failed.</summary>
    internal sealed class Failed
    {
        internal DaxErrorKind Kind;
        internal string What = "";
        internal string Request;
        internal int? Status;
        internal string CorrelationId;
        internal IReadOnlyList<string> Messages = new string[0];
        internal byte[] Body;
        internal DaxSent Sent;
        internal DateTimeOffset? RetryAt;
        internal TimeSpan? ClockSkew;
        internal string CertificateThumbprint;
        internal string Date;
    }
}
