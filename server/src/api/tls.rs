//! The certificate that an operator gave, ready to be shown; and the next one, once it lies in its place.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};
use std::time::{Duration, SystemTime};

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{self, ServerConfig};

use crate::settings::Tls;

/// How often it is looked whether there is a new certificate. Certificates are good for months, and changed days before they end.
const LOOK_EVERY: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("can't read {0}: {1}")]
    Unreadable(PathBuf, pem::Error),
    #[error("{0} holds no certificate in PEM")]
    NoCertificate(PathBuf),
    #[error("the certificate in {0} can't be used with its key: {1}")]
    Unusable(PathBuf, rustls::Error),
}

/// TLS 1.2 and 1.3, with what rustls holds to be safe. From now on files that are replaced are read again, as long as the acceptor
/// is in use; connections that are open go on.
///
/// # Errors
/// Where a file can't be read, holds something else, or key and certificate do not belong together.
pub fn acceptor(tls: &Tls) -> Result<TlsAcceptor, TlsError> {
    let certificate = Arc::new(Certificate::read(tls)?);
    let unusable = |error| TlsError::Unusable(tls.certificate.clone(), error);
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .with_no_client_auth()
        .with_cert_resolver(certificate.clone());
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    tokio::spawn(renew(Arc::downgrade(&certificate)));
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// What is shown to who connects.
#[derive(Debug)]
struct Certificate {
    files: Tls,
    shown: RwLock<Arc<CertifiedKey>>,
    /// What the files were like when they were last read.
    seen: Mutex<Option<Stamp>>,
}

/// When both files were last written, and how long they are.
type Stamp = [(SystemTime, u64); 2];

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.shown.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Certificate {
    fn read(files: &Tls) -> Result<Certificate, TlsError> {
        // Before they are read: what is written meanwhile is seen the next time.
        let seen = Mutex::new(stamp(files));
        let shown = RwLock::new(Arc::new(load(files)?));
        Ok(Certificate { files: files.clone(), shown, seen })
    }

    /// Takes up a new certificate where there is one. One that can't be used, such as one whose key has not come yet, leaves the old
    /// one in force.
    fn look_again(&self) {
        // While somebody replaces a file it may not be there.
        let Some(now) = stamp(&self.files) else { return };
        if self.seen.lock().unwrap_or_else(PoisonError::into_inner).replace(now) == Some(now) {
            return;
        }
        match load(&self.files) {
            Ok(certificate) => {
                *self.shown.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(certificate);
                tracing::info!(file = %self.files.certificate.display(), "the new certificate is in use");
            }
            Err(error) => tracing::warn!(%error, "the certificate from before stays in use"),
        }
    }
}

async fn renew(certificate: Weak<Certificate>) {
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let Some(certificate) = certificate.upgrade() else { return };
        certificate.look_again();
    }
}

fn stamp(files: &Tls) -> Option<Stamp> {
    let of = |file: &PathBuf| {
        let file = fs::metadata(file).ok()?;
        Some((file.modified().ok()?, file.len()))
    };
    Some([of(&files.certificate)?, of(&files.key)?])
}

fn load(files: &Tls) -> Result<CertifiedKey, TlsError> {
    let unreadable = |file: &PathBuf, error| TlsError::Unreadable(file.clone(), error);
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(|certificates| certificates.collect::<Result<Vec<_>, _>>())
        .map_err(|error| unreadable(&files.certificate, error))?;
    if chain.is_empty() {
        return Err(TlsError::NoCertificate(files.certificate.clone()));
    }
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|error| unreadable(&files.key, error))?;
    CertifiedKey::from_der(chain, key, &ring::default_provider())
        .map_err(|error| TlsError::Unusable(files.certificate.clone(), error))
}
