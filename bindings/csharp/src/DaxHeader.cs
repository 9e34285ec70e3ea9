using System;

namespace Daxsign
{
    /// <summary>One header field of a request.</summary>
    public struct DaxHeader
    {
        private readonly string _name;
        private readonly byte[] _value;

        /// <summary>A field whose value is a text.</summary>
        /// <param name="name">The name in any case, without the colon.</param>
        /// <param name="value">The value as it goes on the wire, in UTF-8.</param>
        public DaxHeader(string name, string value)
            : this(name, Text.Bytes(value ?? throw new ArgumentNullException(nameof(value))))
        {
        }

        /// <summary>A field whose value is given as bytes.</summary>
        /// <param name="name">The name in any case, without the colon.</param>
        /// <param name="value">The value's bytes as they stand on the line; not copied.</param>
        public DaxHeader(string name, byte[] value)
        {
            _name = name ?? throw new ArgumentNullException(nameof(name));
            _value = value ?? throw new ArgumentNullException(nameof(value));
        }

        /// <summary>The name.</summary>
        public string Name
        {
            get { return _name ?? ""; }
        }

        internal byte[] Value
        {
            get { return _value ?? new byte[0]; }
        }
    }
}
