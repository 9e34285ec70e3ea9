//! Attacks on signed requests, each named and refused: what an attacker can send who sees a signed
//! request and changes anything but the key. Attacks on the signature's number and its encoding:
//! `forgeries.rs`.

use daxsign_core::{
    Options, Policy, Profile, ReplayEntry, ReplayGuard, ReplaySlice, ReplayState, TargetForm,
    Verifier,
};
use daxsign_tests::attack::{
    LIST, SIGNED_AT, at, genuine, interop_verdict, key, now, relisted, request,
    request_without_body, rewritten, set, signature_value, signed, string, try_signature, verdict,
    verdict_of, verdict_once, without,
};
use daxsign_tests::refused;
use daxsign_tests::request::OwnedRequest;

refused! {
    84:
    // Bytes that move between the lines and the body (S-BIND).
    a_line_becomes_body,
    a_line_becomes_body_behind_a_listed_length,
    a_body_becomes_a_line,
    a_body_without_a_listed_length_becomes_a_line,
    a_body_continues_the_header_block,
    a_body_takes_the_dates_place,
    an_empty_body_is_filled,
    a_body_is_dropped,
    a_body_is_extended_with_its_length,
    a_length_that_is_not_the_bodys,
    a_length_of_another_form,
    a_stream_that_is_longer_than_its_length,
    // Lines that are forged within a part.
    a_line_through_a_value,
    a_line_through_a_field_name,
    a_line_through_the_method,
    a_line_through_the_target,
    a_line_through_the_component_list,
    a_line_through_another_line_end,
    a_nul_cuts_a_value,
    // Joins.
    a_joined_value_against_two_fields,
    a_comma_and_space_against_two_fields,
    an_empty_instance_is_added,
    instances_change_places,
    a_second_instance_is_added,
    a_second_date,
    a_second_content_length,
    // Folds and white space.
    a_fold_against_a_space,
    a_fold_against_several_spaces,
    a_fold_hides_a_line,
    a_tab_against_a_space,
    white_space_that_others_trim,
    // Byte order marks and charsets.
    a_byte_order_mark_before_the_body,
    a_byte_order_mark_in_pieces,
    a_byte_order_mark_in_a_value,
    another_charset,
    a_body_that_is_not_utf8,
    // Method and target.
    another_method,
    a_method_in_another_case,
    a_target_percent_encoded_otherwise,
    a_target_decoded,
    a_target_with_dot_segments,
    a_target_with_other_slashes,
    a_query_that_becomes_path,
    a_path_that_becomes_query,
    another_query,
    an_absolute_target,
    a_target_beyond_ascii,
    // The component list (S-LIST, V-LIST).
    a_component_listed_twice,
    a_repeated_component_changes_the_order,
    another_order,
    a_component_left_out,
    a_component_added,
    the_date_left_out,
    the_target_left_out,
    the_length_left_out_by_the_signer,
    the_date_not_last_by_the_signer,
    a_component_of_another_scheme,
    other_separators_in_the_list,
    a_field_called_request_target,
    the_signature_in_its_own_list,
    // Field names.
    a_name_in_another_case_twice,
    an_underscore_for_a_hyphen,
    a_space_behind_a_name,
    a_name_of_look_alikes,
    a_nul_behind_a_name,
    // The Signature field.
    two_signature_fields,
    two_signatures_in_one_field,
    a_parameter_twice,
    a_parameter_in_another_case,
    a_value_unquoted_or_escaped,
    another_algorithm,
    another_realm,
    another_field_for_the_signature,
    another_key_or_profile,
    // Freshness (V-FRESH) and replays (V-REPLAY).
    a_replay_as_it_was,
    a_replay_with_another_signature_text,
    a_replay_at_the_windows_end,
    a_request_past_the_windows_end,
    a_request_from_the_future,
    a_replay_after_the_clock_went_back,
    a_replay_after_the_window_grew,
    a_flood_to_push_out_a_request,
    a_flood_of_forged_requests,
    a_date_rewritten,
}

/// Two requests with one signing string, so that one signature fits both.
fn assert_one_string(first: (&OwnedRequest, &str), second: (&OwnedRequest, &str)) {
    let (left, right) = (string(first.0, first.1), string(second.0, second.1));
    assert_eq!(
        left.expect("a signing string"),
        right.expect("a signing string")
    );
}

/// The genuine request with another method.
fn with_method(method: &str) -> OwnedRequest {
    OwnedRequest {
        method: method.into(),
        ..genuine()
    }
}

/// The genuine request with another target.
fn with_target(target: &str) -> OwnedRequest {
    OwnedRequest {
        target: target.into(),
        ..genuine()
    }
}

/// The attacker's request carries the genuine signature, and is refused with this error.
fn assert_refused(attack: &OwnedRequest, error: &str) {
    assert_eq!(verdict(attack), error, "{attack:?}");
}

/// Another writing of the same signed request is no second request.
fn assert_accepted_once(first: &OwnedRequest, second: &OwnedRequest) {
    let mut guard = ReplayGuard::<4>::new();
    assert_eq!(verdict_once(first, now(), 300, &mut guard), "accepted");
    assert_eq!(verdict_once(second, now(), 300, &mut guard), "replayed");
    let mut guard = ReplayGuard::<4>::new();
    assert_eq!(verdict_once(second, now(), 300, &mut guard), "accepted");
    assert_eq!(verdict_once(first, now(), 300, &mut guard), "replayed");
}

const ROLE_LINE: &[u8] = b"x-role: user\n";

/// A signed field at the list's end is sent as the body's start.
fn a_line_becomes_body() {
    let list = "(request-target) date x-role";
    let original = signed(&request_without_body(), list);
    let mut moved = relisted(&without(&original, "X-Role"), "(request-target) date");
    moved.body = ROLE_LINE.to_vec();
    assert_one_string((&original, list), (&moved, "(request-target) date"));
    assert_eq!(interop_verdict(&moved), "accepted");
    assert_refused(&moved, "unbound-body");
}

