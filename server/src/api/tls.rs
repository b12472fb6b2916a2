//! The certificate that an operator gave, ready to be shown.

use std::path::PathBuf;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

use crate::settings::Tls;

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("can't read {0}: {1}")]
    Unreadable(PathBuf, pem::Error),
    #[error("{0} holds no certificate in PEM")]
    NoCertificate(PathBuf),
    #[error("the certificate in {0} can't be used with its key: {1}")]
    Unusable(PathBuf, rustls::Error),
}

/// TLS 1.2 and 1.3, with what rustls holds to be safe.
///
/// # Errors
/// Where a file can't be read, holds something else, or key and certificate do not belong together.
pub fn acceptor(tls: &Tls) -> Result<TlsAcceptor, TlsError> {
    let unreadable = |file: &PathBuf, error| TlsError::Unreadable(file.clone(), error);
    let chain = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(|certificates| certificates.collect::<Result<Vec<_>, _>>())
        .map_err(|error| unreadable(&tls.certificate, error))?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(tls.certificate.clone()));
    }
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(|error| unreadable(&tls.key, error))?;
    let unusable = |error| TlsError::Unusable(tls.certificate.clone(), error);
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(unusable)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
