using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Daxsign
{
    /// <summary>A time in UTC: the exchange's own (contracts, reservations, rate limits).</summary>
    /// <remarks>The text is kept as it came: what cannot be read is not lost, and goes back unchanged.</remarks>
    public sealed class DaxUtcTime : IEquatable<DaxUtcTime>
    {
        private readonly string _text;

        private DaxUtcTime(string text)
        {
            _text = text;
        }

        /// <summary>A point in time, written in UTC with seven digits.</summary>
        /// <param name="time">In any zone.</param>
        public DaxUtcTime(DateTimeOffset time)
            : this(DaxDate.Format(time))
        {
        }

        /// <summary>The point in time; null for a text that is none. A text without a zone is UTC.</summary>
        public DateTimeOffset? Time
        {
            get
            {
                DateTimeOffset time;
                const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
                return DateTimeOffset.TryParse(_text, CultureInfo.InvariantCulture, Styles, out time)
                    ? time
                    : (DateTimeOffset?)null;
            }
        }

        internal static DaxUtcTime AsReceived(string text)
        {
            return new DaxUtcTime(text);
        }

        /// <summary>The text as it came or was made.</summary>
        /// <returns>ISO 8601, unless the server wrote something else.</returns>
        public override string ToString()
        {
            return _text;
        }

        /// <summary>Whether the texts are the same.</summary>
        /// <param name="other">May be null.</param>
        /// <returns>Whether they are.</returns>
        public bool Equals([AllowNull] DaxUtcTime other)
        {
            return other != null && other._text == _text;
        }

        /// <inheritdoc/>
        public override bool Equals([AllowNull] object other)
        {
            return Equals(other as DaxUtcTime);
        }

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            return _text.GetHashCode();
        }
    }
}
