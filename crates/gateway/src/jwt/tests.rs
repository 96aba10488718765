//! Tokens that must be believed and tokens that must not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA384, RsaEncoding,
};
use ring::{hmac, rsa};
use serde_json::{Value, json};

use super::*;

const NOW: Micros = Micros::from_seconds(1_800_000_000);
const SECRET: &[u8] = b"0123456789abcdef0123456789abcdef";

/// The key of RFC 7515 appendix A.2.
const RSA_N: &str = "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ";
const RSA_D: &str = "Eq5xpGnNCivDflJsRQBXHx1hdR1k6Ulwe2JZD50LpXyWPEAeP88vLNO97IjlA7_GQ5sLKMgvfTeXZx9SE-7YwVol2NXOoAJe46sui395IW_GO-pWJ1O0BkTGoVEn2bKVRUCgu-GjBVaYLU6f3l9kJfFNS3E0QbVdxzubSu3Mkqzjkn439X0M_V51gfpRLI9JYanrC4D4qAdGcopV_0ZHHzQlBjudU2QvXt4ehNYTCBr6XCLQUShb1juUO1ZdiYoFaFQT5Tw8bGUl_x_jTj3ccPDVZFD9pIuhLhBOneufuBiB4cS98l2SR_RQyGWSeWjnczT0QU91p1DhOVRuOopznQ";
const RSA_P: &str = "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5PJdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc";
const RSA_Q: &str = "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZD_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc";
const RSA_DP: &str = "BwKfV3Akq5_MFZDFZCnW-wzl-CCo83WoZvnLQwCTeDv8uzluRSnm71I3QCLdhrqE2e9YkxvuxdBfpT_PI7Yz-FOKnu1R6HsJeDCjn12Sk3vmAktV2zb34MCdy7cpdTh_YVr7tss2u6vneTwrA86rZtu5Mbr1C1XsmvkxHQAdYo0";
const RSA_DQ: &str = "h_96-mK1R_7glhsum81dZxjTnYynPbZpHziZjeeHcXYsXaaMwkOlODsWa7I9xXDoRwbKgB719rrmI2oKr6N3Do9U0ajaHF-NKJnwgjMd2w9cjz3_-kyNlxAr2v4IKhGNpmM5iIgOS1VZnOZ68m6_pbLBSp3nssTdlqvd0tIiTHU";
const RSA_QI: &str = "IYd7DHOhrWvxkwPQsRM2tOgrjbcrfvtQJipd-DlcxyVuuM9sQLdgjVk2oy26F0EmpScGLq2MowX7fhd_QJQ3ydy5cY7YIBi87w93IKLEdfnbJtoOPLUW0ITrJReOgo1cq9SbsxYawBgfp_gh6A5603k2-ZQwVK0JKSHuLFkuQ3U";

fn encode(json: &Value) -> String {
    BASE64.encode(json.to_string())
}

/// A token over `header` and `payload` as `sign` signs it.
fn token(header: &Value, payload: &Value, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let signed = format!("{}.{}", encode(header), encode(payload));
    let signature = BASE64.encode(sign(signed.as_bytes()));
    format!("{signed}.{signature}").into_bytes()
}

fn hs256(secret: &[u8]) -> impl FnOnce(&[u8]) -> Vec<u8> {
    move |signed| {
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), signed)
            .as_ref()
            .to_vec()
    }
}

fn secret_set() -> Value {
    json!({"keys": [{"kty": "oct", "kid": "s", "k": BASE64.encode(SECRET)}]})
}

fn verifier(jwks: &Value) -> Verifier {
    Verifier::new(jwks.to_string().as_bytes(), None, None).unwrap()
}

fn sub(payload: Value) -> Result<String, TokenError> {
    let token = token(
        &json!({"alg": "HS256", "kid": "s"}),
        &payload,
        hs256(SECRET),
    );
    verifier(&secret_set())
        .verify(&token, "sub", NOW)
        .map(|verified| verified.claim)
}

fn rsa_key() -> rsa::KeyPair {
    let part = |text: &str| BASE64.decode(text).unwrap();
    rsa::KeyPair::from_components(&rsa::KeyPairComponents {
        public_key: rsa::PublicKeyComponents {
            n: part(RSA_N),
            e: part("AQAB"),
        },
        d: part(RSA_D),
        p: part(RSA_P),
        q: part(RSA_Q),
        dP: part(RSA_DP),
        dQ: part(RSA_DQ),
        qInv: part(RSA_QI),
    })
    .unwrap()
}

fn rsa_sign(encoding: &'static dyn RsaEncoding) -> impl FnOnce(&[u8]) -> Vec<u8> {
    move |signed| {
        let key = rsa_key();
        let mut signature = vec![0; key.public().modulus_len()];
        key.sign(encoding, &SystemRandom::new(), signed, &mut signature)
            .unwrap();
        signature
    }
}

