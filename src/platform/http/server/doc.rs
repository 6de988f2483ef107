//! The parts that all operations of the OpenAPI document share, added once after the routes have been collected.
use super::routes::{RouteAccess, operations_mut};
use crate::platform::http::response::problem;
use utoipa::openapi::{
    Contact, Info, License, OpenApi, Ref, RefOr, Required, ResponseBuilder, Tag,
    content::ContentBuilder,
    header::HeaderBuilder,
    path::{Operation, Parameter, ParameterBuilder, ParameterIn},
    schema::{AnyOfBuilder, ArrayItems, ObjectBuilder, Schema, SchemaFormat, Type},
    security::{Flow, HttpAuthScheme, HttpBuilder, OAuth2, Password, Scopes, SecurityRequirement, SecurityScheme},
    server::ServerBuilder,
};
use utoipa::{PartialSchema, ToSchema};

/// Completes the document: title, sign-in, tags, and the refusals that every route may give.
pub fn complete(document: &mut OpenApi) {
    let mut info = Info::new("Coffret", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "Stock, orders, catalog and access rights of a beauty brand with many stores. Money is in \
        minor units; times are RFC 3339 in UTC."
            .into(),
    );
    let mut contact = Contact::new();
    contact.name = Some("Coffret".into());
    info.contact = Some(contact);
    let mut license = License::new("MIT");
    license.identifier = Some("MIT".into());
    info.license = Some(license);
    document.info = info;
    document.servers = Some(vec![ServerBuilder::new().url("/").description(Some("This server")).build()]);
    document.tags = Some(
        [
            ("access", "Sign-in, sessions, users, roles and keys"),
            ("catalog", "Products, variants, prices and bundles"),
            ("inventory", "Locations, stock and reservations"),
            ("lots", "Lots: quarantine, release, recall and trace"),
            ("counts", "Counts of stock"),
            ("transfers", "Goods on their way between locations"),
            ("purchasing", "Suppliers, purchase orders and receipts"),
            ("imports", "Files of many rows"),
            ("exports", "Files that are written in the background"),
            ("orders", "Orders and shipments"),
            ("payments", "Payments, and those that need a person"),
            ("sourcing", "Where orders are sent from"),
            ("tills", "Sales of tills, also offline"),
            ("pickups", "Orders that customers fetch"),
            ("returns", "Returns, inspections and reactions"),
            ("events", "The feed of what happens"),
            ("graphql", "Nested reads"),
            ("operations", "Health and metrics"),
            ("meta", "About this interface"),
        ]
        .map(|(name, description)| Tag::builder().name(name).description(Some(description)).build())
        .to_vec(),
    );
    let components = document.components.get_or_insert_default();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let password = Flow::Password(Password::new("/v1/oauth/token", Scopes::new()));
    components.add_security_scheme("oauth2", SecurityScheme::OAuth2(OAuth2::new([password])));
    components.schemas.insert("Problem".into(), problem::Problem::schema());
    debug_assert_eq!(problem::Problem::name(), "Problem");
    take_either(document);
    for (path, item) in &mut document.paths.paths {
        for (_, operation) in operations_mut(item) {
            add_path_parameters(path, operation);
            add_refusals(path, operation);
            add_preconditions(operation);
            add_problems(operation);
            describe_answers(operation);
        }
    }
    for schema in document.components.iter_mut().flat_map(|components| components.schemas.values_mut()) {
        describe_words(schema);
    }
    drop_unused(document);
}

