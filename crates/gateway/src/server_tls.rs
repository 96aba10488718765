//! The TLS side of the listener: certificate chain and key from PEM files, HTTP/2 and HTTP/1.1 offered.

use std::path::PathBuf;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::config::TlsFiles;

/// Why the certificate cannot be used. A running one stays.
#[derive(Debug, thiserror::Error)]
pub enum ServerTlsError {
    #[error("certificate file {file} cannot be read as PEM")]
    Certificate {
        file: PathBuf,
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    #[error("key file {file} cannot be read as PEM")]
    Key {
        file: PathBuf,
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    #[error("certificate {cert_file} and key {key_file} do not work together")]
    Pair {
        cert_file: PathBuf,
        key_file: PathBuf,
        #[source]
        source: rustls::Error,
    },
}

pub fn load(files: &TlsFiles) -> Result<Arc<ServerConfig>, ServerTlsError> {
    let certificate_error = |source| ServerTlsError::Certificate {
        file: files.cert_file.clone(),
        source,
    };
    let chain = CertificateDer::pem_file_iter(&files.cert_file)
        .map_err(certificate_error)?
        .collect::<Result<Vec<_>, _>>()
        .map_err(certificate_error)?;
    let key =
        PrivateKeyDer::from_pem_file(&files.key_file).map_err(|source| ServerTlsError::Key {
            file: files.key_file.clone(),
            source,
        })?;

    let pair_error = |source| ServerTlsError::Pair {
        cert_file: files.cert_file.clone(),
        key_file: files.key_file.clone(),
        source,
    };
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(pair_error)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(pair_error)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
