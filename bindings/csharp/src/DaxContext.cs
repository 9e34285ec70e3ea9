using System;
using System.Diagnostics.CodeAnalysis;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Text;

namespace Daxsign
{
    /// <summary>The context that DAX gives back in <c>X-Dax-Context</c>.</summary>
    public static class DaxContext
    {
        /// <summary>The largest context, in characters.</summary>
        public const int MaxLength = 255;

        private const char FirstPrintable = ' ';

        /// <summary>A body that holds a context: <c>{"Context":"…"}</c> as <c>application/json</c>; for <c>GET</c>
        /// too.</summary>
        /// <param name="context">The context; null for none, which is the body <c>{}</c>.</param>
        /// <returns>The content of a request.</returns>
        /// <exception cref="ArgumentException">The context is longer than <see cref="MaxLength"/>.</exception>
        public static HttpContent Content([AllowNull] string context)
        {
            string json = context == null ? "{}" : "{\"Context\":" + Quote(context) + "}";
            var content = new ByteArrayContent(Text.Bytes(json));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            return content;
        }

        private static string Quote(string text)
        {
            if (text.Length > MaxLength)
            {
                throw new ArgumentException(
                    "A context has at most " + MaxLength + " characters, this one has " + text.Length + ".",
                    nameof(text));
            }
            var quoted = new StringBuilder("\"");
            foreach (char character in text)
            {
                if (character == '"' || character == '\\')
                {
                    quoted.Append('\\').Append(character);
                }
                else if (character < FirstPrintable)
                {
                    quoted.Append("\\u").Append(((int)character).ToString("x4"));
                }
                else
                {
                    quoted.Append(character);
                }
            }
            return quoted.Append('"').ToString();
        }
    }
}
