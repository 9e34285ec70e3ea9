using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Daxsign
{
    /// <summary>What an answer's body says: an envelope, data alone, ProblemDetails (RFC 9457), or text.</summary>
    internal sealed class Envelope
    {
        /// <summary>How much text that is no JSON is kept as a message, in characters.</summary>
        private const int MaxText = 2000;
        /// <summary>How many different messages are kept.</summary>
        private const int MaxMessages = 32;
        /// <summary>What makes an object an envelope.</summary>
        private static readonly string[] Marks = { "data", "statusCode", "apiVersion" };
        private static readonly string[] Problems = { "title", "detail", "error", "error_description" };

        private readonly List<string> _messages = new List<string>();
        private JsonMembers _outer;

        internal string ApiVersion { get; private set; }

        internal string CorrelationId { get; private set; }

        /// <summary>May tell of a failure where HTTP does not.</summary>
        internal int? StatusCode { get; private set; }

        internal string Context { get; private set; }

        internal DaxPaging Paging { get; private set; }

        /// <summary>The data, or the whole body where there is no envelope.</summary>
        internal DaxJson Data { get; private set; } = DaxJson.Null;

        /// <summary>Whether the body was JSON, or there was none.</summary>
        internal bool Readable { get; private set; } = true;

        internal IReadOnlyList<string> Messages
        {
            get { return _messages; }
        }

        /// <summary>Takes a body apart. None is refused.</summary>
        internal static Envelope Read(byte[] body)
        {
            var envelope = new Envelope();
            string text = Encoding.UTF8.GetString(body).TrimStart('\ufeff');
            if (text.Trim().Length == 0)
            {
                return envelope;
            }
            try
            {
                envelope.Take(DaxJson.Parse(text));
            }
            catch (FormatException)
            {
                envelope.Readable = false;
                text = text.Trim();
                envelope.Say(text.Length > MaxText ? text.Substring(0, MaxText) : text);
            }
            return envelope;
        }

        /// <summary>Fields of the envelope that are not known.</summary>
        internal IReadOnlyDictionary<string, DaxJson> Rest()
        {
            return _outer?.Rest() ?? new Dictionary<string, DaxJson>();
        }

        private void Take(DaxJson json)
        {
            var members = json.Value as JsonMembers;
            Data = json;
            if (members != null && Array.Exists(Marks, members.Has))
            {
                _outer = members;
                ApiVersion = TextOf(members.Take("apiVersion"));
                int status;
                if (int.TryParse(
                    TextOf(members.Take("statusCode")), NumberStyles.None, CultureInfo.InvariantCulture, out status))
                {
                    StatusCode = status;
                }
                Data = members.Take("data") ?? DaxJson.Null;
                TakeCommon(members);
            }
            if (Data.Value is JsonMembers)
            {
                TakeCommon((JsonMembers)Data.Value);
            }
        }

        /// <summary>Takes the fields that stand in an envelope, in data, or in both.</summary>
        private void TakeCommon(JsonMembers members)
        {
            CorrelationId = CorrelationId ?? TextOf(members.Take("correlationId"));
            Context = Context ?? TextOf(members.Take("context"));
            Say(TextOf(members.Take("message")));
            var paging = members.Take("paging")?.Value as JsonMembers;
            if (paging != null && Paging == null)
            {
                Paging = new DaxPaging(
                    Count(paging.Take("totalCount")), Count(paging.Take("offset")), Count(paging.Take("limit")));
            }
            foreach (DaxJson message in Items(members.Take("messages")))
            {
                Say(TextOf(message));
            }
        }

        /// <summary>Everything that was said, with what ProblemDetails and the token's errors (RFC 6749, 5.2) say: for
        /// an error.</summary>
        internal IReadOnlyList<string> AllMessages()
        {
            AddProblem(_outer);
            AddProblem(Data.Value as JsonMembers);
            return _messages;
        }

        private void AddProblem(JsonMembers members)
        {
            if (members == null)
            {
                return;
            }
            foreach (string name in Problems)
            {
                Say(members.Take(name)?.Value as string);
            }
            // ASP.NET: a field's name, and what is wrong with it.
            var errors = members.Take("errors")?.Value as JsonMembers;
            foreach (KeyValuePair<string, DaxJson> error in errors?.All ?? new KeyValuePair<string, DaxJson>[0])
            {
                foreach (DaxJson said in Items(error.Value))
                {
                    Say(error.Key + ": " + TextOf(said));
                }
            }
        }

        private void Say(string message)
        {
            if (_messages.Count < MaxMessages && !string.IsNullOrEmpty(message) && !_messages.Contains(message))
            {
                _messages.Add(message);
            }
        }

        private static IReadOnlyList<DaxJson> Items(DaxJson json)
        {
            return json?.Value as IReadOnlyList<DaxJson> ?? new DaxJson[0];
        }

        /// <summary>A scalar as text; servers differ in what they quote.</summary>
        private static string TextOf(DaxJson json)
        {
            return json?.Value as string ?? (json?.Value as JsonNumber)?.Text;
        }

        /// <summary>A number of things; -1 is one that is not known.</summary>
        private static long? Count(DaxJson json)
        {
            long count;
            bool told = long.TryParse(TextOf(json), NumberStyles.None, CultureInfo.InvariantCulture, out count);
            return told ? count : (long?)null;
        }
    }
}
