using System;

namespace Daxsign
{
    /// <summary>What a client asks of the exchange's signature on answers.</summary>
    public sealed class DaxAnswers
    {
        private DaxAnswers(DaxPublicKey key, bool required)
        {
            Key = key;
            Required = required;
        }

        /// <summary>Nothing: answers are taken as TLS delivers them.</summary>
        public static DaxAnswers Any { get; } = new DaxAnswers(null, false);

        internal DaxPublicKey Key { get; }

        internal bool Required { get; }

        /// <summary>A signature that is there must be right.</summary>
        /// <param name="exchange">The exchange's pinned key; stays yours.</param>
        /// <returns>For <see cref="DaxClientOptions.Answers"/>.</returns>
        public static DaxAnswers VerifyIfSigned(DaxPublicKey exchange)
        {
            return new DaxAnswers(Usable(exchange), false);
        }

        /// <summary>There must be a signature, and it must be right.</summary>
        /// <param name="exchange">The exchange's pinned key; stays yours.</param>
        /// <returns>For <see cref="DaxClientOptions.Answers"/>.</returns>
        public static DaxAnswers RequireSigned(DaxPublicKey exchange)
        {
            return new DaxAnswers(Usable(exchange), true);
        }

        /// <exception cref="ObjectDisposedException">The key was disposed of.</exception>
        private static DaxPublicKey Usable(DaxPublicKey exchange)
        {
            (exchange ?? throw new ArgumentNullException(nameof(exchange))).Modulus();
            return exchange;
        }
    }
}