/// The same where the signer listed the length, which was 0.
fn a_line_becomes_body_behind_a_listed_length() {
    let list = "(request-target) content-length date x-role";
    let original = signed(&set(&request_without_body(), "Content-Length", "0"), list);
    let mut moved = relisted(
        &without(&original, "X-Role"),
        "(request-target) content-length date",
    );
    moved.body = ROLE_LINE.to_vec();
    assert_refused(&moved, "content-length-mismatch");
    assert_refused(&set(&moved, "Content-Length", "13"), "signature-mismatch");
}

/// A signed body is sent as a field behind the list's end.
fn a_body_becomes_a_line() {
    let mut original = set(&request_without_body(), "Content-Length", "13");
    original.body = ROLE_LINE.to_vec();
    let list = "(request-target) content-length date";
    let original = signed(&without(&original, "X-Role"), list);
    assert_eq!(verdict(&original), "accepted");
    let mut moved = original.clone().with_header("X-Role", "user");
    moved.body.clear();
    let moved = relisted(&moved, &format!("{list} x-role"));
    assert_refused(&moved, "content-length-mismatch");
    assert_refused(&set(&moved, "Content-Length", "0"), "signature-mismatch");
    assert_refused(&without(&moved, "Content-Length"), "missing-header");
}

/// The same where the signer did not list the length: both requests have one signing string, and
/// the verifier takes one of them at most. (A body of JSON is safe: no field's name starts with a
/// brace, a bracket or a quotation mark.)
fn a_body_without_a_listed_length_becomes_a_line() {
    let list = "(request-target) date";
    let mut original = without(&request_without_body(), "X-Role");
    original.body = ROLE_LINE.to_vec();
    let original = signed(&original, list);
    let mut moved = original.clone().with_header("X-Role", "user");
    moved.body.clear();
    let moved = relisted(&moved, "(request-target) date x-role");
    assert_one_string((&original, list), (&moved, "(request-target) date x-role"));
    let accepted = [&original, &moved].map(|request| verdict(request) == "accepted");
    assert_ne!(accepted, [true, true]);
    for body in ["{\"x\": 1}", "[1]", "\"x: 1\""] {
        let mut json = original.clone();
        json.body = body.into();
        let json = signed(&json, list);
        let mut moved = json.clone();
        moved.body.clear();
        let name = body.split(':').next().unwrap();
        let moved = relisted(&moved, &format!("{list} {name}"));
        assert_ne!(verdict(&moved.with_header(name, "1")), "accepted");
    }
}

/// A body that starts like another header line is taken as part of the last value.
fn a_body_continues_the_header_block() {
    let mut original = set(&request(), "Content-Length", "13");
    original.body = ROLE_LINE.to_vec();
    let original = signed(&original, LIST);
    let mut moved = set(&original, "Date", "2020-05-17T12:44:30Z\nx-role: user\n");
    moved.body.clear();
    assert_refused(&moved, "invalid-header-value");
    let folded = set(&original, "Date", "2020-05-17T12:44:30Z\n x-role: user");
    assert_refused(&folded, "invalid-date");
}

/// A body that holds a whole second block of lines, with its own date.
fn a_body_takes_the_dates_place() {
    let block = "date: 2020-05-17T12:44:30Z\nx-role: admin\ndate: 2020-05-17T12:44:30Z\n";
    let mut original = without(&request_without_body(), "X-Role");
    original.body = block.into();
    let original = signed(&original, "(request-target) date");
    let mut moved = original.clone();
    moved.body.clear();
    let moved = moved
        .with_header("X-Role", "admin")
        .with_header("Date", "2020-05-17T12:44:30Z");
    for list in [
        "(request-target) date x-role date",
        "(request-target) date date x-role date",
    ] {
        assert_refused(&relisted(&moved, list), "invalid-date");
    }
}

/// A request that was signed without a body gets one.
fn an_empty_body_is_filled() {
    let original = signed(&request_without_body(), "(request-target) host date");
    assert_eq!(verdict(&original), "accepted");
    let mut filled = original.clone();
    filled.body = b"{}".to_vec();
    assert_refused(&filled, "unbound-body");
    assert_eq!(interop_verdict(&filled), "signature-mismatch");
    // No body and a body of no bytes are the same to the signer, and to the verifier.
    let with_length = set(&original, "Content-Length", "0");
    assert_accepted_once(&original, &with_length);
    filled = set(&original, "Content-Length", "2");
    assert_refused(&filled, "content-length-mismatch");
}

/// A signed body is left away.
fn a_body_is_dropped() {
    let mut dropped = genuine();
    dropped.body.clear();
    assert_refused(&dropped, "content-length-mismatch");
    assert_refused(&without(&dropped, "Content-Length"), "missing-header");
    assert_refused(&set(&dropped, "Content-Length", "0"), "signature-mismatch");
    let unlisted = relisted(&dropped, &LIST.replace(" content-length", ""));
    assert_refused(&without(&unlisted, "Content-Length"), "signature-mismatch");
}

/// Bytes are added to the body, and the length is set to fit.
fn a_body_is_extended_with_its_length() {
    let mut extended = genuine();
    extended.body.push(b'\n');
    assert_refused(&extended, "content-length-mismatch");
    assert_refused(
        &set(&extended, "Content-Length", "19"),
        "signature-mismatch",
    );
}

