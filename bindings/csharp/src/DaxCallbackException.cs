using System;
using System.Diagnostics.CodeAnalysis;

namespace Daxsign
{
    /// <summary>A request that is no callback to act on: answer with <see cref="Status"/>.</summary>
    [SuppressMessage("Design", "CA1032", Justification = "made by the receiver alone")]
    public sealed class DaxCallbackException : Exception
    {
        internal DaxCallbackException(int status, string message, [AllowNull] Exception inner = null)
            : base(message, inner)
        {
            Status = status;
        }

        /// <summary>What to answer: 405 another method than POST, 401 it does not verify, 409 the same bytes came before,
        /// 503 no more can be remembered.</summary>
        public int Status { get; }
    }
}