/// Words that are written out where they are used carry their description themselves: beside them, as a second schema,
/// it would ask for a text that is an object.
fn describe_words(schema: &mut RefOr<Schema>) {
    let object = match schema {
        RefOr::T(Schema::Object(object)) => object,
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                describe_words(items);
            }
            return;
        }
        RefOr::T(Schema::AllOf(all)) => return all.items.iter_mut().for_each(describe_words),
        RefOr::T(Schema::OneOf(one)) => return one.items.iter_mut().for_each(describe_words),
        RefOr::T(Schema::AnyOf(any)) => return any.items.iter_mut().for_each(describe_words),
        _ => return,
    };
    for property in object.properties.values_mut() {
        describe_words(property);
        describe_nullable(property);
        let RefOr::T(Schema::AllOf(all)) = property else { continue };
        if let [RefOr::T(Schema::Object(words)), RefOr::T(Schema::Object(said))] = all.items.as_slice()
            && words.enum_values.is_some()
            && said.properties.is_empty()
        {
            let mut words = words.clone();
            let texts = [said.description.as_deref(), words.description.as_deref()];
            words.description = Some(texts.into_iter().flatten().collect::<Vec<_>>().join("\n\n"));
            words.default.clone_from(&said.default);
            *property = RefOr::T(Schema::Object(words));
        }
    }
}

/// A property that may be null is described itself, where readers look, and not within one of its two schemas.
fn describe_nullable(property: &mut RefOr<Schema>) {
    let RefOr::T(Schema::OneOf(one)) = property else { return };
    let described = one.items.iter_mut().find_map(|item| match item {
        RefOr::Ref(other) if !other.description.is_empty() => Some(std::mem::take(&mut other.description)),
        _ => None,
    });
    if one.description.is_none() {
        one.description = described;
    }
}

/// Schemas that are written out wherever they are used need no entry of their own.
fn drop_unused(document: &mut OpenApi) {
    while let Ok(text) = serde_json::to_string(document) {
        let Some(components) = document.components.as_mut() else { return };
        let before = components.schemas.len();
        components.schemas.retain(|name, _| text.contains(&format!("\"#/components/schemas/{name}\"")));
        if components.schemas.len() == before {
            return;
        }
    }
}

/// A page of levels may fit both of its forms, such as an empty one.
fn take_either(document: &mut OpenApi) {
    let schemas = document.components.as_mut().map(|components| &mut components.schemas);
    for schema in schemas.into_iter().filter_map(|schemas| schemas.get_mut("LevelPage")) {
        if let RefOr::T(Schema::OneOf(one)) = schema {
            let either = one.items.drain(..).fold(AnyOfBuilder::new(), AnyOfBuilder::item);
            *schema = RefOr::T(Schema::AnyOf(either.build()));
        }
    }
}

/// Path parameters that are identifiers are documented here once, by name.
fn add_path_parameters(path: &str, operation: &mut Operation) {
    let parts = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix("_id}"));
    for record in parts {
        let name = format!("{record}_id");
        let known = operation.parameters.get_or_insert_default();
        if known.iter().any(|one| matches!(one, RefOr::T(p) if p.name == name)) {
            continue;
        }
        let is_path = |one: &RefOr<Parameter>| matches!(one, RefOr::T(p) if p.parameter_in == ParameterIn::Path);
        let at = known.iter().take_while(|one| is_path(one)).count();
        let id = ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::Custom("uuid".into())));
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .description(Some(format!("Identifies the {}", record.replace('_', " "))))
            .required(Required::True)
            .schema(Some(id));
        known.insert(at, RefOr::T(parameter.build()));
    }
}

/// Every refusal is a problem.
fn add_problems(operation: &mut Operation) {
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        if matches!(status.as_bytes().first(), Some(b'4' | b'5')) && response.content.is_empty() {
            let problem = ContentBuilder::new().schema(Some(RefOr::Ref(Ref::from_schema_name("Problem")))).build();
            response.content.insert(problem::PROBLEM_JSON.into(), RefOr::T(problem));
        }
    }
}

/// The answers to stale versions, and the header by which an unchanged record is not sent again.
fn add_preconditions(operation: &mut Operation) {
    let takes =
        |name: &str| operation.parameters.iter().flatten().any(|one| matches!(one, RefOr::T(p) if p.name == name));
    if takes("If-Match") {
        let problem = ContentBuilder::new().schema(Some(RefOr::Ref(Ref::from_schema_name("Problem")))).build();
        let stale = ResponseBuilder::new().description("The record has changed: read it again");
        let stale = stale.content(problem::PROBLEM_JSON, problem).build();
        operation.responses.responses.entry("412".into()).or_insert(RefOr::T(stale));
    }
    if operation.responses.responses.contains_key("304") && !takes("If-None-Match") {
        let known = ParameterBuilder::new()
            .name("If-None-Match")
            .parameter_in(ParameterIn::Header)
            .description(Some("The `ETag` of what you have"))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
        operation.parameters.get_or_insert_default().push(RefOr::T(known.build()));
    }
}