/// The declared length makes another program read more or less of the body.
fn a_length_that_is_not_the_bodys() {
    for length in [
        "0",
        "17",
        "19",
        "018446744073709551634",
        "18446744073709551634",
    ] {
        let attack = set(&genuine(), "Content-Length", length);
        assert_refused(&attack, "content-length-mismatch");
        let signed = try_signature(
            &set(&request(), "Content-Length", length),
            LIST,
            Options::default(),
        );
        assert_eq!(signed.unwrap_err().name(), "content-length-mismatch");
    }
}

/// A length that programs read differently.
fn a_length_of_another_form() {
    for length in [
        "+18", "-18", "0x12", "18,18", "18 18", "18;", "1 8", "", "١٨",
    ] {
        let attack = set(&genuine(), "Content-Length", length);
        assert_refused(&attack, "content-length-mismatch");
    }
}

/// A body in pieces goes on behind the signed length.
fn a_stream_that_is_longer_than_its_length() {
    let (key, request) = (key(), genuine());
    let fields = request.fields();
    let verifier = Verifier::new(key.public_key(), Profile::Documented);
    let head = request.borrow_head(&fields);
    let mut stream = verifier.stream(&head, now(), None).unwrap();
    stream.update(&request.body).unwrap();
    stream.clone().finish().unwrap();
    let error = stream
        .update(b" ")
        .and_then(|()| stream.finish().map(drop))
        .unwrap_err();
    assert_eq!(error.name(), "content-length-mismatch");
}

/// A value with a line end forges the next line.
fn a_line_through_a_value() {
    let forged = signed(
        &request().with_header("X-Admin", "1"),
        &LIST.replace("date", "x-admin date"),
    );
    for end in ["\n", "\r\n", "\r", "\n\r", "\r\r\n "] {
        let value = format!("user{end}x-admin: 1");
        let attack = without(&set(&forged, "X-Role", &value), "X-Admin");
        assert_refused(&relisted(&attack, LIST), "invalid-header-value");
        let request = set(&request(), "X-Role", &value);
        let signed = try_signature(&request, LIST, Options::default());
        assert_eq!(signed.unwrap_err().name(), "invalid-header-value");
    }
}

/// A field's name holds a whole line.
fn a_line_through_a_field_name() {
    let name = "x-admin: 1\nx-role";
    let request = without(&request(), "X-Role").with_header(name, "user");
    let list = LIST.replace("x-role", name);
    let signed = try_signature(&request, &list, Options::default());
    assert_eq!(signed.unwrap_err().name(), "invalid-component");
    let attack = relisted(&without(&genuine(), "X-Role"), &list);
    assert_refused(
        &attack.with_header(name, "user"),
        "malformed-signature-header",
    );
}

/// A method holds the target, or a whole line.
fn a_line_through_the_method() {
    for method in [
        "POST /public\nhost: x",
        "POST /public",
        "POST\t",
        "POST\n",
        "",
        "P\u{d6}ST",
    ] {
        assert_refused(&with_method(method), "invalid-method");
    }
}

/// A target holds a line, in its path or its query.
fn a_line_through_the_target() {
    for target in [
        "/a\nhost: x",
        "/a?b\nhost: x",
        "/a HTTP/1.1",
        "/a\r",
        "/a\t",
        "/a?\0",
        "/\x7f",
    ] {
        assert_refused(&with_target(target), "invalid-target");
    }
}

/// An entry of the list holds a value.
fn a_line_through_the_component_list() {
    for entry in [
        "x-role:",
        "x-role:user",
        "host:",
        "date=",
        "x/y",
        "x@y",
        "[x]",
        "{x}",
    ] {
        let attack = relisted(&genuine(), &LIST.replace("x-role", entry));
        assert_refused(&attack, "invalid-component");
    }
}

/// Characters that some programs take for line ends.
fn a_line_through_another_line_end() {
    for end in ["\u{b}", "\u{c}", "\u{1c}", "\u{1d}", "\u{1e}", "\u{85}"] {
        let attack = set(&genuine(), "X-Role", format!("user{end}x-admin: 1"));
        assert_refused(&attack, "invalid-header-value");
    }
    // These are text like any other, and make another string.
    for end in ["\u{2028}", "\u{2029}"] {
        let attack = set(&genuine(), "X-Role", format!("user{end}x-admin: 1"));
        assert_refused(&attack, "signature-mismatch");
    }
}

/// What comes behind a NUL is not seen by programs in C.
fn a_nul_cuts_a_value() {
    assert_refused(
        &set(&genuine(), "X-Role", "user\0admin"),
        "invalid-header-value",
    );
    assert_refused(&set(&genuine(), "X-Role", "user\0"), "invalid-header-value");
}

/// Two fields are joined with a comma and no space, as one field may have been written. RFC 9110
/// 5.3 calls both the same; they are one request, accepted once.
fn a_joined_value_against_two_fields() {
    let one = set(&request(), "X-Role", "user,guest");
    let two = set(&request(), "X-Role", "user").with_header("X-Role", "guest");
    assert_one_string((&one, LIST), (&two, LIST));
    let one = signed(&one, LIST);
    let two = two.with_header("Signature", signature_value(&one));
    assert_accepted_once(&one, &two);
}

/// With the usual space behind the comma they are two.
fn a_comma_and_space_against_two_fields() {
    let one = signed(&set(&request(), "X-Role", "user, guest"), LIST);
    let two = set(&one, "X-Role", "user").with_header("X-Role", "guest");
    assert_refused(&two, "signature-mismatch");
    let two = set(&one, "X-Role", "user").with_header("X-Role", " guest");
    assert_refused(&two, "signature-mismatch");
}

/// An empty field leaves a comma that some programs drop.
fn an_empty_instance_is_added() {
    for value in ["", " ", "\t ", "\r\n "] {
        assert_refused(
            &genuine().with_header("X-Role", value),
            "invalid-header-value",
        );
    }
    let comma = signed(&set(&request(), "X-Role", "user,"), LIST);
    let two = set(&comma, "X-Role", "user").with_header("X-Role", "");
    assert_refused(&two, "invalid-header-value");
}

