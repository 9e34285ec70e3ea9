//! What can be said on the command line to the commands around certificates.

use std::path::PathBuf;

use clap::Args;

use crate::arguments::OutArgument;

/// `daxsign csr`
#[derive(Debug, Args)]
pub(crate) struct CsrArguments {
    /// Private key: PKCS#1 or PKCS#8, PEM or DER
    #[arg(long, value_name = "FILE")]
    pub(crate) key: Option<PathBuf>,
    /// The `request.conf` of DAX's text: what the options below do not say is taken from there
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The instance id, as Amido gave it
    #[arg(long, value_name = "GUID")]
    pub(crate) instance: Option<String>,
    /// The partner id, as Amido gave it
    #[arg(long, value_name = "GUID")]
    pub(crate) partner: Option<String>,
    /// The country, two letters such as SE (C)
    #[arg(long, value_name = "CODE")]
    pub(crate) country: Option<String>,
    /// The city or place (L)
    #[arg(long, value_name = "NAME")]
    pub(crate) locality: Option<String>,
    /// The partner's name, as Amido has it (O)
    #[arg(long, value_name = "NAME")]
    pub(crate) organization: Option<String>,
    /// The part of the organization that owns the certificate (OU)
    #[arg(long, value_name = "NAME")]
    pub(crate) unit: Option<String>,
    /// The environment, unless it is `prod`
    #[arg(long, value_name = "NAME")]
    pub(crate) environment: Option<String>,
    #[command(flatten)]
    pub(crate) out: OutArgument,
}
