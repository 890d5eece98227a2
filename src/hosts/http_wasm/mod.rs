//! http-wasm: what a handler of HTTP requests finds in `http_handler`, by the ABI and as http-wasm-host-go has it.
//!
//! A request goes to `handle_request`, which answers it or lets the next handler do so; then `handle_response` may change what
//! that has answered. Here the next handler is what was filled in: an echo, an answer, or a failure.

mod call;
mod exchange;
mod form;
mod functions;
mod state;

pub(super) use self::form::form;

use self::exchange::{Body, Request, Response};
use self::functions::{Function, TABLE};
use self::state::State;
use super::fields::Fields;
use super::guest::Args;
use super::table::{Param, low};
use super::{
    Begin, Caller, Came, Flow, FunctionId, GuestCall, Host, Next, Part, Served, Shown, Values,
    World,
};
use crate::module::Import;
use crate::wasi::describe::Text;

/// The module that its functions are imported from.
pub(super) const MODULE: &str = "http_handler";

/// What an import is to the host.
pub(super) fn serves(import: &Import) -> Option<Served> {
    super::Function::find("http-wasm", MODULE, TABLE, import)
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stage {
    /// `handle_request` has not been called.
    #[default]
    Before,
    /// It has, and has not returned.
    Request,
    /// The next handler has answered, and `handle_response` has been called.
    Response,
    /// It is over.
    Over,
}

/// What the next handler does.
#[derive(Clone, Debug, Default)]
enum Backend {
    /// It answers with the body that it is sent.
    #[default]
    Echo,
    /// It answers with this.
    Answers(Response),
    /// It fails.
    Fails,
}

/// The host of one plugin.
#[derive(Debug, Default)]
pub(super) struct HttpWasm {
    state: State,
    stage: Stage,
    backend: Backend,
    /// The request as it came, as lines.
    came: String,
    /// The request as the next handler got it, as lines; `None`: it was not called.
    passed: Option<String>,
    /// What the next handler answered, as lines.
    answered: Option<String>,
    failed: Option<String>,
}

impl Host for HttpWasm {
    fn begin(&mut self, call: Begin<'_>) -> Result<(), String> {
        let values = call.values;
        let request = request(values);
        let answer = answer(values)?;
        self.backend = match values.text("backend") {
            form::FAILS => Backend::Fails,
            form::ANSWERS => Backend::Answers(answer),
            _ => Backend::Echo,
        };
        self.came = request.text(request.body.become_of(false));
        self.state.config = values.bytes("config").to_vec();
        self.state.level = form::level(values.text("level"));
        self.state.begin(request);
        self.stage = Stage::Before;
        self.passed = None;
        self.answered = None;
        self.failed = None;
        Ok(())
    }

    fn next(&mut self, came: Came, _world: &mut dyn World) -> Next {
        match (self.stage, came) {
            (Stage::Before, _) => {
                self.stage = Stage::Request;
                self.state.arrive();
                Next::Call(GuestCall::new("handle_request", &[]))
            }
            (Stage::Request, Came::Returned(results)) => {
                let result = results.first().copied().unwrap_or_default();
                // The low half says whether the next handler is called, the high one is the guest's own.
                if low(result) == 0 {
                    return self.over();
                }
                let failed = self.call_backend();
                self.stage = Stage::Response;
                let args = [result >> 32, failed.into()];
                Next::Call(GuestCall::new("handle_response", &args))
            }
            (_, Came::Exited(code)) => {
                self.failed = Some(format!(
                    "the guest exited with code {code} instead of returning: a handler must return"
                ));
                self.over()
            }
            _ => self.over(),
        }
    }

    fn call(&mut self, function: FunctionId, caller: Caller<'_>) -> Flow {
        let Some(function) = Function::of(function) else {
            return Flow::Trap("there is no such function".to_owned());
        };
        let Caller {
            args,
            results,
            mut memory,
            room,
            world,
            ..
        } = caller;
        self.state.held.room = room;
        match call::call(&mut self.state, function, Args::new(args), &mut memory) {
            Ok(answer) => {
                if let (Some(result), Some(bits)) = (results.first_mut(), answer) {
                    *result = bits;
                }
                for line in self.state.lines.drain(..) {
                    world.print(&line);
                }
                Flow::Return
            }
            Err(failure) => failure.into(),
        }
    }

    fn shown(&self) -> Shown {
        let response = &self.state.response;
        let said = match (&self.passed, self.stage) {
            (Some(_), _) => "next was called",
            (None, Stage::Over) => "next was not called",
            (None, _) => "",
        };
        let mut shown = Shown {
            failed: self.failed.clone(),
            said: match said {
                "" => String::new(),
                said => format!("{said}, {}", response.status()),
            },
            parts: Vec::new(),
        };
        let before = self.came.clone();
        match &self.passed {
            Some(passed) => shown.add(
                "Request",
                Part::Difference {
                    before,
                    after: passed.clone(),
                },
            ),
            None => shown.add("Request", Part::Text(before)),
        }
        match &self.answered {
            Some(answered) => shown.add(
                "Response",
                Part::Difference {
                    before: answered.clone(),
                    after: response.text(),
                },
            ),
            None => shown.add("Response", Part::Text(response.text())),
        }
        let body = response.body.become_of(false);
        if !body.is_empty() {
            shown.add("Response body", Part::Bytes(body.to_vec()));
        }
        if let Some(log) = self.state.log.part() {
            shown.add("Log", log);
        }
        shown
    }

    fn held(&self) -> u64 {
        self.state.held.bytes()
    }

    fn params(&self, function: FunctionId) -> Option<&'static [Param]> {
        Function::of(function).map(Function::params)
    }

    fn tell_results(&self, function: FunctionId, results: &[u64], to: &mut Text<'_>) {
        let (Some(function), [result]) = (Function::of(function), results) else {
            return to.push("returned");
        };
        let (high, length) = (result >> 32, low(*result));
        to.number(length.into());
        match function {
            Function::ReadBody if high != 0 => to.push(", the end"),
            Function::GetHeaderNames | Function::GetHeaderValues => {
                to.push(" of ");
                to.number(high);
            }
            _ => {}
        }
    }
}

