//! Lists of revoked certificates (CRL version 2, RFC 5280 5; C-REVOKE): [`reason`] and [`write`], as the authority makes
//! them; [`list`], as who trusts it reads them.

pub(crate) mod list;
pub(crate) mod reason;
pub(crate) mod write;
