using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Daxsign
{
    /// <summary>A request in the making, checked against the API's limits.</summary>
    internal sealed class Draft
    {
        private readonly string _id;
        private readonly ApiRequest _request;
        private readonly StringBuilder _query = new StringBuilder();
        private string _path;
        private string _refused;

        internal Draft(string id, string method, Repeat repeat, string path)
        {
            _id = id;
            _path = path;
            _request = new ApiRequest { Method = method, Repeat = repeat, Body = new JsonMembers() };
        }

        internal Draft Instance(DaxInstance target)
        {
            if (target == null)
            {
                return Refuse("the target is missing");
            }
            return Path(target.Partner).Path(target.Instance);
        }

        /// <summary>Fills in the next name in braces.</summary>
        internal Draft Path(object value)
        {
            string text = Shown(value);
            if (text.Length == 0)
            {
                return Refuse("a part of the path is empty");
            }
            int start = _path.IndexOf('{');
            int end = _path.IndexOf('}');
            _path = _path.Substring(0, start) + Encoded(text) + _path.Substring(end + 1);
            return this;
        }

        internal Draft Query(string name, object value)
        {
            if (value != null)
            {
                _query.Append(_query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Encoded(Shown(value)));
            }
            return this;
        }

        /// <summary>A list; no value may hold the comma that separates them.</summary>
        internal Draft QueryList<T>(string name, IReadOnlyList<T> values)
        {
            if (values == null || values.Count == 0)
            {
                return this;
            }
            var texts = new List<string>();
            foreach (T value in values)
            {
                string text = Shown(value);
                if (text.IndexOf(',') >= 0)
                {
                    return Refuse(name + ": \"" + text + "\" holds a comma, which separates values");
                }
                texts.Add(Encoded(text));
            }
            _query.Append(_query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(string.Join(",", texts));
            return this;
        }

        internal Draft Pages(int? limit, long? offset, int most)
        {
            if (limit < 1 || limit > most)
            {
                return Refuse("a page of this list holds 1 to " + most);
            }
            if (offset < 0)
            {
                return Refuse("the offset is negative");
            }
            return Query("offset", offset).Query("limit", limit);
        }

        internal Draft Body(Action<JsonMembers> write)
        {
            write(_request.Body);
            return this;
        }

        /// <summary>A text, a list or an object that must be there.</summary>
        internal Draft Needed(string name, object value)
        {
            return value == null ? Refuse(name + " is missing") : this;
        }

        /// <summary>A text or a list that must not be empty.</summary>
        internal Draft NotEmpty(string name, int? length)
        {
            return length > 0 ? this : Refuse(name + " must not be empty");
        }

        /// <summary>A list that must not be longer.</summary>
        internal Draft AtMost(string name, int? length, int most)
        {
            return length > most ? Refuse(name + " holds " + length + ": at most " + most + " are allowed") : this;
        }

        /// <exception cref="DaxApiException">Something was refused.</exception>
        internal ApiRequest Finish()
        {
            if (_refused != null)
            {
                throw DaxApiException.Invalid(_id + ": " + _refused);
            }
            _request.Target = _path + _query;
            return _request;
        }

        /// <summary>Percent-encoded once (RFC 3986): what goes on the wire is what is signed.</summary>
        internal static string Encoded(string text)
        {
            var encoded = new StringBuilder();
            foreach (byte value in Text.Bytes(text))
            {
                var character = (char)value;
                bool unreserved = (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
                    || (character >= '0' && character <= '9') || "-._~".IndexOf(character) >= 0;
                encoded.Append(unreserved ? character.ToString() : "%" + value.ToString("X2"));
            }
            return encoded.ToString();
        }

        private static string Shown(object value)
        {
            if (value is bool)
            {
                return (bool)value ? "true" : "false";
            }
            return Convert.ToString(value, CultureInfo.InvariantCulture);
        }

        /// <summary>Keeps the first reason.</summary>
        private Draft Refuse(string why)
        {
            _refused = _refused ?? why;
            return this;
        }
    }
}
