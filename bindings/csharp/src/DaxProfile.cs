namespace Daxsign
{
    /// <summary>Which reading of "SHA256withRSA over <c>sha256(signingstring)</c>" is used. Both sides must use the
    /// same one, so there is no default.</summary>
    public enum DaxProfile : uint
    {
        /// <summary>The signature is over the signing string: its SHA-256 is signed. What the text of DAX
        /// says.</summary>
        Documented = 1,

        /// <summary>The signature is over the SHA-256 of the signing string. What the vendor's SDK does and the
        /// production service was seen to accept.</summary>
        VendorSdk = 2,
    }
}
