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

        /// <summary>A text of the native library's.</summary>
        internal static string Of(NativeBytes text)
        {
            return Of(text.Data, checked((int)text.Length.ToUInt32()));
        }

        /// <summary>A text in UTF-8; what is none is replaced.</summary>
        internal static string Of(byte[] text)
        {
            return Encoding.UTF8.GetString(text);
        }

        internal static byte[] Copy(NativeBytes from)
        {
            return Copy(from.Data, checked((int)from.Length.ToUInt32()));
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
