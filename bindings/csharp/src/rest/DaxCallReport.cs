using System;
using System.Diagnostics.CodeAnalysis;

namespace Daxsign
{
    /// <summary>What a log needs of a call that ended: neither bodies nor tokens, nor the query.</summary>
    public sealed class DaxCallReport
    {
        internal DaxCallReport(string request, int? status, string correlationId, TimeSpan duration, DaxErrorKind? kind)
        {
            Request = request;
            Status = status;
            CorrelationId = correlationId;
            Duration = duration;
            Kind = kind;
        }

        /// <summary>Method and path.</summary>
        public string Request { get; }

        /// <summary>The answer's status; null if there was none.</summary>
        public int? Status { get; }

        /// <summary>The id that support asks for; null if there was none.</summary>
        [MaybeNull]
        public string CorrelationId { get; }

        /// <summary>How long it took, with its token, redirects and pauses.</summary>
        public TimeSpan Duration { get; }

        /// <summary>What went wrong; null for nothing.</summary>
        public DaxErrorKind? Kind { get; }
    }
}
