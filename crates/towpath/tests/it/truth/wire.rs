//! Messages as bytes, in the manner of their consumer.

use serde_json::{Value, json};

use super::cast::{Answers, Manner, Member};
use super::message::{Message, text};

/// The header by which a consumer of the test asks for its answer; no contract has it.
pub const ANSWER_HEADER: &str = "x-test-answer";
const BOUNDARY: &str = "b-o-u-n-d";

/// One request of a member; `prefix` is the path of the surface.
pub fn request(
    member: &Member,
    message: &Message,
    method: &str,
    prefix: &str,
    key: Option<&str>,
    day: i64,
) -> Vec<u8> {
    let manner = member.manner.on(day);
    let mut query: Vec<String> = message
        .query
        .iter()
        .map(|(name, value)| format!("{}={value}", name.replace('[', "%5B").replace(']', "%5D")))
        .collect();
    if manner == Manner::Unknown {
        query.push("zz_trace=1".to_owned());
    }
    let mark = if query.is_empty() { "" } else { "?" };
    let answers = match member.answers {
        Answers::Full => "full",
        Answers::Lean => "lean",
    };
    let mut head = format!(
        "{method} {prefix}{}{mark}{} HTTP/1.1\r\nHost: h\r\nUser-Agent: {}\r\n{ANSWER_HEADER}: {answers}\r\n",
        message.path,
        query.join("&"),
        member.agent,
    );
    let mut line = |name: &str, value: &str| head.push_str(&format!("{name}: {value}\r\n"));
    if let Some(key) = key {
        line("Authorization", &format!("Bearer {key}"));
    }
    for (name, value) in &message.headers {
        line(name, value);
    }
    let Some((media_type, value)) = &message.body else {
        head.push_str("\r\n");
        return head.into_bytes();
    };
    let body = written(media_type, value, manner);
    match manner {
        Manner::Untyped if media_type.ends_with("json") => {}
        Manner::Mislabelled => line("Content-Type", "text/plain"),
        _ if media_type.starts_with("multipart/") => {
            line(
                "Content-Type",
                &format!("{media_type}; boundary={BOUNDARY}"),
            );
        }
        _ => line("Content-Type", media_type),
    }
    if manner == Manner::Compressed {
        line("Content-Encoding", "gzip");
    }
    match manner {
        Manner::Chunked => {
            line("Transfer-Encoding", "chunked");
            head.push_str("\r\n");
            for piece in body.as_bytes().chunks(7) {
                head.push_str(&format!("{:x}\r\n", piece.len()));
                head.push_str(std::str::from_utf8(piece).expect("ASCII"));
                head.push_str("\r\n");
            }
            head.push_str("0\r\n\r\n");
        }
        Manner::Cut => {
            line("Content-Length", &(body.len() + 40).to_string());
            head.push_str("\r\n");
            head.push_str(&body);
        }
        _ => {
            line("Content-Length", &body.len().to_string());
            head.push_str("\r\n");
            head.push_str(&body);
        }
    }
    head.into_bytes()
}

fn written(media_type: &str, value: &Value, manner: Manner) -> String {
    let members = || value.as_object().into_iter().flatten();
    if media_type.starts_with("multipart/") {
        let part = |(name, value): (&String, &Value)| {
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{}\r\n",
                text(value)
            )
        };
        return members().map(part).collect::<String>() + &format!("--{BOUNDARY}--\r\n");
    }
    if media_type == "application/x-www-form-urlencoded" {
        let pairs = members().map(|(name, value)| format!("{name}={}", text(value)));
        return pairs.collect::<Vec<_>>().join("&");
    }
    let mut value = value.clone();
    if let Value::Object(members) = &mut value {
        match manner {
            Manner::Unknown => {
                let own = json!({"amount": "own", "currency": "CHF", "deep": [{"note": 1}]});
                members.insert("zz_own".to_owned(), own);
            }
            Manner::Long => {
                members.insert("zz_long".to_owned(), "x".repeat(200_000).into());
            }
            Manner::Deep => {
                let deep = (0..300).fold(json!(1), |inner, _| json!([inner]));
                members.insert("zz_deep".to_owned(), deep);
            }
            _ => {}
        }
    }
    let plain = value.to_string();
    match manner {
        // The first letter of every name of a property, as JSON may write it.
        Manner::Escaped => escaped(&plain),
        _ => plain,
    }
}

fn escaped(json: &str) -> String {
    let mut found = String::new();
    let mut rest = json;
    while let Some(at) = rest.find("\":") {
        let start = rest[..at].rfind('"').expect("a name begins with a quote") + 1;
        found.push_str(&rest[..start]);
        let mut name = rest[start..at].chars();
        if let Some(first) = name.next() {
            found.push_str(&format!("\\u{:04x}", u32::from(first)));
        }
        found.push_str(name.as_str());
        found.push_str("\":");
        rest = &rest[at + 2..];
    }
    found + rest
}
