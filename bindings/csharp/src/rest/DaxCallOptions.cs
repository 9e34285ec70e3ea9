using System;
using System.Diagnostics.CodeAnalysis;

namespace Daxsign
{
    /// <summary>What one call has beside its operation.</summary>
    public sealed class DaxCallOptions
    {
        /// <summary>Comes back in <see cref="DaxResponse{T}.Context"/>; at most <see cref="DaxContext.MaxLength"/>
        /// characters. Null for none.</summary>
        [AllowNull, MaybeNull]
        public string Context { get; set; }

        /// <summary>How long the call may take in all; null for <see cref="DaxClientOptions.Timeout"/>.</summary>
        public TimeSpan? Timeout { get; set; }

        internal static DaxCallOptions None { get; } = new DaxCallOptions();

        /// <exception cref="DaxApiException">The context is too long.</exception>
        internal void Check()
        {
            if (Context != null && Context.Length > DaxContext.MaxLength)
            {
                throw DaxApiException.Invalid(
                    "a context has at most " + DaxContext.MaxLength + " characters, this one has " + Context.Length);
            }
        }
    }
}
