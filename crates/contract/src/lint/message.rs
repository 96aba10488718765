//! The templates of messages: `{{error}}`, `{{description}}`, `{{path}}`, `{{property}}` and `{{value}}`.

/// What a template can name.
pub(super) struct Words<'w> {
    pub(super) error: &'w str,
    pub(super) description: &'w str,
    /// JSON pointer, from `#`.
    pub(super) path: &'w str,
    pub(super) property: &'w str,
    pub(super) value: &'w str,
}

/// The template with its names replaced; unknown ones vanish.
pub(super) fn fill(template: &str, words: &Words<'_>) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else {
            break;
        };
        text.push_str(before.strip_suffix('#').unwrap_or(before));
        text.push_str(match name.trim() {
            "error" => words.error,
            "description" => words.description,
            "path" => words.path,
            "property" | "print(\"property\")" => words.property,
            "value" | "print(\"value\")" => words.value,
            _ => "",
        });
        rest = after;
    }
    text.push_str(rest);
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Words, fill};

    #[test]
    fn names_are_replaced() {
        let words = Words {
            error: "E",
            description: "D",
            path: "#/a",
            property: "P",
            value: "V",
        };
        for (template, expect) in [
            ("{{error}} at {{path}}: {{ property }}", "E at #/a: P"),
            ("{{value}}{{description}}{{other}} {{", "VD {{"),
            ("#{{print(\"property\")}} is wrong", "P is wrong"),
        ] {
            assert_eq!(fill(template, &words), expect);
        }
    }
}
