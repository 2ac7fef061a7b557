//! Spring: annotations that name what lies on the class path, and those of methods whose text is the name of a view
//! (docs.spring.io, "Context Configuration with XML resources", "Executing SQL Scripts", "Annotated Controllers").

/// An annotation, and how its values are read.
#[derive(Clone, Copy, Debug)]
pub struct Annotation {
    /// Its name.
    pub name: &'static str,
    /// What may name a resource beside `value`.
    pub key: &'static str,
    /// Only what begins with `classpath:` lies there for sure; elsewhere a name starts at the package of the class.
    pub prefixed: bool,
}

const fn row(name: &'static str, key: &'static str, prefixed: bool) -> Annotation {
    Annotation { name, key, prefixed }
}

/// The rows, sorted.
pub const RESOURCES: &[Annotation] = &[
    row("ContextConfiguration", "locations", false),
    row("ImportResource", "locations", true),
    row("PropertySource", "value", true),
    row("Sql", "scripts", false),
    row("TestPropertySource", "locations", false),
    row("Value", "value", true),
];

/// What a class is whose methods give names of views.
pub const CONTROLLERS: [&[u8]; 2] = [b"Controller", b"ControllerAdvice"];

/// What a method is that answers a request.
pub const HANDLERS: [&[u8]; 7] = [
    b"DeleteMapping",
    b"ExceptionHandler",
    b"GetMapping",
    b"PatchMapping",
    b"PostMapping",
    b"PutMapping",
    b"RequestMapping",
];

/// What a class or a method is whose text is the answer itself.
pub const BODIES: [&[u8]; 2] = [b"ResponseBody", b"RestController"];
