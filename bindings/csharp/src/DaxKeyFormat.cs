namespace Daxsign
{
    /// <summary>How a private key is written.</summary>
    public enum DaxKeyFormat
    {
        /// <summary>PKCS#1, <c>BEGIN RSA PRIVATE KEY</c>.</summary>
        Pkcs1 = 1,

        /// <summary>PKCS#8, <c>BEGIN PRIVATE KEY</c>, which every program reads.</summary>
        Pkcs8 = 2,
    }
}