/// Who reads the last field only sees another value.
fn instances_change_places() {
    let two = signed(&request().with_header("X-Role", "admin"), LIST);
    let turned = set(&two, "X-Role", "admin").with_header("X-Role", "user");
    assert_refused(&turned, "signature-mismatch");
}

/// Who reads the last field only sees the attacker's.
fn a_second_instance_is_added() {
    assert_refused(
        &genuine().with_header("X-Role", "admin"),
        "signature-mismatch",
    );
    assert_refused(
        &genuine().with_header("x-role", "user"),
        "signature-mismatch",
    );
    assert_refused(
        &genuine().with_header("Host", "evil.example"),
        "signature-mismatch",
    );
}

/// A second date, which may be the one that another program reads.
fn a_second_date() {
    let twice = genuine().with_header("Date", "2030-01-01T00:00:00Z");
    assert_refused(&twice, "invalid-date");
    let same = genuine().with_header("date", "2020-05-17T12:44:30Z");
    assert_refused(&same, "invalid-date");
}

/// A second length, which may be the one that another program reads.
fn a_second_content_length() {
    for length in ["0", "18"] {
        let twice = genuine().with_header("Content-Length", length);
        assert_refused(&twice, "content-length-mismatch");
    }
}

/// A folded line is one space (RFC 9112 5.2): the same request, accepted once.
fn a_fold_against_a_space() {
    let plain = signed(&set(&request(), "X-Role", "user or guest"), LIST);
    for folded in [
        "user\r\n or guest",
        "user \r\n\tor guest",
        "user\n   or guest",
    ] {
        assert_accepted_once(&plain, &set(&plain, "X-Role", folded));
    }
}

/// Several spaces are not one.
fn a_fold_against_several_spaces() {
    let two = signed(&set(&request(), "X-Role", "user  guest"), LIST);
    for other in [
        "user\r\n guest",
        "user \r\n  guest",
        "user guest",
        "user   guest",
    ] {
        assert_refused(&set(&two, "X-Role", other), "signature-mismatch");
    }
}

/// A program that does not unfold sees a field of its own in the second line.
fn a_fold_hides_a_line() {
    let two_lines = signed(
        &request().with_header("X-Admin", "1"),
        &LIST.replace("date", "x-admin date"),
    );
    for folded in ["user\r\n x-admin: 1", "user\n\tx-admin: 1"] {
        let attack = relisted(
            &without(&set(&two_lines, "X-Role", folded), "X-Admin"),
            LIST,
        );
        assert_refused(&attack, "signature-mismatch");
    }
}

/// White space within a value is signed as it stands.
fn a_tab_against_a_space() {
    let space = signed(&set(&request(), "X-Role", "user guest"), LIST);
    assert_refused(&set(&space, "X-Role", "user\tguest"), "signature-mismatch");
    assert_refused(
        &set(&space, "X-Role", "user\u{a0}guest"),
        "signature-mismatch",
    );
}

/// White space that .NET's `Trim` removes and others keep.
fn white_space_that_others_trim() {
    for space in [
        "\u{a0}", "\u{1680}", "\u{2003}", "\u{2028}", "\u{202f}", "\u{3000}",
    ] {
        for value in [
            format!("{space}user"),
            format!("user{space}"),
            format!(" {space} user"),
        ] {
            assert_refused(&set(&genuine(), "X-Role", value), "invalid-header-value");
        }
    }
}

/// A byte order mark that decoders drop.
fn a_byte_order_mark_before_the_body() {
    let mut attack = set(&genuine(), "Content-Length", "21");
    attack.body = ["\u{feff}".as_bytes(), &attack.body].concat();
    assert_refused(&attack, "invalid-body");
    let signed = try_signature(&without(&attack, "Signature"), LIST, Options::default());
    assert_eq!(signed.unwrap_err().name(), "invalid-body");
}

/// The same, one byte at a time.
fn a_byte_order_mark_in_pieces() {
    let (key, request) = (key(), set(&genuine(), "Content-Length", "21"));
    let fields = request.fields();
    let verifier = Verifier::new(key.public_key(), Profile::Documented);
    let head = request.borrow_head(&fields);
    let mut stream = verifier.stream(&head, now(), None).unwrap();
    let mut bytes = [0xEF, 0xBB, 0xBF].into_iter();
    let error = bytes.find_map(|byte| stream.update(&[byte]).err());
    assert_eq!(error.unwrap().name(), "invalid-body");
}

/// A mark in a value is text that changes the string.
fn a_byte_order_mark_in_a_value() {
    let attack = set(&genuine(), "X-Role", "\u{feff}user");
    assert_refused(&attack, "signature-mismatch");
    let attack = set(&genuine(), "Date", "\u{feff}2020-05-17T12:44:30Z");
    assert_refused(&attack, "invalid-date");
}

/// The same bytes read in another charset are another text.
fn another_charset() {
    let list = LIST.replace(" content-type", "");
    let unlisted = signed(&request(), &list);
    for charset in [
        "utf-16",
        "utf-7",
        "iso-8859-1",
        "\"utf-16\"",
        "UTF-8,utf-16",
    ] {
        let value = format!("application/json; charset={charset}");
        assert_refused(
            &set(&unlisted, "Content-Type", value),
            "unsupported-charset",
        );
    }
    let listed = set(
        &genuine(),
        "Content-Type",
        "application/json; charset=utf-8",
    );
    assert_refused(&listed, "signature-mismatch");
}

