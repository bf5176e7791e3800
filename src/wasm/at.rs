//! Where in the arguments a value is, written out only for an error: `options.key`.

/// A place.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    above: Option<&'a At<'a>>,
    name: &'a str,
}

impl<'a> At<'a> {
    /// An argument.
    pub(crate) const fn argument(name: &'a str) -> Self {
        Self { above: None, name }
    }

    /// A member of what is here.
    pub(crate) const fn member(&'a self, name: &'a str) -> Self {
        Self { above: Some(self), name }
    }

    pub(crate) fn text(&self) -> String {
        match self.above {
            None => self.name.to_owned(),
            Some(above) => [&above.text(), ".", self.name].concat(),
        }
    }
}
