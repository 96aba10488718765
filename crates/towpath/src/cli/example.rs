//! A curl line that works when pasted: a plain GET of the surface's running contract.

use web::api::contracts::ContractSource;
use web::api::server::Status;
use web::api::surfaces::Surface;

use super::remote::Remote;
use crate::client::encode;

/// Above this the contract is not fetched for an example alone.
const SOURCE_BYTES_MAX: u64 = 2 << 20;

/// `header` is a whole header line. Falls back to the surface's root when no operation suits.
pub async fn curl(remote: &Remote, surface: &Surface, header: Option<&str>) -> String {
    let gateway = match remote.get::<Status>("/status").await {
        Ok(status) => status.gateway,
        Err(_) => "http://127.0.0.1:8080".to_owned(),
    };
    let path = operation_path(remote, surface)
        .await
        .unwrap_or_else(|| "/".to_owned());
    curl_line(&gateway, surface, &path, header)
}

fn curl_line(gateway: &str, surface: &Surface, path: &str, header: Option<&str>) -> String {
    let mut line = String::from("curl -i");
    if let Some(header) = header {
        line.push_str(&format!(" -H '{header}'"));
    }
    if let Some(host) = surface.settings.hosts.first() {
        line.push_str(&format!(" -H 'Host: {host}'"));
    }
    line.push_str(&format!(
        " '{gateway}{}{path}'",
        surface.settings.path_prefix
    ));
    line
}

async fn operation_path(remote: &Remote, surface: &Surface) -> Option<String> {
    let running = surface
        .contract
        .as_ref()
        .filter(|contract| contract.source_bytes <= SOURCE_BYTES_MAX)?;
    let found: ContractSource = remote
        .get(&format!("/contracts/{}", encode(&running.id)))
        .await
        .ok()?;
    let contract = contract::parse(&found.source, &running.file).ok()?;
    example_path(&contract)
}

/// The first GET that needs no path parameter, under the contract's first base path.
pub fn example_path(contract: &contract::Contract) -> Option<String> {
    let plain = contract
        .operations()
        .iter()
        .find(|operation| operation.method == "GET" && !operation.path.contains('{'))?;
    let base = contract.base_paths().into_iter().next().unwrap_or_default();
    Some(format!("{base}{}", plain.path))
}
