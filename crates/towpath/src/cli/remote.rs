//! The server that a command talks to: found, asked, and its problems told.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use web::table::{CsvRow, List, PREFIX, csv_text};
use web::{Problem, ProblemDetail};

use super::args::{Format, Global};
use crate::client::{Client, Payload, Response, encode};
use crate::config::{self, Config, Flags, Layers};
use crate::failure::{Exit, Failure};
use crate::output::{self, Place};
use crate::run::URL_FILE;

/// The largest page there is: the fewest requests for a whole list.
const PAGE: u32 = control::PageRequest::LIMIT_MAX;

/// A found server.
pub struct Remote {
    client: Client,
}

impl Remote {
    /// `--server`, else the server that runs on the data folder, else the configured or default address. The
    /// folder's token is sent to those alone, and to a `--server` on this machine.
    pub fn find(global: &Global) -> Result<Self, Failure> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let (server, token) = match (&given(&global.server), &given(&global.token)) {
            (Some(server), Some(token)) => (server.clone(), Some(token.clone())),
            (Some(server), None) if is_local(server) => (
                server.clone(),
                Some(folder_token(&config_of(global)?.data)?),
            ),
            (Some(server), None) => {
                return Err(Failure::usage(format!("no token for {server}")).next(
                    "set TOWPATH_TOKEN (or --token) to the content of admin.token in that server's data folder",
                ));
            }
            (None, token) => {
                let config = config_of(global)?;
                let server = running_server(&config.data)
                    .unwrap_or_else(|| format!("http://{}", config.web.listen));
                let token = match token {
                    Some(token) => token.clone(),
                    None => folder_token(&config.data)?,
                };
                (server, Some(token))
            }
        };

        let client = Client::new(&server, token.as_deref())?;
        if client.is_exposed() {
            output::note(&format!(
                "warning: the token for {server} crosses the network unencrypted; prefer https"
            ));
        }
        Ok(Self { client })
    }

    pub fn client(&self) -> &Client {
        &self.client
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.ask(Method::GET, path, None).await
    }

    pub async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, Failure> {
        let body = serde_json::to_vec(body)
            .map_err(|error| Failure::input(format!("cannot write JSON: {error}")))?;
        self.upload(path, "application/json", body.into()).await
    }

    pub async fn upload<T: DeserializeOwned>(
        &self,
        path: &str,
        content_type: &'static str,
        body: Bytes,
    ) -> Result<T, Failure> {
        self.ask(Method::POST, path, Some(Payload { content_type, body }))
            .await
    }

    /// Every page of a list. `path` may have a query.
    pub async fn list<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, Failure> {
        let separator = if path.contains('?') { '&' } else { '?' };
        let first = format!("{path}{separator}limit={PAGE}");
        let mut items = Vec::new();
        let mut target = first.clone();
        loop {
            let page: List<T> = self.get(&target).await?;
            items.extend(page.items);
            match page.next {
                Some(after) => target = format!("{first}&after={}", encode(&after)),
                None => return Ok(items),
            }
        }
    }

    pub async fn delete<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.ask(Method::DELETE, path, None).await
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        payload: Option<Payload>,
    ) -> Result<T, Failure> {
        let target = format!("{PREFIX}{path}");
        let response = self
            .client
            .send(method, &target, "application/json", payload)
            .await?;
        if !response.status.is_success() {
            return Err(refusal(&self.client, &response, None));
        }
        serde_json::from_slice(&response.body).map_err(|error| {
            Failure::server(format!(
                "the answer is not what this version expects: {error}"
            ))
            .at(format!("{}{target}", self.client.server()))
            .next("use the same version of towpath here and on the server")
        })
    }

    /// A push or an import: problems are shown with the lines of `text` that they are about.
    pub async fn submit<T: DeserializeOwned>(
        &self,
        path: &str,
        payload: Payload,
        source: Submitted<'_>,
    ) -> Result<T, Failure> {
        self.send(Method::POST, path, payload, source).await
    }

    /// The same for what takes the place of what is there.
    pub async fn replace<T: DeserializeOwned>(
        &self,
        path: &str,
        payload: Payload,
        source: Submitted<'_>,
    ) -> Result<T, Failure> {
        self.send(Method::PUT, path, payload, source).await
    }

    /// An answer that is text.
    pub async fn text(&self, path: &str) -> Result<String, Failure> {
        let target = format!("{PREFIX}{path}");
        let sent = self.client.send(Method::GET, &target, "*/*", None);
        let response = sent.await?;
        if !response.status.is_success() {
            return Err(refusal(&self.client, &response, None));
        }
        String::from_utf8(response.body.to_vec())
            .map_err(|_| Failure::server("the answer is not text".to_owned()))
    }

    async fn send<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        payload: Payload,
        source: Submitted<'_>,
    ) -> Result<T, Failure> {
        let target = format!("{PREFIX}{path}");
        let response = self
            .client
            .send(method, &target, "application/json", Some(payload))
            .await?;
        if !response.status.is_success() {
            return Err(refusal(&self.client, &response, Some(source)));
        }
        serde_json::from_slice(&response.body).map_err(|error| {
            Failure::server(format!(
                "the answer is not what this version expects: {error}"
            ))
        })
    }
}

