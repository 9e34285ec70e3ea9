using System.Diagnostics.CodeAnalysis;

namespace Daxsign
{
    /// <summary>The certificate with which the server verified a request.</summary>
    public sealed class DaxCertificateNotice
    {
        internal DaxCertificateNotice(string thumbprint, DaxUtcTime expiresAt)
        {
            Thumbprint = thumbprint;
            ExpiresAt = expiresAt;
        }

        /// <summary>Its thumbprint; null if it is not told.</summary>
        [MaybeNull]
        public string Thumbprint { get; }

        /// <summary>When it expires; null if it is not told.</summary>
        [MaybeNull]
        public DaxUtcTime ExpiresAt { get; }
    }
}
