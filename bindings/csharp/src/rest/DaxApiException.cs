using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Daxsign
{
    /// <summary>A call without a good answer. <see cref="Exception.Message"/> says all that support needs, on one line,
    /// without bodies and tokens.</summary>
    public sealed class DaxApiException : Exception
    {
        private const char FirstPrintable = ' ';
        private const char Delete = '\u007f';
        private static readonly TimeSpan TellingSkew = TimeSpan.FromMinutes(1);

        internal DaxApiException(Failed failed, Exception inner = null)
            : base(Describe(failed), inner)
        {
            Kind = failed.Kind;
            Request = failed.Request;
            Status = failed.Status;
            CorrelationId = failed.CorrelationId;
            Messages = failed.Messages;
            Body = failed.Body;
            Sent = failed.Sent;
            RetryAt = failed.RetryAt;
            ClockSkew = failed.ClockSkew;
            CertificateThumbprint = failed.CertificateThumbprint;
        }

        /// <summary>What went wrong.</summary>
        public DaxErrorKind Kind { get; }

        /// <summary>Method and path; null if there was no request.</summary>
        [MaybeNull]
        public string Request { get; }

        /// <summary>The answer's status, or the one in its envelope; null if there was no answer.</summary>
        public int? Status { get; }

        /// <summary>The id that support asks for; null if there was none.</summary>
        [MaybeNull]
        public string CorrelationId { get; }

        /// <summary>What the server said.</summary>
        public IReadOnlyList<string> Messages { get; }

        /// <summary>The answer's body as it came; null if there was none. It may hold personal data.</summary>
        [MaybeNull]
        public byte[] Body { get; }

        /// <summary>How far the request got.</summary>
        public DaxSent Sent { get; }

        /// <summary>When a server at its limits takes calls again; null if it is not.</summary>
        public DateTimeOffset? RetryAt { get; }

        /// <summary>How far this machine's clock is ahead of the server's; null if the server does not tell.</summary>
        public TimeSpan? ClockSkew { get; }

        /// <summary>The certificate that verified the request, which an answer to a refused signature lacks; null if
        /// the server does not tell.</summary>
        [MaybeNull]
        public string CertificateThumbprint { get; }

        internal static DaxApiException Invalid(string what)
        {
            return new DaxApiException(new Failed { Kind = DaxErrorKind.Invalid, What = what });
        }

        private static string Describe(Failed failed)
        {
            var text = new StringBuilder(failed.Kind + ": ");
            if (failed.Request != null)
            {
                text.Append(failed.Request).Append(": ");
            }
            if (failed.Status != null)
            {
                text.Append("status ").Append(failed.Status).Append(": ");
            }
            text.Append(Shown(failed.What));
            foreach (string message in failed.Messages)
            {
                text.Append("; \"").Append(Shown(message)).Append('"');
            }
            text.Append(Advice(failed.Kind));
            TimeSpan skew = failed.ClockSkew ?? TimeSpan.Zero;
            if (skew.Duration() > TellingSkew)
            {
                text.Append("; this clock is ").Append((long)skew.Duration().TotalSeconds).Append(" s ")
                    .Append(skew > TimeSpan.Zero ? "ahead of" : "behind").Append(" the server's");
            }
            if (failed.RetryAt != null)
            {
                text.Append("; again from ").Append(DaxDate.Format(failed.RetryAt.Value));
            }
            if (failed.Date != null)
            {
                text.Append("; sent ").Append(failed.Date);
            }
            if (failed.CorrelationId != null)
            {
                text.Append("; correlation id ").Append(Shown(failed.CorrelationId));
            }
            return text.ToString();
        }

        private static string Advice(DaxErrorKind kind)
        {
            switch (kind)
            {
                case DaxErrorKind.SignerFailed:
                    return "; see to what holds the key, then call again";
                case DaxErrorKind.Unauthorised:
                    return "; check user, password and the caller's instance id";
                case DaxErrorKind.SignatureRefused:
                    return "; check that the key belongs to the caller's own instance (not the target's), then profile "
                        + "and list";
                case DaxErrorKind.ContractRefused:
                    return "; the contract with the target must allow this operation";
                default:
                    return "";
            }
        }

        /// <summary>What a server said, on one line.</summary>
        private static string Shown(string text)
        {
            var shown = new StringBuilder();
            foreach (char character in text)
            {
                shown.Append(character < FirstPrintable || character == Delete ? ' ' : character);
            }
            return shown.ToString();
        }
    }
}
