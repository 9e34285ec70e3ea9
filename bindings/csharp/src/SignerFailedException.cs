using System;

namespace Daxsign
{
    /// <summary>What holds the key did not sign; the inner exception is its own.</summary>
    internal sealed class SignerFailedException : Exception
    {
        internal SignerFailedException(Exception cause) : base(cause.Message, cause)
        {
        }
    }
}
