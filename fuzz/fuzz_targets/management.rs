//! The management API: whatever is asked, it answers as its own description says; who does not know the token learns nothing but what is
//! open, nothing fails on a healthy exchange, and what is refused or only read changes nothing.
#![no_main]

use std::cell::RefCell;

use boon::{Compiler, SchemaIndex, Schemas};
use daxsign_fuzz::managed::{Ask, Stage, Told, World};
use http::Method;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// What HTTP itself is refused for: the method, a body that is too slow, one that is too long.
const OF_HTTP: [u16; 3] = [405, 408, 413];

/// What is kept from input to input.
struct Kept {
    /// As it is before each input; `None` where the last one changed something.
    world: Option<World>,
    stage: Stage,
    description: Description,
}

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::new(Kept::new());
}

fuzz_target!(|data: &[u8]| {
    let Some(ask) = Ask::read(data) else { return };
    KEPT.with_borrow_mut(|kept| {
        kept.check_stranger(&ask.clone().without_token());
        kept.check(&ask);
        kept.check(&ask.let_in());
    });
});

impl Kept {
    fn new() -> Self {
        let stage = Stage::new();
        let world = stage.world();
        let ask = Ask::read(b"GET\xFE/openapi.json\xFE").expect("a request");
        let served = stage.ask(&world, &ask.let_in());
        Self {
            world: Some(world),
            stage,
            description: Description::read(&served.body),
        }
    }

    /// Without the token, what is not open is not answered, whether it is there or not.
    fn check_stranger(&mut self, ask: &Ask) {
        let told = self.check(ask);
        let operation = self.description.find(ask);
        let is_open =
            operation.is_some_and(|operation| operation["security"] == Value::Array(vec![]));
        // Who asks from elsewhere is told that first.
        assert!(
            is_open || [400, 401, 403].contains(&told.status),
            "{}",
            told.status
        );
    }

    /// Asks, and compares with what is described and with how the exchange stood.
    fn check(&mut self, ask: &Ask) -> Told {
        let world = self.world.take().unwrap_or_else(|| self.stage.world());
        let before = world.state();
        let told = self.stage.ask(&world, ask);
        let is_same = world.state() == before;
        assert!(
            told.status < 500,
            "{}: {}",
            told.status,
            told.body.escape_ascii()
        );
        assert_eq!(told.fields[CACHE_CONTROL], "no-store");
        self.description.check(ask, &told);
        let may_change = told.status == 200 && *ask.method() != Method::GET;
        assert!(is_same || may_change, "{} changed something", told.status);
        if is_same {
            self.world = Some(world);
        } else {
            drop(world.end());
        }
        told
    }
}

/// What is served at `/openapi.json`.
struct Description {
    paths: Value,
    schemas: Schemas,
    bodies: Vec<(String, SchemaIndex)>,
}

impl Description {
    fn read(served: &[u8]) -> Self {
        let whole: Value = serde_json::from_slice(served).expect("JSON");
        let paths = whole["paths"].clone();
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        let mut bodies = Vec::new();
        for (path, operations) in paths.as_object().expect("paths") {
            let schema =
                &operations["post"]["requestBody"]["content"]["application/json"]["schema"];
            if !schema.is_null() {
                let name = format!("body:{}", bodies.len());
                compiler
                    .add_resource(&name, schema.clone())
                    .expect("a schema");
                let index = compiler.compile(&name, &mut schemas).expect("a schema");
                bodies.push((path.clone(), index));
            }
        }
        Self {
            paths,
            schemas,
            bodies,
        }
    }

    /// Which of its paths this one is.
    fn path(&self, ask: &Ask) -> Option<&str> {
        let is_like = |pattern: &&String| {
            let (pattern, path) = (pattern.split('/'), ask.path().split('/'));
            let is = |(pattern, path): (&str, &str)| {
                pattern == path || (pattern.starts_with('{') && !path.is_empty())
            };
            pattern.clone().count() == path.clone().count() && pattern.zip(path).all(is)
        };
        let mut paths = self.paths.as_object().expect("paths").keys();
        paths.find(is_like).map(String::as_str)
    }

    fn find(&self, ask: &Ask) -> Option<&Value> {
        let methods = &self.paths[self.path(ask)?];
        // Their names are in capitals, and others are other methods.
        let method = ask.method().as_str();
        let is_it = |name: &&String| name.to_uppercase() == method;
        let name = methods.as_object().expect("methods").keys().find(is_it)?;
        Some(&methods[name])
    }

    /// The answer is one of those of its operation, of the type and the form that are said there.
    fn check(&self, ask: &Ask, told: &Told) {
        let status = told.status;
        let media = told.fields[CONTENT_TYPE].to_str().expect("text");
        let media = media.split(';').next().expect("a type");
        let Some(operation) = self.find(ask) else {
            assert!(
                [400, 401, 403, 404, 405].contains(&status),
                "{status} of nothing"
            );
            return check_problem(told);
        };
        if OF_HTTP.contains(&status) {
            return check_problem(told);
        }
        let content = &operation["responses"][status.to_string()]["content"];
        let described = content.get(media);
        let described =
            described.unwrap_or_else(|| panic!("{status} as {media} of {}", ask.path()));
        if described["schema"]["$ref"] == "#/components/schemas/Problem" {
            check_problem(told);
        } else if media == "application/json" {
            serde_json::from_slice::<Value>(&told.body).expect("JSON");
        } else {
            core::str::from_utf8(&told.body).expect("text");
        }
        if status == 200 && *ask.method() == Method::POST {
            self.check_taken(ask);
        }
    }

    /// A body that was taken is one of those that are said to be.
    fn check_taken(&self, ask: &Ask) {
        let path = self.path(ask).expect("it was found");
        let mut bodies = self.bodies.iter();
        let (_, schema) = bodies.find(|(of, _)| of == path).expect("one with a body");
        let body: Value = serde_json::from_slice(ask.body()).expect("JSON was taken");
        if let Err(error) = self.schemas.validate(&body, *schema) {
            panic!("{body} was taken: {error}");
        }
    }
}

/// What is refused is told with a reason.
fn check_problem(told: &Told) {
    assert!(told.status >= 400);
    let body: Value = serde_json::from_slice(&told.body).expect("JSON");
    let message = body["message"].as_str().expect("a message");
    assert!(!message.is_empty());
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(1));
}