/// What was sent, for excerpts.
#[derive(Debug, Clone, Copy)]
pub struct Submitted<'a> {
    pub file: &'a str,
    pub text: &'a str,
}

/// A refusal as the person reads it.
pub fn refusal(client: &Client, response: &Response, source: Option<Submitted<'_>>) -> Failure {
    let Ok(problem) = serde_json::from_slice::<Problem>(&response.body) else {
        let what = format!(
            "{} answered {} without saying why",
            client.server(),
            response.status
        );
        return Failure::server(what).next("check that --server names a Towpath admin address");
    };

    let is_input = matches!(
        problem.code.as_str(),
        "contract_refused" | "import_refused" | "body_not_text"
    );
    let exit = match problem.code.as_str() {
        "contract_breaks" | "contract_not_compared" => Exit::Findings,
        _ if is_input => Exit::Input,
        _ => Exit::Server,
    };
    let mut failure = Failure::new(exit, &problem.detail);
    failure.next_step = next_step(client, &problem);
    if let Some(source) = source {
        failure.what = summary(&problem);
        failure.details = problem
            .problems
            .iter()
            .map(|detail| excerpt(detail, source))
            .collect();
        failure.place = Some(format!(" --> {}", source.file));
    }
    failure
}

fn summary(problem: &Problem) -> String {
    let count = problem.problems.len();
    let noun = if count == 1 { "problem" } else { "problems" };
    match problem.code.as_str() {
        "contract_refused" => format!("contract refused: {count} {noun}"),
        "import_refused" => format!("import refused: {count} {noun}"),
        "contract_breaks" if count == 1 => "contract refused: 1 breaking change".to_owned(),
        "contract_breaks" => format!("contract refused: {count} breaking changes"),
        _ => problem.detail.clone(),
    }
}

fn next_step(client: &Client, problem: &Problem) -> Option<String> {
    let text = match problem.code.as_str() {
        "token_refused" => format!(
            "the token is not the one of {}: set TOWPATH_TOKEN (or --token), or name its data folder with --data",
            client.server()
        ),
        "contract_refused" => "the running contract stays; correct the file and push again".to_owned(),
        "contract_breaks" => "the running contract stays; change the file, or declare the break with --allow-breaking REASON".to_owned(),
        "contract_not_compared" => "the running contract stays; push in smaller steps, or declare what may break with --allow-breaking REASON".to_owned(),
        "import_refused" => "nothing was imported; correct the rows and import again".to_owned(),
        "state_unavailable" => "try again shortly, and see `towpath doctor`".to_owned(),
        "not_found" => "list what there is: `towpath consumer list`, `towpath surface list`, `towpath key list`".to_owned(),
        _ if problem.status >= 500 => format!("the server's log says why, by request id {}", problem.request_id),
        _ => return None,
    };
    Some(text)
}

