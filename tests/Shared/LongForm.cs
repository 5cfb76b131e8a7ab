namespace DiffusionVae.Tests;

/// <summary>
/// Tests that repeat something many times do so more often with DVAE_LONG=1 in the environment. They have the
/// trait Form=Long: <c>DVAE_LONG=1 dotnet test -c Release --filter Form=Long --logger
/// "console;verbosity=detailed"</c> runs all of them, and says what each came to.
/// </summary>
internal static class LongForm
{
    public const string Trait = "Form";

    public const string Value = "Long";

    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("DVAE_LONG") == "1";

    /// <summary>How often to repeat.</summary>
    public static int Times(int usually, int inLongForm) => IsOn ? inLongForm : usually;
}
