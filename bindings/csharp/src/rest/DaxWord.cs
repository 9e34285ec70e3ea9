using System;
using System.Diagnostics.CodeAnalysis;

namespace Daxsign
{
    /// <summary>A text of which the API names some values. Any other is kept as it came.</summary>
    public abstract class DaxWord : IEquatable<DaxWord>
    {
        private readonly string _text;

        internal DaxWord(string text)
        {
            _text = text ?? throw new ArgumentNullException(nameof(text));
        }

        /// <summary>The text.</summary>
        /// <returns>As the API writes it.</returns>
        public sealed override string ToString()
        {
            return _text;
        }

        /// <summary>Whether the other is the same text of the same kind.</summary>
        /// <param name="other">May be null.</param>
        /// <returns>Whether it is.</returns>
        public bool Equals([AllowNull] DaxWord other)
        {
            return !ReferenceEquals(other, null) && other.GetType() == GetType() && other._text == _text;
        }

        /// <inheritdoc/>
        public sealed override bool Equals([AllowNull] object other)
        {
            return Equals(other as DaxWord);
        }

        /// <inheritdoc/>
        public sealed override int GetHashCode()
        {
            return _text.GetHashCode();
        }

        /// <summary>Whether both are the same.</summary>
        /// <param name="one">May be null.</param>
        /// <param name="other">May be null.</param>
        /// <returns>Whether they are.</returns>
        public static bool operator ==([AllowNull] DaxWord one, [AllowNull] DaxWord other)
        {
            return ReferenceEquals(one, null) ? ReferenceEquals(other, null) : one.Equals(other);
        }

        /// <summary>Whether they differ.</summary>
        /// <param name="one">May be null.</param>
        /// <param name="other">May be null.</param>
        /// <returns>Whether they do.</returns>
        public static bool operator !=([AllowNull] DaxWord one, [AllowNull] DaxWord other)
        {
            return !(one == other);
        }
    }
}
