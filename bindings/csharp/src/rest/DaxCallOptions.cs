using System;
using System.Diagnostics.CodeAnalysis;

namespace Daxsign
{
    /// <summary>What one call has beside its operation.</summary>
    public sealed class DaxCallOptions
    {
        private const int MaxKey = 64;
        private const char FirstVisible = '!';
        private const char LastVisible = '~';

        /// <summary>Comes back in <see cref="DaxResponse{T}.Context"/>; at most <see cref="DaxContext.MaxLength"/>
        /// characters. Null for none.</summary>
        [AllowNull, MaybeNull]
        public string Context { get; set; }

        /// <summary>How long the call may take in all; null for <see cref="DaxClientOptions.Timeout"/>.</summary>
        public TimeSpan? Timeout { get; set; }

        /// <summary>Makes an exchange that knows it do the request once, however often it is sent: at most 64 visible
        /// ASCII characters. Null for none. It is signed with the default list, or with one that names
        /// <c>x-dax-idempotency-key</c>.</summary>
        [AllowNull, MaybeNull]
        public string IdempotencyKey { get; set; }

        internal static DaxCallOptions None { get; } = new DaxCallOptions();

        /// <exception cref="DaxApiException">The context is too long, or the key is none.</exception>
        internal void Check()
        {
            if (Context != null && Context.Length > DaxContext.MaxLength)
            {
                throw DaxApiException.Invalid(
                    "a context has at most " + DaxContext.MaxLength + " characters, this one has " + Context.Length);
            }
            if (IdempotencyKey != null && !IsKey(IdempotencyKey))
            {
                throw DaxApiException.Invalid("an idempotency key has 1 to " + MaxKey + " visible ASCII characters");
            }
        }

        private static bool IsKey(string text)
        {
            foreach (char character in text)
            {
                if (character < FirstVisible || character > LastVisible)
                {
                    return false;
                }
            }
            return text.Length >= 1 && text.Length <= MaxKey;
        }
    }
}