/// The headers of answers.
fn describe_answers(operation: &mut Operation) {
    let takes =
        |name: &str| operation.parameters.iter().flatten().any(|one| matches!(one, RefOr::T(p) if p.name == name));
    let is_versioned = takes("If-Match") || takes("If-None-Match");
    let takes_key = takes("Idempotency-Key");
    for (status, response) in &mut operation.responses.responses {
        let RefOr::T(response) = response else { continue };
        let is_success = status.starts_with('2');
        let told = [
            (
                is_versioned && (is_success || status == "304"),
                "ETag",
                "Stands for this answer; send it as `If-Match` or `If-None-Match`",
            ),
            (status == "201", "Location", "Where what was made is found"),
            (
                is_success && takes_key,
                "Idempotent-Replayed",
                "`true` where the answer was given before, under the same key",
            ),
            (matches!(status.as_str(), "429" | "503"), "Retry-After", "Seconds after which to try again"),
            (status == "401", "WWW-Authenticate", "The scheme, and what is wrong with the token (RFC 6750)"),
        ];
        for (_, name, description) in told.into_iter().filter(|(is_so, ..)| *is_so) {
            let text = ObjectBuilder::new().schema_type(Type::String);
            let header = HeaderBuilder::new().schema(Some(text)).description(Some(description)).build();
            response.headers.insert(name.to_owned(), RefOr::T(header));
        }
    }
}

fn add_refusals(path: &str, operation: &mut Operation) {
    let is_public = super::routes::access(operation) == Some(RouteAccess::Public);
    if !is_public && operation.security.is_none() {
        let none: [&str; 0] = [];
        operation.security =
            Some(vec![SecurityRequirement::new("bearer", none), SecurityRequirement::new("oauth2", none)]);
    } else if is_public && operation.security.is_none() {
        operation.security = Some(vec![]);
    }
    let takes_key = |one: &RefOr<Parameter>| matches!(one, RefOr::T(parameter) if parameter.name == "Idempotency-Key");
    if operation.parameters.as_ref().is_some_and(|all| all.iter().any(takes_key)) {
        let prefer = ParameterBuilder::new()
            .name("Prefer")
            .parameter_in(ParameterIn::Header)
            .description(Some("`wait=SECONDS` (RFC 7240): not begun any more once so many seconds have passed"))
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
        operation.parameters.get_or_insert_default().push(RefOr::T(prefer.build()));
        let reused = "The key was used for another request";
        if operation.request_body.is_none() {
            let problem = ContentBuilder::new().schema(Some(RefOr::Ref(Ref::from_schema_name("Problem")))).build();
            let answer = ResponseBuilder::new().description(reused).content(problem::PROBLEM_JSON, problem);
            operation.responses.responses.entry("422".into()).or_insert(RefOr::T(answer.build()));
        }
    }
    let mut refusals = vec![
        ("400", "The request is malformed"),
        ("429", "Too many requests"),
        ("500", "Our own fault"),
        ("503", "Busy; try again"),
    ];
    if !is_public {
        refusals.extend([("401", "Not signed in"), ("403", "Not allowed"), ("404", "Not found, or not yours to see")]);
    } else if path.contains('{') {
        refusals.push(("404", "Not found"));
    }
    if operation.request_body.is_some() {
        refusals.extend([
            ("413", "The body is too large"),
            ("415", "Not of a media type that the body may have"),
            ("422", "The body has faults"),
        ]);
    }
    for (status, description) in refusals {
        let content = ContentBuilder::new().schema(Some(RefOr::Ref(Ref::from_schema_name("Problem")))).build();
        let response = ResponseBuilder::new().description(description).content(problem::PROBLEM_JSON, content).build();
        operation.responses.responses.entry(status.into()).or_insert(RefOr::T(response));
    }
}
