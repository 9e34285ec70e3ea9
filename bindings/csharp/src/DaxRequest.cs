using System;
using System.Collections.Generic;

namespace Daxsign
{
    /// <summary>An HTTP request as it goes or came over the wire: what is signed, verified or explained.</summary>
    public sealed class DaxRequest
    {
        private static readonly byte[] Empty = new byte[0];
        private byte[] _body = Empty;

        /// <summary>A request without fields and body.</summary>
        /// <param name="method">The method in any case: <c>POST</c>.</param>
        /// <param name="target">The target as it stands on the request line, percent-encoded:
        /// <c>/api/v2.0/cards?limit=5</c>.</param>
        public DaxRequest(string method, string target)
        {
            Method = method ?? throw new ArgumentNullException(nameof(method));
            Target = target ?? throw new ArgumentNullException(nameof(target));
        }

        /// <summary>The method.</summary>
        public string Method { get; }

        /// <summary>The target.</summary>
        public string Target { get; }

        /// <summary>The header fields in the order they are sent; a name may come several times.</summary>
        public IList<DaxHeader> Headers { get; } = new List<DaxHeader>();

        /// <summary>The body's bytes; empty for none. Not copied: leave them as they are during a call.</summary>
        public byte[] Body
        {
            get { return _body; }
            set { _body = value ?? Empty; }
        }

        /// <summary>Adds a field, for chaining.</summary>
        /// <param name="name">The name.</param>
        /// <param name="value">The value as it goes on the wire.</param>
        /// <returns>This request.</returns>
        public DaxRequest With(string name, string value)
        {
            Headers.Add(new DaxHeader(name, value));
            return this;
        }

        /// <summary>Sets the body to a text in UTF-8, for chaining.</summary>
        /// <param name="body">The text.</param>
        /// <returns>This request.</returns>
        public DaxRequest WithBody(string body)
        {
            Body = Text.Bytes(body ?? throw new ArgumentNullException(nameof(body)));
            return this;
        }
    }
}
