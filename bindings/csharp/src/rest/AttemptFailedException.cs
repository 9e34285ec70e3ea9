using System;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Daxsign
{
    /// <summary>One attempt without an answer.</summary>
    internal sealed class AttemptFailedException : Exception
    {
        internal AttemptFailedException(Exception cause)
            : base(Innermost(cause).Message, cause)
        {
            for (Exception inner = cause; inner != null; inner = inner.InnerException)
            {
                Judge(inner);
            }
        }

        /// <summary>How far it got: only what can happen to a new connection alone proves that nothing was
        /// sent.</summary>
        internal DaxSent Sent { get; private set; } = DaxSent.Maybe;

        /// <summary>Whether sending it again would not help.</summary>
        internal bool Lasting { get; private set; }

        private static Exception Innermost(Exception error)
        {
            return error.InnerException == null ? error : Innermost(error.InnerException);
        }

        private void Judge(Exception error)
        {
            if (error is AuthenticationException)
            {
                // TLS: a certificate that is not trusted, say.
                Sent = DaxSent.Nothing;
                Lasting = true;
            }
            switch ((error as SocketException)?.SocketErrorCode)
            {
                case SocketError.ConnectionRefused:
                case SocketError.HostNotFound:
                case SocketError.TryAgain:
                case SocketError.NoData:
                    Sent = DaxSent.Nothing;
                    break;
            }
            switch ((error as WebException)?.Status)
            {
                case WebExceptionStatus.ConnectFailure:
                case WebExceptionStatus.NameResolutionFailure:
                    Sent = DaxSent.Nothing;
                    break;
                case WebExceptionStatus.TrustFailure:
                case WebExceptionStatus.SecureChannelFailure:
                    Sent = DaxSent.Nothing;
                    Lasting = true;
                    break;
            }
        }
    }
}