/// Bytes that are no text, and text written otherwise (an overlong slash, a lone surrogate).
fn a_body_that_is_not_utf8() {
    for bytes in [
        &b"\xff"[..],
        b"\xc0\xaf",
        b"\xed\xa0\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xe2\x82",
    ] {
        let mut attack = genuine();
        attack.body.truncate(18 - bytes.len());
        attack.body.extend_from_slice(bytes);
        assert_refused(&attack, "invalid-body");
        let attack = set(&genuine(), "X-Role", [b"user", bytes].concat());
        assert_refused(&attack, "invalid-header-value");
    }
}

/// The signed request under another method.
fn another_method() {
    for method in ["GET", "DELETE", "PUT", "PATCH", "POSTS"] {
        assert_refused(&with_method(method), "signature-mismatch");
    }
}

/// The method is signed in lowercase: another case is the same request.
fn a_method_in_another_case() {
    assert_accepted_once(&genuine(), &with_method("pOsT"));
    // Only ASCII has cases here: a long s is no s.
    assert_refused(&with_method("PO\u{17f}T"), "invalid-method");
}

/// The request signed for one target, sent to another.
fn assert_other_targets_refused(signed_target: &str, others: &[&str]) {
    let mut original = request();
    original.target = signed_target.into();
    let original = signed(&original, LIST);
    assert_eq!(verdict(&original), "accepted");
    for other in others {
        let mut attack = original.clone();
        attack.target = (*other).into();
        assert_refused(&attack, "signature-mismatch");
    }
}

/// Hexadecimal digits in another case, and characters that need no encoding.
fn a_target_percent_encoded_otherwise() {
    assert_other_targets_refused(
        "/cards/a%2fb",
        &["/cards/a%2Fb", "/cards/%61%2fb", "/c%61rds/a%2fb"],
    );
}

/// A decoded slash makes another resource.
fn a_target_decoded() {
    assert_other_targets_refused(
        "/cards/..%2fadmin",
        &["/cards/../admin", "/cards/..%252fadmin"],
    );
}

/// Segments that servers resolve.
fn a_target_with_dot_segments() {
    assert_other_targets_refused(
        "/admin",
        &["/cards/../admin", "/./admin", "/admin/.", "/%2e/admin"],
    );
}

/// Slashes that servers merge, turn or drop.
fn a_target_with_other_slashes() {
    assert_other_targets_refused(
        "/cards",
        &["//cards", "/cards/", "/cards//", "/cards\\", "/\\cards"],
    );
}

/// The query is not signed; a path cannot be moved there or back.
fn a_query_that_becomes_path() {
    assert_other_targets_refused(
        "/cards?all=1",
        &[
            "/cards%3Fall=1",
            "/cards;all=1",
            "/cards#all=1",
            "/cards&all=1",
        ],
    );
}

/// The path's end is moved into the query.
fn a_path_that_becomes_query() {
    assert_other_targets_refused(
        "/cards/1",
        &["/cards?/1", "/cards/?1", "/?/cards/1", "/cards/1%3F"],
    );
}

/// With the full target signed, the query is protected too.
fn another_query() {
    let full = Options {
        target: TargetForm::Full,
        ..Options::default()
    };
    let value = try_signature(&request(), LIST, full).unwrap();
    let original = request().with_header("Signature", value);
    let verdict_full =
        |request: &OwnedRequest| verdict_of(request, now(), |verifier| verifier.options(full));
    assert_eq!(verdict_full(&original), "accepted");
    let path = original.target.split('?').next().unwrap();
    for query in ["", "?", "?page=3", "?page=2&page=3", "?page=2#", "??page=2"] {
        let mut attack = original.clone();
        attack.target = format!("{path}{query}");
        assert_eq!(verdict_full(&attack), "signature-mismatch", "{query}");
    }
    // Neither form's signature is valid under the other.
    assert_refused(&original, "signature-mismatch");
    assert_eq!(verdict_full(&genuine()), "signature-mismatch");
}

/// A target of another form reaches another host or the server itself.
fn an_absolute_target() {
    for target in [
        "http://evil.example/",
        "*",
        "evil.example:443",
        "",
        "?",
        "\\",
    ] {
        assert_refused(&with_target(target), "invalid-target");
    }
}

/// Characters that servers encode, fold or drop.
fn a_target_beyond_ascii() {
    for target in [
        "/c\u{e4}rds",
        "/\u{ff0e}\u{ff0e}/admin",
        "/cards\u{200b}",
        "/cards\u{80}",
    ] {
        assert_refused(&with_target(target), "invalid-target");
    }
}

/// A name that stands twice counts at its last place: the same string, accepted once.
fn a_component_listed_twice() {
    for list in [
        format!("date {LIST}"),
        format!("x-role X-ROLE {LIST}"),
        format!("{LIST} date DATE"),
    ] {
        assert_accepted_once(&genuine(), &relisted(&genuine(), &list));
    }
}

/// A second place that moves a name is another string.
fn a_repeated_component_changes_the_order() {
    let moved = relisted(&genuine(), &LIST.replace(" date", " host date"));
    assert_refused(&moved, "signature-mismatch");
    let last = relisted(&genuine(), &format!("{LIST} host"));
    assert_refused(&last, "unbound-body");
}

/// The lines in another order.
fn another_order() {
    let order = "host (request-target) content-type content-length x-role date";
    assert_refused(&relisted(&genuine(), order), "signature-mismatch");
}

/// A field is taken out of the list, so that it can be changed.
fn a_component_left_out() {
    for name in ["host ", "content-type ", "x-role "] {
        let attack = relisted(&genuine(), &LIST.replace(name, ""));
        assert_refused(&attack, "signature-mismatch");
    }
}

/// A field is put into the list, to look signed.
fn a_component_added() {
    let attack = genuine().with_header("X-Admin", "1");
    let attack = relisted(&attack, &LIST.replace("date", "x-admin date"));
    assert_refused(&attack, "signature-mismatch");
}