impl HttpWasm {
    /// The next handler gets the request, and answers; says whether it fails.
    fn call_backend(&mut self) -> bool {
        let body = self.state.next();
        let request = &self.state.request;
        self.passed = Some(request.text(&body));
        let answer = match &self.backend {
            Backend::Fails => return true,
            Backend::Answers(answer) => answer.clone(),
            Backend::Echo => {
                let ty = request.headers.values("content-type").next();
                let ty = ty.map(|ty| ("content-type", ty.to_vec()));
                Response {
                    status: 200,
                    headers: ty.into_iter().collect(),
                    body: Body::new(body),
                    trailers: Fields::default(),
                }
            }
        };
        self.state.response.answered(answer);
        self.answered = Some(self.state.response.text());
        false
    }

    fn over(&mut self) -> Next {
        self.stage = Stage::Over;
        Next::Done
    }
}

/// The request that was filled in.
fn request(values: &Values) -> Request {
    let body = values.bytes("body");
    Request {
        method: values.text("method").to_owned(),
        uri: match values.text("uri") {
            "" => "/".to_owned(),
            uri => uri.to_owned(),
        },
        version: values.text("version").to_owned(),
        source: values.text("source").to_owned(),
        headers: pairs(values, "headers").with_length(body),
        body: Body::new(body.to_vec()),
        trailers: pairs(values, "trailers"),
    }
}

/// The answer of the next handler that was filled in.
fn answer(values: &Values) -> Result<Response, String> {
    let status = values.text("status");
    let number = status.trim().parse::<u32>();
    let number = number.ok().filter(|number| (100..1000).contains(number));
    Ok(Response {
        status: number.ok_or_else(|| {
            format!("Status: {status:?} is no status: it is a number from 100 to 999")
        })?,
        headers: pairs(values, "answer-headers"),
        body: Body::new(values.bytes("answer-body").to_vec()),
        trailers: pairs(values, "answer-trailers"),
    })
}

fn pairs(values: &Values, key: &str) -> Fields {
    let pairs = values.pairs(key).iter();
    let pairs = pairs.filter(|(name, _)| !name.is_empty());
    pairs
        .map(|(name, value)| (name, value.as_bytes()))
        .collect()
}

#[cfg(test)]
mod tests;
