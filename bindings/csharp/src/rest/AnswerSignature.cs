using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net.Http;
using System.Security.Cryptography;

namespace Daxsign
{
    /// <summary>Signed answers: the exchange signs what it answers, paired with the request.</summary>
    internal sealed class AnswerSignature
    {
        /// <summary>The method that stands for an answer; no request has it.</summary>
        private const string Method = "ANSWER";
        /// <summary>Where the signed date stands: proxies rewrite <c>Date</c>.</summary>
        private const string DateField = "X-Dax-Date";

        /// <summary>What an answer's signature covers, exactly and in this order.</summary>
        private static readonly string[] List =
        {
            "(request-target)", "x-correlation-id", "x-dax-request", "x-dax-status", "content-type", "content-length",
            "date",
        };

        private readonly DaxSigner _signer;
        private readonly DaxAnswers _asked;
        private readonly DaxVerifier _verifier;

        internal AnswerSignature(DaxSigner signer, DaxAnswers asked, Func<DateTimeOffset> clock)
        {
            _signer = signer;
            _asked = asked;
            if (asked.Key != null)
            {
                var options = new DaxVerifierOptions { TargetForm = DaxTargetForm.Full, Clock = clock };
                _verifier = new DaxVerifier(asked.Key, DaxProfile.Documented, options);
            }
        }

        /// <summary>Whether an answer is signed by the exchange.</summary>
        /// <exception cref="FormatException">It is not signed as it must be.</exception>
        internal bool Check(Answer answer)
        {
            if (_verifier == null)
            {
                return false;
            }
            if (answer.Values("Signature") != null)
            {
                Verify(answer);
                return true;
            }
            // What comes before the request's own signature held is not signed.
            int status = answer.Status;
            bool before = status == 401 || status == 408 || status == 413 || status == 429 || status == 431
                || status >= 500;
            if (_asked.Required && !before)
            {
                throw new FormatException("the answer is not signed, and signed ones are required");
            }
            return false;
        }

        private void Verify(Answer answer)
        {
            Uri target = answer.Request.RequestUri;
            var signed = new DaxRequest(
                Method, target.GetComponents(UriComponents.PathAndQuery, UriFormat.UriEscaped));
            for (int i = 1; i < List.Length; i++)
            {
                signed.With(List[i], Single(answer, List[i] == "date" ? DateField : List[i]));
            }
            signed.With("Signature", Single(answer, "Signature"));
            signed.Body = answer.Body;
            DaxVerified verified;
            try
            {
                verified = _verifier.Verify(signed);
            }
            catch (DaxSignException refused)
            {
                throw new FormatException("the answer's signature: " + refused.Message, refused);
            }
            if (!Same(verified.Components))
            {
                throw new FormatException("the answer's signature covers another list");
            }
            if (Single(answer, "X-Dax-Request") != Hash(answer.Request))
            {
                throw new FormatException("the answer is signed, but answers another request");
            }
            if (Single(answer, "X-Dax-Status") != answer.Status.ToString(CultureInfo.InvariantCulture))
            {
                throw new FormatException("the answer's status is not the signed one");
            }
        }

        /// <summary>The hash of what the request's own signature signs.</summary>
        private string Hash(HttpRequestMessage sent)
        {
            byte[] body = sent.Content.ReadAsByteArrayAsync().GetAwaiter().GetResult();
            byte[] text = _signer.StringOfCall(SignedExchange.AsSent(sent, sent.RequestUri, body));
            using (SHA256 hash = SHA256.Create())
            {
                return Convert.ToBase64String(hash.ComputeHash(text));
            }
        }

        private static bool Same(IReadOnlyList<string> components)
        {
            if (components.Count != List.Length)
            {
                return false;
            }
            for (int i = 0; i < List.Length; i++)
            {
                if (!string.Equals(components[i], List[i], StringComparison.OrdinalIgnoreCase))
                {
                    return false;
                }
            }
            return true;
        }

        private static string Single(Answer answer, string name)
        {
            IReadOnlyList<string> values = answer.Values(name);
            if (values == null || values.Count != 1)
            {
                throw new FormatException(
                    "the answer is signed, but " + (values == null ? "lacks " : "has more than one ") + name);
            }
            return values[0];
        }
    }
}
