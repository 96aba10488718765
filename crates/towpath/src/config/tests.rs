//! The configuration through its one door: layers in, values with their sources or a readable refusal out.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::*;
use crate::failure::Failure;

/// Files of one folder: `//- name` starts each; the config is `towpath.toml`.
fn load_fixture(
    fixture: &str,
    environment: &[(&str, &str)],
    flags: Flags,
) -> Result<Loaded, String> {
    let folder = tempfile::tempdir().unwrap();
    for file in fixture.split("//- ").filter(|file| !file.trim().is_empty()) {
        let (name, text) = file.split_once('\n').unwrap();
        std::fs::write(folder.path().join(name.trim()), text).unwrap();
    }
    let file = folder.path().join("towpath.toml");
    let layers = Layers {
        file: file.exists().then_some(file),
        environment: environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        flags,
    };
    let clean = |text: String| text.replace(&format!("{}/", folder.path().display()), "");
    load(&layers).map_err(|error| clean(Failure::from(error).to_string()))
}

fn load_toml(toml: &str) -> Result<Loaded, String> {
    load_fixture(&format!("//- towpath.toml\n{toml}"), &[], Flags::default())
}

fn refusal(toml: &str) -> String {
    load_toml(toml).expect_err("the configuration should be refused")
}

#[test]
fn flags_alone_are_one_surface_with_every_default() {
    let flags = Flags {
        surface: Some(SurfaceFlags {
            name: "payments".into(),
            upstream: vec!["http://127.0.0.1:9000".into()],
            contract: Some("openapi.yaml".into()),
        }),
        ..Flags::default()
    };
    let loaded = load_fixture("", &[], flags).unwrap();
    let mut expected = SurfaceSection::new("payments".into(), vec!["http://127.0.0.1:9000".into()]);
    expected.contract = Some("openapi.yaml".into());
    assert_eq!(
        loaded.config,
        Config {
            surfaces: vec![expected],
            ..Config::default()
        }
    );
    assert_eq!(
        loaded.source("surface[0].contract"),
        &Source::Flag { name: "--contract" }
    );
    assert_eq!(loaded.source("gateway.listen"), &Source::Default);
}

