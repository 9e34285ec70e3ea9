using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace Daxsign
{
    /// <summary>A good answer.</summary>
    /// <typeparam name="T">What was asked for.</typeparam>
    public sealed class DaxResponse<T>
    {
        internal DaxResponse(T data)
        {
            Data = data;
        }

        /// <summary>What was asked for; null for an operation that returns nothing.</summary>
        public T Data { get; }

        /// <summary>The status.</summary>
        public int Status { get; internal set; }

        /// <summary>The id that support asks for.</summary>
        [MaybeNull]
        public string CorrelationId { get; internal set; }

        /// <summary>The context that was sent.</summary>
        [MaybeNull]
        public string Context { get; internal set; }

        /// <summary>How many calls are left; null if the server does not tell.</summary>
        [MaybeNull]
        public DaxRateLimit RateLimit { get; internal set; }

        /// <summary>The certificate that verified the request; null if the server does not tell.</summary>
        [MaybeNull]
        public DaxCertificateNotice Certificate { get; internal set; }

        /// <summary>The versions that the server offers.</summary>
        public IReadOnlyList<string> ServerVersions { get; internal set; }

        /// <summary>How long the server took; null if it does not tell.</summary>
        public TimeSpan? ResponseTime { get; internal set; }

        /// <summary>The place of a page in its list; null if the server does not tell.</summary>
        [MaybeNull]
        public DaxPaging Paging { get; internal set; }

        /// <summary>What the server said besides.</summary>
        public IReadOnlyList<string> Messages { get; internal set; }

        /// <summary>The API's version.</summary>
        [MaybeNull]
        public string ApiVersion { get; internal set; }

        /// <summary>Fields of the envelope and of the data that the API's description does not know.</summary>
        public IReadOnlyDictionary<string, DaxJson> Unknown { get; internal set; }

        /// <summary>Whether the exchange signed it, as the answer to this request
        /// (<see cref="DaxClientOptions.Answers"/>).</summary>
        public bool Verified { get; internal set; }

        internal DaxResponse<TOther> With<TOther>(TOther data)
        {
            return new DaxResponse<TOther>(data)
            {
                Status = Status,
                CorrelationId = CorrelationId,
                Context = Context,
                RateLimit = RateLimit,
                Certificate = Certificate,
                ServerVersions = ServerVersions,
                ResponseTime = ResponseTime,
                Paging = Paging,
                Messages = Messages,
                ApiVersion = ApiVersion,
                Unknown = Unknown,
                Verified = Verified,
            };
        }
    }
}
