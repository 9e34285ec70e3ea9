namespace Daxsign
{
    /// <summary>What exactly is wrong, where a status has several reasons.</summary>
    public enum DaxSignProblem : uint
    {
        /// <summary>The status says all.</summary>
        None = 0,

        /// <summary><c>invalid-header-value</c>: not UTF-8.</summary>
        ValueNotUtf8 = 1,

        /// <summary><c>invalid-header-value</c>: a CR or LF that does not start a folded line.</summary>
        ValueLineBreak = 2,

        /// <summary><c>invalid-header-value</c>: a control character.</summary>
        ValueControlCharacter = 3,

        /// <summary><c>invalid-header-value</c>: white space other than space and tab at the start or end.</summary>
        ValueEdgeWhiteSpace = 4,

        /// <summary><c>invalid-header-value</c>: an empty field beside others of its name.</summary>
        ValueEmptyInstance = 5,

        /// <summary><c>invalid-date</c>: not <c>YYYY-MM-DDTHH:MM:SS</c>; <c>offset</c> tells where.</summary>
        DateFormat = 11,

        /// <summary><c>invalid-date</c>: an RFC 1123 date, as most HTTP stacks write it.</summary>
        DateRfc1123 = 12,

        /// <summary><c>invalid-date</c>: a fraction that is not 1 to 9 digits.</summary>
        DateFraction = 13,

        /// <summary><c>invalid-date</c>: no <c>Z</c> or <c>±hh:mm</c> at the end.</summary>
        DateZone = 14,

        /// <summary><c>invalid-date</c>: the part called <c>name</c> is out of range.</summary>
        DateRange = 15,

        /// <summary><c>invalid-date</c>: a zone without its colon, such as <c>+0100</c>.</summary>
        DateZoneColon = 16,

        /// <summary><c>invalid-date</c>: something behind the zone.</summary>
        DateAfterZone = 17,

        /// <summary><c>invalid-date</c>: a fraction behind a comma.</summary>
        DateDecimalComma = 18,

        /// <summary><c>invalid-date</c>: the request has more than one <c>Date</c>.</summary>
        DateRepeated = 19,

        /// <summary><c>invalid-date</c>: not HTTP's own format, where that is asked for.</summary>
        DateNotHttp = 20,

        /// <summary><c>content-length-mismatch</c>: the field is not one decimal number.</summary>
        ContentLengthNotANumber = 21,

        /// <summary><c>content-length-mismatch</c>: the field counts the body's characters.</summary>
        ContentLengthCharacters = 22,

        /// <summary><c>content-length-mismatch</c>: the field counts the body with LF line ends.</summary>
        ContentLengthLfForm = 23,

        /// <summary><c>content-length-mismatch</c>: the field counts the body with CRLF line ends.</summary>
        ContentLengthCrlfForm = 24,

        /// <summary><c>invalid-body</c>: a byte order mark.</summary>
        BodyByteOrderMark = 31,

        /// <summary><c>invalid-body</c>: not UTF-8.</summary>
        BodyNotUtf8 = 32,

        /// <summary><c>invalid-body</c>: compressed.</summary>
        BodyCompressed = 33,

        /// <summary><c>invalid-body</c>: UTF-16.</summary>
        BodyUtf16 = 34,

        /// <summary><c>malformed-signature-header</c>: no parameter name where one must start.</summary>
        SyntaxName = 41,

        /// <summary><c>malformed-signature-header</c>: no <c>="</c> behind a name.</summary>
        SyntaxQuote = 42,

        /// <summary><c>malformed-signature-header</c>: a character that a value cannot hold.</summary>
        SyntaxValue = 43,

        /// <summary><c>malformed-signature-header</c>: a value without its closing quote.</summary>
        SyntaxUnterminated = 44,

        /// <summary><c>malformed-signature-header</c>: no space between two parameters.</summary>
        SyntaxSeparator = 45,

        /// <summary><c>malformed-signature-header</c>: a second <c>Signature</c> field.</summary>
        SyntaxRepeated = 46,

        /// <summary><c>malformed-signature-header</c>: a line break in a value.</summary>
        SyntaxLineBreak = 47,

        /// <summary><c>unbound-body</c>: <c>content-length</c> is not listed.</summary>
        BindingContentLengthNotListed = 51,

        /// <summary><c>unbound-body</c>: <c>date</c> is not the last component.</summary>
        BindingDateNotLast = 52,

        /// <summary><c>unbound-body</c>: the request to be signed has no <c>Content-Length</c> for the default
        /// list.</summary>
        BindingNoContentLength = 53,

        /// <summary><c>invalid-key</c>: neither PEM nor DER.</summary>
        KeyNotAKey = 61,

        /// <summary><c>invalid-key</c>: a PEM block without its end line.</summary>
        KeyPemEnd = 62,

        /// <summary><c>invalid-key</c>: a byte that is not base64, or wrong padding.</summary>
        KeyBase64 = 63,

        /// <summary><c>invalid-key</c>: a DER structure that is not that of the format; <c>offset</c> tells
        /// where.</summary>
        KeyDer = 64,

        /// <summary><c>invalid-key</c>: the modulus is even or has leading zeros.</summary>
        KeyModulus = 65,

        /// <summary><c>invalid-key</c>: the public exponent is even or below 3.</summary>
        KeyPublicExponent = 66,

        /// <summary><c>invalid-key</c>: p or q is even, or too short for the modulus.</summary>
        KeyPrimes = 67,

        /// <summary><c>invalid-key</c>: p and q are the same.</summary>
        KeyPrimesEqual = 68,

        /// <summary><c>invalid-key</c>: p · q is not n.</summary>
        KeyProduct = 69,

        /// <summary><c>invalid-key</c>: d does not belong to e, p and q.</summary>
        KeyD = 70,

        /// <summary><c>invalid-key</c>: dP does not belong to e and p.</summary>
        KeyDp = 71,

        /// <summary><c>invalid-key</c>: dQ does not belong to e and q.</summary>
        KeyDq = 72,

        /// <summary><c>invalid-key</c>: qInv is not the inverse of q modulo p.</summary>
        KeyQInv = 73,

        /// <summary><c>invalid-key</c>: no key was loaded.</summary>
        KeyEmpty = 74,

        /// <summary><c>invalid-key</c>: a certificate's validity is not a time.</summary>
        KeyValidity = 75,

        /// <summary><c>missing-header</c>: the request was signed with the field.</summary>
        HeaderLost = 101,

        /// <summary><c>missing-header</c>: what belongs into <c>Signature</c> stands in <c>Authorization</c>.</summary>
        HeaderInAuthorization = 102,

        /// <summary><c>invalid-signature-encoding</c>: bytes of another length than the modulus.</summary>
        EncodingBytes = 111,

        /// <summary><c>invalid-signature-encoding</c>: text of another length.</summary>
        EncodingLength = 112,

        /// <summary><c>invalid-signature-encoding</c>: not base64, or not the canonical one.</summary>
        EncodingNotBase64 = 113,

        /// <summary><c>invalid-signature-encoding</c>: the padding is missing.</summary>
        EncodingPadding = 114,

        /// <summary><c>invalid-signature-encoding</c>: white space, as where a line break stood.</summary>
        EncodingWhiteSpace = 115,

        /// <summary><c>invalid-signature-encoding</c>: base64url.</summary>
        EncodingBase64Url = 116,

        /// <summary><c>invalid-signature-encoding</c>: hexadecimal.</summary>
        EncodingHexadecimal = 117,

        /// <summary><c>invalid-signature-encoding</c>: percent-encoded.</summary>
        EncodingPercentEncoded = 118,

        /// <summary><c>invalid-field</c>: nothing stands there.</summary>
        FieldEmpty = 121,

        /// <summary><c>invalid-field</c>: not a GUID; the offset tells where.</summary>
        FieldNotAGuid = 122,

        /// <summary><c>invalid-field</c>: not two capital letters.</summary>
        FieldNotACountry = 123,

        /// <summary><c>invalid-field</c>: more characters than are allowed.</summary>
        FieldTooLong = 124,

        /// <summary><c>invalid-field</c>: a control character; the offset tells where.</summary>
        FieldControlCharacter = 125,

        /// <summary><c>invalid-field</c>: a character that a PrintableString cannot hold; the offset tells where.</summary>
        FieldNotPrintable = 126,

        /// <summary><c>invalid-field</c>: a character beyond ASCII; the offset tells where.</summary>
        FieldNotAscii = 127,

        /// <summary><c>invalid-field</c>: not UTF-8; the offset tells where.</summary>
        FieldNotUtf8 = 128,

        /// <summary><c>invalid-field</c>: not a DNS name; the offset tells where.</summary>
        FieldNotADnsName = 129,

        /// <summary><c>invalid-field</c>: more than a request can hold.</summary>
        FieldTooMany = 130,

        /// <summary><c>invalid-field</c>: not numbers with points between.</summary>
        FieldNotAnObjectIdentifier = 131,

        /// <summary><c>untrusted-certificate</c>: nobody who is known has the name of the issuer.</summary>
        TrustOtherIssuer = 141,

        /// <summary><c>untrusted-certificate</c>: the signature on the certificate below is not this key's.</summary>
        TrustSignature = 142,

        /// <summary><c>untrusted-certificate</c>: the certificate below is signed with another algorithm than SHA-256 and RSA.</summary>
        TrustAlgorithm = 143,

        /// <summary><c>untrusted-certificate</c>: its key is none that this library takes.</summary>
        TrustKey = 144,

        /// <summary><c>untrusted-certificate</c>: its validity has not begun.</summary>
        TrustNotYetValid = 145,

        /// <summary><c>untrusted-certificate</c>: its validity is over.</summary>
        TrustExpired = 146,

        /// <summary><c>untrusted-certificate</c>: it is not of version 3.</summary>
        TrustVersion = 147,

        /// <summary><c>untrusted-certificate</c>: it is no authority's certificate.</summary>
        TrustNotAnAuthority = 148,

        /// <summary><c>untrusted-certificate</c>: it is an authority's that may not sign certificates.</summary>
        TrustMayNotSign = 149,

        /// <summary><c>untrusted-certificate</c>: more authorities stand below it than it allows.</summary>
        TrustPathTooLong = 150,

        /// <summary><c>untrusted-certificate</c>: it has a critical extension that is not understood.</summary>
        TrustUnknownCritical = 151,

        /// <summary><c>untrusted-certificate</c>: it states purposes, and not the one that is wanted.</summary>
        TrustOtherPurpose = 152,

        /// <summary><c>malformed-message</c>: the first line is not method, target and <c>HTTP/1.1</c> with one space between.</summary>
        MessageRequestLine = 161,

        /// <summary><c>malformed-message</c>: the line does not end in CRLF.</summary>
        MessageLineEnd = 162,

        /// <summary><c>malformed-message</c>: white space starts the line, and no field stands before it.</summary>
        MessageFold = 163,

        /// <summary><c>malformed-message</c>: the line has no colon.</summary>
        MessageNoColon = 164,

        /// <summary><c>malformed-message</c>: no field name stands before the colon.</summary>
        MessageName = 165,

        /// <summary><c>malformed-message</c>: white space stands before the colon.</summary>
        MessageSpacedColon = 166,

        /// <summary><c>malformed-message</c>: <c>Transfer-Encoding</c>.</summary>
        MessageTransferEncoding = 167,

        /// <summary><c>malformed-message</c>: a CR or LF at the offset in the value that starts no folded line.</summary>
        MessageLineBreak = 168,

        /// <summary><c>malformed-message</c>: a control character at the offset in the value.</summary>
        MessageControlCharacter = 169,

        /// <summary><c>malformed-message</c>: a second <c>Host</c> or <c>Content-Length</c>; the first stands on the line that is needed.</summary>
        MessageRepeated = 170,

        /// <summary><c>malformed-message</c>: a field more than there are places for.</summary>
        MessageTooManyFields = 171,

        /// <summary><c>malformed-message</c>: no empty line ends the head.</summary>
        MessageNoEmptyLine = 172,

        /// <summary><c>malformed-message</c>: <c>Content-Length</c> is not the number of bytes behind the head.</summary>
        MessageLength = 173,
    }
}