/// Without a date in the list there is no freshness.
fn the_date_left_out() {
    let list = LIST.replace(" date", "");
    assert_refused(&relisted(&genuine(), &list), "missing-component");
    let signed = try_signature(&request(), &list, Options::default());
    assert_eq!(signed.unwrap_err().name(), "missing-component");
}

/// Without the target in the list a signature fits any resource.
fn the_target_left_out() {
    let list = LIST.replace("(request-target) ", "");
    assert_refused(&relisted(&genuine(), &list), "missing-component");
    let signed = try_signature(&request(), &list, Options::default());
    assert_eq!(signed.unwrap_err().name(), "missing-component");
    assert_refused(&relisted(&genuine(), ""), "missing-component");
}

/// A signature over a body without its length, valid as it is.
fn the_length_left_out_by_the_signer() {
    for list in ["(request-target) date", "(request-target) host x-role date"] {
        let unbound = signed(&request(), list);
        assert_eq!(interop_verdict(&unbound), "accepted");
        assert_refused(&unbound, "unbound-body");
    }
}

/// A signature over a body that does not follow the date, valid as it is.
fn the_date_not_last_by_the_signer() {
    for list in [
        "(request-target) date content-length",
        "date (request-target) content-length",
    ] {
        let unbound = signed(&request(), list);
        assert_eq!(interop_verdict(&unbound), "accepted");
        assert_refused(&unbound, "unbound-body");
    }
}

/// Components that other schemes have, which ours would read as fields.
fn a_component_of_another_scheme() {
    for name in ["(created)", "(expires)", "(query)", "(request-targe)", "()"] {
        let attack = relisted(&genuine(), &LIST.replace("x-role", name));
        let error = if name == "()" {
            "invalid-component"
        } else {
            "unsupported-component"
        };
        assert_refused(&attack, error);
    }
    let structured = relisted(&genuine(), &LIST.replace("x-role", "@method"));
    assert_refused(&structured, "invalid-component");
}

/// Lists that other programs split otherwise.
fn other_separators_in_the_list() {
    for between in ["  ", ", ", ",", ";", "   "] {
        let attack = relisted(&genuine(), &LIST.replace(' ', between));
        assert_refused(&attack, "invalid-component");
    }
    for list in [format!(" {LIST}"), format!("{LIST} ")] {
        assert_refused(&relisted(&genuine(), &list), "invalid-component");
    }
    let tabs = relisted(&genuine(), &LIST.replace(' ', "\t"));
    assert_refused(&tabs, "malformed-signature-header");
}

/// A field that is called like the component does not stand for the target.
fn a_field_called_request_target() {
    let mut attack = genuine();
    let signed_target = format!("post {}", attack.target.split('?').next().unwrap());
    attack.target = "/admin".into();
    let attack = attack.with_header("(request-target)", signed_target);
    assert_refused(&attack, "signature-mismatch");
}

/// No signature can cover the field that holds it.
fn the_signature_in_its_own_list() {
    let list = LIST.replace("x-role", "signature");
    let signed_before = try_signature(&request(), &list, Options::default());
    assert_eq!(signed_before.unwrap_err().name(), "missing-header");
    let resigned = signed(&genuine(), &list);
    assert_refused(&resigned, "signature-mismatch");
}

/// Names are compared without case, so a second one joins the first.
fn a_name_in_another_case_twice() {
    for name in ["X-ROLE", "x-role", "x-Role"] {
        assert_refused(&genuine().with_header(name, "admin"), "signature-mismatch");
        let renamed = without(&genuine(), "X-Role").with_header(name, "user");
        assert_eq!(verdict(&renamed), "accepted");
    }
}

/// Gateways turn one into the other; the signed field is then not there.
fn an_underscore_for_a_hyphen() {
    let attack = without(&genuine(), "X-Role").with_header("X_Role", "user");
    assert_refused(&attack, "missing-header");
    let listed = relisted(&attack, &LIST.replace("x-role", "x_role"));
    assert_refused(&listed, "signature-mismatch");
}

/// Some programs read `X-Role :` as `X-Role`.
fn a_space_behind_a_name() {
    for name in ["X-Role ", "X-Role\t", " X-Role", "X-Role:", "X-Role\n"] {
        let attack = without(&genuine(), "X-Role").with_header(name, "user");
        assert_refused(&attack, "missing-header");
    }
}

/// Letters that become ASCII where case is folded by Unicode: the long s and the sign for kelvin.
fn a_name_of_look_alikes() {
    for (name, look_alike) in [
        ("Host", "Ho\u{17f}t"),
        ("Host", "H\u{3bf}st"),
        ("Date", "D\u{430}te"),
    ] {
        let original = genuine();
        let (_, value) = original
            .headers
            .iter()
            .find(|(other, _)| other == name)
            .unwrap();
        let attack = without(&original, name).with_header(look_alike, value);
        assert_refused(&attack, "missing-header");
        let listed = LIST.replace(&name.to_lowercase(), &look_alike.to_lowercase());
        assert_refused(&relisted(&attack, &listed), "malformed-signature-header");
    }
    let kelvin = rewritten(&genuine(), "x-role", "x-to\u{212a}en");
    assert_refused(&kelvin, "malformed-signature-header");
}

/// Programs in C see the name up to the NUL.
fn a_nul_behind_a_name() {
    let attack = without(&genuine(), "X-Role").with_header("X-Role\0", "user");
    assert_refused(&attack, "missing-header");
}

/// Which of two fields is judged, and which is acted on?
fn two_signature_fields() {
    let value = signature_value(&genuine());
    for second in [value.as_str(), "", "realm=\"dax\""] {
        let twice = genuine().with_header("signature", second);
        assert_refused(&twice, "malformed-signature-header");
    }
    let ahead = without(&genuine(), "Signature")
        .with_header("SIGNATURE", "x")
        .with_header("Signature", value);
    assert_refused(&ahead, "malformed-signature-header");
}

