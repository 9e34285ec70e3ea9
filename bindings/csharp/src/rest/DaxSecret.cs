using System;

namespace Daxsign
{
    /// <summary>A text that no log shows: a password, a PIN, a token.</summary>
    public sealed class DaxSecret
    {
        private readonly string _text;

        /// <summary>Keeps a text.</summary>
        /// <param name="text">The secret.</param>
        public DaxSecret(string text)
        {
            _text = text ?? throw new ArgumentNullException(nameof(text));
        }

        /// <summary>The text itself.</summary>
        /// <returns>For where it is needed, and nowhere else.</returns>
        public string Reveal()
        {
            return _text;
        }

        /// <summary>Says nothing of the text.</summary>
        /// <returns><c>(secret)</c>.</returns>
        public override string ToString()
        {
            return "(secret)";
        }
    }
}