fn excerpt(detail: &ProblemDetail, source: Submitted<'_>) -> String {
    let mut text = match (&detail.field, &detail.rule) {
        (Some(field), _) => format!("error: {field}: {}", detail.message),
        (None, Some(rule)) => format!("error[{rule}]: {}", detail.message),
        (None, None) => format!("error: {}", detail.message),
    };
    if let Some(line) = detail.line {
        let line = usize::try_from(line).unwrap_or(usize::MAX);
        let source_line = source
            .text
            .lines()
            .nth(line.saturating_sub(1))
            .unwrap_or_default();
        let column = detail
            .column
            .and_then(|column| usize::try_from(column).ok())
            .unwrap_or(1);
        let place = Place {
            file: source.file,
            line,
            column,
            source_line,
        };
        text.push('\n');
        text.push_str(&place.render());
    }
    if let Some(pointer) = detail
        .pointer
        .as_deref()
        .filter(|pointer| !pointer.is_empty())
    {
        text.push_str(&format!("\n  = at: {pointer}"));
    }
    if !detail.breaks.is_empty() {
        text.push_str(&format!("\n  = breaks: {}", detail.breaks.join(", ")));
    }
    if let Some(next_step) = &detail.next_step {
        text.push_str(&format!("\n  = help: {next_step}"));
    }
    text.push('\n');
    text
}

/// The effective configuration of a command that runs beside a server.
pub fn config_of(global: &Global) -> Result<Config, Failure> {
    Ok(config::load(&layers(global, Flags::default()))?.config)
}

/// The layers of a command: `--config`, else `./towpath.toml` when it exists; the environment; flags.
pub fn layers(global: &Global, flags: Flags) -> Layers {
    let beside = PathBuf::from("towpath.toml");
    let file = global
        .config
        .clone()
        .or_else(|| beside.exists().then_some(beside));
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("TOWPATH_"))
        .collect();
    Layers {
        file,
        environment,
        flags: Flags {
            data: global.data.clone(),
            ..flags
        },
    }
}

/// The admin address of the server that runs on this data folder.
pub fn running_server(data: &Path) -> Option<String> {
    let url = std::fs::read_to_string(data.join(URL_FILE)).ok()?;
    Some(url.trim().to_owned()).filter(|url| !url.is_empty())
}

fn folder_token(data: &Path) -> Result<String, Failure> {
    let path = data.join("admin.token");
    match std::fs::read_to_string(&path) {
        Ok(token) => Ok(token.trim().to_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Failure::input(
            "there is no admin token, so no server has run on this data folder",
        )
        .at(path.display())
        .next("start one with `towpath up`, or name its data folder with --data")),
        Err(error) => Err(
            Failure::input(format!("cannot read the admin token: {error}"))
                .at(path.display())
                .next("run as the user that runs the server, or set TOWPATH_TOKEN"),
        ),
    }
}

fn is_local(server: &str) -> bool {
    let Ok(uri) = server.parse::<http::Uri>() else {
        return false;
    };
    let host = uri
        .host()
        .unwrap_or_default()
        .trim_start_matches('[')
        .trim_end_matches(']')
        .to_owned();
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// One list in the wanted format; `human` makes the table.
pub fn print_list<T: Serialize + CsvRow>(
    items: &[T],
    format: Format,
    human: impl FnOnce(&[T]) -> output::Table,
) -> Result<(), Failure> {
    match format {
        Format::Json => output::print_json(&items),
        Format::Csv => print_csv(items),
        Format::Human if items.is_empty() => {
            output::note("none");
            Ok(())
        }
        Format::Human => output::print(&human(items).render(output::Colour::of_stdout())),
    }
}

pub fn print_csv<T: CsvRow>(rows: &[T]) -> Result<(), Failure> {
    let text =
        csv_text(rows).map_err(|error| Failure::input(format!("cannot write CSV: {error}")))?;
    output::print(&String::from_utf8_lossy(&text))
}

/// The answer to a command that changes something: JSON when wanted, else `human`; CSV is for lists.
pub fn print_result(result: &impl Serialize, format: Format, human: &str) -> Result<(), Failure> {
    match format {
        Format::Json => output::print_json(result),
        Format::Human => output::print(human),
        Format::Csv => Err(Failure::usage(
            "--format csv is for lists and reports; use json here",
        )),
    }
}

/// The text of an input file, or of stdin for `-`, with the name to show.
pub fn read_input(path: &Path) -> Result<(String, String), Failure> {
    let name = if path == Path::new("-") {
        "stdin".to_owned()
    } else {
        path.display().to_string()
    };
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin().lock(), &mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    let bytes = bytes
        .map_err(|error| Failure::input(format!("cannot read the file: {error}")).at(&name))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Failure::input(format!("the file is not UTF-8 at byte {at}"))
            .at(&name)
            .next("save it as UTF-8")
    })?;
    Ok((name, text))
}
