using System.Collections.Generic;

namespace Daxsign
{
    /// <summary>Writes a public key as <c>RSAPublicKey</c> (RFC 8017, A.1.1): netstandard2.0 has no function for
    /// it.</summary>
    internal static class Der
    {
        private const byte Integer = 0x02;
        private const byte Sequence = 0x30;

        internal static byte[] PublicKey(byte[] modulus, byte[] exponent)
        {
            var numbers = new List<byte>();
            numbers.AddRange(Element(Integer, Unsigned(modulus)));
            numbers.AddRange(Element(Integer, Unsigned(exponent)));
            return Element(Sequence, numbers).ToArray();
        }

        private static List<byte> Unsigned(byte[] number)
        {
            int start = 0;
            while (start < number.Length - 1 && number[start] == 0)
            {
                start++;
            }
            var content = new List<byte>();
            if (number.Length > 0 && number[start] >= 0x80)
            {
                // Else it would be negative.
                content.Add(0);
            }
            for (int i = start; i < number.Length; i++)
            {
                content.Add(number[i]);
            }
            return content;
        }

        /// <summary>For contents of less than 65536 bytes.</summary>
        private static List<byte> Element(byte tag, List<byte> content)
        {
            var element = new List<byte> { tag };
            if (content.Count >= 0x100)
            {
                element.Add(0x82);
                element.Add((byte)(content.Count >> 8));
            }
            else if (content.Count >= 0x80)
            {
                element.Add(0x81);
            }
            element.Add((byte)content.Count);
            element.AddRange(content);
            return element;
        }
    }
}
