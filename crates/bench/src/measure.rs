//! How fast, beside what a user would pick instead?

pub(crate) fn run(_rest: &[String]) -> anyhow::Result<bool> {
    anyhow::bail!("one of: pages")
}
