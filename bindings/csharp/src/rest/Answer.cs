using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net.Http;
using System.Net.Http.Headers;

namespace Daxsign
{
    /// <summary>An answer as it came, its body in memory.</summary>
    internal sealed class Answer
    {
        private readonly Dictionary<string, List<string>> _fields =
            new Dictionary<string, List<string>>(StringComparer.OrdinalIgnoreCase);

        internal Answer(HttpResponseMessage response, byte[] body)
        {
            Status = (int)response.StatusCode;
            Location = response.Headers.Location;
            Date = response.Headers.Date;
            Body = body;
            Copy(response.Headers);
            if (response.Content != null)
            {
                Copy(response.Content.Headers);
            }
        }

        internal int Status { get; }

        /// <summary>Where a redirect leads; null for nowhere.</summary>
        internal Uri Location { get; }

        /// <summary>The server's clock; null if it does not tell.</summary>
        internal DateTimeOffset? Date { get; }

        internal byte[] Body { get; }

        /// <summary>The message that was answered, as it was sent.</summary>
        internal HttpRequestMessage Request { get; set; }

        internal string CorrelationId
        {
            get { return Field("X-Correlation-Id"); }
        }

        internal DaxCertificateNotice Certificate
        {
            get
            {
                string thumbprint = Field("X-Dax-CertificateThumbprint");
                string expires = Field("X-Dax-CertificateExpiresAtUtc");
                return thumbprint == null && expires == null
                    ? null
                    : new DaxCertificateNotice(thumbprint, UtcTime(expires));
            }
        }

        internal DaxRateLimit RateLimit
        {
            get
            {
                string window = Field("X-Rate-Limit-Limit");
                string remaining = Field("X-Rate-Limit-Remaining");
                string reset = Field("X-Rate-Limit-Reset");
                if (window == null && remaining == null && reset == null)
                {
                    return null;
                }
                long count;
                bool told = long.TryParse(remaining, NumberStyles.None, CultureInfo.InvariantCulture, out count);
                return new DaxRateLimit(window, told ? count : (long?)null, UtcTime(reset));
            }
        }

        internal TimeSpan? ResponseTime
        {
            get
            {
                double milliseconds;
                bool told = double.TryParse(
                    Field("X-Dax-Response-Time-ms"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                    out milliseconds);
                return told && milliseconds < int.MaxValue
                    ? TimeSpan.FromMilliseconds(milliseconds)
                    : (TimeSpan?)null;
            }
        }

        internal IReadOnlyList<string> ServerVersions
        {
            get
            {
                var versions = new List<string>();
                foreach (string version in (Field("api-supported-versions") ?? "").Split(','))
                {
                    if (version.Trim().Length > 0)
                    {
                        versions.Add(version.Trim());
                    }
                }
                return versions;
            }
        }

        /// <summary>The values of a field; null where there is none.</summary>
        internal IReadOnlyList<string> Values(string name)
        {
            List<string> values;
            return _fields.TryGetValue(name, out values) ? values : null;
        }

        /// <summary>A field's value; null where there is none.</summary>
        internal string Field(string name)
        {
            IReadOnlyList<string> values = Values(name);
            return values == null ? null : string.Join(", ", values);
        }

        private static DaxUtcTime UtcTime(string text)
        {
            return text == null ? null : DaxUtcTime.AsReceived(text);
        }

        private void Copy(HttpHeaders headers)
        {
            foreach (KeyValuePair<string, IEnumerable<string>> field in headers)
            {
                _fields[field.Key] = new List<string>(field.Value);
            }
        }
    }
}
