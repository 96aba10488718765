//! The doctor's checks that need the network: whether upstreams accept connections, and who can reach us.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use control::{Check, CheckState, Control, PageRequest};
use http::Uri;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
/// Enough for any one installation; a doctor that opens thousands of connections is an attack.
const UPSTREAMS_MAX: usize = 64;

/// The admin API has no TLS of its own: off this machine its token would be readable on the way.
pub fn web_exposed(web_addr: SocketAddr) -> Option<Check> {
    (!web_addr.ip().is_loopback()).then(|| Check {
        name: "web.exposed".to_owned(),
        state: CheckState::Warn,
        detail: format!("the admin API listens on {web_addr}, without TLS"),
        next_step: Some("listen on loopback, or let only a TLS proxy reach it".to_owned()),
    })
}

/// One check per upstream, in order of surface name.
pub async fn upstreams(control: &Control) -> Vec<Check> {
    let Ok(surfaces) = control
        .list_surfaces(&PageRequest::first(PageRequest::LIMIT_MAX))
        .await
    else {
        return Vec::new();
    };
    let named = surfaces.items.into_iter().flat_map(|surface| {
        let name = surface.settings.name;
        surface
            .settings
            .upstreams
            .into_iter()
            .map(move |upstream| (name.clone(), upstream))
    });

    let mut running = JoinSet::new();
    for (index, (surface, upstream)) in named.take(UPSTREAMS_MAX).enumerate() {
        running.spawn(async move { (index, upstream_check(&surface, &upstream).await) });
    }
    let mut checks = running.join_all().await;
    checks.sort_by_key(|(index, _)| *index);
    checks.into_iter().map(|(_, check)| check).collect()
}

async fn upstream_check(surface: &str, upstream: &str) -> Check {
    let started = Instant::now();
    let name = "upstream.reachable".to_owned();
    match connect(upstream).await {
        Ok(()) => {
            let detail = format!(
                "{surface}: {upstream} connects in {}ms",
                started.elapsed().as_millis()
            );
            Check {
                name,
                state: CheckState::Ok,
                detail,
                next_step: None,
            }
        }
        Err(reason) => Check {
            name,
            state: CheckState::Fail,
            detail: format!("{surface}: {upstream} does not connect: {reason}"),
            next_step: Some("start that API, or correct the surface's upstream".to_owned()),
        },
    }
}

async fn connect(upstream: &str) -> Result<(), String> {
    let uri: Uri = upstream.parse().map_err(|_| "it is no URL".to_owned())?;
    let host = uri
        .host()
        .unwrap_or_default()
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    let port = uri
        .port_u16()
        .unwrap_or(if uri.scheme_str() == Some("https") {
            443
        } else {
            80
        });
    match tokio::time::timeout(CONNECT_TIMEOUT, TcpStream::connect((host, port))).await {
        Err(_) => Err(format!("no answer in {}s", CONNECT_TIMEOUT.as_secs())),
        Ok(Err(error)) => Err(error.to_string()),
        Ok(Ok(_)) => Ok(()),
    }
}
