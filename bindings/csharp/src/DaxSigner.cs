using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Text;

namespace Daxsign
{
    /// <summary>Signs requests with one key. Any number of threads may use one signer at once.</summary>
    /// <remarks>The key stays yours: dispose of it when the signer is needed no more.</remarks>
    public sealed unsafe class DaxSigner
    {
        // DAXSIGN_SIGNATURE_HEADER_OVERHEAD, and a NUL.
        private const int HeaderOverhead = 61 + 1;
        private const int ListGuess = 256;
        private const int StringGuess = 1024;
        private static readonly string[] ObservedList = { "(request-target)", "date" };
        /// <summary>The default list where there is an idempotency key.</summary>
        private static readonly string[] ListWithKey =
        {
            "(request-target)", "host", "content-type", "content-length", IdempotencyKey, "date",
        };

        internal const string IdempotencyKey = "x-dax-idempotency-key";

        private readonly DaxPrivateKey _key;
        private readonly IExternalSigner _signer;
        private readonly DaxProfile _profile;
        private readonly DaxSigningOptions _options;

        /// <summary>Signs with a key in this process.</summary>
        /// <param name="key">The key.</param>
        /// <param name="profile">Which reading of the rules the receiver uses.</param>
        /// <param name="options">Null for what DAX expects.</param>
        public DaxSigner(DaxPrivateKey key, DaxProfile profile, [AllowNull] DaxSigningOptions options = null)
            : this(profile, options)
        {
            _key = key ?? throw new ArgumentNullException(nameof(key));
        }

        /// <summary>Signs with a key that stays elsewhere.</summary>
        /// <param name="signer">The key.</param>
        /// <param name="profile">Which reading of the rules the receiver uses.</param>
        /// <param name="options">Null for what DAX expects.</param>
        public DaxSigner(IExternalSigner signer, DaxProfile profile, [AllowNull] DaxSigningOptions options = null)
            : this(profile, options)
        {
            _signer = signer ?? throw new ArgumentNullException(nameof(signer));
        }

