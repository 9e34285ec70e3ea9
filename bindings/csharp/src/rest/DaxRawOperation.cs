using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Daxsign
{
    /// <summary>Any request to the API, for what <c>Daxsign.Api</c> does not have; with token, signature, redirects and
    /// errors as all others.</summary>
    public sealed class DaxRawOperation : DaxOperation<DaxJson>
    {
        private const string InPath = "-._~!$&'()*+,;=:@/";

        private readonly List<KeyValuePair<string, string[]>> _query = new List<KeyValuePair<string, string[]>>();

        /// <summary>A request.</summary>
        /// <param name="method"><c>GET</c>, <c>POST</c>, <c>PUT</c>, <c>PATCH</c> or <c>DELETE</c>.</param>
        /// <param name="path">Below the API's, percent-encoded where it must be, without a query:
        /// <c>/contracts</c>.</param>
        public DaxRawOperation(string method, string path)
        {
            Method = method ?? throw new ArgumentNullException(nameof(method));
            Path = path ?? throw new ArgumentNullException(nameof(path));
        }

        /// <summary>The method. A <c>GET</c> may be sent again, a <c>POST</c> never, others only if nothing was
        /// sent.</summary>
        public string Method { get; }

        /// <summary>The path below the API's.</summary>
        public string Path { get; }

        /// <summary>The body, an object; null for <c>{}</c>.</summary>
        [AllowNull, MaybeNull]
        public DaxJson Body { get; set; }

        /// <summary>With a parameter in the query.</summary>
        /// <param name="name">Its name; it is encoded.</param>
        /// <param name="values">Its value, or several, which commas separate on the way.</param>
        /// <returns>This operation.</returns>
        public DaxRawOperation With(string name, params string[] values)
        {
            _query.Add(new KeyValuePair<string, string[]>(
                name ?? throw new ArgumentNullException(nameof(name)),
                values ?? throw new ArgumentNullException(nameof(values))));
            return this;
        }

        internal override ApiRequest Request()
        {
            string wrong = WrongPath();
            if (wrong != null)
            {
                throw DaxApiException.Invalid("the path \"" + Path + "\" " + wrong);
            }
            var body = Body?.Value as JsonMembers;
            if (Body != null && body == null)
            {
                throw DaxApiException.Invalid("the body is " + Body.Kind + ", and must be an object");
            }
            var draft = new Draft("raw", Method, RepeatOf(Method), Path);
            foreach (KeyValuePair<string, string[]> parameter in _query)
            {
                draft.QueryList(Draft.Encoded(parameter.Key), parameter.Value);
            }
            return draft.Body(members =>
                {
                    foreach (KeyValuePair<string, DaxJson> member in body?.All ?? new JsonMembers().All)
                    {
                        members.Add(member.Key, member.Value);
                    }
                })
                .Finish();
        }

        internal override DaxJson Read(AnswerData data)
        {
            return data.Whole(JsonAs.Json);
        }

        private static Repeat RepeatOf(string method)
        {
            switch (method)
            {
                case "GET":
                    return Repeat.Always;
                case "POST":
                    return Repeat.Never;
                case "PUT":
                case "PATCH":
                case "DELETE":
                    return Repeat.Unsent;
                default:
                    throw DaxApiException.Invalid(
                        "\"" + method + "\" is no method of the API: GET, POST, PUT, PATCH or DELETE");
            }
        }

        /// <summary>What is wrong with the path (RFC 3986, 3.3); null for nothing. Dots would lead out of the API's
        /// own.</summary>
        private string WrongPath()
        {
            if (!Path.StartsWith("/", StringComparison.Ordinal))
            {
                return "does not begin with a slash";
            }
            for (int i = 0; i < Path.Length; i++)
            {
                char character = Path[i];
                int code;
                bool escape = character == '%' && i + 2 < Path.Length && int.TryParse(
                    Path.Substring(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code);
                bool letter = (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z')
                    || (character >= '0' && character <= '9');
                if (!escape && !letter && InPath.IndexOf(character) < 0)
                {
                    return "holds a character that must be encoded, at " + i;
                }
            }
            string plain = Path.Replace("%2e", ".").Replace("%2E", ".");
            bool dots = Array.Exists(plain.Split('/'), segment => segment == "." || segment == "..");
            return dots ? "has a part that is dots alone" : null;
        }
    }
}