fn rsa_set() -> Value {
    json!({"keys": [{"kty": "RSA", "kid": "r", "use": "sig", "n": RSA_N, "e": "AQAB"}]})
}

#[test]
fn rsa_signatures_of_both_paddings() {
    for (algorithm, encoding) in [
        ("RS256", &RSA_PKCS1_SHA256 as &'static dyn RsaEncoding),
        ("PS384", &RSA_PSS_SHA384),
    ] {
        let token = token(
            &json!({"alg": algorithm, "kid": "r"}),
            &json!({"sub": "acme"}),
            rsa_sign(encoding),
        );
        let verified = verifier(&rsa_set()).verify(&token, "sub", NOW).unwrap();
        assert_eq!(
            verified,
            Verified {
                claim: "acme".to_owned(),
                until: None
            }
        );
    }
    // One padding does not pass for the other.
    let token = token(
        &json!({"alg": "PS256", "kid": "r"}),
        &json!({"sub": "acme"}),
        rsa_sign(&RSA_PKCS1_SHA256),
    );
    assert_eq!(
        verifier(&rsa_set()).verify(&token, "sub", NOW),
        Err(TokenError::Signature)
    );
}

#[test]
fn the_example_of_rfc_7515_verifies() {
    // Appendix A.2.1; it expired in 2011.
    let token = b"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";
    let before = Micros::from_seconds(1_300_819_379);
    assert_eq!(
        verifier(&rsa_set())
            .verify(token, "iss", before)
            .unwrap()
            .claim,
        "joe"
    );
    assert_eq!(
        verifier(&rsa_set()).verify(token, "iss", NOW),
        Err(TokenError::Expired)
    );
}

fn ecdsa(algorithm: &'static EcdsaSigningAlgorithm, alg: &str, crv: &str) {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    let key = EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &random).unwrap();
    let point = &key.public_key().as_ref()[1..];
    let (x, y) = point.split_at(point.len() / 2);
    let set =
        json!({"keys": [{"kty": "EC", "crv": crv, "x": BASE64.encode(x), "y": BASE64.encode(y)}]});
    let sign = |signed: &[u8]| key.sign(&random, signed).unwrap().as_ref().to_vec();
    let token = token(&json!({"alg": alg}), &json!({"sub": "acme"}), sign);
    assert_eq!(
        verifier(&set).verify(&token, "sub", NOW).unwrap().claim,
        "acme"
    );
}

#[test]
fn elliptic_curve_signatures() {
    ecdsa(&ECDSA_P256_SHA256_FIXED_SIGNING, "ES256", "P-256");
    ecdsa(&ECDSA_P384_SHA384_FIXED_SIGNING, "ES384", "P-384");

    let key = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let set =
        json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": BASE64.encode(key.public_key())}]});
    let token = token(
        &json!({"alg": "EdDSA"}),
        &json!({"sub": "acme"}),
        |signed| key.sign(signed).as_ref().to_vec(),
    );
    assert_eq!(
        verifier(&set).verify(&token, "sub", NOW).unwrap().claim,
        "acme"
    );
}

#[test]
fn times_with_leeway() {
    let now = NOW.seconds();
    assert_eq!(
        sub(json!({"sub": "a", "exp": now + 1, "nbf": now})),
        Ok("a".to_owned())
    );
    assert_eq!(
        sub(json!({"sub": "a", "exp": now - 29})),
        Ok("a".to_owned())
    );
    assert_eq!(
        sub(json!({"sub": "a", "exp": now - 30})),
        Err(TokenError::Expired)
    );
    assert_eq!(
        sub(json!({"sub": "a", "nbf": now + 30})),
        Ok("a".to_owned())
    );
    assert_eq!(
        sub(json!({"sub": "a", "nbf": now + 31})),
        Err(TokenError::NotYetValid)
    );
    assert_eq!(sub(json!({"sub": "a", "exp": 1.8e9})), Ok("a".to_owned()));
    assert_eq!(sub(json!({"sub": "a", "exp": 1e300})), Ok("a".to_owned()));
    for broken in [json!("1800000001"), json!(null), json!(-1), json!([])] {
        assert_eq!(
            sub(json!({"sub": "a", "exp": broken})),
            Err(TokenError::Malformed),
            "{broken}"
        );
    }
}

#[test]
fn claims_are_text_or_whole_numbers() {
    assert_eq!(sub(json!({"sub": "a"})), Ok("a".to_owned()));
    assert_eq!(sub(json!({"sub": 42})), Ok("42".to_owned()));
    for broken in [
        json!(""),
        json!(1.5),
        json!(true),
        json!(null),
        json!(["a"]),
        json!({}),
        json!("x".repeat(1025)),
    ] {
        assert_eq!(
            sub(json!({"sub": broken})),
            Err(TokenError::Claim),
            "{broken}"
        );
    }
    let payload = json!({"https://acme.example/id": "n", "realm": {"client": ["x", "y"]}});
    let token = token(&json!({"alg": "HS256"}), &payload, hs256(SECRET));
    let claim = |name: &str| {
        verifier(&secret_set())
            .verify(&token, name, NOW)
            .map(|verified| verified.claim)
    };
    assert_eq!(claim("https://acme.example/id"), Ok("n".to_owned()));
    assert_eq!(claim("/realm/client/1"), Ok("y".to_owned()));
    assert_eq!(claim("client"), Err(TokenError::Claim));
}

#[test]
fn issuer_and_audience_must_be_the_expected_ones() {
    let verifier = Verifier::new(
        secret_set().to_string().as_bytes(),
        Some("https://idp".into()),
        Some("api".into()),
    )
    .unwrap();
    let check = |payload: Value| {
        let token = token(&json!({"alg": "HS256"}), &payload, hs256(SECRET));
        verifier.verify(&token, "sub", NOW).map(drop)
    };
    assert_eq!(
        check(json!({"sub": "a", "iss": "https://idp", "aud": "api"})),
        Ok(())
    );
    assert_eq!(
        check(json!({"sub": "a", "iss": "https://idp", "aud": ["x", "api"]})),
        Ok(())
    );
    assert_eq!(
        check(json!({"sub": "a", "aud": "api"})),
        Err(TokenError::Issuer)
    );
    assert_eq!(
        check(json!({"sub": "a", "iss": ["https://idp"], "aud": "api"})),
        Err(TokenError::Issuer)
    );
    for audience in [
        json!("apis"),
        json!(["x"]),
        json!([]),
        json!(null),
        json!({"api": 1}),
    ] {
        assert_eq!(
            check(json!({"sub": "a", "iss": "https://idp", "aud": audience})),
            Err(TokenError::Audience)
        );
    }
}

#[test]
fn no_algorithm_but_the_keys_own() {
    let check = |set: &Value, header: Value, secret: &[u8]| {
        let token = token(&header, &json!({"sub": "a"}), hs256(secret));
        verifier(set)
            .verify(&token, "sub", NOW)
            .map(drop)
            .unwrap_err()
    };
    // A public key is no secret, whatever the token says.
    let public = BASE64.decode(RSA_N).unwrap();
    assert_eq!(
        check(&rsa_set(), json!({"alg": "HS256", "kid": "r"}), &public),
        TokenError::Algorithm
    );
    for algorithm in ["none", "None", "NONE", "", "hs256", "HS1", "RS1", "ES512"] {
        assert_eq!(
            check(&secret_set(), json!({"alg": algorithm}), SECRET),
            TokenError::Algorithm,
            "{algorithm}"
        );
    }
    assert_eq!(
        check(&secret_set(), json!({"alg": "RS256", "kid": "s"}), SECRET),
        TokenError::Algorithm
    );
    let only_512 = json!({"keys": [{"kty": "oct", "alg": "HS512", "k": BASE64.encode(SECRET)}]});
    assert_eq!(
        check(&only_512, json!({"alg": "HS256"}), SECRET),
        TokenError::Algorithm
    );
    assert_eq!(
        check(
            &secret_set(),
            json!({"alg": "HS256", "crit": ["b64"], "b64": false}),
            SECRET
        ),
        TokenError::Critical
    );
    assert_eq!(
        check(
            &secret_set(),
            json!({"alg": "HS256", "kid": "other"}),
            SECRET
        ),
        TokenError::KeyUnknown
    );
    assert_eq!(
        check(
            &secret_set(),
            json!({"alg": "HS256"}),
            b"another secret of at least 32 byte"
        ),
        TokenError::Signature
    );
    assert_eq!(
        check(&secret_set(), json!({"typ": "JWT"}), SECRET),
        TokenError::Malformed
    );
}

#[test]
fn text_that_is_no_token() {
    let good = token(
        &json!({"alg": "HS256"}),
        &json!({"sub": "a"}),
        hs256(SECRET),
    );
    let good = String::from_utf8(good).unwrap();
    let verify = |token: &str| {
        verifier(&secret_set())
            .verify(token.as_bytes(), "sub", NOW)
            .map(drop)
    };
    assert_eq!(verify(&good), Ok(()));
    let (signed, _) = good.rsplit_once('.').unwrap();
    assert_eq!(verify(&format!("{signed}.")), Err(TokenError::Signature));
    let long = format!("{good}{}", "A".repeat(17_000));
    // A payload that is given twice, once unsigned, is one part too many.
    for bad in [
        "",
        ".",
        "..",
        "a.b.c",
        signed,
        &format!("{good}="),
        &format!("{good}.x"),
        &format!(" {good}"),
        &long,
    ] {
        assert_eq!(verify(bad), Err(TokenError::Malformed), "{bad}");
    }
    // Every changed character of the signed text is noticed.
    for at in 0..good.len() {
        let mut changed = good.clone().into_bytes();
        changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
        if changed[at] != good.as_bytes()[at] {
            let result = verifier(&secret_set()).verify(&changed, "sub", NOW);
            assert!(result.is_err(), "character {at}");
        }
    }
}

#[test]
fn a_duplicate_header_member_is_not_chosen_from() {
    let signed = format!(
        "{}.{}",
        BASE64.encode(r#"{"alg":"none","alg":"HS256"}"#),
        encode(&json!({"sub": "a"}))
    );
    let token = format!(
        "{signed}.{}",
        BASE64.encode(hs256(SECRET)(signed.as_bytes()))
    );
    assert_eq!(
        verifier(&secret_set()).verify(token.as_bytes(), "sub", NOW),
        Err(TokenError::Malformed)
    );
}

#[test]
fn key_sets_that_cannot_be_used_say_why() {
    let error = |set: Value| {
        Verifier::new(set.to_string().as_bytes(), None, None)
            .unwrap_err()
            .to_string()
    };
    insta::assert_snapshot!(error(json!({"kty": "oct"})), @"it is not a JSON Web Key Set: an object with a list `keys`");
    insta::assert_snapshot!(
        error(json!({"keys": [{"kty": "RSA", "use": "enc", "n": RSA_N, "e": "AQAB"}, {"kty": "EC", "crv": "secp256k1"}]})),
        @"none of its 2 keys verifies signatures by RSA, P-256, P-384, Ed25519 or HMAC"
    );
    insta::assert_snapshot!(
        error(json!({"keys": [{"kty": "EC", "kid": "e1", "crv": "P-256", "x": "AA", "y": "AA"}]})),
        @r#"key 0 (id Some("e1")) has an unusable "x"; export the set again from its issuer"#
    );
    // A secret that could be guessed is none.
    insta::assert_snapshot!(
        error(json!({"keys": [{"kty": "oct", "k": BASE64.encode(b"short")}]})),
        @r#"key 0 (id None) has an unusable "k"; export the set again from its issuer"#
    );
    let debug = format!("{:?}", verifier(&secret_set()));
    insta::assert_snapshot!(debug, @"Verifier { issuer: None, audience: None, .. }");
}

#[test]
fn a_verdict_is_kept_until_the_token_or_the_trust_ends_and_for_its_verifier_only() {
    let now = NOW.seconds();
    let verifier = verifier(&secret_set());
    let mut tokens = VerifiedTokens::default();
    let short = token(
        &json!({"alg": "HS256"}),
        &json!({"sub": "a", "exp": now + 10}),
        hs256(SECRET),
    );
    assert_eq!(tokens.claim(&verifier, &short, "sub", NOW), Ok("a"));
    assert_eq!(
        tokens.claim(&verifier, &short, "sub", NOW.plus_seconds(39)),
        Ok("a")
    );
    assert_eq!(
        tokens.claim(&verifier, &short, "sub", NOW.plus_seconds(40)),
        Err(TokenError::Expired)
    );
    assert_eq!(
        tokens.claim(&verifier, &short, "iss", NOW),
        Err(TokenError::Claim)
    );

    let other = Verifier::new(
        secret_set().to_string().as_bytes(),
        Some("idp".into()),
        None,
    )
    .unwrap();
    assert_eq!(
        tokens.claim(&other, &short, "sub", NOW),
        Err(TokenError::Issuer)
    );
    let mut rotated = secret_set();
    rotated["keys"][0]["k"] = json!(BASE64.encode(b"another secret of at least 32 bytes"));
    let rotated = Verifier::new(rotated.to_string().as_bytes(), None, None).unwrap();
    assert_eq!(
        tokens.claim(&rotated, &short, "sub", NOW),
        Err(TokenError::Signature)
    );
}

#[test]
fn many_tokens_push_out_old_ones_and_never_mix() {
    let verifier = verifier(&secret_set());
    let mut tokens = VerifiedTokens::default();
    let all: Vec<(String, Vec<u8>)> = (0..6_000)
        .map(|i| {
            let name = format!("consumer {i}");
            let token = token(
                &json!({"alg": "HS256"}),
                &json!({"sub": name}),
                hs256(SECRET),
            );
            (name, token)
        })
        .collect();
    for _ in 0..2 {
        for (name, token) in &all {
            assert_eq!(
                tokens.claim(&verifier, token, "sub", NOW),
                Ok(name.as_str())
            );
        }
    }
}
