using System;
using System.Collections.Generic;

namespace Daxsign
{
    /// <summary>A JSON value as it came: of fields that the API's description does not know, and of those that may
    /// hold anything.</summary>
    public sealed class DaxJson
    {
        /// <summary>JSON's <c>null</c>.</summary>
        internal static readonly DaxJson Null = new DaxJson(null);

        private DaxJson(object value)
        {
            Value = value;
        }

        /// <summary>Null, <see cref="bool"/>, <see cref="string"/>, <see cref="JsonNumber"/>, a list of values, or
        /// <see cref="JsonMembers"/>.</summary>
        internal object Value { get; }

        /// <summary>Reads a text; objects and lists may stand 64 deep in each other.</summary>
        /// <param name="json">JSON (RFC 8259).</param>
        /// <returns>The value.</returns>
        /// <exception cref="FormatException">The text is no JSON, or deeper.</exception>
        public static DaxJson Parse(string json)
        {
            return new JsonReader(json ?? throw new ArgumentNullException(nameof(json))).ReadAll();
        }

        /// <summary>The value as JSON, without blanks.</summary>
        /// <returns>Text for any reader of JSON.</returns>
        public override string ToString()
        {
            return JsonWriter.Write(this);
        }

        internal static DaxJson Of(string text)
        {
            return text == null ? Null : new DaxJson(text);
        }

        internal static DaxJson Of(bool value)
        {
            return new DaxJson(value);
        }

        internal static DaxJson Of(JsonNumber number)
        {
            return new DaxJson(number);
        }

        internal static DaxJson Of(IReadOnlyList<DaxJson> items)
        {
            return new DaxJson(items);
        }

        internal static DaxJson Of(JsonMembers members)
        {
            return new DaxJson(members);
        }

        /// <summary>What kind of value this is, in words.</summary>
        internal string Kind
        {
            get
            {
                return Value == null ? "null"
                    : Value is bool ? "true or false"
                    : Value is string ? "a text"
                    : Value is JsonNumber ? "a number"
                    : Value is JsonMembers ? "an object"
                    : "a list";
            }
        }
    }
}
