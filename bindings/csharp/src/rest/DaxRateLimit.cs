using System.Diagnostics.CodeAnalysis;

namespace Daxsign
{
    /// <summary>How many calls are left.</summary>
    public sealed class DaxRateLimit
    {
        internal DaxRateLimit(string window, long? remaining, DaxUtcTime reset)
        {
            Window = window;
            Remaining = remaining;
            Reset = reset;
        }

        /// <summary>How long a window is, such as <c>7d</c>; null if it is not told.</summary>
        [MaybeNull]
        public string Window { get; }

        /// <summary>How many calls are left in the window; null if it is not told.</summary>
        public long? Remaining { get; }

        /// <summary>When the next window begins; null if it is not told.</summary>
        [MaybeNull]
        public DaxUtcTime Reset { get; }
    }
}
