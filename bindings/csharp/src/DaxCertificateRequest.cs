using System;
using System.Collections.Generic;
using System.Runtime.ExceptionServices;
using System.Text;

namespace Daxsign
{
    /// <summary>A request for the certificate that DAX wants (PKCS#10): what stands in <c>request.conf</c> of its
    /// documentation.</summary>
    public sealed unsafe class DaxCertificateRequest
    {
        private const uint Pem = 1;
        private const uint Der = 2;
        private const int Guess = 4096;

        /// <summary>A request; fill in the other names, then write it.</summary>
        /// <param name="instanceId">The instance id that you were given, a GUID in any case.</param>
        /// <param name="partnerId">The partner id that you were given, a GUID in any case.</param>
        public DaxCertificateRequest(string instanceId, string partnerId)
        {
            InstanceId = instanceId ?? throw new ArgumentNullException(nameof(instanceId));
            PartnerId = partnerId ?? throw new ArgumentNullException(nameof(partnerId));
            Environment = "prod";
            OtherNames = new List<KeyValuePair<string, string>>();
            DnsNames = new List<string>();
        }

        /// <summary>The instance id, of which the common name is made.</summary>
        public string InstanceId { get; }

        /// <summary>The partner id.</summary>
        public string PartnerId { get; }

        /// <summary>The environment: <c>prod</c> unless you were told another.</summary>
        public string Environment { get; set; }

        /// <summary>The country (C), two capital letters: <c>SE</c>.</summary>
        public string Country { get; set; }

        /// <summary>The city or place (L).</summary>
        public string Locality { get; set; }

        /// <summary>The partner's name (O).</summary>
        public string Organization { get; set; }

        /// <summary>The part of it that is to own the certificate (OU).</summary>
        public string Unit { get; set; }

        /// <summary>Further names: the object identifier of a type, such as <c>2.5.4.5</c>, and the value.</summary>
        public IList<KeyValuePair<string, string>> OtherNames { get; }

        /// <summary>Further DNS names.</summary>
        public IList<string> DnsNames { get; }

        /// <summary>The request in PEM, signed with the key that the certificate is to be for.</summary>
        /// <param name="key">The key.</param>
        /// <returns>What to send to DAX.</returns>
        /// <exception cref="DaxSignException"><see cref="DaxSignStatus.InvalidField"/>, with the field in
        /// <see cref="DaxSignException.Field"/>; <see cref="DaxSignStatus.SigningFault"/>.</exception>
        public string ToPem(DaxPrivateKey key)
        {
            return Encoding.ASCII.GetString(Written(key, Pem));
        }

        /// <summary>The same in DER.</summary>
        /// <param name="key">The key.</param>
        /// <returns>The request's bytes.</returns>
        /// <exception cref="DaxSignException">As <see cref="ToPem(DaxPrivateKey)"/>.</exception>
        public byte[] ToDer(DaxPrivateKey key)
        {
            return Written(key, Der);
        }

        /// <summary>The request in PEM for a key that stays elsewhere: in CNG, an HSM, a TPM.</summary>
        /// <param name="signer">The key, with its <see cref="IExternalSigner.PublicKey"/>; it signs once.</param>
        /// <returns>What to send to DAX.</returns>
        /// <exception cref="DaxSignException">As <see cref="ToPem(DaxPrivateKey)"/>.</exception>
        /// <remarks>What the signer throws comes out as it is.</remarks>
        public string ToPem(IExternalSigner signer)
        {
            return Encoding.ASCII.GetString(Written(signer, Pem));
        }

        /// <summary>The same in DER.</summary>
        /// <param name="signer">The key, with its <see cref="IExternalSigner.PublicKey"/>; it signs once.</param>
        /// <returns>The request's bytes.</returns>
        /// <exception cref="DaxSignException">As <see cref="ToPem(DaxPrivateKey)"/>.</exception>
        public byte[] ToDer(IExternalSigner signer)
        {
            return Written(signer, Der);
        }

        private delegate int Writer(byte* file, UIntPtr capacity, UIntPtr* length, NativeDetail* detail);

        private byte[] Written(DaxPrivateKey key, uint encoding)
        {
            if (key == null)
            {
                throw new ArgumentNullException(nameof(key));
            }
            using (var scope = new NamesScope(this))
            using (Storage.Loan loan = key.Storage.Borrow())
            {
                byte* storage = loan.Pointer;
                return Collect((file, capacity, length, detail) => Native.daxsign_write_certificate_request(
                    storage, scope.Names, encoding, file, capacity, length, detail));
            }
        }

        private byte[] Written(IExternalSigner signer, uint encoding)
        {
            DaxPublicKey publicKey = (signer ?? throw new ArgumentNullException(nameof(signer))).PublicKey
                ?? throw new ArgumentException(
                    "The signer has no PublicKey, which stands in the request.", nameof(signer));
            using (var scope = new NamesScope(this))
            using (var callback = new SigningCallback(signer))
            using (Storage.Loan loan = publicKey.Storage.Borrow())
            {
                var native = new NativeSigner
                {
                    StructSize = (uint)sizeof(NativeSigner),
                    ModulusBits = (uint)signer.ModulusBits,
                    Context = callback.Context,
                    SignDigest = callback.Function,
                    PublicKey = loan.Pointer,
                };
                try
                {
                    return Collect((file, capacity, length, detail) =>
                    {
                        NativeSigner copy = native;
                        return Native.daxsign_write_certificate_request_with(
                            &copy, scope.Names, encoding, file, capacity, length, detail);
                    });
                }
                catch (DaxSignException) when (callback.Failure != null)
                {
                    ExceptionDispatchInfo.Capture(callback.Failure).Throw();
                    throw;
                }
            }
        }

        /// <summary>A buffer that is too small is told before the key is used.</summary>
        private static byte[] Collect(Writer writer)
        {
            var buffer = new byte[Guess];
            while (true)
            {
                UIntPtr length = UIntPtr.Zero;
                NativeDetail detail = NativeDetail.New();
                int status;
                fixed (byte* start = buffer)
                {
                    status = writer(start, (UIntPtr)(uint)buffer.Length, &length, &detail);
                }
                int needed = checked((int)length.ToUInt32());
                if (status == (int)DaxSignStatus.BufferTooSmall && needed > buffer.Length)
                {
                    buffer = new byte[needed];
                    continue;
                }
                DaxSignException.ThrowIfEnrollingFailed(status, &detail);
                Array.Resize(ref buffer, needed);
                return buffer;
            }
        }
    }
}
