using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Daxsign
{
    /// <summary>A time of the target's own clocks, without a zone: of card owners, cards, grants and
    /// logs.</summary>
    /// <remarks>The text is kept as it came: what cannot be read is not lost, and goes back unchanged.</remarks>
    public sealed class DaxLocalTime : IEquatable<DaxLocalTime>
    {
        private static readonly string[] Forms =
        {
            "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss.FFFFFFF",
        };

        private readonly string _text;

        private DaxLocalTime(string text)
        {
            _text = text;
        }

        /// <summary>A time as the target's clocks show it.</summary>
        /// <param name="time">Of no kind (<see cref="DateTimeKind.Unspecified"/>): neither UTC nor this machine's local
        /// time.</param>
        /// <exception cref="ArgumentException">The time is UTC or this machine's.</exception>
        public DaxLocalTime(DateTime time)
            : this(time.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture))
        {
            if (time.Kind != DateTimeKind.Unspecified)
            {
                throw new ArgumentException(
                    "A time at the target has no zone: give a DateTime of DateTimeKind.Unspecified, as the clocks "
                    + "there show it.",
                    nameof(time));
            }
        }

        /// <summary>What the clocks show, of no kind; null for a text that is no time. The <c>Z</c> that some answers
        /// put behind a local time says nothing and is passed over.</summary>
        public DateTime? Time
        {
            get
            {
                DateTime time;
                string text = _text.EndsWith("Z", StringComparison.Ordinal) ? _text.TrimEnd('Z') : _text;
                return DateTime.TryParseExact(
                    text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out time)
                    ? time
                    : (DateTime?)null;
            }
        }

        internal static DaxLocalTime AsReceived(string text)
        {
            return new DaxLocalTime(text);
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
        public bool Equals([AllowNull] DaxLocalTime other)
        {
            return other != null && other._text == _text;
        }

        /// <inheritdoc/>
        public override bool Equals([AllowNull] object other)
        {
            return Equals(other as DaxLocalTime);
        }

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            return _text.GetHashCode();
        }
    }
}
