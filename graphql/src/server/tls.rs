//! TLS by rustls, with a certificate that is read anew without a restart: when its files have changed, and on
//! SIGHUP. Connections that are open keep the one they began with; files that cannot be read change nothing.

use super::hangup::Hangups;
use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};
use tokio::sync::watch;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

/// How often it is looked whether the files have changed.
const LOOK: Duration = Duration::from_secs(5);

/// A certificate chain and its key, in PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate of the server, then those that vouch for it.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

impl TlsFiles {
    /// Reads them.
    ///
    /// # Errors
    /// When a file cannot be read, is no PEM, or the key does not fit the certificate.
    pub fn read(&self) -> io::Result<TlsAcceptor> {
        let of = |path: &Path, error: &dyn std::fmt::Display| {
            io::Error::other(format!("{}: {error}", path.display()))
        };
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect)
            .map_err(|error| of(&self.certificate, &error))?;
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|error| of(&self.key, &error))?;
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| of(&self.certificate, &error))?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// When they were written last; nothing while one is missing.
    fn written(&self) -> Option<(SystemTime, SystemTime)> {
        let written = |path: &Path| std::fs::metadata(path).and_then(|it| it.modified()).ok();
        Some((written(&self.certificate)?, written(&self.key)?))
    }
}

/// Keeps the newest certificate in `newest`, for ever.
pub(super) async fn follow(files: TlsFiles, newest: watch::Sender<TlsAcceptor>) {
    let mut read = files.written();
    let mut asked = Hangups::new();
    loop {
        let must = asked.or_after(LOOK).await;
        let written = files.written();
        if !must && (written.is_none() || written == read) {
            continue;
        }
        match files.read() {
            Ok(acceptor) => {
                read = written;
                tracing::info!(certificate = %files.certificate.display(), "the certificate was read anew");
                // Nobody listens once the server has ended.
                let _ = newest.send(acceptor);
            }
            // Perhaps only half of it is written: the next look tries again.
            Err(error) => tracing::error!(%error, "the certificate was not read anew"),
        }
    }
}
