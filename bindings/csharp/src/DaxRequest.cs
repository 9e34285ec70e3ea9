using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

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

        /// <summary>Reads a message as bytes, as parties of an exchange send each other (<c>message/http</c>): request
        /// line, fields, an empty line, the body. Nothing is verified: <see cref="DaxVerifier"/> does that, and what
        /// is not among its components is not signed.</summary>
        /// <param name="message">The message, all of it.</param>
        /// <param name="maxFields">How many header fields it may have.</param>
        /// <returns>The request, with copies of everything.</returns>
        /// <exception cref="DaxSignException"><see cref="DaxSignStatus.MalformedMessage"/>: two readers could take the
        /// bytes differently; <see cref="DaxSignException.Position"/> is the line.</exception>
        public static unsafe DaxRequest Read(byte[] message, int maxFields = 64)
        {
            if (message == null)
            {
                throw new ArgumentNullException(nameof(message));
            }
            if (maxFields < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(maxFields));
            }
            Abi.Ensure();
            var places = new NativeField[maxFields];
            var read = new NativeRequest { StructSize = (uint)sizeof(NativeRequest) };
            NativeDetail detail = NativeDetail.New();
            fixed (byte* start = message)
            fixed (NativeField* place = places)
            {
                DaxSignException.ThrowIfReadingFailed(
                    Native.daxsign_message_read(
                        start, (UIntPtr)(uint)message.Length, place, (UIntPtr)(uint)maxFields, &read, &detail),
                    &detail);
                return Copied(read);
            }
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

        /// <summary>The value of a field that stands there once.</summary>
        /// <param name="name">Its name, in any case.</param>
        /// <returns>The value without the white space around it; null where there is no such field, or more than
        /// one.</returns>
        [return: MaybeNull]
        public string ValueOf(string name)
        {
            if (name == null)
            {
                throw new ArgumentNullException(nameof(name));
            }
            string found = null;
            foreach (DaxHeader header in Headers)
            {
                if (!string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase))
                {
                    continue;
                }
                if (found != null)
                {
                    return null;
                }
                found = Text.Of(header.Value).Trim(' ', '\t', '\r', '\n');
            }
            return found;
        }

        private static unsafe DaxRequest Copied(NativeRequest read)
        {
            var request = new DaxRequest(Text.Of(read.Method), Text.Of(read.Target));
            uint count = read.FieldCount.ToUInt32();
            for (uint i = 0; i < count; i++)
            {
                request.Headers.Add(
                    new DaxHeader(Text.Of(read.Fields[i].Name), Text.Copy(read.Fields[i].Value)));
            }
            request.Body = Text.Copy(read.Body);
            return request;
        }
    }
}
