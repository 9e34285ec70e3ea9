namespace Daxsign
{
    /// <summary>A key that stays elsewhere: in Windows CNG, an HSM, a TPM or a key service.</summary>
    public interface IExternalSigner
    {
        /// <summary>The size of the key's modulus in bits.</summary>
        int ModulusBits { get; }

        /// <summary>The key's public half, with which every signature is checked before it is given out; null not
        /// to check.</summary>
        DaxPublicKey PublicKey { get; }

        /// <summary>Signs an already made SHA-256 with RSASSA-PKCS1-v1_5 ("sign hash", never "sign data").</summary>
        /// <param name="hash">32 bytes.</param>
        /// <returns>The signature, an eighth of <see cref="ModulusBits"/> in bytes.</returns>
        /// <remarks>Called on the thread that signs, at most once for a signature; several threads may call at once.
        /// What it throws reaches the caller that signs, as it is.</remarks>
        byte[] SignHash(byte[] hash);
    }
}
