using System;
using System.Diagnostics.CodeAnalysis;

namespace Daxsign
{
    /// <summary>Verifies incoming requests of one sender. Any number of threads may use one verifier at once.</summary>
    /// <remarks>The key and the guard stay yours: dispose of them when the verifier is needed no more.</remarks>
    public sealed unsafe class DaxVerifier
    {
        private readonly DaxPublicKey _key;
        private readonly DaxProfile _profile;
        private readonly DaxVerifierOptions _options;

        /// <summary>Verifies with a sender's key.</summary>
        /// <param name="key">The key.</param>
        /// <param name="profile">Which reading of the rules the sender uses.</param>
        /// <param name="options">Null for the strict policy, 300 seconds and no replay guard.</param>
        public DaxVerifier(DaxPublicKey key, DaxProfile profile, [AllowNull] DaxVerifierOptions options = null)
        {
            _key = key ?? throw new ArgumentNullException(nameof(key));
            if (profile != DaxProfile.Documented && profile != DaxProfile.VendorSdk)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(profile), profile, "Choose DaxProfile.Documented or DaxProfile.VendorSdk.");
            }
            _profile = profile;
            _options = options ?? new DaxVerifierOptions();
        }

        /// <summary>Verifies a request: its <c>Signature</c> field, its date, that its list binds the body, its
        /// signature, and that it was not accepted before.</summary>
        /// <param name="request">The request as it came: the target of the request line, every field, the body's
        /// bytes.</param>
        /// <returns>What is proved. The request must not be acted on after any exception.</returns>
        /// <exception cref="DaxSignException">Why it is refused.</exception>
        public DaxVerified Verify(DaxRequest request)
        {
            NativeTime now = DaxDate.ToNative(_options.Clock());
            DaxVerified result = null;
            using (var scope = new RequestScope(request, null, _options.ToNative()))
            using (Storage.Loan loan = _key.Storage.Borrow())
            {
                byte* key = loan.Pointer;
                DaxReplayGuard.With(_options.ReplayGuard, guard =>
                {
                    NativeDetail detail = NativeDetail.New();
                    NativeTime time = now;
                    var verified = new NativeVerified { StructSize = (uint)sizeof(NativeVerified) };
                    DaxSignException.ThrowIfFailed(
                        Native.daxsign_verify(
                            key, scope.Request, (uint)_profile, scope.Options, &time, guard, &verified, &detail),
                        &detail);
                    result = new DaxVerified(&verified);
                });
            }
            return result;
        }

        /// <summary>Starts to verify a request whose body comes in pieces: for bodies that are not to be held in
        /// memory.</summary>
        /// <param name="request">The request; a body in it counts as the first piece.</param>
        /// <param name="bodyLength">The whole body's length in bytes; null where it is not known.</param>
        /// <returns>Takes the pieces and returns the verdict; dispose of it.</returns>
        /// <exception cref="DaxSignException">What can be refused without the body.</exception>
        public DaxVerifyingStream Start(DaxRequest request, long? bodyLength = null)
        {
            return new DaxVerifyingStream(_key, _profile, _options, request, bodyLength);
        }
    }
}
