using System;
using System.Collections.Generic;

namespace Daxsign
{
    /// <summary>A good answer, its body taken apart.</summary>
    internal sealed class Answered
    {
        internal Answer Answer;
        internal Envelope Envelope;
        internal bool Verified;
        internal string Request;

        /// <exception cref="DaxApiException">The data is something else.</exception>
        internal DaxResponse<T> Response<T>(Func<AnswerData, T> read)
        {
            var data = new AnswerData(Envelope.Data);
            T value;
            try
            {
                value = read(data);
            }
            catch (FormatException wrong)
            {
                throw Unexpected(wrong);
            }
            return new DaxResponse<T>(value)
            {
                Status = Answer.Status,
                CorrelationId = Answer.CorrelationId ?? Envelope.CorrelationId,
                Context = Answer.Field("X-Dax-Context") ?? Envelope.Context,
                RateLimit = Answer.RateLimit,
                Certificate = Answer.Certificate,
                ServerVersions = Answer.ServerVersions,
                ResponseTime = Answer.ResponseTime,
                Paging = Envelope.Paging,
                Messages = Envelope.Messages,
                ApiVersion = Envelope.ApiVersion,
                Unknown = Unknown(data),
                Verified = Verified,
            };
        }

        internal DaxApiException Unexpected(FormatException wrong)
        {
            string what = Envelope.Readable ? wrong.Message : "the answer is no JSON";
            return new DaxApiException(
                new Failed
                {
                    Kind = DaxErrorKind.Unexpected,
                    What = what,
                    Request = Request,
                    Status = Answer.Status,
                    CorrelationId = Answer.CorrelationId ?? Envelope.CorrelationId,
                    // Text that is no JSON may be a token.
                    Messages = Envelope.Readable ? Envelope.Messages : new string[0],
                    Body = Answer.Body,
                    Sent = DaxSent.Answered,
                },
                wrong);
        }

        private IReadOnlyDictionary<string, DaxJson> Unknown(AnswerData data)
        {
            var unknown = new Dictionary<string, DaxJson>();
            foreach (KeyValuePair<string, DaxJson> field in Envelope.Rest())
            {
                unknown[field.Key] = field.Value;
            }
            foreach (KeyValuePair<string, DaxJson> field in data.Rest())
            {
                unknown[field.Key] = field.Value;
            }
            return unknown;
        }
    }
}