#[test]
fn later_layers_win_and_every_value_knows_its_source() {
    let toml = "//- towpath.toml\ndata = \"state\"\n[gateway]\nlisten = \"127.0.0.1:1\"\nworkers = 3\n\
                [gateway.timeouts]\ndrain = \"5s\"\n[web]\nlisten = \"127.0.0.1:2\"\n";
    let environment = [
        ("TOWPATH_GATEWAY_WORKERS", "4"),
        ("TOWPATH_WEB_HOSTS", "a.example, b.example"),
        ("TOWPATH_WEB_LISTEN", "127.0.0.1:3"),
    ];
    let flags = Flags {
        web: Some("127.0.0.1:4".into()),
        ..Flags::default()
    };
    let loaded = load_fixture(toml, &environment, flags).unwrap();

    assert_eq!(loaded.config.gateway.workers, 4);
    assert_eq!(loaded.config.web.hosts, ["a.example", "b.example"]);
    assert_eq!(loaded.config.web.listen.port(), 4);
    assert_eq!(loaded.config.gateway.timeouts.drain, Span::seconds(5));
    assert_eq!(loaded.config.gateway.timeouts.head, Span::seconds(10));
    assert!(
        loaded.config.data.ends_with("state") && loaded.config.data.is_absolute(),
        "beside the file"
    );

    let source = |path: &str| {
        loaded
            .source(path)
            .to_string()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(source("gateway.listen"), "towpath.toml:3");
    assert_eq!(source("gateway.timeouts.drain"), "towpath.toml:6");
    assert_eq!(source("gateway.workers"), "TOWPATH_GATEWAY_WORKERS");
    assert_eq!(source("web.listen"), "--web");
    assert_eq!(source("log.level"), "default");
}

#[test]
fn a_surface_of_the_file_is_overridden_by_flags_of_the_same_name() {
    let toml = "//- towpath.toml\n[[surface]]\nname = \"a\"\nupstreams = [\"http://one\", \"http://two\"]\nanonymous = \"401\"\n\
                [[surface]]\nname = \"b\"\nupstream = \"http://b\"\npath_prefix = \"/b\"\ncontract = \"b.yaml\"\n";
    let flags = Flags {
        surface: Some(SurfaceFlags {
            name: "a".into(),
            upstream: vec!["http://three".into()],
            contract: None,
        }),
        ..Flags::default()
    };
    let loaded = load_fixture(toml, &[], flags).unwrap();
    let [a, b] = loaded.config.surfaces.as_slice() else {
        panic!("two surfaces")
    };
    assert_eq!(
        (a.upstream.as_slice(), a.anonymous),
        (
            &["http://three".to_owned()][..],
            surface::Anonymous::Unauthorized
        )
    );
    assert!(
        b.contract.as_ref().unwrap().is_absolute(),
        "beside the file"
    );
}

#[test]
fn an_unknown_key_is_refused_with_its_place_and_a_guess() {
    insta::assert_snapshot!(refusal("[gateway]\nlisen = \"127.0.0.1:1\"\n"), @r#"
    error: unknown key `lisen`
     --> towpath.toml:2:1
      |
    2 | lisen = "127.0.0.1:1"
      | ^
      = help: did you mean `listen`?
    "#);
    insta::assert_snapshot!(refusal("[[surface]]\nname = \"a\"\nupstream = \"http://a\"\ncolour = \"red\"\n"), @r#"
    error: unknown key `colour`
     --> towpath.toml:4:1
      |
    4 | colour = "red"
      | ^
      = help: known keys here: name, host, hosts, path_prefix, strip_path_prefix, base_path, contract, upstream, upstreams, upstream_ca_file, preserve_host, identity, unknown_path, anonymous, timeouts, body_limit
    "#);
}

#[test]
fn values_are_refused_with_what_was_expected() {
    insta::assert_snapshot!(refusal("[gateway.timeouts]\nhead = 10\n"), @r#"
    error: invalid type: integer `10`, expected a duration such as "30s"
     --> towpath.toml:2:8
      |
    2 | head = 10
      |        ^
    "#);
    insta::assert_snapshot!(refusal("[gateway.timeouts]\nhead = \"10 parsecs\"\n"), @r#"
    error: duration "10 parsecs" needs numbers with a unit: ms, s, m, h or d, such as "30s" or "1h30m"
     --> towpath.toml:2:8
      |
    2 | head = "10 parsecs"
      |        ^
    "#);
    insta::assert_snapshot!(refusal("[meter]\ndurability = \"none\"\n"), @r#"
    error: `none` is not a choice here
     --> towpath.toml:2:14
      |
    2 | durability = "none"
      |              ^
      = help: use one of: group, strict
    "#);
    insta::assert_snapshot!(refusal("[[surface]]\nname = \"a\"\n"), @r"
    error: key `upstream` is missing
     --> towpath.toml:1:1
      |
    1 | [[surface]]
      | ^
    ");
    insta::assert_snapshot!(refusal("[gateway\nlisten = 1\n"), @r"
    error: unclosed table, expected `]`
     --> towpath.toml:1:9
      |
    1 | [gateway
      |         ^
    ");
}

#[test]
fn values_that_make_no_sense_are_all_told() {
    insta::assert_snapshot!(refusal("[gateway]\nlisten = \"127.0.0.1:1\"\n[web]\nlisten = \"127.0.0.1:1\"\n[retention]\nminutes = \"1m\"\n[[surface]]\nname = \"a\"\nupstream = \"ftp://user:secret@host\"\npath_prefix = \"v1/\"\n"), @r#"
    error: gateway and web both listen on 127.0.0.1:1
     --> towpath.toml:4:1
      |
    4 | listen = "127.0.0.1:1"
      | ^
      = help: give each its own port: consumers use the gateway, only you use web
    error: retention.minutes must be an hour to a century
     --> towpath.toml:6:1
      |
    6 | minutes = "1m"
      | ^
      = help: write a duration such as "396d"; days may also be "forever"
    error: "ftp://(hidden)@host" needs the scheme http, https or h2c
     --> towpath.toml:9:1
      |
    9 | upstream = "ftp://user:secret@host"
      | ^
      = help: write http://host:port, https://host or h2c://host:port
    error: path prefix "v1/" must start with a slash and not end with one
      --> towpath.toml:10:1
       |
    10 | path_prefix = "v1/"
       | ^
      = help: write path_prefix = "/payments", or leave it out
    "#);
}

#[test]
fn surfaces_that_claim_the_same_requests_are_refused() {
    let two = |first: &str, second: &str| {
        load_toml(&format!(
            "[[surface]]\nname = \"a\"\nupstream = \"http://a\"\n{first}\n[[surface]]\nname = \"b\"\nupstream = \"http://b\"\n{second}\n"
        ))
    };
    assert!(two("", "").is_err());
    assert!(two("host = \"x\"", "host = [\"y\", \"X\"]").is_err());
    assert!(two("path_prefix = \"/v1\"", "path_prefix = \"/v1\"").is_err());
    two("host = \"x\"", "host = \"y\"").unwrap();
    two("", "path_prefix = \"/v1\"").unwrap();
    assert!(load_toml("[[surface]]\nname = \"a\"\nupstream = \"http://a\"\n[[surface]]\nname = \"a\"\nupstream = \"http://a\"\nhost = \"x\"\n").is_err());
}

#[test]
fn the_environment_is_named_in_its_errors_and_unknown_variables_only_warn() {
    let refused =
        load_fixture("", &[("TOWPATH_GATEWAY_WORKERS", "many")], Flags::default()).unwrap_err();
    insta::assert_snapshot!(refused, @r#"
    error: invalid type: string "many", expected u16
     --> environment variable TOWPATH_GATEWAY_WORKERS
      = help: see packaging/towpath.toml for every setting, or run `towpath config show`
    "#);
    let environment = [
        ("TOWPATH_GATEWAY_LISTN", "x"),
        ("TOWPATH_PORT_8080_TCP", "tcp://10.0.0.1"),
        ("TOWPATH_TOKEN", "t"),
    ];
    let loaded = load_fixture("", &environment, Flags::default()).unwrap();
    insta::assert_snapshot!(loaded.warnings.join("\n"), @r"
    environment variable TOWPATH_GATEWAY_LISTN is no setting; did you mean TOWPATH_GATEWAY_LISTEN?
    environment variable TOWPATH_PORT_8080_TCP is no setting and has no effect
    ");
}

#[test]
fn every_identity_is_read_and_files_are_beside_the_config() {
    let toml = "[[surface]]\nname = \"a\"\nupstream = \"http://a\"\nidentity = [\n\
                { kind = \"towpath_key\" },\n{ kind = \"header\", header = \"Authorization\", scheme = \"token\" },\n\
                { kind = \"basic_user\" },\n{ kind = \"query\", parameter = \"api_key\" },\n\
                { kind = \"jwt_claim\", claim = \"sub\", jwks_file = \"keys.json\" },\n]\n";
    let loaded = load_toml(toml).unwrap();
    let identity = &loaded.config.surfaces[0].identity;
    assert_eq!(identity.len(), 5);
    let gateway::IdentitySpec::JwtClaim { jwks_file, .. } = &identity[4] else {
        panic!("{identity:?}")
    };
    assert!(PathBuf::from(jwks_file).is_absolute());
    assert!(load_toml(&toml.replace("parameter", "name")).is_err());
}

/// What is printed, read back, is the same configuration.
#[test]
fn the_report_holds_every_value_and_no_secret() {
    let loaded = load_toml("[[surface]]\nname = \"a\"\nupstream = \"http://a\"\n[surface.timeouts]\nconnect = \"1s\"\n").unwrap();
    let lines = report::lines(&loaded);
    let value = |setting: &str| {
        lines
            .iter()
            .find(|line| line.setting == setting)
            .map(|line| line.value.as_str())
    };
    assert_eq!(value("surface[0].timeouts.connect"), Some("\"1s\""));
    assert_eq!(value("gateway.tls.cert_file"), Some(""));
    assert_eq!(value("retention.days"), Some("\"forever\""));

    let mut text: BTreeMap<&str, String> = BTreeMap::new();
    for line in lines
        .iter()
        .filter(|line| !line.setting.starts_with("surface[") && !line.value.is_empty())
    {
        text.insert(&line.setting, line.value.clone());
    }
    let toml: String = text
        .iter()
        .map(|(setting, value)| format!("{setting} = {value}\n"))
        .collect();
    let again = load_toml(&toml).unwrap().config;
    assert!(again.data.ends_with(&loaded.config.data));
    assert_eq!(
        Config {
            surfaces: Vec::new(),
            data: again.data.clone(),
            ..loaded.config.clone()
        },
        again
    );
}

#[test]
fn encoded_slashes_and_base_paths_are_the_owners_choice() {
    let surface = "[[surface]]\nname = \"a\"\nupstream = \"http://a\"\n";
    let plain = load_toml(surface).unwrap();
    assert_eq!(plain.config.gateway.encoded_slash, EncodedSlash::Refuse);
    assert_eq!(plain.config.surfaces[0].base_path, None);

    let toml = format!("[gateway]\nencoded_slash = \"pass\"\n{surface}base_path = \"/v1\"\n");
    let chosen = load_toml(&toml).unwrap();
    assert_eq!(chosen.config.gateway.encoded_slash, EncodedSlash::Pass);
    assert_eq!(chosen.config.surfaces[0].base_path.as_deref(), Some("/v1"));
    let shown = |setting: &str| {
        let lines = report::lines(&chosen);
        let line = lines.into_iter().find(|line| line.setting == setting);
        line.map(|line| line.value)
    };
    assert_eq!(shown("gateway.encoded_slash").as_deref(), Some("\"pass\""));
    assert_eq!(shown("surface[0].base_path").as_deref(), Some("\"/v1\""));
    let environment = [("TOWPATH_GATEWAY_ENCODED_SLASH", "pass")];
    let set = load_fixture(surface, &environment, Flags::default()).unwrap();
    assert_eq!(set.config.gateway.encoded_slash, EncodedSlash::Pass);

    assert!(load_toml(&toml.replace("pass", "maybe")).is_err());
    assert!(load_toml(&toml.replace("/v1", "v1/")).is_err());
    load_toml(&toml.replace("/v1", "")).unwrap();
}

#[test]
fn a_reload_names_what_needs_a_restart() {
    let old = load_toml("[gateway]\nworkers = 2\n").unwrap();
    let new = load_toml("[gateway]\nworkers = 3\n[log]\nlevel = \"debug\"\n[contract]\nclients = \"strict\"\n[[surface]]\nname = \"a\"\nupstream = \"http://a\"\n").unwrap();
    assert_eq!(
        report::settings_changed(&old, &new),
        ["gateway.workers", "log.level"]
    );
}

/// The commented example says the defaults, and every setting it shows is one.
#[test]
fn the_example_config_is_complete_and_true() {
    let example = include_str!("../../../../packaging/towpath.toml");
    assert_eq!(load_toml(example).unwrap().config.surfaces.len(), 1);

    // Settings are commented without a space after the mark, prose with one.
    let mut uncommented = String::new();
    for line in example.lines() {
        let setting = line.strip_prefix('#').filter(|rest| !rest.starts_with(' '));
        let is_variant = line.contains("10.0.0.7")
            || line.starts_with("#contract")
            || line.starts_with("#upstream_ca_file");
        match setting {
            Some(_)
                if is_variant
                    || line.contains("host = [")
                    || line.contains("path_prefix")
                    || line.contains("base_path")
                    || line.contains("body_limit") => {}
            Some(setting) => uncommented.extend([setting, "\n"]),
            None => uncommented.extend([line, "\n"]),
        }
    }
    let mut loaded = load_toml(&uncommented).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert!(loaded.config.gateway.tls.take().is_some());
    assert!(
        std::mem::take(&mut loaded.config.notices)
            .dkim
            .key_file
            .is_some()
    );
    let data = std::mem::replace(&mut loaded.config.data, Config::default().data);
    assert!(data.ends_with("towpath-data"));
    let expected = SurfaceSection::new("payments".into(), vec!["http://127.0.0.1:9000".into()]);
    assert_eq!(
        loaded.config,
        Config {
            surfaces: vec![expected],
            ..Config::default()
        }
    );
    for setting in settings::SETTINGS {
        assert!(
            uncommented.contains(setting.path.rsplit('.').next().unwrap_or_default()),
            "{} is missing",
            setting.path
        );
    }
}

#[test]
fn a_rule_has_a_level_a_reason_an_owner_and_an_end() {
    let rule = "[[contract.rule]]\nid = \"a\"\nlevel = \"none\"\nreason = \"r\"\nowner = \"o\"\n";
    for day in ["2027-03-31", "\"2027-03-31\""] {
        let loaded = load_toml(&format!("{rule}expires = {day}\n")).unwrap();
        let found = loaded.config.contract.rules[0].to_override();
        assert_eq!(found.expires, jiff::civil::date(2027, 3, 31));
        assert_eq!(found.level, ::contract::LevelOverride::Off);
        let lines = report::lines(&loaded);
        let expires = lines
            .iter()
            .find(|line| line.setting == "contract.rule[0].expires");
        assert_eq!(expires.unwrap().value, "\"2027-03-31\"");
    }
    insta::assert_snapshot!(refusal(rule), @r"
    error: key `expires` is missing
     --> towpath.toml:1:1
      |
    1 | [[contract.rule]]
      | ^
    ");
    insta::assert_snapshot!(refusal(&format!("{rule}expires = \"soon\"\n")), @r#"
    error: `soon` is no day; write it as 2027-03-31
     --> towpath.toml:6:11
      |
    6 | expires = "soon"
      |           ^
    "#);
    let nobody = rule.replace("\"o\"", "\" \"");
    insta::assert_snapshot!(refusal(&format!("{nobody}expires = 2027-03-31\n")), @r#"
    error: owner of a rule's override is empty
     --> towpath.toml:5:1
      |
    5 | owner = " "
      | ^
      = help: say which rule, why its level does not fit here, and who answers for it
    "#);
}