/// The same in one field, as proxies join them.
fn two_signatures_in_one_field() {
    let value = signature_value(&genuine());
    for joined in [
        format!("{value},{value}"),
        format!("{value}, {value}"),
        format!(",{value}"),
    ] {
        let attack = set(&genuine(), "Signature", joined);
        assert_refused(&attack, "malformed-signature-header");
    }
    let spaced = set(&genuine(), "Signature", format!("{value} {value}"));
    assert_refused(&spaced, "duplicate-parameter");
}

/// Which of two parameters counts?
fn a_parameter_twice() {
    for name in ["realm", "algorithm", "headers", "signature"] {
        let attack = rewritten(&genuine(), "realm=", &format!("{name}=\"\" realm="));
        assert_refused(&attack, "duplicate-parameter");
    }
}

/// Parameters are not compared without case: another case is another, unknown one.
fn a_parameter_in_another_case() {
    for name in ["realm", "algorithm", "headers", "signature"] {
        let (from, to) = (format!("{name}="), format!("{}=", name.to_uppercase()));
        assert_refused(&rewritten(&genuine(), &from, &to), "missing-parameter");
        let beside = rewritten(&genuine(), "realm=", &format!("{to}\"x\" realm="));
        assert_eq!(verdict(&beside), "accepted");
    }
}

/// Values that parsers end at different places.
fn a_value_unquoted_or_escaped() {
    for (from, to) in [
        ("realm=\"dax\"", "realm=dax"),
        ("realm=\"dax\"", "realm='dax'"),
        ("realm=\"dax\"", "realm=\"d\\ax\""),
        ("realm=\"dax\"", "realm =\"dax\""),
        ("realm=\"dax\"", "realm= \"dax\""),
        ("realm=\"dax\" ", "realm=\"dax\""),
        ("realm=\"dax\" ", "realm=\"dax\"\t"),
        ("realm=\"dax\" ", "realm=\"dax\", "),
        ("realm=\"dax\" ", "realm=\"dax\"; "),
        ("realm=\"dax\" ", "Signature realm=\"dax\" "),
        ("realm=\"dax\" ", "x=\"\u{201d} realm=\"dax\" "),
    ] {
        let attack = rewritten(&genuine(), from, to);
        assert_refused(&attack, "malformed-signature-header");
    }
    let value = signature_value(&genuine());
    let open = set(&genuine(), "Signature", value.trim_end_matches('"'));
    assert_refused(&open, "malformed-signature-header");
    let more = set(&genuine(), "Signature", format!("{value} x"));
    assert_refused(&more, "malformed-signature-header");
}

/// A weaker algorithm, or none.
fn another_algorithm() {
    for name in [
        "",
        "none",
        "hmac-sha256",
        "rsa-sha1",
        "sha1withrsa",
        "md5withrsa",
        "hs2019",
        "sha256withrsa ",
    ] {
        let attack = rewritten(&genuine(), "sha256withrsa", name);
        assert_refused(&attack, "unsupported-algorithm");
    }
}

/// A signature for another service.
fn another_realm() {
    for name in ["", "DAX", "dax ", "test", "dax.amido.se"] {
        assert_refused(
            &rewritten(&genuine(), "\"dax\"", &format!("\"{name}\"")),
            "wrong-realm",
        );
    }
}

/// The signature where other schemes put it.
fn another_field_for_the_signature() {
    let value = signature_value(&genuine());
    for (name, value) in [
        ("Authorization", format!("Signature {value}")),
        ("Authorization", value.clone()),
        ("X-Signature", value.clone()),
        ("Signature-Input", value),
    ] {
        let attack = without(&genuine(), "Signature").with_header(name, value);
        assert_refused(&attack, "missing-header");
    }
}

/// A signature by another key, or under the other profile (S-PROFILE).
fn another_key_or_profile() {
    let request = genuine();
    let fields = request.fields();
    let other = daxsign_tests::cases::key_file("rsa3072.spki.pem");
    let other = daxsign_core::PublicKey::from_bytes(&other).unwrap();
    let verifier = Verifier::new(&other, Profile::Documented);
    let error = verifier
        .verify(&request.borrow(&fields), now())
        .unwrap_err();
    assert_eq!(error.name(), "invalid-signature-encoding");
    let key = key();
    let verifier = Verifier::new(key.public_key(), Profile::VendorSdk).policy(Policy::Interop);
    let error = verifier
        .verify(&request.borrow(&fields), now())
        .unwrap_err();
    assert_eq!(error.name(), "signature-mismatch");
}

/// The signed request once more (V-REPLAY).
fn a_replay_as_it_was() {
    assert_accepted_once(&genuine(), &genuine());
}

/// The signed request with what is not signed written otherwise (V-REPLAY).
fn a_replay_with_another_signature_text() {
    let value = signature_value(&genuine());
    for other in [
        format!(" {value}\t"),
        value.replace("\" ", "\"   "),
        value.replace("sha256withrsa", "SHA256withRSA"),
        value.replace("x-role", "X-Role"),
        format!("nonce=\"2\" {value}"),
    ] {
        assert_ne!(other, value);
        assert_accepted_once(&genuine(), &set(&genuine(), "Signature", other));
    }
    let mut other = genuine().with_header("X-Unlisted", "2");
    other.target = other.target.replace("page=2", "page=3");
    assert_accepted_once(&genuine(), &other);
}