        private DaxSigner(DaxProfile profile, DaxSigningOptions options)
        {
            if (profile != DaxProfile.Documented && profile != DaxProfile.VendorSdk)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(profile), profile, "Choose DaxProfile.Documented or DaxProfile.VendorSdk.");
            }
            Abi.Ensure();
            _profile = profile;
            _options = options ?? new DaxSigningOptions();
        }

        /// <summary>Signs as production was seen to accept it: <see cref="DaxProfile.VendorSdk"/>, the list
        /// <c>(request-target) date</c>.</summary>
        /// <param name="key">Stays yours.</param>
        /// <returns>A signer for <see cref="DaxClient"/>.</returns>
        public static DaxSigner Observed(DaxPrivateKey key)
        {
            return new DaxSigner(key, DaxProfile.VendorSdk, new DaxSigningOptions { Components = ObservedList });
        }

        /// <summary>As <see cref="Observed(DaxPrivateKey)"/>, with a key elsewhere.</summary>
        /// <param name="signer">Stays yours.</param>
        /// <returns>A signer for <see cref="DaxClient"/>.</returns>
        public static DaxSigner Observed(IExternalSigner signer)
        {
            return new DaxSigner(signer, DaxProfile.VendorSdk, new DaxSigningOptions { Components = ObservedList });
        }

        /// <summary>Signs a request.</summary>
        /// <param name="request">The request with all its fields, <c>Date</c> among them.</param>
        /// <returns>The value of its <c>Signature</c> field.</returns>
        /// <exception cref="DaxSignException">The first rule that the request breaks, or
        /// <see cref="DaxSignStatus.SigningFault"/>.</exception>
        /// <remarks>What an <see cref="IExternalSigner"/> throws comes out as it is.</remarks>
        public string Sign(DaxRequest request)
        {
            try
            {
                return Sign(request, _options.Components);
            }
            catch (SignerFailedException failure)
            {
                ExceptionDispatchInfo.Capture(failure.InnerException).Throw();
                throw;
            }
        }

        /// <summary>As <see cref="DaxClient"/> signs: an idempotency key is signed with all else that can be, and a
        /// key that does not sign is told from a request that cannot be signed.</summary>
        /// <exception cref="SignerFailedException">What holds the key did not sign.</exception>
        internal string SignCall(DaxRequest request)
        {
            try
            {
                return Sign(request, ListOfCall(request));
            }
            catch (DaxSignException fault) when (fault.Status == DaxSignStatus.SigningFault)
            {
                throw new SignerFailedException(fault);
            }
        }

        /// <summary>The string that <see cref="SignCall"/> signs.</summary>
        internal byte[] StringOfCall(DaxRequest request)
        {
            return StringOf(request, ListOfCall(request));
        }

        private IReadOnlyList<string> ListOfCall(DaxRequest request)
        {
            bool has = false;
            foreach (DaxHeader field in request.Headers)
            {
                has |= string.Equals(field.Name, IdempotencyKey, StringComparison.OrdinalIgnoreCase);
            }
            return _options.Components ?? (has ? ListWithKey : null);
        }

        private string Sign(DaxRequest request, IReadOnlyList<string> components)
        {
            using (RequestScope scope = Scope(request, components))
            {
                int list = List(scope).Length;
                byte[] value = _key != null ? SignHere(scope, list) : SignElsewhere(scope, list);
                return Encoding.ASCII.GetString(value);
            }
        }

        /// <summary>The exact bytes that are signed, for logs and for comparing with a peer's.</summary>
        /// <param name="request">The request.</param>
        /// <returns>The signing string, the body at its end.</returns>
        /// <exception cref="DaxSignException">The first rule that the request breaks.</exception>
        public byte[] SigningString(DaxRequest request)
        {
            return StringOf(request, _options.Components);
        }

        private byte[] StringOf(DaxRequest request, IReadOnlyList<string> components)
        {
            using (RequestScope scope = Scope(request, components))
            {
                return Output.Collect(StringGuess + request.Body.Length, (buffer, capacity, length, detail) =>
                    Native.daxsign_signing_string(
                        scope.Request, scope.Components, scope.Options, buffer, capacity, length, detail));
            }
        }

        /// <summary>The components that are signed for a request, as they are sent.</summary>
        /// <param name="request">The request.</param>
        /// <returns>The names in lowercase, each once.</returns>
        /// <exception cref="DaxSignException">What is wrong with the list.</exception>
        public IReadOnlyList<string> Components(DaxRequest request)
        {
            using (RequestScope scope = Scope(request, _options.Components))
            {
                return Encoding.ASCII.GetString(List(scope)).Split(' ');
            }
        }

        private RequestScope Scope(DaxRequest request, IReadOnlyList<string> components)
        {
            var options = new NativeOptions
            {
                TargetForm = (uint)_options.TargetForm,
                Content = (uint)_options.Content,
                Policy = (uint)_options.Policy,
            };
            return new RequestScope(request, components, options);
        }

        private static byte[] List(RequestScope scope)
        {
            return Output.Collect(ListGuess, (buffer, capacity, length, detail) =>
                Native.daxsign_component_list(scope.Request, scope.Components, buffer, capacity, length, detail));
        }

        private byte[] SignHere(RequestScope scope, int list)
        {
            using (Storage.Loan loan = _key.Storage.Borrow())
            {
                byte* key = loan.Pointer;
                return Output.Collect(HeaderSize(Abi.MaxModulusBits, list), (buffer, capacity, length, detail) =>
                    Native.daxsign_sign(
                        key, scope.Request, scope.Components, (uint)_profile, scope.Options,
                        buffer, capacity, length, detail));
            }
        }

        private byte[] SignElsewhere(RequestScope scope, int list)
        {
            DaxPublicKey publicKey;
            int bits;
            try
            {
                publicKey = _signer.PublicKey;
                bits = _signer.ModulusBits;
            }
            catch (Exception failure)
            {
                throw new SignerFailedException(failure);
            }
            if (publicKey == null)
            {
                return Call(scope, list, null, bits);
            }
            using (Storage.Loan loan = publicKey.Storage.Borrow())
            {
                return Call(scope, list, loan.Pointer, bits);
            }
        }

        private byte[] Call(RequestScope scope, int list, byte* publicKey, int bits)
        {
            using (var callback = new SigningCallback(_signer))
            {
                var native = new NativeSigner
                {
                    StructSize = (uint)sizeof(NativeSigner),
                    ModulusBits = (uint)bits,
                    Context = callback.Context,
                    SignDigest = callback.Function,
                    PublicKey = publicKey,
                };
                try
                {
                    // Large enough at once, so that the key signs once.
                    return Output.Collect(HeaderSize(Abi.MaxModulusBits, list), (buffer, capacity, length, detail) =>
                    {
                        NativeSigner copy = native;
                        return Native.daxsign_sign_with(
                            &copy, scope.Request, scope.Components, (uint)_profile, scope.Options,
                            buffer, capacity, length, detail);
                    });
                }
                catch (DaxSignException) when (callback.Failure != null)
                {
                    throw new SignerFailedException(callback.Failure);
                }
            }
        }

        /// <summary><c>DAXSIGN_SIGNATURE_HEADER_LEN</c>.</summary>
        private static int HeaderSize(int bits, int list)
        {
            return ((bits + 7) / 8 + 2) / 3 * 4 + list + HeaderOverhead;
        }
    }
}
