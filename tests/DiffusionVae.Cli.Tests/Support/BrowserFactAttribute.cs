namespace DiffusionVae.Cli.Tests;

/// <summary>
/// A test that needs Chromium and its driver (Debian: chromium, chromium-driver); without them it is skipped,
/// visibly.
/// </summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Browser.Program is null || Browser.Driver is null)
        {
            Skip = "Needs chromium and chromedriver on the path.";
        }
    }
}
