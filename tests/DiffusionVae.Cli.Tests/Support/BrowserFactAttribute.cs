namespace DiffusionVae.Cli.Tests;

/// <summary>
/// A test that needs Chromium and its driver (Debian: chromium, chromium-driver); without them it is skipped,
/// visibly.
/// </summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = Browser.Missing;
}

/// <summary>The same for a test of several cases.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Browser.Missing;
}