/// At the last moment at which the date is fresh the request is still remembered (V-REPLAY).
fn a_replay_at_the_windows_end() {
    for window in [0, 1, 300] {
        let mut guard = ReplayGuard::<1>::new();
        let seconds = i64::from(window);
        let (first, last) = (at(SIGNED_AT - seconds, 0), at(SIGNED_AT + seconds, 0));
        assert_eq!(
            verdict_once(&genuine(), first, window, &mut guard),
            "accepted"
        );
        assert_eq!(
            verdict_once(&genuine(), last, window, &mut guard),
            "replayed"
        );
        let past = at(SIGNED_AT + seconds, 1);
        assert_eq!(
            verdict_once(&genuine(), past, window, &mut guard),
            "stale-date"
        );
    }
}

/// One nanosecond and one second past the window.
fn a_request_past_the_windows_end() {
    let verdict_at = |seconds, nanoseconds| {
        verdict_of(
            &genuine(),
            at(SIGNED_AT + seconds, nanoseconds),
            |verifier| verifier,
        )
    };
    assert_eq!(verdict_at(300, 0), "accepted");
    assert_eq!(verdict_at(300, 1), "stale-date");
    assert_eq!(verdict_at(301, 0), "stale-date");
    let far = verdict_of(&genuine(), at(i64::MAX, 999_999_999), |verifier| {
        verifier.window(u32::MAX)
    });
    assert_eq!(far, "stale-date");
}

/// A date ahead would stay fresh for longer than the window.
fn a_request_from_the_future() {
    let verdict_at = |seconds, nanoseconds| {
        verdict_of(
            &genuine(),
            at(SIGNED_AT + seconds, nanoseconds),
            |verifier| verifier,
        )
    };
    assert_eq!(verdict_at(-300, 0), "accepted");
    assert_eq!(verdict_at(-301, 999_999_999), "future-date");
    assert_eq!(verdict_at(-301, 0), "future-date");
    let far = verdict_of(&genuine(), at(i64::MIN, 0), |verifier| {
        verifier.window(u32::MAX)
    });
    assert_eq!(far, "future-date");
}

/// A signed request of another second.
fn dated(second: u32) -> OwnedRequest {
    let date = format!("2020-05-17T12:44:{second:02}Z");
    signed(&set(&request(), "Date", date), LIST)
}

/// The receiver's clock is set back behind a request that it has forgotten (V-REPLAY).
fn a_replay_after_the_clock_went_back() {
    let mut guard = ReplayGuard::<2>::new();
    let minute = SIGNED_AT - 30;
    assert_eq!(
        verdict_once(&dated(10), at(minute + 10, 0), 20, &mut guard),
        "accepted"
    );
    assert_eq!(
        verdict_once(&dated(50), at(minute + 50, 0), 20, &mut guard),
        "accepted"
    );
    assert_eq!(guard.len(), 1, "the first is forgotten");
    assert_eq!(
        verdict_once(&dated(10), at(minute + 10, 0), 20, &mut guard),
        "stale-date"
    );
    assert_eq!(
        verdict_once(&dated(9), at(minute + 10, 0), 20, &mut guard),
        "stale-date"
    );
}

/// The receiver's window is made larger behind a request that it has forgotten (V-REPLAY).
fn a_replay_after_the_window_grew() {
    let mut guard = ReplayGuard::<2>::new();
    let minute = SIGNED_AT - 30;
    assert_eq!(
        verdict_once(&dated(10), at(minute + 10, 0), 20, &mut guard),
        "accepted"
    );
    assert_eq!(
        verdict_once(&dated(50), at(minute + 50, 0), 20, &mut guard),
        "accepted"
    );
    assert_eq!(
        verdict_once(&dated(10), at(minute + 50, 0), 300, &mut guard),
        "stale-date"
    );
}

/// Many requests do not make a guard forget one that is fresh: it is full instead (V-REPLAY).
fn a_flood_to_push_out_a_request() {
    let mut entries = [ReplayEntry::EMPTY; 3];
    let mut state = ReplayState::new();
    let mut guard = ReplaySlice::new(&mut entries, &mut state);
    for second in 10..13 {
        assert_eq!(
            verdict_once(&dated(second), now(), 300, &mut guard),
            "accepted"
        );
    }
    for second in 13..20 {
        assert_eq!(
            verdict_once(&dated(second), now(), 300, &mut guard),
            "replay-guard-full"
        );
    }
    for second in 10..13 {
        assert_eq!(
            verdict_once(&dated(second), now(), 300, &mut guard),
            "replayed"
        );
    }
}

/// Requests that do not verify take no place in the guard (V-REPLAY).
fn a_flood_of_forged_requests() {
    let mut guard = ReplayGuard::<1>::new();
    for number in 0..20 {
        let forged = set(&genuine(), "X-Role", format!("user{number}"));
        assert_eq!(
            verdict_once(&forged, now(), 300, &mut guard),
            "signature-mismatch"
        );
    }
    assert!(guard.is_empty());
    assert_eq!(verdict_once(&genuine(), now(), 300, &mut guard), "accepted");
}

/// The same time written otherwise, or a date of another form.
fn a_date_rewritten() {
    for date in [
        "2020-05-17T14:44:30+02:00",
        "2020-05-17T12:44:30+00:00",
        "2020-05-17T12:44:30.0Z",
        "2020-05-17T12:44:31Z",
    ] {
        assert_refused(&set(&genuine(), "Date", date), "signature-mismatch");
    }
    for date in [
        "Sun, 17 May 2020 12:44:30 GMT",
        "2020-05-17 12:44:30Z",
        "2020-05-17t12:44:30z",
        "2020-05-17T12:44:30",
        "2020-05-17T12:43:90Z",
        "2020-05-17T12:44:30-00:60",
        "20200517T124430Z",
        "1589719470",
        "",
    ] {
        assert_refused(&set(&genuine(), "Date", date), "invalid-date");
    }
}
