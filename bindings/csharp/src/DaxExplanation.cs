using System;
using System.Diagnostics.CodeAnalysis;

namespace Daxsign
{
    /// <summary>What the <c>Signature</c> field of a request covers, found out by trying the mistakes that people
    /// make. A diagnosis, never a verdict: to accept a request there is <see cref="DaxVerifier"/>.</summary>
    public sealed unsafe class DaxExplanation
    {
        private const int MessageSize = 256;
        private const int StringGuess = 1024;

        private DaxExplanation(
            NativeExplanation* found, string message, byte[] signedString, DaxSignException refusal)
        {
            Refusal = refusal;
            IsComplete = found->Complete == 1;
            Finding = (DaxFinding)found->Finding;
            Profile = found->Profile == 0 ? (DaxProfile?)null : (DaxProfile)found->Profile;
            Name = Text.Of(found->Name);
            Digest = Text.Copy(found->Digest, NativeVerified.DigestSize);
            Message = message;
            SignedString = signedString;
        }

        /// <summary>What was found out.</summary>
        public DaxFinding Finding { get; }

        /// <summary>Which reading of the rules the signer used; null where it is not known.</summary>
        public DaxProfile? Profile { get; }

        /// <summary>The mistake (<c>crlf-line-ends</c>, …) or the hash (<c>SHA-1</c>); else empty.</summary>
        public string Name { get; }

        /// <summary>The hash in the signature where nothing explains it; else zeros.</summary>
        public byte[] Digest { get; }

        /// <summary>One English sentence.</summary>
        public string Message { get; }

        /// <summary>The string that the signer signed, to be compared with <see cref="DaxSigner.SigningString"/>; null
        /// where it is not known.</summary>
        [MaybeNull]
        public byte[] SignedString { get; }

        /// <summary>The first rule that the request breaks; null for none. Only from
        /// <see cref="ExplainBroken"/>.</summary>
        [MaybeNull]
        public DaxSignException Refusal { get; }

        /// <summary>Whether all combinations of up to three mistakes were tried; false also where a string was found
        /// before.</summary>
        public bool IsComplete { get; }

        /// <summary>Finds out what a request's signature covers. The date may be of any time.</summary>
        /// <param name="key">The sender's key.</param>
        /// <param name="request">The request with its <c>Signature</c> field.</param>
        /// <param name="options">Null for what DAX expects; clock and guard are not used.</param>
        /// <returns>What was found out.</returns>
        /// <exception cref="DaxSignException">What is wrong with the field, or the first rule that the request breaks:
        /// that is then the reason.</exception>
        public static DaxExplanation Explain(
            DaxPublicKey key, DaxRequest request, [AllowNull] DaxVerifierOptions options = null)
        {
            DaxExplanation explanation = ExplainBroken(key, request, options);
            if (explanation.Refusal != null)
            {
                throw explanation.Refusal;
            }
            return explanation;
        }

        /// <summary>Finds out what a request's signature covers, even if the request breaks a rule, which is then the
        /// <see cref="Refusal"/>.</summary>
        /// <param name="key">The sender's key.</param>
        /// <param name="request">The request with its <c>Signature</c> field.</param>
        /// <param name="options">Null for what DAX expects; clock and guard are not used.</param>
        /// <param name="budget">About how many bytes the search may hash; 0 for 64 MiB.</param>
        /// <returns>What was found out.</returns>
        /// <exception cref="DaxSignException">What is wrong with the field: the signature cannot be opened.</exception>
        public static DaxExplanation ExplainBroken(
            DaxPublicKey key, DaxRequest request, [AllowNull] DaxVerifierOptions options = null, ulong budget = 0)
        {
            if (key == null)
            {
                throw new ArgumentNullException(nameof(key));
            }
            var found = new NativeExplanation { StructSize = (uint)sizeof(NativeExplanation), Budget = budget };
            using (var scope = new RequestScope(request, null, (options ?? new DaxVerifierOptions()).ToNative()))
            using (Storage.Loan loan = key.Storage.Borrow())
            {
                NativeDetail detail = NativeDetail.New();
                DaxSignException refusal = null;
                try
                {
                    DaxSignException.ThrowIfFailed(
                        Native.daxsign_explain(loan.Pointer, scope.Request, scope.Options, &found, &detail), &detail);
                }
                catch (DaxSignException error) when (found.Finding != 0)
                {
                    refusal = error;
                }
                byte[] signed = StringOf(found, scope, request.Body.Length);
                return new DaxExplanation(&found, Sentence(found), signed, refusal);
            }
        }

        private static string Sentence(NativeExplanation found)
        {
            byte[] text = Output.Collect(MessageSize, (buffer, capacity, length, detail) =>
            {
                NativeExplanation copy = found;
                return Native.daxsign_explanation_message(&copy, buffer, capacity, length, detail);
            });
            return System.Text.Encoding.UTF8.GetString(text);
        }

        private static byte[] StringOf(NativeExplanation found, RequestScope scope, int bodyLength)
        {
            var finding = (DaxFinding)found.Finding;
            if (finding != DaxFinding.Verifies && finding != DaxFinding.Mistake)
            {
                return null;
            }
            return Output.Collect(StringGuess + bodyLength, (buffer, capacity, length, detail) =>
            {
                NativeExplanation copy = found;
                return Native.daxsign_explanation_string(
                    &copy, scope.Request, scope.Options, buffer, capacity, length, detail);
            });
        }
    }
}
