using System;
using System.Text;

namespace Daxsign
{
    /// <summary>Texts that cross the native boundary.</summary>
    internal static unsafe class Text
    {
        /// <summary>Strict: a lone surrogate is an error, not a question mark that would be signed.</summary>
        private static readonly Encoding Utf8 = new UTF8Encoding(false, true);

        internal static byte[] Bytes(string text)
        {
            return Utf8.GetBytes(text);
        }

        /// <summary>A text that ends in NUL.</summary>
        internal static string Of(byte* text)
        {
            int length = 0;
            while (text[length] != 0)
            {
                length++;
            }
            return Of(text, length);
        }

        /// <summary>A text of known length.</summary>
        internal static string Of(byte* text, int length)
        {
            return length == 0 ? "" : Encoding.UTF8.GetString(text, length);
        }

        internal static byte[] Copy(byte* from, int length)
        {
            var copy = new byte[length];
            for (int i = 0; i < length; i++)
            {
                copy[i] = from[i];
            }
            return copy;
        }
    }
}
